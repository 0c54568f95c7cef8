// Reading: one file of a manifest while it is read, and how its values become facts.
#pragma once

#include "beta/manifest/deployment.hpp"
#include "beta/yaml/document.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beta::manifest {

class Reading {
  public:
    explicit Reading(const std::string& file) : file_(file), reader(file, "MANIFEST_") {}

    Place at(const yaml::Node& node) const { return {file_, node.line}; }
    Fact missing(const yaml::Node& from) const { return {.place = at(from)}; }

    /// The scalar of `node`; nothing at all counts as not given.
    Fact fact(const yaml::Node& node, std::string_view what);
    /// That of the member `key` of `map`; where there is none, the place is that of `map`.
    Fact member(const yaml::Node& map, std::string_view key);
    /// Those of a list; one word alone counts as a list of it.
    std::vector<Fact> list(const yaml::Node& node, std::string_view what);
    /// Both forms of Compose: a map, or a list of "name=value".
    Facts pairs(const yaml::Node& node, std::string_view what);
    /// The words of a map; a map it must be.
    const std::vector<yaml::Node::Member>& members(const yaml::Node& node, std::string_view what);

  private:
    std::string file_;

  public:
    yaml::Reader reader;
};

class Volumes;
/// Each adds what it finds in one document to `out`.
void read_compose(const yaml::Node& root, Reading& reading, Volumes& volumes, Deployment& out);
void read_kubernetes(const yaml::Node& root, Reading& reading, Deployment& out);

Container* find(Deployment& out, std::string_view name) noexcept;

/// A container of which nothing is known: each fact is missing there.
Container blank(std::string name, const Place& place);

}  // namespace beta::manifest
