// Landlock: which files and TCP ports stay reachable, and what stays in (landlock(7)).
#pragma once

#include "beta/config/needs.hpp"

#include <string>

namespace beta::runtime {

/// Why a part is not in force; empty: it is.
struct LandlockLacks {
    std::string files;  // Linux 5.13
    std::string ports;  // Linux 6.7
    std::string scope;  // Linux 6.12
};

/// Of this thread, and of those that it will start.
LandlockLacks enter_landlock(const config::Needs& needs);

}  // namespace beta::runtime
