#include "support/running_sidecar.hpp"

#include "beta/config/config.hpp"
#include "beta/model/digest.hpp"

#include <unistd.h>

#include <csignal>
#include <fstream>
#include <stdexcept>

namespace beta::testing {
namespace {

constexpr const char* default_acl = R"(apiVersion: beta.acl/v1
plane: ops
allow:
  - name: out
    from: { services: [api-gateway] }
    to: { plane: "*" }
    paths: [/ok, /ok/**]
  - name: in
    from: { plane: chain }
    to: { services: [api-gateway] }
    paths: [/ok, /ok/**]
deny:
  - name: never
    from: { plane: "*" }
    to: { plane: "*" }
    paths: [/ok/never/**]
    reason: "no one may, ever"
)";

/// Whole or not at all: the sidecar looks at its files by itself.
void write(const std::filesystem::path& path, const std::string& text) {
    const std::filesystem::path beside = path.string() + ".new";
    std::ofstream(beside, std::ios::binary) << text;
    std::filesystem::rename(beside, path);
}

[[noreturn]] void complain(const model::Diagnostics& problems) {
    std::string text;
    for (const auto& problem : problems)
        text += problem.str() + '\n';
    throw std::runtime_error(text);
}

std::string local(std::uint16_t port) {
    return "127.0.0.1:" + std::to_string(port);
}

std::string services() {
    return "apiVersion: beta.directory/v1\nservices:\n"
           "  tron-payment: { plane: wallet, onion: " +
           RunningSidecar::onion(1) +
           ", port: 80 }\n"
           "  blockchain-core: { plane: chain, onion: " +
           RunningSidecar::onion(2) +
           ", port: 81 }\nexternal:\n"
           "  tron-mainnet: { host: tron.example.com, port: 443 }\n"
           "  outside: { host: outside.example.com, port: 8443 }\n";
}

std::string configuration(const SidecarSetup& setup) {
    return "service: " + setup.service + "\nplane: " + setup.plane +
           "\napp: " + local(setup.app_port) + "\nacl: acl.yaml\nservices: services.yaml\n" +
           setup.identity + "tor: { socks: " + local(setup.socks_port) +
           ", control: " + (setup.control_port == 0 ? "off" : local(setup.control_port)) +
           setup.tor +
           " }\negress: { address: 127.0.0.1:0 }\ningress:\n"
           "  - { plane: " +
           setup.caller + ", address: 127.0.0.1:0 }\nadmin: { address: 127.0.0.1:0, page: " +
           (setup.page ? "true" : "false") + " }\napp_health: { " + setup.app_health +
           " }\nlog: { " + setup.log + " }\nworkers: " + std::to_string(setup.workers) + "\n" +
           setup.extra;
}

}  // namespace

RunningSidecar::RunningSidecar(const SidecarSetup& setup) : caller_(setup.caller) {
    std::signal(SIGPIPE, SIG_IGN);  // as main() does
    std::string name = std::filesystem::temp_directory_path() / "beta-io-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr)
        throw std::runtime_error("mkdtemp failed");
    folder_ = name;
    write(folder_ / "acl.yaml", setup.acl.empty() ? default_acl : setup.acl);
    write(folder_ / "services.yaml", setup.services.empty() ? services() : setup.services);
    auto config = config::parse(configuration(setup), folder_ / "sidecar.yaml", {});
    if (!config)
        complain(config.error());
    auto built = app::Sidecar::build(std::move(*config));
    if (!built)
        complain(built.error());
    sidecar_ = std::move(*built);
    sidecar_->start();
}

RunningSidecar::~RunningSidecar() {
    sidecar_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void RunningSidecar::write_acl(const std::string& text) const {
    write(folder_ / "acl.yaml", text);
}

void RunningSidecar::write_services(const std::string& text) const {
    write(folder_ / "services.yaml", text);
}

std::uint16_t RunningSidecar::port_of(const std::string& listener) const {
    const auto address = sidecar_->address_of(listener);
    return static_cast<std::uint16_t>(std::stoul(address.substr(address.rfind(':') + 1)));
}

/// rend-spec-v3 §6: base32(PUBKEY | CHECKSUM | VERSION)
std::string RunningSidecar::onion(unsigned char key) {
    const std::string bytes(32, static_cast<char>(key));
    const auto hash = model::sha3_256(".onion checksum" + bytes + '\x03');
    const std::string all =
        bytes + static_cast<char>(hash[0]) + static_cast<char>(hash[1]) + '\x03';
    std::string text;
    unsigned held = 0;
    unsigned bits = 0;
    for (const char c : all) {
        bits = (bits << 8) | static_cast<unsigned char>(c);
        for (held += 8; held >= 5; held -= 5)
            text += "abcdefghijklmnopqrstuvwxyz234567"[(bits >> (held - 5)) & 31];
    }
    return text + ".onion";
}

}  // namespace beta::testing
