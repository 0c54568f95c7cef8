// Where on the way to a file a change of what it leads to can be seen.
#pragma once

#include <filesystem>
#include <set>

namespace beta::runtime {

/// The folder of each link on the way, the folder of the file, and the file itself (a file that is
/// mounted by itself changes in no folder of ours). Of a path that ends nowhere, the folder where
/// the next step is missing. A ConfigMap's `acl.yaml` is a link to `..data/acl.yaml`, `..data` one
/// to
/// `..2026_01`: its places are the folder that holds both, `..2026_01` and the file in there.
std::set<std::filesystem::path> places_of(const std::filesystem::path& path);

}  // namespace beta::runtime
