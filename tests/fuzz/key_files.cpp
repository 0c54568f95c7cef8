// Whatever the bytes of a key file: what is accepted is written again as it was read, and no error
// shows a byte of it.
#include "beta/model/client_key.hpp"
#include "beta/model/onion_key.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace beta::model;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto onion = OnionKey::parse(text);
    if (onion && (onion->disclose_pem().disclose() != text ||
                  !OnionAddress::parse(onion->address().disclose())))
        std::abort();
    const auto client = ClientKey::parse(text);
    if (client && !client->disclose_line().disclose().starts_with(text))
        std::abort();
    const auto clients = parse_clients(text);
    for (const auto& key : clients ? *clients : std::vector<std::string>{}) {
        if (key.size() != 52)
            std::abort();
    }
    return 0;
}
