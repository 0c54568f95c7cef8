// ServiceName and PlaneName: the two kinds of name a policy speaks of, valid by construction.
#pragma once

#include <compare>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace beta::model {

enum class NameError : std::uint8_t { empty, too_long, bad_character, bad_edge };

/// One plain sentence for the reader of a configuration error.
std::string_view sentence(NameError error) noexcept;

/// A lower-case DNS label (RFC 1123 §2.1): 1..63 of [a-z0-9-], no dash at either end.
/// The tag keeps a service from being passed where a plane is meant.
template <class Tag>
class Label {
  public:
    static std::expected<Label, NameError> parse(std::string_view text);

    std::string_view view() const noexcept { return text_; }
    const std::string& str() const noexcept { return text_; }
    auto operator<=>(const Label&) const = default;

  private:
    explicit Label(std::string_view text) : text_(text) {}
    std::string text_;
};

using ServiceName = Label<struct ServiceTag>;
using PlaneName = Label<struct PlaneTag>;

/// The sidecar's own name, for the app beside it: what is asked there never leaves the machine.
inline constexpr std::string_view own_host = "beta.internal";

extern template class Label<ServiceTag>;
extern template class Label<PlaneTag>;

}  // namespace beta::model
