// Whatever the bytes: no crash; what is accepted keeps the promises that the rest relies on.
#include "beta/config/config.hpp"

#include "beta/model/onion_address.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // The first line is the value of a variable, the rest the file.
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::string_view line = text.substr(0, text.find('\n'));
    const auto config = beta::config::parse(text, "sidecar.yaml", {});
    const auto with_variable = beta::config::parse(text.substr(line.size()), "sidecar.yaml",
                                                   {{"BETA_INGRESS", std::string(line)}});
    for (const auto* const result : {&config, &with_variable}) {
        if (!*result) {
            for (const auto& error : result->error()) {
                if (error.message != beta::model::redact_onions(error.message))
                    std::abort();
            }
            continue;
        }
        const auto& value = **result;
        if ((value.egress && !value.egress->is_loopback()) || !value.tor_socks.is_loopback() ||
            (!value.ingress.empty() && !value.app))
            std::abort();
    }
    return 0;
}
