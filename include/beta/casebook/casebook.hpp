// Casebook: the table of cases beside a policy (acl/wallet_test.yaml), as a person writes it.
#pragma once

#include "beta/acl/decision.hpp"
#include "beta/model/diagnostic.hpp"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beta::casebook {

/// What a file says: `report` is a denial that mode report lets pass.
enum class Answer : std::uint8_t { allow, deny, report };

std::string_view word(Answer answer) noexcept;

/// One call and what the policy must say to it. A call within the plane is asked at both ends,
/// unless `at` names one.
struct Case {
    struct Header {
        std::string name;
        std::string value;
    };

    std::string name;
    std::string from_plane;
    std::string from_service;  // empty: the plane of the caller is all that is known
    std::string to_plane;      // empty: `to_name` is an external host
    std::string to_name;
    std::string method = "GET";  // CONNECT: a tunnel, without a path
    std::string path = "/";
    std::vector<Header> headers;
    std::optional<acl::Direction> at;
    Answer decision = Answer::deny;
    std::string rule;   // that decides; empty: whichever
    std::string limit;  // that it still has to pass, in acl::to_text's words; empty: whichever
    std::uint32_t line = 0;
    std::uint32_t column = 0;

    bool external() const noexcept { return to_plane.empty(); }
    bool tunnel() const noexcept { return method == "CONNECT"; }
};

struct Casebook {
    std::string file_name;
    std::string policy;  // the file that is tested, beside this one
    std::vector<Case> cases;
};

/// Reads one table. Strict like the policies: every error at once; codes start with CASE_ or YAML_.
std::expected<Casebook, model::Diagnostics> load(std::string_view yaml,
                                                 const std::string& file_name);

}  // namespace beta::casebook
