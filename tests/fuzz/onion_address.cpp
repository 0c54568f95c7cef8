// What parse() accepts is a fixed point of it, in lower case and with a redacted form that hides
// it.
#include "beta/model/onion_address.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using beta::model::OnionAddress;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto address = OnionAddress::parse(text);
    if (!address) {
        if (beta::model::sentence(address.error()).empty())
            std::abort();
        return 0;
    }
    const auto again = OnionAddress::parse(address->disclose());
    if (!again || *again != *address || size != 62 || address->disclose().size() != size)
        std::abort();
    if (address->redacted().find(address->disclose().substr(0, 5)) != std::string::npos)
        std::abort();
    return 0;
}
