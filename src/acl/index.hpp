// Index: a policy file compiled for look-ups whose number does not depend on the number of rules.
//
// A rule is filed under a Key for each pair of (services on the own side, services on the peer's
// side) that it names. Services named by the same rules share a class, so that a rule that lists a
// thousand services still has few keys. Under a key stands a trie of path segments; a node says for
// each method which rules of the file come first. Rules with header conditions stand apart there,
// found by the values that the request has. A decision therefore is: four names to numbers, at most
// eight keys, for each a walk of the trie as deep as the path.
#pragma once

#include "beta/acl/policy.hpp"
#include "beta/acl/rule.hpp"

#include "outcome.hpp"
#include "string_table.hpp"

#include <bit>
#include <cstdint>
#include <vector>

namespace beta::acl {

/// What ends at a node: by method for the methods that rules name there, `other` for all the rest.
struct Accept {
    std::uint64_t methods = 0;  // bit method_id - 1
    std::uint32_t first = 0;    // into Index::outcomes, one per bit that is set
    std::uint32_t guard = 0;    // number of the rules with header conditions here; 0: none
    Outcome other;
};

struct PathNode {
    std::uint32_t star = 0;   // child for any segment that is not empty
    std::uint32_t exact = 0;  // accept when the path ends here
    std::uint32_t deep = 0;   // accept whatever follows
};

/// What a service name is to the rules, on either side of a call.
struct ServiceClass {
    std::uint32_t as_source = 0;
    std::uint32_t as_destination = 0;
};

constexpr std::uint32_t every_service = 0;  // of rules that name none
constexpr std::uint32_t unknown_service =
    1;  // of denies only: the source may be any that they name
constexpr std::uint32_t first_class = 2;
constexpr std::uint32_t every_plane = 0;
constexpr std::uint32_t outside = (1u << 20) - 1;  // in place of a plane: external hosts

struct Key {
    Direction direction = Direction::egress;
    bool tunnel = false;
    std::uint32_t own = every_service;       // class of the service on this plane's side
    std::uint32_t peer_plane = every_plane;  // of the other side
    std::uint32_t peer = every_service;      // class of its service, or of the external host

    /// Which of its parts name something, as one bit of 32.
    std::uint32_t shape() const noexcept {
        return 1u << ((direction == Direction::ingress ? 16 : 0) + (tunnel ? 8 : 0) +
                      (own != every_service ? 4 : 0) + (peer_plane != every_plane ? 2 : 0) +
                      (peer != every_service ? 1 : 0));
    }
    /// Classes stay below 2^21 and planes below 2^20: yaml::Bounds lets no file name more.
    std::uint64_t packed() const noexcept {
        return (static_cast<std::uint64_t>(direction == Direction::ingress) << 63) |
               (static_cast<std::uint64_t>(tunnel) << 62) |
               (static_cast<std::uint64_t>(own) << 41) |
               (static_cast<std::uint64_t>(peer_plane) << 21) | peer;
    }
};

/// A rule with header conditions, at a node and under one of the values that it needs.
struct Guarded {
    std::uint64_t methods = 0;  // 0: every one
    std::uint32_t rule = 0;
};

struct Range {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
};

/// One condition in numbers.
struct Condition {
    std::uint32_t header = 0;  // from 1
    Range facts;               // into Index::condition_facts, ascending
};

struct RuleFacts {
    std::uint32_t Outcome::* kind = &Outcome::deny;
    Range conditions;  // into Index::conditions
    bool allows = false;
    std::uint64_t limit_seed = 0;  // of an allow with a limit: its name and the limit
};

struct Policy::Index {
    static constexpr std::size_t most_methods = 64;  // one bit each
    static constexpr std::size_t most_headers = 64;  // likewise

    PolicyFile file;
    StringTable planes;
    StringTable services;
    StringTable externals;
    StringTable methods;
    StringTable segments;
    std::vector<ServiceClass> classes;  // by service number; [0] is a service that no rule names
    std::vector<std::uint32_t> external_classes;  // by number of the host, likewise
    PairTable roots;                              // Key -> node
    std::uint32_t shapes = 0;                     // of the keys that there are
    PairTable edges;                              // (node, segment) -> node
    std::vector<PathNode> nodes;                  // [0] is none
    std::vector<Accept> accepts;                  // [0] is none
    std::vector<Outcome> outcomes;

    // Header conditions. A fact is one value of one header that some rule names.
    StringTable headers;
    std::uint64_t header_lengths = 0;  // bit length - 1 of their names
    StringTable values;
    PairTable facts;    // (header, value) -> fact, from 1
    PairTable guarded;  // (guard, fact) -> into guarded_ranges, from 1
    std::vector<Range> guarded_ranges;
    std::vector<Guarded> guarded_rules;
    std::vector<Condition> conditions;
    std::vector<std::uint32_t> condition_facts;
    std::vector<RuleFacts> rules;  // by rule id; [0] is none

    /// Compiles the file; an empty pointer and one more diagnostic when it is too large to.
    static std::unique_ptr<const Index> compile(PolicyFile file, model::Diagnostics& diagnostics);

    std::size_t bytes() const noexcept;
};

}  // namespace beta::acl
