#include "beta/tor/onion_files.hpp"

#include "beta/model/client_key.hpp"
#include "beta/tor/key_file.hpp"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace beta::tor {
namespace {

std::string file_of(const config::Config& config, const model::PlaneName& plane,
                    std::string_view ending) {
    const auto name = config.service.str() + '-' + plane.str() + std::string(ending);
    return (std::filesystem::path(config.tor_keys) / name).string();
}

/// No such file: the onion is open. An empty list is refused: it would read as closed to all, and
/// tor would take it as open to all.
std::expected<std::vector<std::string>, std::string> clients_of(const std::string& path) {
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file.is_open() && errno == ENOENT)
        return {};
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file.is_open() || file.bad())
        return std::unexpected(path + ": cannot read this file: " +
                               std::generic_category().message(errno != 0 ? errno : EIO));
    auto clients = model::parse_clients(text);
    if (!clients)
        return std::unexpected(path + ": " + clients.error());
    if (clients->empty())
        return std::unexpected(path +
                               ": nobody stands in this list; remove the file to let "
                               "everybody read the descriptor");
    return clients;
}

}  // namespace

std::string onion_key_file(const config::Config& config, const model::PlaneName& plane) {
    return file_of(config, plane, ".pem");
}

std::string onion_clients_file(const config::Config& config, const model::PlaneName& plane) {
    return file_of(config, plane, ".clients");
}

std::expected<std::vector<OwnOnion>, std::string> own_onions(const config::Config& config) {
    std::vector<OwnOnion> onions;
    for (const auto& listener : config.ingress) {
        auto key = keep_onion_key(onion_key_file(config, listener.plane));
        if (!key)
            return std::unexpected(std::move(key.error()));
        auto clients = clients_of(onion_clients_file(config, listener.plane));
        if (!clients)
            return std::unexpected(std::move(clients.error()));
        onions.push_back({listener.plane, *key, std::move(*clients)});
    }
    return onions;
}

}  // namespace beta::tor
