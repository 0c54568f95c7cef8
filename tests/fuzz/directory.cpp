// Whatever the bytes: no crash, no whole onion address in a message, every entry found by its name.
#include "beta/directory/directory.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using beta::directory::Directory;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    beta::model::Diagnostics messages;
    const auto directory = Directory::parse(text, "services.yaml", &messages);
    if (directory) {
        for (const auto& entry : (*directory)->entries()) {
            if ((*directory)->find(entry.name) != &entry)
                std::abort();
        }
    } else {
        messages.insert(messages.end(), directory.error().begin(), directory.error().end());
    }
    for (const auto& [file, line, column, message, code, severity] : messages) {
        if (message != beta::model::redact_onions(message))
            std::abort();
    }
    return 0;
}
