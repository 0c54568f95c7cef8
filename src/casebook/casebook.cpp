#include "beta/casebook/casebook.hpp"

#include "beta/model/names.hpp"
#include "beta/yaml/document.hpp"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace beta::casebook {
namespace {

constexpr std::string_view version = "beta.acltest/v1";
constexpr std::size_t longest_name = 200;

/// "wallet/tron-payment" → {wallet, tron-payment}; without a slash the second is empty.
std::pair<std::string, std::string> parted(std::string_view text) {
    const auto slash = text.find('/');
    if (slash == text.npos)
        return {std::string(text), {}};
    return {std::string(text.substr(0, slash)), std::string(text.substr(slash + 1))};
}

template <class Name>
std::string wrong(std::string_view what, const std::string& text) {
    const auto name = Name::parse(text);
    if (name)
        return {};
    return std::string(what) + " \"" + yaml::printable(text) +
           "\": " + std::string(model::sentence(name.error()));
}

class CaseLoader {
  public:
    CaseLoader(yaml::Reader& reader, const yaml::Node& node) : reader_(reader), node_(node) {}

    Case load() {
        case_.line = node_.line;
        case_.column = node_.column;
        if (!reader_.expect_map(node_, "a case",
                                {"name", "from", "to", "method", "path", "headers", "at",
                                 "decision", "rule", "limit"}))
            return std::move(case_);
        case_.name = required("name");
        if (case_.name.size() > longest_name)
            reader_.error(place("name"), "a case's name has at most 200 bytes", "NAME");
        read_parties();
        read_request();
        read_answer();
        return std::move(case_);
    }

  private:
    std::string required(std::string_view key) {
        const yaml::Node* found = reader_.require(node_, key, "a case");
        return found == nullptr ? std::string{} : std::string(reader_.word(*found, key));
    }

    std::string optional(std::string_view key, std::string_view usual) {
        const yaml::Node* found = node_.find(key);
        return std::string(found == nullptr ? usual : reader_.word(*found, key));
    }

    /// The value of `key`, or the case when it has none: where a fault is.
    const yaml::Node& place(std::string_view key) const {
        const yaml::Node* found = node_.find(key);
        return found == nullptr ? node_ : *found;
    }

    void report(std::string_view key, const std::string& fault) {
        if (!fault.empty())
            reader_.error(place(key), fault, "NAME");
    }

    void read_parties() {
        std::tie(case_.from_plane, case_.from_service) = parted(required("from"));
        report("from", wrong<model::PlaneName>("from: plane", case_.from_plane));
        if (!case_.from_service.empty())
            report("from", wrong<model::ServiceName>("from: service", case_.from_service));
        std::tie(case_.to_plane, case_.to_name) = parted(required("to"));
        if (case_.to_name.empty()) {
            std::swap(case_.to_plane, case_.to_name);  // a host outside has no plane
            report("to", wrong<model::ServiceName>("to: external host", case_.to_name));
            return;
        }
        report("to", wrong<model::PlaneName>("to: plane", case_.to_plane));
        report("to", wrong<model::ServiceName>("to: service", case_.to_name));
    }

    void read_request() {
        case_.method = optional("method", "GET");
        case_.path = optional("path", case_.tunnel() ? "" : "/");
        if (case_.tunnel() && !case_.path.empty())
            reader_.error(place("path"), "CONNECT asks for a tunnel, which has no path",
                          "CONTRADICTION");
        if (!case_.tunnel() && !case_.path.starts_with('/'))
            reader_.error(place("path"), "path must start with /", "PATH");
        const yaml::Node* headers = node_.find("headers");
        if (headers == nullptr)
            return;
        if (headers->kind != yaml::Node::Kind::map)
            return reader_.error(*headers, "headers must be a map, as in { x-tenant: a }", "MAP");
        for (const auto& [name, value] : headers->members)
            add_header(name.scalar, value);
    }

