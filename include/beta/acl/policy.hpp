// Policy: one plane's ACL file, compiled into an index. Immutable; swapped whole.
#pragma once

#include "beta/model/diagnostic.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

namespace beta::acl {

struct PolicyFile;

class Policy {
  public:
    /// Reads one file of the language in acl/README.md. Every error at once, each with its place
    /// and remedy.
    static std::expected<std::shared_ptr<const Policy>, model::Diagnostics> parse(
        std::string_view yaml, const std::string& file_name);

    ~Policy();
    Policy(const Policy&) = delete;
    Policy& operator=(const Policy&) = delete;

    std::string_view plane() const noexcept;
    /// Number of rules including default-deny, which is rule 0.
    std::size_t rule_count() const noexcept;
    std::string_view rule_name(std::uint32_t rule_id) const noexcept;
    /// Hex SHA-256 of the file's text: which policy is in force, for metrics and /readyz.
    std::string_view digest() const noexcept;

    /// The rules as data (rule.hpp), for explaining and checking; deciding uses the index.
    const PolicyFile& file() const noexcept;
    /// Memory of the index, without the rules as data.
    std::size_t index_bytes() const noexcept;

    struct Index;
    const Index& index() const noexcept { return *index_; }

  private:
    explicit Policy(std::unique_ptr<const Index> index);
    std::unique_ptr<const Index> index_;
};

}  // namespace beta::acl
