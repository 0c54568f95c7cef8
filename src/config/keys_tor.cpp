#include "setters.hpp"

#include <algorithm>

namespace beta::config {
namespace {

std::string set_socks(Draft& draft, Value value, const Key&) {
    return store(draft.config.tor_socks,
                 read_dialled(value, "what passes to tor is not yet encrypted"));
}

std::string set_control(Draft& draft, Value value, const Key&) {
    if (value.text != "off")
        return store(draft.config.tor_control,
                     read_dialled(value, "whoever listens there learns who may command tor"));
    draft.config.tor_control.reset();
    return {};
}

std::string set_tor_mode(Draft& draft, Value value, const Key&) {
    if (value.text != "external" && value.text != "managed")
        return but_found("must be external or managed", value);
    draft.config.tor_mode = value.text == "managed" ? TorMode::managed : TorMode::external;
    return {};
}

/// The folder's name goes into a torrc, and before "/control" into the name of a unix socket.
std::string set_tor_data(Draft& draft, Value value, const Key& key) {
    constexpr std::size_t longest = 107 - std::string_view("/control").size();  // unix(7)
    const bool is_plain = std::ranges::all_of(value.text, [](char c) {
        return static_cast<unsigned char>(c) > ' ' && c != '\x7f' && c != '"' && c != '\\';
    });
    const bool is_off = value.text == "off";
    if (!is_off && (!value.text.starts_with('/') || value.text.size() > longest || !is_plain))
        return but_found(
            "must be off, or a folder: an absolute path of at most 99 bytes without "
            "blanks, quotes and backslashes",
            value);
    draft.config.tor_data = is_off ? "" : value.text;
    if (is_off)
        draft.given.erase(std::string(key.path));
    return {};
}

constexpr Key table[] = {
    {"tor.socks", set_socks, {}},
    {"tor.control", set_control, {}},
    {"tor.control_password_file", set_secret_path_or_off<&Config::tor_control_password_file>, {}},
    {"tor.control_cookie_file", set_path_or_off<&Config::tor_control_cookie_file>, {}},
    {"tor.mode", set_tor_mode, {}},
    {"tor.binary", set_path<&Config::tor_binary>, {}},
    {"tor.data", set_tor_data, {}},
    {"tor.extra_torrc", set_path_or_off<&Config::tor_extra_torrc>, {}},
    {"tor.publish", set_flag<&Config::tor_publish>, {}},
    {"tor.keys", set_path_or_off<&Config::tor_keys>, {}},
    {"tor.client_key", set_secret_path_or_off<&Config::tor_client_key>, {}},
    {"tor.probe", set_time_or_off<&Config::tor_probe>, {second, 24 * hour}},
};

}  // namespace

std::span<const Key> tor_keys() noexcept {
    return table;
}

}  // namespace beta::config
