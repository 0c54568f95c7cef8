#include "beta/directory/directory.hpp"

#include "support/onion_maker.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace beta::directory {
namespace {

using support::make_onion;

const std::string header = "apiVersion: beta.directory/v1\n";

std::string file(const std::string& services, const std::string& external = {}) {
    return header + "services:\n" + services + (external.empty() ? "" : "external:\n" + external);
}

std::string service(const std::string& name, const std::string& onion) {
    return "  " + name + ": { plane: ops, onion: " + onion + " }\n";
}

model::Diagnostics errors_of(const std::string& yaml) {
    const auto directory = Directory::parse(yaml, "services.yaml");
    REQUIRE_FALSE(directory);
    return directory.error();
}

/// The one error of `yaml`, as printed.
std::string error_of(const std::string& yaml) {
    const auto errors = errors_of(yaml);
    INFO(errors.back().str());
    REQUIRE(errors.size() == 1);
    return errors.front().str();
}

TEST_CASE("a bad onion is refused with the check that it failed, and not printed") {
    const std::string good = make_onion(1);
    const std::string text = error_of(file(service("a-service", good.substr(1))));
    CHECK(text ==
          "services.yaml:3:35: error: the onion of \"a-service\": a version 3 onion address has 56 "
          "characters before \".onion\" (version 2, with 16, is gone from Tor); copy it from the "
          "file `hostname` of the onion service [DIRECTORY_BAD_ONION]");
    CHECK_THAT(error_of(file(service("a", make_onion({1}, 3, 1)))), Catch::Contains("checksum"));
    CHECK_THAT(error_of(file(service("a", make_onion({1}, 2)))), Catch::Contains("version 3"));
    CHECK_THAT(error_of(file(service("a", "www." + good))), Catch::Contains("stand before"));
    CHECK_THAT(error_of(file(service("a", "example.com"))), Catch::Contains("ends in"));
    CHECK_THAT(error_of(file("  a: { plane: ops, onions: { ops: x.onion } }\n")),
               Catch::Contains("for plane \"ops\""));
}

TEST_CASE("one onion cannot lead to two services") {
    const std::string onion = make_onion(1);
    const std::string text = error_of(file(service("first", onion) + service("other", onion)));
    CHECK_THAT(text, Catch::Contains("services.yaml:4:"));
    CHECK_THAT(text, Catch::Contains("already the onion of \"first\" on line 3"));
    CHECK_THAT(text, Catch::Contains("[DIRECTORY_SAME_ONION]"));
    CHECK_THAT(text, Catch::Contains(onion.substr(0, 4) + "…"));
}

TEST_CASE("upper case does not make another onion of it") {
    std::string upper = make_onion(1);
    for (char& c : upper)
        c = static_cast<char>(std::toupper(c));
    CHECK_THAT(error_of(file(service("first", make_onion(1)) + service("other", upper))),
               Catch::Contains("[DIRECTORY_SAME_ONION]"));
}

TEST_CASE("one onion cannot serve two planes of a service: they could not be told apart") {
    const std::string onion = make_onion(1);
    const std::string text = error_of(
        file("  pay: { plane: wallet, onions: { ops: " + onion + ", chain: " + onion + " } }\n"));
    CHECK_THAT(text, Catch::Contains("cannot be told apart"));
    CHECK_THAT(text, Catch::Contains("[DIRECTORY_PLANES_SHARE_ONION]"));
}

TEST_CASE("a service may name the identity behind its onion, and none is named unless it does") {
    const auto named =
        Directory::parse(file("  pay: { plane: wallet, onion: " + make_onion(1) +
                              ", identity: \"spiffe://beta.test/plane/wallet/service/pay\" }\n" +
                              service("other", make_onion(2))),
                         "services.yaml");
    REQUIRE(named);
    CHECK((*named)->find("pay")->identity == "spiffe://beta.test/plane/wallet/service/pay");
    CHECK((*named)->find("other")->identity.empty());
}

TEST_CASE("an identity is 1 to 2048 printable characters without a space at either end") {
    const auto with = [](const std::string& identity) {
        return file("  pay: { plane: ops, onion: " + make_onion(1) + ", identity: " + identity +
                    " }\n");
    };
    CHECK(error_of(with("\"\"")) ==
          "services.yaml:3:103: error: the identity of service \"pay\" must be 1 to 2048 printable "
          "ASCII characters without a space at either end, as the certificate has it: "
          "spiffe://beta.test/plane/wallet/service/pay [DIRECTORY_BAD_IDENTITY]");
    for (const std::string bad : {"\" a\"", "\"a \"", "\"a\\tb\"", "\"\\u00e4\"", "\"a\\0\""})
        CHECK_THAT(error_of(with(bad)), Catch::Contains("[DIRECTORY_BAD_IDENTITY]"));
    CHECK_THAT(error_of(with(std::string(2049, 'a'))), Catch::Contains("BAD_IDENTITY"));
    CHECK(Directory::parse(with(std::string(2048, 'a')), "services.yaml"));
    CHECK(Directory::parse(with("\"a b~\""), "services.yaml"));
    CHECK_THAT(errors_of(with("[a]")).front().str(), Catch::Contains("services.yaml:3:103"));
}

TEST_CASE("a host outside has no identity of ours") {
    CHECK_THAT(error_of(file("  {}\n", "  out: { host: a.example.com, identity: a }\n")),
               Catch::Contains("unknown key \"identity\""));
}

TEST_CASE("a service needs exactly one of onion and onions") {
    CHECK_THAT(error_of(file("  pay: { plane: wallet }\n")),
               Catch::Contains("[DIRECTORY_ONION_OR_ONIONS]"));
    CHECK_THAT(error_of(file("  pay: { plane: wallet, onion: " + make_onion(1) +
                             ", onions: { ops: " + make_onion(2) + " } }\n")),
               Catch::Contains("[DIRECTORY_ONION_OR_ONIONS]"));
    CHECK_THAT(error_of(file("  pay: { plane: wallet, onions: {} }\n")),
               Catch::Contains("[DIRECTORY_EXPECTED_MAP]"));
}

TEST_CASE("no onion address is ever printed, wherever it was written") {
    const std::string onion = make_onion(1);
    const std::string entry = " { plane: ops, onion: " + onion + " }\n";
    const std::vector<std::string> files{
        file("  " + onion + ":" + entry),
        file("  pay: { plane: " + onion + ", onion: " + onion + " }\n"),
        file("  pay: { plane: ops, onions: { " + onion + ": ops } }\n"),
        file("  pay: { plane: ops, " + onion + ": x }\n"),
        file("  pay: { plane: ops, onion: " + onion + ", onion: " + onion + " }\n"),
        file("  pay: { plane: ops, onion: " + onion + ", port: " + onion + " }\n"),
        file(service("pay", onion), "  out: { host: " + onion + " }\n"),
        file(service("pay", onion), "  out: { host: www." + onion + ".evil.com }\n"),
        file(service("pay", onion) + service("buy", onion)),
        file(service("pay", onion) + "  " + onion + ": x\n  " + onion + ": y\n"),
        onion + ": 1\n",
    };
    for (const std::string& yaml : files) {
        for (const auto& error : errors_of(yaml)) {
            CAPTURE(error.message);
            CHECK(error.message.find(onion.substr(0, 8)) == std::string::npos);
        }
    }
}

TEST_CASE("a name stands once, among services and external hosts together") {
    CHECK_THAT(error_of(file(service("pay", make_onion(1)), "  pay: { host: example.com }\n")),
               Catch::Contains("[DIRECTORY_DUPLICATE_NAME]"));
    CHECK_THAT(error_of(file(service("pay", make_onion(1)) + service("pay", make_onion(2)))),
               Catch::Contains("DUPLICATE_KEY"));
}

TEST_CASE("names that could be taken for something else are refused") {
    for (const std::string name : {"localhost", "2130706433", "0x7f000001", "xn--pay-abc"}) {
        CAPTURE(name);
        CHECK_THAT(error_of(file(service(name, make_onion(1)))),
                   Catch::Contains("[DIRECTORY_RESERVED_NAME]"));
    }
    for (const std::string plane : {"onion", "local", "internal", "localhost", "1", "xn--a"}) {
        CAPTURE(plane);
        CHECK_THAT(
            error_of(file("  pay: { plane: " + plane + ", onion: " + make_onion(1) + " }\n")),
            Catch::Contains("[DIRECTORY_RESERVED_PLANE]"));
    }
}

TEST_CASE("a name or plane that is not a lower-case label is refused") {
    for (const std::string name : {"Pay", "pay.wallet", "pay_ment", "-pay", "\"\""}) {
        CAPTURE(name);
        CHECK_THAT(error_of(file(service(name, make_onion(1)))),
                   Catch::Contains("[DIRECTORY_BAD_NAME]"));
    }
    CHECK_THAT(error_of(file("  pay: { plane: Wallet, onion: " + make_onion(1) + " }\n")),
               Catch::Contains("[DIRECTORY_BAD_PLANE]"));
}

TEST_CASE("an external host that reads as a service of this directory is refused") {
    CHECK_THAT(error_of(file(service("pay", make_onion(1)), "  out: { host: pay.ops }\n")),
               Catch::Contains("[DIRECTORY_HOST_IS_SERVICE]"));
}

TEST_CASE("an external host must be a public DNS name") {
    CHECK_THAT(error_of(file(service("pay", make_onion(1)), "  out: { host: 10.0.0.1 }\n")),
               Catch::Contains("[DIRECTORY_BAD_HOST]"));
    CHECK_THAT(error_of(file(service("pay", make_onion(1)), "  out: { port: 443 }\n")),
               Catch::Contains("lacks the key \"host\""));
}

TEST_CASE("a port is a plain number from 1 to 65535") {
    for (const std::string port : {"0", "65536", "-1", "+80", "080", "0x50", "80.0", "\"80\"",
                                   "http", "[80]", "", "99999999999999999999"}) {
        CAPTURE(port);
        CHECK_THAT(error_of(file("  pay: { plane: ops, onion: " + make_onion(1) +
                                 ", port: " + port + " }\n")),
                   Catch::Contains("[DIRECTORY_BAD_PORT]"));
    }
}

TEST_CASE("unknown and missing keys refuse the file, with the nearest word") {
    CHECK_THAT(error_of(file("  pay: { plan: ops, plane: ops, onion: " + make_onion(1) + " }\n")),
               Catch::Contains("did you mean \"plane\"?"));
    CHECK_THAT(error_of(file("  pay: { onion: " + make_onion(1) + " }\n")),
               Catch::Contains("lacks the key \"plane\""));
    CHECK_THAT(error_of("services: {}\n"), Catch::Contains("apiVersion"));
    CHECK_THAT(error_of("apiVersion: beta.directory/v2\nservices: {}\n"),
               Catch::Contains("[DIRECTORY_VERSION]"));
    CHECK_THAT(error_of(header), Catch::Contains("lacks the key \"services\""));
    CHECK_THAT(error_of(header + "services: [a]\n"), Catch::Contains("[DIRECTORY_EXPECTED_MAP]"));
    CHECK_THAT(error_of(header + "services: {}\nexternl: {}\n"), Catch::Contains("external"));
    CHECK_THAT(error_of("- a\n"), Catch::Contains("[DIRECTORY_EXPECTED_MAP]"));
}

TEST_CASE("every error is reported at once") {
    const auto errors = errors_of(
        file(service("a-b", "x.onion") + "  b_c: 1\n", "  out: { host: localhost, port: 0 }\n"));
    std::vector<std::string> codes;
    for (const auto& error : errors)
        codes.push_back(error.code);
    CHECK(codes == std::vector<std::string>{"DIRECTORY_BAD_ONION", "DIRECTORY_BAD_NAME",
                                            "DIRECTORY_EXPECTED_MAP", "DIRECTORY_BAD_PORT",
                                            "DIRECTORY_BAD_HOST"});
}

TEST_CASE("beta.internal is the sidecar's own: no entry has its name, or looks like it") {
    const auto of_plane = [](const std::string& name, const std::string& plane) {
        return file("  " + name + ": { plane: " + plane + ", onion: " + make_onion(1) + " }\n");
    };
    const auto host = [](const std::string& name) {
        return file("  {}\n", "  out: { host: " + name + " }\n");
    };
    CHECK_THAT(error_of(of_plane("beta", "lnternal")),
               Catch::Contains("\"beta.lnternal\" could be taken for beta.internal") &&
                   Catch::Contains("RESERVED_NAME"));
    for (const auto& yaml :
         {of_plane("beta", "internal"), of_plane("beta", "interna1"), of_plane("8eta", "lnternal"),
          of_plane("beta", "internel"), of_plane("beta-internal", "ops"), host("beta.internal"),
          host("beta.lnternal"), host("beta.intemal"), host("beta.internals")})
        CHECK_FALSE(errors_of(yaml).empty());
    CHECK(Directory::parse(of_plane("pay", "interval"), "f").has_value());
    CHECK(Directory::parse(of_plane("beta", "ops"), "f").has_value());
}

TEST_CASE("look-alike names and planes are warnings with both places") {
    const std::string yaml =
        file("  tron-payment: { plane: wallet, onion: " + make_onion(1) +
             " }\n  tron-paymemt: { plane: wal1et, onion: " + make_onion(2) + " }\n");
    model::Diagnostics warnings;
    REQUIRE(Directory::parse(yaml, "services.yaml", &warnings));
    REQUIRE(warnings.size() == 2);
    CHECK(warnings[0].str() ==
          "services.yaml:4:3: warning: the name \"tron-paymemt\" could be taken for "
          "\"tron-payment\" on line 3: they differ by one character; rename one, or check that "
          "both are meant [DIRECTORY_LOOK_ALIKE]");
    CHECK_THAT(warnings[1].str(), Catch::Contains("the plane \"wal1et\""));
    CHECK(Directory::parse(yaml, "services.yaml").has_value());
}

}  // namespace
}  // namespace beta::directory
