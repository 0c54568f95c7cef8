// Identity: who a peer is, as its verified certificate says.
#pragma once

#include "beta/model/names.hpp"

#include <string>

namespace beta::model {

struct Identity {
    PlaneName plane;
    ServiceName service;
    std::string id;  // as it stood there: the URI, or "CN=…,OU=…"

    bool operator==(const Identity&) const = default;
};

}  // namespace beta::model
