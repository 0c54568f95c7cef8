// Setters: how the word of a key is read, checked and put into a draft, for the tables of keys.
#pragma once

#include "beta/config/keys.hpp"

#include <type_traits>
#include <utility>

namespace beta::config {

inline constexpr std::uint64_t KiB = 1024;
inline constexpr std::uint64_t GiB = KiB * KiB * KiB;
inline constexpr std::uint64_t second = 1'000;
inline constexpr std::uint64_t hour = 3'600 * second;

// The tables; together they are keys().
std::span<const Key> identity_keys() noexcept;
std::span<const Key> tor_keys() noexcept;
std::span<const Key> listener_keys() noexcept;
std::span<const Key> log_keys() noexcept;
std::span<const Key> tracing_keys() noexcept;
std::span<const Key> upstream_keys() noexcept;
std::span<const Key> limit_keys() noexcept;

bool is_printable(std::string_view text) noexcept;
std::string read_path(std::string& target, Value value);
/// Of a file that holds a secret: a value that may be the secret itself is refused, and no value is
/// shown.
std::string read_secret_path(std::string& target, Value value);
Reading<model::Endpoint> read_address(Value value);
/// `reason` ends the sentence "must be on this machine …: ".
Reading<model::Endpoint> read_local(Value value, std::string_view reason);
/// What is dialled needs a port; a listener may take any free one.
Reading<model::Endpoint> read_dialled(Value value, std::string_view reason);

/// The form of a list in a variable, "a=1,b=2": `add` takes name and word of each, and says what is
/// wrong with one, as Key::set does. `must`: what the whole must be.
template <class Add>
std::string read_pairs(Value value, std::string_view must, Add add) {
    for (std::string_view rest = value.text;;) {
        const auto comma = rest.find(',');
        const std::string_view item = rest.substr(0, comma);
        const auto equals = item.find('=');
        if (equals == item.npos)
            return but_found(std::string(must), value);
        if (auto problem = add(item.substr(0, equals), item.substr(equals + 1)); !problem.empty())
            return problem;
        if (comma == rest.npos)
            return {};
        rest.remove_prefix(comma + 1);
    }
}

template <class Target, class Read>
std::string store(Target& target, Reading<Read> reading) {
    if (!reading)
        return std::move(reading.error());
    if constexpr (std::is_arithmetic_v<Target>)
        target = static_cast<Target>(*reading);
    else
        target = std::move(*reading);
    return {};
}

/// Members name the way to the value: <&Config::tls, &Tls::key>.
template <auto... Members>
auto& target(Draft& draft) {
    return (draft.config.*....*Members);
}

template <auto... Members>
std::string set_name(Draft& draft, Value value, const Key&) {
    auto& to = target<Members...>(draft);
    auto name = std::remove_reference_t<decltype(to)>::parse(value.text);
    if (!name)
        return but_found("must be a name: " + std::string(model::sentence(name.error())), value);
    to = std::move(*name);
    return {};
}

template <auto... Members>
std::string set_path(Draft& draft, Value value, const Key&) {
    return read_path(target<Members...>(draft), value);
}

/// "must be …" of a value that may be off too.
std::string or_off(std::string problem);

/// `off` for none.
template <auto... Members>
std::string set_path_or_off(Draft& draft, Value value, const Key&) {
    auto& to = target<Members...>(draft);
    if (value.text != "off")
        return or_off(read_path(to, value));
    to.clear();
    return {};
}

template <auto... Members>
std::string set_secret_path(Draft& draft, Value value, const Key&) {
    return read_secret_path(target<Members...>(draft), value);
}

/// `off` for none.
template <auto... Members>
std::string set_secret_path_or_off(Draft& draft, Value value, const Key& key) {
    if (value.text == "off")
        return set_path_or_off<Members...>(draft, value, key);
    return or_off(read_secret_path(target<Members...>(draft), value));
}

template <auto... Members>
std::string set_flag(Draft& draft, Value value, const Key&) {
    return store(target<Members...>(draft), read_flag(value));
}

template <auto... Members>
std::string set_count(Draft& draft, Value value, const Key& key) {
    return store(target<Members...>(draft), read_count(value, key.bounds));
}

/// `off` for none; else what `read` reads, within the bounds of the key.
template <class Target, class Read>
std::string store_or_off(Target& to, Value value, const Key& key, Read read) {
    to = {};
    if (value.text == "off")
        return {};
    return or_off(store(to, read(value, key.bounds)));
}

template <auto... Members>
std::string set_count_or_off(Draft& draft, Value value, const Key& key) {
    return store_or_off(target<Members...>(draft), value, key, read_count);
}

template <auto... Members>
std::string set_time_or_off(Draft& draft, Value value, const Key& key) {
    return store_or_off(target<Members...>(draft), value, key, read_duration);
}

template <auto... Members>
std::string set_size(Draft& draft, Value value, const Key& key) {
    return store(target<Members...>(draft), read_size(value, key.bounds));
}

template <auto... Members>
std::string set_time(Draft& draft, Value value, const Key& key) {
    return store(target<Members...>(draft), read_duration(value, key.bounds));
}

}  // namespace beta::config
