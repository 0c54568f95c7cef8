#include "beta/acl/policy.hpp"

#include "index.hpp"
#include "load.hpp"

namespace beta::acl {

Policy::Policy(std::unique_ptr<const Index> index) : index_(std::move(index)) {}
Policy::~Policy() = default;

std::expected<std::shared_ptr<const Policy>, model::Diagnostics> Policy::parse(
    std::string_view yaml, const std::string& file_name) {
    auto file = load(yaml, file_name);
    if (!file)
        return std::unexpected(std::move(file.error()));
    model::Diagnostics diagnostics;
    auto index = Index::compile(std::move(*file), diagnostics);
    if (index == nullptr)
        return std::unexpected(std::move(diagnostics));
    return std::shared_ptr<const Policy>(new Policy(std::move(index)));
}

const PolicyFile& Policy::file() const noexcept {
    return index_->file;
}
std::string_view Policy::plane() const noexcept {
    return index_->file.plane;
}
std::string_view Policy::digest() const noexcept {
    return index_->file.digest;
}
std::size_t Policy::rule_count() const noexcept {
    return index_->file.rules.size() + 1;
}
std::size_t Policy::index_bytes() const noexcept {
    return index_->bytes();
}

std::string_view Policy::rule_name(std::uint32_t rule_id) const noexcept {
    if (rule_id == 0 || rule_id > index_->file.rules.size())
        return "default-deny";
    return index_->file.rules[rule_id - 1].name;
}

}  // namespace beta::acl
