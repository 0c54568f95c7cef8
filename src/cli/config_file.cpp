#include "config_file.hpp"

#include "beta/app/loaded.hpp"

#include <unistd.h>

#include <ostream>
#include <string_view>

namespace beta::cli {

config::Environment environment() {
    config::Environment variables;
    for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const auto equals = text.find('=');
        if (equals != text.npos)
            variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return variables;
}

std::expected<config::Config, model::Diagnostics> read_config(const std::string& path) {
    const auto text = app::read_file(path);
    if (!text)
        return std::unexpected(model::Diagnostics{text.error()});
    return config::parse(*text, path, environment());
}

void print(std::ostream& out, const model::Diagnostics& diagnostics) {
    for (const auto& diagnostic : diagnostics)
        out << diagnostic.str() << '\n';
}

}  // namespace beta::cli
