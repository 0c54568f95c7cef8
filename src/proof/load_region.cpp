#include "load_region.hpp"

#include <algorithm>

namespace beta::proof {
namespace {

bool is_method(std::string_view word) noexcept {
    return !word.empty() && word[0] >= 'A' && word[0] <= 'Z' &&
           std::ranges::all_of(word, [](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
           });
}

bool is_header_name(std::string_view word) noexcept {
    return !word.empty() && std::ranges::all_of(word, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               std::string_view("!#$%&'*+-.^_`|~").contains(c);  // RFC 9110 §5.6.2
    });
}

}  // namespace

std::vector<std::string_view> RegionLoader::keys(std::vector<std::string_view> more) {
    std::vector<std::string_view> all = {"from",    "to",    "operation", "operations",
                                         "methods", "paths", "headers",   "tunnel"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

Box RegionLoader::load(const yaml::Node& node, const std::string& what, Reading reading) {
    Box box;
    box.from.planes = LabelSet::all_but({outside});
    if (const yaml::Node* from = node.find("from"))
        box.from = place(*from, what + " from", false);
    if (const yaml::Node* to = node.find("to"))
        box.to = place(*to, what + " to", true);
    actions(node, what, box);
    if (const yaml::Node* list = node.find("headers"))
        headers(*list, what + " headers", reading, box);
    if (const yaml::Node* tunnel = node.find("tunnel")) {
        const std::string_view text = reader_.word(*tunnel, what + " tunnel");
        if (tunnel->quoted || (text != "true" && text != "false"))
            reader_.error(*tunnel, what + " tunnel must be true or false", "TUNNEL");
        box.form = text == "true" ? Form::tunnel : Form::plain;
    }
    return box;
}

Place RegionLoader::place(const yaml::Node& node, const std::string& what, bool callee) {
    Place place{.planes = LabelSet::all_but({outside}), .names = {}};
    std::vector<std::string_view> keys = {"plane", "services"};
    if (callee)
        keys.emplace_back("external");
    if (!reader_.expect_map(node, what, keys))
        return place;
    if (node.members.empty())
        reader_.error(node, what + " is empty; leave it out to mean anybody", "EMPTY");
    if (const yaml::Node* plane = node.find("plane")) {
        const std::string text(reader_.word(*plane, what + " plane"));
        if (const auto fault = known(text, "plane", vocabulary_.planes);
            text != "*" && !fault.empty())
            reader_.error(*plane, what + ' ' + fault, "UNKNOWN_NAME");
        if (text != "*")
            place.planes = LabelSet::only({text});
    }
    if (const yaml::Node* services = node.find("services"))
        place.names = LabelSet::only(words(*services, what + " services", [&](auto word) {
            return known(word, "service", vocabulary_.services);
        }));
    if (const yaml::Node* hosts = callee ? node.find("external") : nullptr) {
        if (node.members.size() > 1)
            reader_.error(*hosts, what + " is either outside or a service; make two of it",
                          "EXTERNAL");
        external(*hosts, what + " external", place);
    }
    return place;
}

void RegionLoader::external(const yaml::Node& node, const std::string& what, Place& place) {
    place = {.planes = LabelSet::only({outside}), .names = {}};
    if (node.kind == yaml::Node::Kind::scalar && node.scalar == "*")
        return;
    place.names = LabelSet::only(words(
        node, what, [&](auto word) { return known(word, "external host", vocabulary_.external); }));
}

void RegionLoader::actions(const yaml::Node& node, const std::string& what, Box& box) {
    const yaml::Node* const operation = node.find("operation");
    const yaml::Node* const operations = node.find("operations");
    const yaml::Node* const methods = node.find("methods");
    const yaml::Node* const paths = node.find("paths");
    if ((operation != nullptr) + (operations != nullptr) +
            (methods != nullptr || paths != nullptr) >
        1)
        reader_.error(node, what + ": either operations, or methods and paths", "OPERATIONS");
    if (operation != nullptr || operations != nullptr) {
        box.actions.clear();
        const auto add = [&](std::string_view word) -> std::string {
            auto action = vocabulary_.operation(word);
            if (!action)
                return "operation \"" + yaml::printable(word) + "\": " + action.error();
            box.actions.push_back(std::move(*action));
            return {};
        };
        if (operations != nullptr)
            words(*operations, what + " operations", add);
        else if (const auto fault = add(reader_.word(*operation, what + " operation"));
                 !fault.empty())
            reader_.error(*operation, what + ' ' + fault, "UNKNOWN_NAME");
        return;
    }
    Action& action = box.actions.front();
    if (methods != nullptr)
        action.methods = LabelSet::only(words(*methods, what + " methods", [](auto word) {
            return is_method(word) ? "" : "\"" + yaml::printable(word) + "\": a method is as GET";
        }));
    if (paths == nullptr)
        return;
    action.every_path = false;
    words(*paths, what + " paths", [&](std::string_view word) -> std::string {
        auto pattern = acl::PathPattern::parse(word);
        if (!pattern)
            return '"' + yaml::printable(word) + "\": " + std::string(sentence(pattern.error()));
        action.paths.push_back(std::move(*pattern));
        return {};
    });
}

void RegionLoader::headers(const yaml::Node& node, const std::string& what, Reading reading,
                           Box& box) {
    if (node.kind != yaml::Node::Kind::map || node.members.empty())
        return reader_.error(node, what + " must be a map, as in { x-tenant: [a, b] }", "HEADERS");
    for (const auto& [key, values] : node.members) {
        if (!is_header_name(key.scalar))
            reader_.error(key,
                          what + " \"" + yaml::printable(key.scalar) +
                              "\" is not the name of a header in lower case",
                          "HEADERS");
        auto list = words(values, what + ' ' + yaml::printable(key.scalar),
                          [](std::string_view word) -> std::string {
                              return word.empty() || word.contains(',')
                                         ? "values are cut at commas; list the parts"
                                         : "";
                          });
        box.headers.push_back({.name = key.scalar,
                               .values = LabelSet::only(std::move(list)),
                               .each = reading == Reading::narrow});
    }
}

/// A list of at least one good word.
std::vector<std::string> RegionLoader::words(const yaml::Node& node, const std::string& what,
                                             const Fault& fault) {
    std::vector<std::string> out;
    if (!reader_.expect_sequence(node, what))
        return out;
    if (node.items.empty())
        reader_.error(node, what + " is an empty list; leave it out to mean any", "EMPTY");
    for (const yaml::Node& item : node.items) {
        const std::string_view word = reader_.word(item, "each of " + what);
        if (item.kind != yaml::Node::Kind::scalar)
            continue;
        if (const std::string wrong = fault(word); !wrong.empty())
            reader_.error(item, std::string(what).append(": ").append(wrong), "WORD");
        out.emplace_back(word);
    }
    return out;
}

std::string RegionLoader::known(std::string_view word, std::string_view kind,
                                const std::set<std::string, std::less<>>& names) {
    if (names.contains(word))
        return {};
    return "no policy and no directory knows the " + std::string(kind) + " \"" +
           yaml::printable(word) + '"' + did_you_mean(word, names);
}

}  // namespace beta::proof
