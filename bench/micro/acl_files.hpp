// Files for bench_acl: policies of any size, as data for a scan and as YAML for the engine, and
// requests that hit rules all over them.
#pragma once

#include "beta/acl/decision.hpp"
#include "beta/acl/rule.hpp"

#include <cstddef>
#include <deque>
#include <string>
#include <vector>

namespace beta::bench {

struct Case {
    std::string name;
    std::size_t rules = 0;
    std::size_t services = 0;  // that rules name as callees
    bool whole_language = false;
};

/// A policy and requests of it. What requests point to lives here.
struct File {
    std::string yaml;
    std::vector<acl::Operation> operations;
    std::vector<acl::Rule> rules;
    std::deque<std::string> words;
    std::deque<acl::HeaderLines::Line> headers;
    std::vector<acl::Request> requests;
};

/// One rule in ten denies. With the whole language, rules have an operation, a tenant's header and
/// a limit, one in twenty is about a host outside, and one in fifty is in mode report.
File make_file(const Case& what);

/// The name of the rule that decides, by a look at every rule.
std::string_view scan(const File& file, const acl::Request& request);

}  // namespace beta::bench
