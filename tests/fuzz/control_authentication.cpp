// Whoever does not know the cookie is not authenticated to by SAFECOOKIE, whatever it answers.
#include "beta/torctl/authentication.hpp"

#include "heard.hpp"

#include <cstdlib>

using namespace beta::torctl;
using Kind = Authentication::Action::Kind;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    Authentication authentication(Nonce{});
    auto action = authentication.start();
    for (const auto& reply : beta::fuzz::hear(bytes, size).replies) {
        action = authentication.receive(reply);
        if (action.kind == Kind::read_cookie)
            action = authentication.cookie(std::string(32, 'c'));
        if (action.kind == Kind::failed && sentence(action.fault).empty())
            std::abort();
    }
    const auto& info = authentication.info();
    if (action.kind == Kind::done && info.safe_cookie && !info.null)
        std::abort();
    return 0;
}
