// Whatever replies and events say is read without harm, as often as they come.
#include "beta/torctl/answer.hpp"

#include "heard.hpp"

#include <cstdlib>

using namespace beta::torctl;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    for (const auto& reply : beta::fuzz::hear(bytes, size).replies) {
        const auto event = read_event(reply);
        const auto* const status = std::get_if<ClientStatus>(&event);
        if (status != nullptr && status->bootstrap.percent > 100)
            std::abort();
        (void)read_onion_added(reply);
        (void)read_circuits(value_of(reply, "circuit-status").value_or(""));
        (void)read_streams(value_of(reply, "stream-status").value_or(""));
        (void)read_bootstrap(value_of(reply, "status/bootstrap-phase").value_or(""));
    }
    return 0;
}
