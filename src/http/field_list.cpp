#include "beta/http/field_list.hpp"

#include "beta/http/field_id.hpp"

namespace beta::http {

bool next_element(std::string_view& list, std::string_view& element) noexcept {
    while (!list.empty()) {
        const auto comma = list.find(',');
        element = list.substr(0, comma);
        list.remove_prefix(comma == list.npos ? list.size() : comma + 1);
        while (!element.empty() && (element.front() == ' ' || element.front() == '\t'))
            element.remove_prefix(1);
        while (!element.empty() && (element.back() == ' ' || element.back() == '\t'))
            element.remove_suffix(1);
        if (!element.empty())
            return true;
    }
    return false;
}

bool lists(const std::vector<Field>& fields, FieldId id, std::string_view token) noexcept {
    for (const auto& field : fields) {
        if (field.id != id)
            continue;
        std::string_view rest = field.value;
        std::string_view element;
        while (next_element(rest, element)) {
            if (iequals(element, token))
                return true;
        }
    }
    return false;
}

}  // namespace beta::http
