#include "beta/socks/fault.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <string_view>
#include <vector>

namespace beta::socks {
namespace {

using model::Failure;

struct Row {
    std::uint8_t code;
    Fault fault;
    Failure failure;
    std::string_view label;
};

TEST_CASE("every reply code has its fault, failure and label") {
    const std::vector<Row> rows{
        {0x01, Fault::general, Failure::socks_general, "general"},
        {0x02, Fault::ruleset, Failure::socks_ruleset, "ruleset"},
        {0x03, Fault::network_unreachable, Failure::socks_unreachable, "unreachable"},
        {0x04, Fault::host_unreachable, Failure::socks_unreachable, "unreachable"},
        {0x05, Fault::refused, Failure::socks_refused, "refused"},
        {0x06, Fault::ttl_expired, Failure::socks_ttl, "ttl"},
        {0x07, Fault::command_unsupported, Failure::socks_general, "general"},
        {0x08, Fault::address_type_unsupported, Failure::socks_general, "general"},
        {0xF0, Fault::descriptor_not_found, Failure::descriptor_not_found, "desc_not_found"},
        {0xF1, Fault::descriptor_invalid, Failure::descriptor_invalid, "desc_invalid"},
        {0xF2, Fault::introduction_failed, Failure::introduction_failed, "intro_failed"},
        {0xF3, Fault::rendezvous_failed, Failure::rendezvous_failed, "rend_failed"},
        {0xF4, Fault::client_auth_missing, Failure::client_auth_missing, "auth_missing"},
        {0xF5, Fault::client_auth_wrong, Failure::client_auth_wrong, "auth_wrong"},
        {0xF6, Fault::onion_address_bad, Failure::onion_address_bad, "bad_address"},
        {0xF7, Fault::introduction_timeout, Failure::introduction_timeout, "intro_timeout"},
    };
    for (const Row& row : rows) {
        CAPTURE(static_cast<int>(row.code));
        CHECK(fault_of_reply(row.code) == row.fault);
        CHECK(facts(row.fault).failure == row.failure);
        CHECK(facts(row.fault).label == row.label);
    }
}

TEST_CASE("a code that no specification knows is an unknown reply") {
    for (const unsigned code : {0x09U, 0x5BU, 0x7FU, 0x80U, 0xEFU, 0xF8U, 0xFFU}) {
        CAPTURE(code);
        CHECK(fault_of_reply(static_cast<std::uint8_t>(code)) == Fault::unknown_reply);
    }
    CHECK(facts(Fault::unknown_reply).failure == Failure::socks_general);
}

TEST_CASE("success is no fault") {
    CHECK(fault_of_reply(0) == Fault::none);
    CHECK(facts(Fault::none).failure == Failure::none);
    CHECK(facts(Fault::none).label == "ok");
}

TEST_CASE("whatever is wrong with the port itself means that tor cannot be reached") {
    for (auto value = static_cast<int>(Fault::method_refused);
         value < static_cast<int>(Fault::count_); ++value) {
        CHECK(facts(static_cast<Fault>(value)).failure == Failure::tor_unreachable);
    }
    CHECK(facts(Fault::http_answer).label == "socks_garbage");
    CHECK(facts(Fault::closed_early).label == "socks_unreachable");
}

TEST_CASE("every fault has its own sentence") {
    std::set<std::string_view> sentences;
    for (int value = 0; value < static_cast<int>(Fault::count_); ++value)
        sentences.insert(facts(static_cast<Fault>(value)).sentence);
    CHECK(sentences.size() == static_cast<std::size_t>(Fault::count_));
}

}  // namespace
}  // namespace beta::socks
