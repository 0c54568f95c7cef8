#include "beta/model/json_text.hpp"

namespace beta::model {

std::string json_text(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            out.append({'\\', c});
        else if (byte >= 0x20 && byte < 0x7f)
            out += c;
        else
            out.append({'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15]});
    }
    return out + '"';
}

}  // namespace beta::model
