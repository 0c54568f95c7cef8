#include "child.hpp"
#include "command_line.hpp"
#include "support/client.hpp"
#include "support/eventually.hpp"
#include "support/json.hpp"
#include "support/old_kernel.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <filesystem>
#include <string>

using namespace beta::testing;
using Catch::Contains;
namespace fs = std::filesystem;

namespace {

#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool is_instrumented = true;  // there is no sandbox
#else
constexpr bool is_instrumented = false;
#endif

constexpr const char* whole = "sandbox: in force";

/// Also under a kernel that lacks a piece, where nothing can be told of a whole sandbox.
bool is_whole(Child& child) {
    return !is_instrumented && child.line_with("\"sandbox: ").contains(whole);
}

std::uint16_t port_in(const std::string& line) {
    const auto address = word(parse_json(line).as_object(), "address");
    return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
}

std::string metrics(std::uint16_t admin) {
    return Client(admin).ask("GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").body;
}

void without_landlock() {
    ::dup2(STDOUT_FILENO, STDERR_FILENO);
    if (!forget_landlock())
        ::_exit(1);
}

void with_errors_told() {
    ::dup2(STDOUT_FILENO, STDERR_FILENO);
}

std::string policy(const std::string& name) {
    return "apiVersion: beta.acl/v1\nplane: ops\nallow:\n  - name: " + name +
           "\n    from: { services: [api-gateway] }\n    to: { plane: wallet }\n    paths: [/a]\n";
}

/// Like a ConfigMap's: `acl` is a link to ..data/acl, and ..data one to a folder of its own.
void swap(const Deployment& files, const std::string& version) {
    files.write("map/" + version + "/acl.yaml", policy(version.substr(2)));
    const fs::path map = files.path("map");
    fs::create_directory_symlink(version, map / "..next");
    fs::rename(map / "..next", map / "..data");
    if (!fs::exists(map / "acl.yaml"))
        fs::create_symlink("..data/acl.yaml", map / "acl.yaml");
}

}  // namespace

TEST_CASE("run enters the sandbox by itself, and log and metrics say so") {
    const Deployment files;
    Child child({"run", "-c", files.config_path()});
    if (!is_whole(child))
        return;
    const auto text = metrics(port_in(child.line_with("\"admin\"")));
    for (const char* const piece : {"privileges", "memory", "files", "ports", "scope", "calls"})
        CHECK_THAT(text, Contains("beta_sidecar_sandbox{piece=\"" + std::string(piece) + "\"} 1"));
    CHECK_THAT(text, Contains("process_resident_memory_bytes ") && Contains("process_open_fds ") &&
                         Contains("process_start_time_seconds ") &&
                         Contains("container_uptime_seconds "));
    child.signal(SIGTERM);
    child.line_with("\"stopped\"");
    CHECK(child.exit_code() == 0);
}

TEST_CASE("in the sandbox, files are taken up that were replaced, or came by a swap of links") {
    const Deployment files;
    swap(files, "..one");
    files.write("sidecar.yaml",
                "service: api-gateway\nplane: ops\nacl: map/acl.yaml\nservices: services.yaml\n"
                "identity: listener\negress: { address: '127.0.0.1:0' }\n"
                "admin: { address: off }\nworkers: 1\n");
    Child child({"run", "-c", files.config_path()});
    if (!is_whole(child))
        return;
    child.line_with("\"egress\"");
    swap(files, "..two");
    child.line_with("\"reloaded\"");
    files.write("services.yaml", "apiVersion: beta.directory/v1\nservices: {}\n# another\n");
    child.line_with("\"reloaded\"");
    files.write("services.yaml", "not a directory");
    CHECK_THAT(child.line_with("reload refused"), Contains("services.yaml:1:1"));
    files.write("services.yaml", "apiVersion: beta.directory/v1\nservices: {}\n");
    child.line_with("\"reloaded\"");
    child.signal(SIGTERM);
    CHECK(child.exit_code() == 0);
}

TEST_CASE("in the sandbox, logs go on in new files at SIGUSR1") {
    const Deployment files;
    files.write("logs/readme", "a");
    files.write("sidecar.yaml", Deployment::config() +
                                    "log: { file: logs/access.log }\n"
                                    "audit: { file: logs/audit.log, required: true }\n");
    Child child({"run", "-c", files.config_path()});
    if (!is_whole(child))
        return;
    const auto egress = port_in(child.line_with("\"egress\""));
    const auto ask = [&] {
        return Client(egress).ask("GET http://nobody/ HTTP/1.1\r\nHost: nobody\r\n\r\n").status();
    };
    const auto has_lines = [&](const char* name) {
        return [&, name] { return !text_of(files.path(name)).empty(); };
    };
    CHECK(ask() == 403);
    eventually(has_lines("logs/access.log"));
    fs::rename(files.path("logs/access.log"), files.path("logs/access.1"));
    fs::rename(files.path("logs/audit.log"), files.path("logs/audit.1"));
    child.signal(SIGUSR1);
    child.line_with("audit log: its file is opened anew");
    eventually([&] { return fs::exists(files.path("logs/access.log")); });
    CHECK(ask() == 403);
    eventually(has_lines("logs/access.log"));
    eventually(has_lines("logs/audit.log"));
    child.signal(SIGTERM);
    CHECK(child.exit_code() == 0);
    CHECK(
        beta_sidecar({"audit", "verify", files.path("logs/audit.1"), files.path("logs/audit.log")})
            .code == 0);
}

TEST_CASE("where the kernel lacks a piece, run warns once and serves") {
    if (is_instrumented)
        return;
    const Deployment files;
    Child child({"run", "-c", files.config_path()}, without_landlock);
    const auto line = child.line_with("sandbox");
    CHECK_THAT(line, Contains("\"warn\"") && Contains("files (no Landlock") && Contains("ports") &&
                         Contains("scope"));
    const auto text = metrics(port_in(child.line_with("\"admin\"")));
    CHECK_THAT(text, Contains("beta_sidecar_sandbox{piece=\"files\"} 0") &&
                         Contains("beta_sidecar_sandbox{piece=\"calls\"} 1"));
    child.signal(SIGTERM);
    CHECK_THAT(child.rest(), !Contains("sandbox"));
    CHECK(child.exit_code() == 0);
}

TEST_CASE("where the sandbox is required and a piece is lacking, run refuses to start") {
    const Deployment files;
    files.write("sidecar.yaml", Deployment::config() + "sandbox: required\n");
    Child child({"run", "-c", files.config_path()}, without_landlock);
    CHECK_THAT(child.line_with("[SANDBOX]"),
               Contains("sandbox") && Contains("lacks") && Contains("sandbox: on"));
    CHECK_THAT(child.rest(), !Contains("listening"));
    CHECK(child.exit_code() == 78);
}

TEST_CASE("a sandbox that is off is off by name, and the log warns of it") {
    const Deployment files;
    files.write("sidecar.yaml", Deployment::config() + "sandbox: off\n");
    Child child({"run", "-c", files.config_path()}, with_errors_told);
    CHECK_THAT(child.line_with("sandbox"), Contains("\"warn\"") && Contains("off, as configured"));
    const auto text = metrics(port_in(child.line_with("\"admin\"")));
    CHECK_THAT(text, Contains("beta_sidecar_sandbox{piece=\"files\"} 0"));
    child.signal(SIGTERM);
    CHECK(child.exit_code() == 0);
}
