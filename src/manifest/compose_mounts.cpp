#include "compose_mounts.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace beta::manifest {
namespace {

using yaml::Node;

bool is_path(std::string_view source) noexcept {
    return source.starts_with('/') || source.starts_with('.') || source.starts_with('~');
}

/// Two spellings of a path are one source.
std::string plain(const std::string& path) {
    return std::filesystem::path(path).lexically_normal().string();
}

/// "127.0.0.1:9090:9090/tcp" -> "127.0.0.1"; "[::1]:1:1" -> "[::1]".
std::string address_of(std::string_view port) {
    if (port.starts_with('['))
        return std::string(port.substr(0, port.find(']') + 1));  // npos + 1 is 0: none
    const auto first = port.find(':');
    const bool has_three = first != port.npos && port.find(':', first + 1) != port.npos;
    return has_three ? std::string(port.substr(0, first)) : "";
}

}  // namespace

void Volumes::read(const Node& root, Reading& reading) {
    if (const Node* const all = root.find("volumes"); all != nullptr)
        for (const auto& member : reading.members(*all, "\"volumes\""))
            read_volume(member, reading);
    for (const auto& [key, kind] : {std::pair{"secrets", "secret "}, {"configs", "config "}}) {
        const Node* const all = root.find(key);
        if (all == nullptr)
            continue;
        for (const auto& [name, options] : reading.members(*all, key))
            if (const auto file = reading.member(options, "file"); file.given)
                meant_.insert_or_assign(kind + name.scalar,
                                        Mount{.source = plain(file.value), .host = true});
    }
}

void Volumes::read_volume(const Node::Member& member, Reading& reading) {
    const auto& [name, options] = member;
    const Node* const driver = options.find("driver_opts");
    const auto kind = driver == nullptr ? Fact{} : reading.member(*driver, "o");
    const auto device = driver == nullptr ? Fact{} : reading.member(*driver, "device");
    const auto other = reading.member(options, "name");
    const std::string key = "volume " + name.scalar;
    if (kind.value.contains("bind") && device.given)
        meant_.insert_or_assign(key, Mount{.source = plain(device.value), .host = true});
    else if (other.given)
        meant_.insert_or_assign(key, Mount{.source = "volume " + other.value});
}

void Volumes::resolve(const std::string& kind, const std::string& name, Mount& mount) const {
    const auto found = meant_.find(kind + ' ' + name);
    if (found != meant_.end()) {
        mount.source = found->second.source;
        mount.host = found->second.host;
    } else {
        mount.host = kind == "volume" && is_path(name);
        mount.source = mount.host ? plain(name) : kind + ' ' + name;
    }
}

void MountReader::volumes(const Node& list) {
    if (list.kind == Node::Kind::null ||
        !reading_.reader.expect_sequence(list, "\"volumes\" of a service"))
        return;
    for (const Node& item : list.items)
        add(item.kind == Node::Kind::map ? long_volume(item) : short_volume(item));
}

Mount MountReader::long_volume(const Node& map) {
    Mount mount{.target = reading_.member(map, "target").value, .place = reading_.at(map)};
    const auto type = reading_.member(map, "type").value;
    const auto source = reading_.member(map, "source");
    if (type == "tmpfs")
        return mount;
    if (source.given)
        volumes_.resolve("volume", source.value, mount);
    mount.host = mount.host || type == "bind";
    return mount;
}

Mount MountReader::short_volume(const Node& word) {
    const auto text = reading_.fact(word, "a volume").value;
    const auto colon = text.find(':');
    Mount mount{.target = text.substr(0, colon), .place = reading_.at(word)};
    if (colon == text.npos)
        return mount;  // a new one, that nobody else has
    mount.target = text.substr(colon + 1, text.find(':', colon + 1) - colon - 1);
    volumes_.resolve("volume", text.substr(0, colon), mount);
    return mount;
}

void MountReader::files(const Node& list, const std::string& kind, const std::string& folder) {
    if (list.kind == Node::Kind::null ||
        !reading_.reader.expect_sequence(list, '"' + kind + "s\" of a service"))
        return;
    for (const Node& item : list.items) {
        const bool is_map = item.kind == Node::Kind::map;
        const auto name =
            is_map ? reading_.member(item, "source").value : reading_.fact(item, kind).value;
        const auto target = is_map ? reading_.member(item, "target") : Fact{};
        const bool is_whole = target.value.starts_with('/');
        Mount mount{.target = (is_whole ? "" : folder) + (target.given ? target.value : name),
                    .place = reading_.at(item)};
        volumes_.resolve(kind, name, mount);
        add(std::move(mount));
    }
}

/// A further file's mount takes the place of one at the same target.
void MountReader::add(Mount mount) {
    std::erase_if(service_.mounts, [&](const Mount& old) { return old.target == mount.target; });
    service_.mounts.push_back(std::move(mount));
}

void MountReader::ports(const Node& list) {
    if (list.kind == Node::Kind::null ||
        !reading_.reader.expect_sequence(list, "\"ports\" of a service"))
        return;
    for (const Node& item : list.items) {
        if (item.kind == Node::Kind::map) {
            const auto address = reading_.member(item, "host_ip").value;
            service_.published.push_back(
                {.address = address.contains(':') ? '[' + address + ']' : address,
                 .text = address + ':' + reading_.member(item, "published").value,
                 .place = reading_.at(item)});
            continue;
        }
        const auto text = reading_.fact(item, "a port").value;
        service_.published.push_back(
            {.address = address_of(text), .text = text, .place = reading_.at(item)});
    }
}

}  // namespace beta::manifest
