// Whatever is accepted as additional lines: read as tor reads them, none of them sets an option
// that is the sidecar's own.
#include "beta/torctl/torrc.hpp"

#include <ctype.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string extra(reinterpret_cast<const char*>(data), size);
    if (!beta::torctl::check_extra(extra, "extra").empty())
        return 0;
    std::istringstream lines(beta::torctl::write_torrc({.folder = "/t", .owner = 1}, extra));
    std::size_t ports = 0;
    for (std::string line, option; std::getline(lines, line); option.clear()) {
        std::istringstream(line) >> option;
        std::ranges::transform(option, option.begin(), ::tolower);
        ports += option.contains("port") && !option.starts_with("firewall");
        const bool is_ours = option == "__owningcontrollerprocess";
        if (option.starts_with("hidden") || option.starts_with('%') ||
            (option.starts_with('_') && !is_ours) || line.ends_with('\\') || line.contains('\0'))
            std::abort();
    }
    if (ports != 2)  // SocksPort and ControlPort
        std::abort();
    return 0;
}