    /// A list stands for a header that is sent several times.
    void add_header(const std::string& name, const yaml::Node& value) {
        if (value.kind != yaml::Node::Kind::sequence) {
            case_.headers.push_back({name, std::string(reader_.word(value, name))});
            return;
        }
        for (const yaml::Node& one : value.items)
            case_.headers.push_back({name, std::string(reader_.word(one, name))});
    }

    template <std::size_t N>
    std::size_t one_of(std::string_view key, const std::string& text,
                       const std::string_view (&words)[N]) {
        const auto* const found = std::ranges::find(words, std::string_view(text));
        if (found != std::end(words))
            return static_cast<std::size_t>(found - std::begin(words));
        std::string message = std::string(key) + " is \"" + yaml::printable(text) + "\", not";
        const std::string_view guess = yaml::nearest(text, {std::begin(words), std::end(words)});
        for (const std::string_view word : words)
            message += (word == words[0] ? " " : " or ") + std::string(word);
        if (!guess.empty())
            message += "; did you mean \"" + std::string(guess) + "\"?";
        reader_.error(place(key), message, "WORD");
        return 0;
    }

    void read_answer() {
        if (const yaml::Node* at = node_.find("at")) {
            const std::string text(reader_.word(*at, "at"));
            case_.at = one_of("at", text, {"egress", "ingress"}) == 0 ? acl::Direction::egress
                                                                      : acl::Direction::ingress;
        }
        const std::string text = required("decision");
        if (!text.empty())
            case_.decision =
                static_cast<Answer>(one_of("decision", text, {"allow", "deny", "report"}));
        case_.rule = optional("rule", "");
        case_.limit = optional("limit", "");
    }

    yaml::Reader& reader_;
    const yaml::Node& node_;
    Case case_;
};

/// wallet_test.yaml tests wallet.yaml.
std::string policy_beside(const std::string& file_name) {
    const auto slash = file_name.rfind('/');
    const std::string folder = slash == file_name.npos ? "" : file_name.substr(0, slash + 1);
    std::string name = file_name.substr(folder.size());
    constexpr std::string_view ending = "_test.yaml";
    if (name.ends_with(ending))
        name.resize(name.size() - ending.size());
    return folder + name + ".yaml";
}

void refuse_repeated(yaml::Reader& reader, const std::vector<Case>& cases) {
    std::set<std::string_view> seen;
    for (const Case& one : cases) {
        if (one.name.empty() || seen.insert(one.name).second)
            continue;
        yaml::Node place;
        place.line = one.line;
        place.column = one.column;
        reader.error(place, "another case has the name \"" + yaml::printable(one.name) + '"',
                     "DUPLICATE");
    }
}

}  // namespace

std::string_view word(Answer answer) noexcept {
    switch (answer) {
        case Answer::allow:
            return "allow";
        case Answer::deny:
            return "deny";
        case Answer::report:
            return "report";
    }
    return {};
}

std::expected<Casebook, model::Diagnostics> load(std::string_view text,
                                                 const std::string& file_name) {
    const auto root = yaml::parse(text, file_name);
    if (!root)
        return std::unexpected(root.error());
    yaml::Reader reader(file_name, "CASE_");
    Casebook book{.file_name = file_name, .policy = policy_beside(file_name), .cases = {}};
    if (reader.expect_map(*root, "the table", {"apiVersion", "cases"})) {
        const yaml::Node* given = reader.require(*root, "apiVersion", "the table");
        if (given != nullptr && reader.word(*given, "apiVersion") != version)
            reader.error(*given, "apiVersion must be " + std::string(version), "VERSION");
        const yaml::Node* cases = reader.require(*root, "cases", "the table");
        if (cases != nullptr && reader.expect_sequence(*cases, "cases"))
            for (const yaml::Node& node : cases->items)
                book.cases.push_back(CaseLoader(reader, node).load());
        refuse_repeated(reader, book.cases);
    }
    if (reader.failed())
        return std::unexpected(reader.take());
    return book;
}

}  // namespace beta::casebook
