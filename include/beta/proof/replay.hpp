// Replay: which decisions of an access log a policy would make otherwise.
#pragma once

#include "beta/acl/decision.hpp"
#include "beta/proof/call.hpp"
#include "beta/proof/policies.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace beta::proof {

/// One kind of request that would be decided otherwise.
struct Flip {
    acl::Direction direction = acl::Direction::egress;
    Call call;
    bool passed = false;  // when it was recorded; now it is the other way round
    std::string was;      // the rule that decided, and the one that does now
    std::string is;
    std::size_t lines = 0;
};

class Replay {
  public:
    struct Counts {
        std::size_t same = 0;
        std::size_t flipped = 0;
        std::size_t strange = 0;     // the old policies decide otherwise than was recorded
        std::size_t undecided = 0;   // requests that were refused before any decision
        std::size_t unplaced = 0;    // no telling which plane's file decided, or it is not given
        std::size_t unreadable = 0;  // no line of an access log, or cut short
        std::size_t headers = 0;     // decided without headers, where the new file looks at some
    };

    /// `own_plane`: of the sidecar that wrote the log. Empty: as the directory says of its service,
    /// or that of the one policy that is given. The others are borrowed for as long as it lives.
    Replay(const Policies& before, const Policies& after, const Names& names, std::string own_plane)
        : before_(before), after_(after), names_(names), own_plane_(std::move(own_plane)) {}
    Replay(const Policies&, const Policies&, const Names&&, std::string) = delete;

    /// One line, without its end.
    void add(std::string_view line);

    const Counts& counts() const noexcept { return counts_; }
    /// The most frequent first.
    std::vector<Flip> flips() const;

  private:
    using Fields = std::map<std::string, std::string, std::less<>>;
    void add_fields(const Fields& fields);
    bool call_of(const Fields& fields, acl::Direction side, Call& call) const;
    std::string plane_of(const std::string& service) const;

    const Policies& before_;
    const Policies& after_;
    const Names& names_;
    std::string own_plane_;
    Counts counts_;
    std::map<std::string, Flip> flips_;
};

std::string to_text(const Replay& replay);

}  // namespace beta::proof
