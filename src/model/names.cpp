#include "beta/model/names.hpp"

#include <algorithm>

namespace beta::model {
namespace {

constexpr std::size_t longest_label = 63;  // RFC 1035 §2.3.4

bool is_label_character(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

}  // namespace

std::string_view sentence(NameError error) noexcept {
    switch (error) {
        case NameError::empty:
            return "a name must not be empty";
        case NameError::too_long:
            return "a name has at most 63 characters";
        case NameError::bad_character:
            return "a name consists of lower-case letters, digits and dashes";
        case NameError::bad_edge:
            return "a name neither begins nor ends with a dash";
    }
    return "not a name";
}

template <class Tag>
std::expected<Label<Tag>, NameError> Label<Tag>::parse(std::string_view text) {
    if (text.empty())
        return std::unexpected(NameError::empty);
    if (text.size() > longest_label)
        return std::unexpected(NameError::too_long);
    if (!std::ranges::all_of(text, is_label_character))
        return std::unexpected(NameError::bad_character);
    if (text.front() == '-' || text.back() == '-')
        return std::unexpected(NameError::bad_edge);
    return Label(text);
}

template class Label<ServiceTag>;
template class Label<PlaneTag>;

}  // namespace beta::model
