// Mounts and published ports of a service of Compose, each in its short and its long form.
#pragma once

#include "reading.hpp"

#include <map>
#include <string>
#include <string_view>

namespace beta::manifest {

/// What stands behind the names of volumes, secrets and configs, as far as it is not the name
/// itself: a folder, a file, another name.
class Volumes {
  public:
    /// Adds what this file says of them at its top.
    void read(const yaml::Node& root, Reading& reading);
    /// Adds to `mount` what `name` of this kind means: "volume", "secret" or "config".
    void resolve(const std::string& kind, const std::string& name, Mount& mount) const;

  private:
    void read_volume(const yaml::Node::Member& member, Reading& reading);

    std::map<std::string, Mount, std::less<>> meant_;  // "secret key" -> the file
};

class MountReader {
  public:
    MountReader(Reading& reading, const Volumes& volumes, Container& service)
        : reading_(reading), volumes_(volumes), service_(service) {}

    void volumes(const yaml::Node& list);
    void ports(const yaml::Node& list);
    /// Secrets and configs: files by name, below `folder` unless they say where.
    void files(const yaml::Node& list, const std::string& kind, const std::string& folder);

  private:
    Mount long_volume(const yaml::Node& map);
    Mount short_volume(const yaml::Node& word);
    void add(Mount mount);

    Reading& reading_;
    const Volumes& volumes_;
    Container& service_;
};

}  // namespace beta::manifest
