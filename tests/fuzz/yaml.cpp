// Any bytes: parse() neither throws nor crashes, and what it refuses it says with a place and a
// code.
#include "beta/yaml/document.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto document = beta::yaml::parse(text, "fuzz.yaml", {.bytes = 1 << 16});
    if (document)
        return 0;
    if (document.error().empty())
        std::abort();
    for (const auto& diagnostic : document.error())
        if (!diagnostic.code.starts_with("YAML_") || diagnostic.message.empty())
            std::abort();
    return 0;
}
