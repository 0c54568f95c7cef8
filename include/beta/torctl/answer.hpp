// Answer: what a reply to GETINFO, GETCONF or ADD_ONION says (control-spec §3.3, §3.9, §3.27).
#pragma once

#include "beta/model/onion_address.hpp"
#include "beta/torctl/event.hpp"
#include "beta/torctl/fault.hpp"
#include "beta/torctl/onion_keys.hpp"
#include "beta/torctl/reply.hpp"

#include <expected>
#include <optional>
#include <string_view>
#include <vector>

namespace beta::torctl {

/// The value of "key=value", from its line or its data block; views into `reply`. Keys of GETCONF
/// are told in tor's own spelling, so that case does not matter.
std::optional<std::string_view> value_of(const Reply& reply, std::string_view key);

/// Of "circuit-status" and "stream-status": what makes no sense is left out.
std::vector<Circuit> read_circuits(std::string_view value);
std::vector<Stream> read_streams(std::string_view value);

struct OnionAdded {
    model::OnionAddress address;
    std::optional<OnionKey> key{};  // when tor made it
};
std::expected<OnionAdded, Fault> read_onion_added(const Reply& reply);

}  // namespace beta::torctl
