#include "beta/tls/credentials.hpp"

#include "support/certificates.hpp"
#include "support/files.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace {

using beta::testing::Authority;
using beta::testing::Files;

constexpr uid_t somebody = 65532;  // who runs in the image; nobody else's here

/// We are that user and group, and root again at the end.
class AsSomebody {
  public:
    AsSomebody() : became_(::setegid(somebody) == 0 && ::seteuid(somebody) == 0) {}
    ~AsSomebody() {
        if (::seteuid(0) != 0 || ::setegid(0) != 0)
            std::abort();  // the tests after this one are root's
    }
    AsSomebody(const AsSomebody&) = delete;
    AsSomebody& operator=(const AsSomebody&) = delete;
    bool became() const noexcept { return became_; }

  private:
    bool became_;
};

/// Whether the key of this folder is read by somebody, whatever else is missing.
bool is_taken(const Files& files) {
    const auto config = beta::config::parse(
        "service: api-gateway\nplane: ops\nacl: a\nservices: s\n"
        "tls: { certificate: cert.pem, key: key.pem, ca: nowhere, trust_domain: beta.test }\n",
        files.root() / "sidecar.yaml", {});
    REQUIRE(config);
    const AsSomebody now;
    REQUIRE(now.became());
    const auto loaded = beta::tls::Credentials::load(*config);
    REQUIRE_FALSE(loaded);  // there is nobody whom it trusts
    return std::ranges::none_of(loaded.error(), [&](const auto& problem) {
        return problem.file == files.root() / "key.pem";
    });
}

}  // namespace

TEST_CASE("a key is its owner's alone, or root's and no more than read by our own group") {
    if (::geteuid() != 0)
        return;  // only root can give files away
    struct Row {
        const char* name;
        uid_t owner;
        gid_t group;
        mode_t mode;
        bool taken;
    };
    const auto row = GENERATE(values<Row>({
        {"ours alone", somebody, somebody, 0400, true},
        {"as Kubernetes gives a Secret", 0, somebody, 0440, true},
        {"ours, and a group's", somebody, somebody, 0440, false},
        {"root's, and the group writes it", 0, somebody, 0460, false},
        {"root's, and everybody's", 0, somebody, 0444, false},
        {"root's, and another group's", 0, somebody + 1, 0440, false},
    }));
    DYNAMIC_SECTION(row.name) {
        const Files files;
        Authority()
            .issue("ops", "api-gateway")
            .write(files.root() / "cert.pem", files.root() / "key.pem");
        const auto key = files.root() / "key.pem";
        REQUIRE(::chown(key.c_str(), row.owner, row.group) == 0);
        REQUIRE(::chmod(key.c_str(), row.mode) == 0);
        REQUIRE(::chmod(files.root().c_str(), 0755) == 0);
        CHECK(is_taken(files) == row.taken);
    }
}
