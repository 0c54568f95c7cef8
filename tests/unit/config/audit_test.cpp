#include "configuration.hpp"

#include <catch2/catch.hpp>

namespace beta::config {
namespace {

TEST_CASE("there is no audit log unless a file is named, beside the configuration") {
    CHECK(parsed(needed).audit == Audit{});
    const auto audit = parse(needed +
                                 "audit: { file: a.log, required: true, allowed: true, "
                                 "key: a.key, queue_records: 16 }\n",
                             "/etc/beta/sidecar.yaml", {})
                           ->audit;
    CHECK(audit == Audit{.file = "/etc/beta/a.log",
                         .key = "/etc/beta/a.key",
                         .required = true,
                         .allowed = true,
                         .queue_records = 16});
    CHECK(parsed(needed + "audit: { file: off, key: off }\n").audit == Audit{});
}

TEST_CASE("what is asked of an audit log needs its file") {
    for (const std::string ask : {"required: true", "allowed: true", "key: a"})
        CHECK_THAT(error_of(needed + "audit: { " + ask + " }\n"),
                   Catch::Contains(" needs \"audit.file\", where the audit log is written") &&
                       Catch::Contains("CONFIG_AUDIT_FILE_NEEDED"));
    CHECK_THAT(error_of(needed + "audit: { file: a, queue_records: 15 }\n"),
               Catch::Contains("must be a number from 16"));
}

}  // namespace
}  // namespace beta::config
