#include "beta/audit/record.hpp"

#include "command_line.hpp"
#include "support/json.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>

using namespace beta;
using namespace beta::testing;
using Catch::Contains;

namespace {

const std::string key = "0123456789abcdef0123456789abcdef";

struct Log {
    explicit Log(const audit::Seal& seal = {}) {
        for (const std::string event : {"start", "denied", "stop"}) {
            auto next = audit::sealed(R"({"time":"t","event":")" + event + "\"}\n", last, seal);
            text += next.line;
            last = next.link;
        }
        files.write("audit.log", text);
    }
    std::string path(const std::string& name = "audit.log") const {
        return (files.root() / name).string();
    }

    Files files;
    std::string text;
    audit::Link last;
};

}  // namespace

TEST_CASE("audit verify says that a log is intact, and its last hash") {
    const Log log;
    const auto outcome = beta_sidecar({"audit", "verify", log.path()});
    CHECK(outcome.code == 0);
    CHECK(outcome.out == "3 whole records, 1 to 3\nlast hash " + log.last.hash + "\nINTACT\n");
    CHECK(beta_sidecar({"audit", "verify", log.path(), "--last", log.last.hash}).code == 0);
}

TEST_CASE("audit verify names the line that was changed, and exits 1") {
    const Log log;
    auto text = log.text;
    text[text.find("denied")] = 'D';
    log.files.write("audit.log", text);
    const auto outcome = beta_sidecar({"audit", "verify", log.path()});
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.out, Contains(log.path() + ":2:1: error: ") && Contains("[AUDIT_CHANGED]") &&
                                Contains("NOT INTACT"));
    const auto json = beta_sidecar({"audit", "verify", "--json", log.path()});
    CHECK(json.code == 1);
    CHECK_FALSE(parse_json(json.out).as_object().at("intact").as_bool());
}

TEST_CASE("audit verify with a hash that is not there, or is none") {
    const Log log;
    const auto lost = beta_sidecar({"audit", "verify", log.path(), "--last", std::string(64, 'a')});
    CHECK(lost.code == 1);
    CHECK_THAT(lost.out, Contains("[AUDIT_LAST_MISSING]"));
    CHECK(beta_sidecar({"audit", "verify", log.path(), "--last", "abc"}).code == 64);
}

TEST_CASE("audit verify of a keyed log needs its key, which nobody else may read") {
    const Log log{audit::Seal(model::SecretText(key))};
    log.files.write("audit.key", key + '\n');
    CHECK(beta_sidecar({"audit", "verify", log.path()}).code == 1);
    const auto open = beta_sidecar({"audit", "verify", log.path(), "--key", log.path("audit.key")});
    CHECK(open.code == 65);
    CHECK_THAT(open.err, Contains("group or world may read") && Contains("[AUDIT_KEY]"));
    std::filesystem::permissions(log.path("audit.key"), std::filesystem::perms::owner_read);
    CHECK(beta_sidecar({"audit", "verify", log.path(), "--key", log.path("audit.key")}).code == 0);
    std::filesystem::remove(log.path("audit.key"));
    log.files.write("audit.key", "short\n");
    std::filesystem::permissions(log.path("audit.key"), std::filesystem::perms::owner_read);
    CHECK_THAT(beta_sidecar({"audit", "verify", log.path(), "--key", log.path("audit.key")}).err,
               Contains("must be 32 bytes or more"));
}

TEST_CASE("audit verify of a file that is not there exits 65") {
    const auto outcome = beta_sidecar({"audit", "verify", "/nowhere/audit.log"});
    CHECK(outcome.code == 65);
    CHECK_THAT(outcome.err, Contains("/nowhere/audit.log: error: cannot read this file"));
    CHECK(beta_sidecar({"audit", "verify"}).code == 64);
}
