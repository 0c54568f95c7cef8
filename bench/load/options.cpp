#include "options.hpp"

#include <charconv>
#include <functional>
#include <map>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace beta::bench {
namespace {

template <class Number>
void read(std::string_view text, Number& value) {
    const auto* const end = text.data() + text.size();
    if (const auto [at, error] = std::from_chars(text.data(), end, value);
        error != std::errc{} || at != end)
        throw std::invalid_argument("not a number in range: " + std::string(text));
}

void read(std::string_view text, std::string& value) {
    value = text;
}

void read(std::string_view text, bool& value) {
    value = text == "yes";
    if (text != "yes" && text != "no")
        throw std::invalid_argument("yes or no, not " + std::string(text));
}

using Setter = std::function<void(Options&, std::string_view)>;

template <class Value>
Setter into(Value Options::* member) {
    return [member](Options& options, std::string_view text) { read(text, options.*member); };
}

Setter into(std::string PemFiles::* member) {
    return [member](Options& options, std::string_view text) { read(text, options.tls.*member); };
}

const std::map<std::string_view, Setter>& setters() {
    static const std::map<std::string_view, Setter> all{
        {"--port", into(&Options::port)},
        {"--host", into(&Options::host)},
        {"--path", into(&Options::path)},
        {"--expect-bytes", into(&Options::expect_bytes)},
        {"--expect-status", into(&Options::expect_status)},
        {"--body", into(&Options::body)},
        {"--connections", into(&Options::connections)},
        {"--seconds", into(&Options::seconds)},
        {"--requests", into(&Options::requests)},
        {"--new-connections", into(&Options::new_connections)},
        {"--wait", into(&Options::wait)},
        {"--absolute", into(&Options::absolute)},
        {"--certificate", into(&PemFiles::certificate)},
        {"--key", into(&PemFiles::key)},
        {"--ca", into(&PemFiles::ca)},
        {"--resume", into(&Options::resume)},
        {"--idle", into(&Options::idle)},
    };
    return all;
}

}  // namespace

Options parse_options(int argc, char** argv) {
    Options options;
    for (int at = 1; at < argc; at += 2) {
        const auto found = setters().find(argv[at]);
        if (found == setters().end() || at + 1 == argc)
            throw std::invalid_argument("unknown option, or one without value: " +
                                        std::string(argv[at]));
        found->second(options, argv[at + 1]);
    }
    constexpr std::string_view prefix = "/bytes/";
    if (options.expect_bytes == 0 && options.path.starts_with(prefix))
        read(std::string_view(options.path).substr(prefix.size()), options.expect_bytes);
    if (options.port == 0)
        throw std::invalid_argument("--port is missing");
    if ((options.seconds > 0) + (options.requests > 0) + (options.idle > 0) != 1)
        throw std::invalid_argument("one of --seconds, --requests and --idle is needed");
    return options;
}

// About as long as what browsers and SDKs send: proxies read heads, not just lengths.
std::string request_text(const Options& options) {
    std::string text = options.body > 0 ? "POST " : "GET ";
    text += options.absolute ? "http://" + options.host + options.path : options.path;
    text += " HTTP/1.1\r\nHost: " + options.host +
            "\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) bench/1.0"
            "\r\nAccept: application/json, text/plain;q=0.9, */*;q=0.8"
            "\r\nAccept-Language: en-GB,en;q=0.5\r\nAccept-Encoding: gzip, deflate, br"
            "\r\nCookie: session=8f14e45fceea167a5a36dedd4bea2543; theme=dark"
            "\r\nX-Tenant: acme-europe-west\r\nCache-Control: no-cache\r\n";
    if (options.new_connections)
        text += "Connection: close\r\n";
    if (options.body > 0)
        text +=
            "Content-Type: application/json\r\nContent-Length: " + std::to_string(options.body) +
            "\r\n";
    return text + "\r\n" + std::string(options.body, 'p');
}

}  // namespace beta::bench
