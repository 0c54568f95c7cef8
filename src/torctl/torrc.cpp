#include "beta/torctl/torrc.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

namespace beta::torctl {
namespace {

constexpr std::size_t most_bytes = 64uz * 1024;  // a list of bridges is a few kB

/// How tor meets its network, and what it may use of the machine. None of these opens a port,
/// names a file to write, runs a relay or a service, or touches the isolation of circuits.
constexpr std::string_view allowed[] = {
    // Networks other than the public one
    "TestingTorNetwork", "DirAuthority",
    // Ways into the network where it is not reached directly
    "UseBridges", "Bridge", "ClientTransportPlugin", "HTTPSProxy", "HTTPSProxyAuthenticator",
    "Socks4Proxy", "Socks5Proxy", "Socks5ProxyUsername", "Socks5ProxyPassword", "FascistFirewall",
    "FirewallPorts", "ReachableAddresses", "ReachableORAddresses", "ReachableDirAddresses",
    "ClientUseIPv4", "ClientUseIPv6", "ClientPreferIPv6ORPort", "OutboundBindAddress",
    "ConnectionPadding", "ReducedConnectionPadding",
    // Which relays
    "EntryNodes", "ExitNodes", "ExcludeNodes", "ExcludeExitNodes", "MiddleNodes", "StrictNodes",
    "NumEntryGuards", "GeoIPFile", "GeoIPv6File",
    // How long, how much
    "CircuitBuildTimeout", "LearnCircuitBuildTimeout", "CircuitsAvailableTimeout",
    "MaxClientCircuitsPending", "PathsNeededToBuildCircuits", "KeepalivePeriod", "SocksTimeout",
    "KISTSchedRunInterval", "Schedulers", "NumCPUs", "MaxMemInQueues", "BandwidthRate",
    "BandwidthBurst", "ConnLimit", "DormantCanceledByStartup", "ShutdownWaitLength",
    "AvoidDiskWrites", "Sandbox", "NoExec"};

std::string lower_case(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

constexpr std::string_view blanks = " \t";

/// Tor ignores the case of an option, and so do we: it must be refused in any.
bool is_allowed(std::string_view option) {
    return std::ranges::any_of(
        allowed, [&](std::string_view one) { return lower_case(one) == lower_case(option); });
}

/// What is wrong with one line, if anything.
std::optional<std::string> fault_of(std::string_view line) {
    const bool is_text = std::ranges::all_of(line, [](char c) {
        return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != '\x7f');
    });
    if (!is_text)
        return "a control character stands in this line";
    line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
    if (line.contains('\\'))
        return "a backslash stands in this line: tor would go on reading behind the end of it";
    if (line.empty() || line.starts_with('#'))
        return std::nullopt;
    const std::string_view option = line.substr(0, line.find_first_of(blanks));
    if (is_allowed(option))
        return std::nullopt;
    const bool is_word = std::ranges::all_of(option, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    });
    return (is_word ? '"' + std::string(option) + '"' : std::string("this")) +
           " is no option that may be added to a managed tor: docs/tor.md lists them; ports, "
           "services and isolation are the sidecar's own";
}

model::Diagnostic at(const std::string& file, std::uint32_t line, std::string message) {
    return {.file = file,
            .line = line,
            .column = line == 0 ? 0u : 1u,
            .message = std::move(message),
            .code = "TORRC_REFUSED"};
}

/// The one reason for tor to start a program (tor(1)).
bool has_transports(std::string_view extra) {
    return lower_case(extra).contains("clienttransportplugin");
}

std::string quoted(const std::string& path) {
    return '"' + path + '"';
}

}  // namespace

model::Diagnostics check_extra(std::string_view text, const std::string& file) {
    if (text.size() > most_bytes)
        return {at(file, 0, "this file is longer than 64 KiB")};
    model::Diagnostics found;
    for (std::uint32_t number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        if (auto fault = fault_of(text.substr(0, end)))
            found.push_back(at(file, number, std::move(*fault)));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return found;
}

// tor(1). ClientOnly: never a relay. ExtendedErrors: tor says why a call failed.
std::string write_torrc(const ManagedTor& tor, std::string_view extra) {
    std::string text = "# Written by beta-sidecar at every start: changes are lost.\n";
    text.append(extra);
    if (!extra.empty() && !extra.ends_with('\n'))
        text += '\n';
    text += "DataDirectory " + quoted(tor.folder + "/data") + '\n';
    text += "SocksPort unix:" + quoted(tor.socks()) + " IsolateSOCKSAuth ExtendedErrors" +
            (tor.reaches_exits ? "" : " OnionTrafficOnly") + '\n';
    text += "ControlPort unix:" + quoted(tor.control()) + '\n';
    text += "CookieAuthentication 1\nCookieAuthFile " + quoted(tor.cookie()) + '\n';
    text += "__OwningControllerProcess " + std::to_string(tor.owner) + '\n';
    if (!has_transports(extra))  // whoever may command it may not have it run anything either
        text += "NoExec 1\n";
    text += "ClientOnly 1\nRunAsDaemon 0\nSafeLogging 1\nLog notice stdout\n";
    return text;
}

}  // namespace beta::torctl
