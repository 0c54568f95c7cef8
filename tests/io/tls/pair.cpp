#include "io/tls/pair.hpp"

#include <stdexcept>

namespace beta::testing {
namespace {

constexpr const char* anyone_of_ops = R"(apiVersion: beta.acl/v1
plane: ops
allow:
  - name: out
    to: { plane: "*" }
    paths: [/ok, /ok/**]
)";

}  // namespace

TlsFiles::TlsFiles() {
    std::string name = std::filesystem::temp_directory_path() / "beta-tls-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr)
        throw std::runtime_error("mkdtemp failed");
    folder_ = name;
    std::filesystem::create_directory(folder_ / "ca");
    trust("ops", ops.root());
    trust("chain", chain.root());
    trust("wallet", chain.root());  // of tron-payment in the directory; nobody calls it here
}

TlsFiles::~TlsFiles() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void TlsFiles::install(const std::string& who, const Issued& issued) const {
    issued.write(folder_ / (who + ".pem"), folder_ / (who + ".key"));
}

void TlsFiles::trust(const std::string& plane, const std::string& pem) const {
    write_file(folder_ / "ca" / (plane + ".pem"), pem, 0644);
}

void TlsFiles::revoke(const std::string& crl) const {
    write_file(folder_ / "crl.pem", crl, 0644);
}

std::string TlsFiles::lines(const std::string& who, const std::string& more) const {
    const auto at = [this](const std::string& name) { return (folder_ / name).string(); };
    return "tls: { certificate: " + at(who + ".pem") + ", key: " + at(who + ".key") +
           ", ca: " + at("ca") + ", " + more + "trust_domain: " + std::string(test_trust_domain) +
           " }\n";
}

void Pair::start(const PairSetup& setup) {
    auto& of_callee = setup.callee_plane == "ops" ? files.ops : files.chain;
    files.install("callee", of_callee.issue(setup.callee_plane, setup.callee_service));
    const auto of_caller = files.ops.issue("ops", setup.caller_service);
    files.install("caller", of_caller);
    caller_serial = of_caller.serial;
    files.revoke(files.ops.crl({}) + files.chain.crl({}));
    const auto crl = "crl: " + (files.folder() / "crl.pem").string() + ", ";
    callee = std::make_unique<RunningSidecar>(SidecarSetup{
        .app_port = app.port(),
        .acl = only_the_gateway(setup.callee_plane),
        .identity = setup.callee_identity.empty()
                        ? files.lines("callee", setup.callee_tls + (setup.callee_crl ? crl : ""))
                        : setup.callee_identity,
        .extra = setup.callee_extra,
        .service = setup.callee_service,
        .plane = setup.callee_plane,
        .caller = "ops",
        .services = "apiVersion: beta.directory/v1\nservices: {}\n"});
    caller = std::make_unique<RunningSidecar>(
        SidecarSetup{.socks_port = tor.port(),
                     .acl = anyone_of_ops,
                     .identity = files.lines("caller", setup.caller_tls),
                     .extra = setup.caller_extra,
                     .service = setup.caller_service,
                     .services = setup.services});
    tor.route(RunningSidecar::onion(2), 81, callee->ingress());
}

Message Pair::get(const std::string& path) const {
    return Client(caller->egress())
        .ask("GET " + path + " HTTP/1.1\r\nHost: blockchain-core\r\nConnection: close\r\n\r\n");
}

std::uint64_t Pair::metric(const RunningSidecar& sidecar, const std::string& sample) {
    const auto text = Client(sidecar.admin()).ask("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n").body;
    const auto at = text.find(sample + ' ');
    return at == text.npos ? 0 : std::stoull(text.substr(at + sample.size() + 1));
}

}  // namespace beta::testing
