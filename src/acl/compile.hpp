// Compiling: a file's rules filed under their keys, paths and header values, once, at load.
#pragma once

#include "index.hpp"

#include <vector>

namespace beta::acl {

/// Numbers services and external hosts; those that the same rules name share a class.
void classify(Policy::Index& index);

/// One rule's end at an accept.
struct End {
    std::uint32_t accept = 0;
    std::uint32_t rule = 0;
    std::uint64_t methods = 0;  // 0: every one
};

/// Numbers the conditions of every rule, and fills in Index::rules.
void number_conditions(Policy::Index& index);

/// Files the ends of rules with header conditions under the values that they need, and gives the
/// accepts their guards. In order of accept.
void file_guarded(Policy::Index& index, const std::vector<End>& ends);

}  // namespace beta::acl
