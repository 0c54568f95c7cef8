// Goal: a key is kept in a file that nobody else can read, for ever and whole.
#include "beta/tor/key_file.hpp"

#include "beta/tor/onion_files.hpp"

#include "support/files.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

using namespace beta;
using Catch::Contains;

namespace {

struct Folder : testing::Files {
    std::string path(const std::string& name) const { return (root() / name).string(); }
    std::size_t count() const {
        return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(root()),
                                                      std::filesystem::directory_iterator()));
    }
};

}  // namespace

TEST_CASE("a key is made once and has the same address for ever") {
    const Folder folder;
    const auto first = tor::keep_onion_key(folder.path("a.pem"));
    REQUIRE(first);
    const auto again = tor::keep_onion_key(folder.path("a.pem"));
    REQUIRE(again);
    CHECK(again->address() == first->address());
    CHECK(tor::keep_onion_key(folder.path("b.pem"))->address() != first->address());
    CHECK(folder.count() == 2);  // no draft is left behind
    struct stat status{};
    REQUIRE(::stat(folder.path("a.pem").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("a new key never replaces a file") {
    const Folder folder;
    folder.write("a.pem", "mine");
    CHECK_THAT(tor::make_onion_key(folder.path("a.pem")).error(),
               Contains("a.pem: cannot make this key file: File exists"));
    CHECK_FALSE(tor::keep_onion_key(folder.path("a.pem")));
    CHECK(folder.count() == 1);
    CHECK_THAT(tor::make_client_key(folder.path("no/such.key")).error(),
               Contains("is its folder there?"));
}

TEST_CASE("a key that others may read is refused, whatever is in it") {
    const Folder folder;
    const auto key = tor::make_onion_key(folder.path("a.pem"));
    REQUIRE(key);
    for (const auto mode : {0640U, 0604U, 0620U, 0601U, 0660U, 0644U}) {
        REQUIRE(::chmod(folder.path("a.pem").c_str(), mode) == 0);
        const auto loaded = tor::load_onion_key(folder.path("a.pem"));
        REQUIRE_FALSE(loaded);
        CHECK_THAT(loaded.error(), Contains("a.pem: others than its owner may use this key file"));
    }
    REQUIRE(::chmod(folder.path("a.pem").c_str(), 0400) == 0);
    CHECK(tor::load_onion_key(folder.path("a.pem"))->address() == key->address());
}

TEST_CASE("what is no key file is refused") {
    const Folder folder;
    CHECK_THAT(tor::load_onion_key(folder.path("none")).error(), Contains("No such file"));
    CHECK_THAT(tor::load_onion_key(folder.root().string()).error(), Contains("a regular file"));
    REQUIRE(::mkfifo(folder.path("fifo").c_str(), 0600) == 0);
    CHECK_THAT(tor::load_onion_key(folder.path("fifo")).error(), Contains("a regular file"));
    folder.write("long", std::string(5000, 'a'));
    REQUIRE(::chmod(folder.path("long").c_str(), 0600) == 0);
    CHECK_THAT(tor::load_onion_key(folder.path("long")).error(), Contains("far too long"));
    REQUIRE(tor::make_client_key(folder.path("c.key")));
    CHECK(tor::load_client_key(folder.path("c.key")));
    CHECK_THAT(tor::load_onion_key(folder.path("c.key")).error(), Contains("no PEM file"));
}

TEST_CASE("a key is found behind a symbolic link, as Kubernetes mounts it, but checked itself") {
    const Folder folder;
    const auto key = tor::make_onion_key(folder.path("a.pem"));
    std::filesystem::create_symlink("a.pem", folder.path("link"));
    CHECK(tor::keep_onion_key(folder.path("link"))->address() == key->address());
    REQUIRE(::chmod(folder.path("a.pem").c_str(), 0644) == 0);
    CHECK_FALSE(tor::keep_onion_key(folder.path("link")));
    std::filesystem::create_symlink("nowhere", folder.path("dangling"));
    CHECK_FALSE(tor::keep_onion_key(folder.path("dangling")));
}

TEST_CASE("each calling plane has a key, and a list of callers when there is one") {
    const Folder folder;
    folder.write("a/none", "");
    auto config = config::parse(
        "service: tron-payment\nplane: wallet\nidentity: listener\nacl: a\nservices: s\n"
        "app: 127.0.0.1:1\ntor: { keys: a }\ningress:\n"
        "  - { plane: ops, address: 127.0.0.1:2 }\n"
        "  - { plane: chain, address: 127.0.0.1:3 }\n",
        folder.path("sidecar.yaml"), {});
    REQUIRE(config);
    const auto caller = tor::make_client_key(folder.path("caller.key"));
    folder.write("a/tron-payment-ops.clients", caller->public_line() + "\n");
    const auto onions = tor::own_onions(*config);
    REQUIRE(onions);
    REQUIRE(onions->size() == 2);
    CHECK((*onions)[0].plane.str() == "ops");
    CHECK((*onions)[0].clients.size() == 1);
    CHECK((*onions)[1].clients.empty());
    CHECK(tor::load_onion_key(folder.path("a/tron-payment-chain.pem"))->address() ==
          (*onions)[1].key.address());
    folder.write("a/tron-payment-chain.clients", "# nobody\n");
    CHECK_THAT(tor::own_onions(*config).error(), Contains("nobody stands in this list"));
}
