// Pods: the containers of one, with what the pod says for all of them.
#pragma once

#include "reading.hpp"

#include <string>

namespace beta::manifest {

/// `pod` is a Pod or the template of one: a map of `metadata` and `spec`.
void read_pod(const yaml::Node& pod, const std::string& space, const std::string& workload,
              Reading& reading, Deployment& out);

}  // namespace beta::manifest
