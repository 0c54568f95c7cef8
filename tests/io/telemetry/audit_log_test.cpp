#include "beta/telemetry/audit_log.hpp"

#include "io/telemetry/sample.hpp"
#include "support/files.hpp"
#include "support/json.hpp"

#include <catch2/catch.hpp>
#include <spdlog/sinks/ostream_sink.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

using namespace beta;
using namespace beta::telemetry;
using namespace beta::testing;

namespace {

/// What an audit log holds after `write`, without its start.
template <class Write>
std::vector<boost::json::object> written(bool allowed, Write write) {
    const Files files;
    const auto path = (files.root() / "audit.log").string();
    std::ostringstream events;
    {
        LogWriter log(std::make_shared<spdlog::sinks::ostream_sink_mt>(events), {});
        EventLog event_log(log, config::LogLevel::info);
        AuditWriter writer({.path = path}, {}, event_log);
        writer.record("start", {});
        writer.start();
        AuditLog audit(writer, allowed);
        write(audit);
    }
    std::ifstream in(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    std::vector<boost::json::object> out;
    for (const auto& line : lines_of(text))
        out.push_back(parse_json(line).as_object());
    REQUIRE(!out.empty());
    out.erase(out.begin());
    return out;
}

}  // namespace

TEST_CASE("the audit log holds denials, and what is allowed where it is asked for") {
    const auto write = [](AuditLog& audit) {
        audit.request(sample_record());
        audit.request(denied_record());
        audit.request(limited_record());
        audit.request(rejected_record());  // malformed: no decision
    };
    const auto denials = written(false, write);
    REQUIRE(denials.size() == 2);
    CHECK(word(denials[0], "beta.rule") == "chain-stays-out");
    CHECK(word(denials[1], "error.type") == "rate_limited");
    const auto all = written(true, write);
    REQUIRE(all.size() == 3);
    CHECK(word(all[0], "event") == "allowed");
}

TEST_CASE("a callee that is not who was meant is a denial, though the policy allows the call") {
    auto record = sample_record();
    record.failure = model::Failure::peer_untrusted;
    const auto records = written(false, [&](AuditLog& audit) { audit.request(record); });
    REQUIRE(records.size() == 1);
    CHECK(word(records[0], "event") == "denied");
    CHECK(word(records[0], "error.type") == "peer_untrusted");
}

TEST_CASE("a caller that proves nothing is a denial, one that goes or speaks no TLS is not") {
    const auto records = written(false, [](AuditLog& audit) {
        for (const auto* const fault : {"closed", "not_tls", "timeout", "untrusted", "other_plane"})
            audit.handshake(acl::Direction::ingress, "wallet", fault);
    });
    REQUIRE(records.size() == 2);
    CHECK(word(records[0], "beta.handshake") == "untrusted");
    CHECK(word(records[0], "beta.plane") == "wallet");
    CHECK(word(records[1], "beta.handshake") == "other_plane");
}

TEST_CASE("whatever bytes a request has, its record is one line that ends in its hash") {
    auto record = denied_record();
    std::string path = "/";
    for (int byte = 0; byte < 256; ++byte)
        path += static_cast<char>(byte);
    for (int i = 0; i < 4; ++i)
        path += path;
    record.path = path;
    const auto records = written(false, [&](AuditLog& audit) {
        for (int i = 0; i < 100; ++i)
            audit.request(record);
    });
    REQUIRE(records.size() == 100);
    CHECK(records[99].at("seq").to_number<int>() == 101);
    CHECK(word(records[99], "previous") == word(records[98], "hash"));
}
