// Any bytes: manifests load or are refused with a code, and every check has a word for what loads.
#include "beta/manifest/checklist.hpp"
#include "beta/manifest/load.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace beta::manifest;
    // The first line is an .env file, the rest a manifest, read as base and as what lies over it.
    const std::string text(reinterpret_cast<const char*>(data), size);
    const std::string line = text.substr(0, text.find('\n'));
    Variables variables{{"A", "1"}};
    add_env_file(line, ".env", variables);
    const auto deployment = load({{"m.yaml", text}, {"n.yaml", text}}, variables);
    if (!deployment) {
        for (const auto& error : deployment.error())
            if (!error.code.starts_with("YAML_") && !error.code.starts_with("MANIFEST_"))
                std::abort();
        return 0;
    }
    const auto checks = verify(*deployment);
    if (to_text(*deployment, checks).empty() || to_json(*deployment, checks).empty())
        std::abort();
    return 0;
}
