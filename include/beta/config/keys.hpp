// Keys: the one table of configuration keys, by which file and environment are read alike.
#pragma once

#include "beta/config/draft.hpp"
#include "beta/config/value.hpp"

#include <span>
#include <string>
#include <string_view>

namespace beta::config {

struct Key {
    std::string_view path;  // "limits.head_bytes"; a dot for each map it stands in
    /// Puts the value into the draft; else says what it must be: "must be …".
    std::string (*set)(Draft& draft, Value value, const Key& key);
    Bounds bounds;  // of a number, size or time
};

std::span<const Key> keys();
const Key* find_key(std::string_view path);

/// "limits.head_bytes" -> "BETA_LIMITS_HEAD_BYTES".
std::string variable_of(std::string_view path);

/// One ingress listener; the problem as Key::set returns it. The only key whose value is a list.
std::string add_ingress(Draft& draft, std::string_view plane, std::string_view address,
                        Place place);

/// One rule of `log.sample.rules`, likewise. The only key whose value is a map.
std::string add_sample_rule(Draft& draft, std::string_view rule, Value share);

}  // namespace beta::config
