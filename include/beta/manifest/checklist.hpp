// Checklist: what must hold of a deployment, each check with the facts that it was decided by.
#pragma once

#include "beta/manifest/deployment.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace beta::manifest {

enum class List : std::uint8_t { process, planes, policy, operations };

std::string_view title(List list) noexcept;

/// One fact, judged.
struct Finding {
    std::string subject;  // a container, a network, a plane
    bool passed = false;
    std::string found;  // in words: "user is \"root\""
    Place place = {};
};

struct Check {
    List list = List::process;
    std::string code = {};      // stable: "READ_ONLY_ROOT"
    std::string sentence = {};  // what holds when it passes
    std::string remedy = {};
    std::vector<Finding> findings = {};  // none: there is nothing that it speaks of

    std::size_t failures() const noexcept;
};

using Checks = std::vector<Check>;

/// All but those of the policy, which is in other files.
Checks verify(const Deployment& deployment);

bool all_pass(const Checks& checks) noexcept;

/// The services of each plane, then the four lists; ends in a newline.
std::string to_text(const Deployment& deployment, const Checks& checks);
std::string to_json(const Deployment& deployment, const Checks& checks);

}  // namespace beta::manifest
