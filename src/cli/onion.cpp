// onion: keys of onion services and of their callers: made, and their public halves told.
#include "beta/model/onion_address.hpp"
#include "beta/tor/key_file.hpp"
#include "beta/tor/onion_files.hpp"

#include "commands.hpp"
#include "config_file.hpp"
#include "exit_code.hpp"

#include <memory>
#include <ostream>
#include <string>

namespace beta::cli {
namespace {

int refuse(const std::string& why, Session& session) {
    session.err << why << '\n';
    return bad_data;
}

int make_key(const std::string& file, Session& session) {
    if (const auto made = tor::make_onion_key(file); !made)
        return refuse(made.error(), session);
    session.out << file << ": made; `beta-sidecar onion address " << file
                << "` tells its address\n";
    return ok;
}

int make_client_key(const std::string& file, Session& session) {
    const auto made = tor::make_client_key(file);
    if (!made)
        return refuse(made.error(), session);
    session.out << made->public_line() << '\n';
    return ok;
}

int tell_client_key(const std::string& file, Session& session) {
    const auto key = tor::load_client_key(file);
    if (!key)
        return refuse(key.error(), session);
    session.out << key->public_line() << '\n';
    return ok;
}

int tell_address(const std::string& file, Session& session) {
    const auto key = tor::load_onion_key(file);
    if (!key)
        return refuse(key.error(), session);
    session.out << key->address().disclose() << '\n';
    return ok;
}

/// As the directory wants it: "wallet: ….onion", a line for each calling plane.
int tell_addresses(const std::string& config_file, Session& session) {
    const auto config = read_config(config_file);
    if (!config) {
        print(session.err, config.error());
        return configuration;
    }
    if (config->tor_keys.empty())
        return refuse(config_file + ": tor.keys is off: there are no keys to tell the addresses of",
                      session);
    for (const auto& listener : config->ingress) {
        const auto key = tor::load_onion_key(tor::onion_key_file(*config, listener.plane));
        if (!key)
            return refuse(key.error(), session);
        session.out << listener.plane.view() << ": " << key->address().disclose() << '\n';
    }
    return ok;
}

void add_file_command(CLI::App& onion, Session& session, const char* name, const char* description,
                      int (*run)(const std::string&, Session&)) {
    auto* const command = onion.add_subcommand(name, description);
    const auto file = std::make_shared<std::string>();
    command->add_option("FILE", *file, "Key file")->required();
    command->callback([=, &session] { session.exit_code = run(*file, session); });
}

}  // namespace

void add_onion(CLI::App& app, Session& session) {
    auto* const onion = app.add_subcommand("onion", "Keys of onion services and of their callers");
    onion->require_subcommand(1);
    add_file_command(*onion, session, "new", "Make a key for an onion service", make_key);
    add_file_command(*onion, session, "client-key",
                     "Make a caller's key to closed onions; prints its public half",
                     make_client_key);
    add_file_command(*onion, session, "client-public", "Print the public half of a caller's key",
                     tell_client_key);
    auto* const address = onion->add_subcommand(
        "address", "Print the address of a key file, or of every onion that is published");
    const auto file = std::make_shared<std::string>();
    const auto config = std::make_shared<std::string>(default_config);
    auto* const by_file = address->add_option("FILE", *file, "Key file");
    address->add_option("-c,--config", *config, "Configuration file, in place of a key file")
        ->capture_default_str()
        ->excludes(by_file);
    address->callback([=, &session] {
        session.exit_code =
            file->empty() ? tell_addresses(*config, session) : tell_address(*file, session);
    });
}

}  // namespace beta::cli
