// Goal: systemd hears when the sidecar serves, reloads and drains, and its watchdog is pinged.
// Method: run in a process of its own, with the variables that systemd would set.
#include "child.hpp"
#include "command_line.hpp"
#include "support/client.hpp"
#include "support/service_manager.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <cstdlib>
#include <string>

using namespace beta::testing;
using Catch::Contains;

namespace {

/// Set in this process for the one that it starts.
class Variable {
  public:
    Variable(const char* name, const std::string& value) : name_(name) {
        ::setenv(name, value.c_str(), 1);
    }
    ~Variable() { ::unsetenv(name_); }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

  private:
    const char* name_;
};

struct Managed {
    ServiceManager manager;
    Deployment files;
    Variable socket{"NOTIFY_SOCKET", manager.address()};
    Variable watchdog{"WATCHDOG_USEC", "100000"};
    Child child{{"run", "-c", files.config_path()}};
};

}  // namespace

TEST_CASE("the manager hears what serves, each reload and its outcome, pings, and the end") {
    Managed sidecar;
    const auto ready = sidecar.manager.heard("READY=1");
    CHECK_THAT(ready, Contains("STATUS=serving: egress 127.0.0.1:"));
    sidecar.manager.heard("WATCHDOG=1");
    sidecar.child.signal(SIGHUP);
    sidecar.manager.heard("RELOADING=1");
    CHECK(sidecar.manager.heard("READY=1") == ready);
    sidecar.files.write("ops.yaml", "not a policy");
    sidecar.child.signal(SIGHUP);
    sidecar.manager.heard("RELOADING=1");
    CHECK_THAT(sidecar.manager.heard("READY=1"), Contains("the reload was refused"));
    sidecar.child.signal(SIGTERM);
    CHECK_THAT(sidecar.manager.heard("STOPPING=1"), Contains("STATUS=draining"));
    CHECK(sidecar.child.exit_code() == 0);
}

TEST_CASE("ready is said once the listeners answer, and the pings go on while it drains") {
    Managed sidecar;
    const auto ready = sidecar.manager.heard("READY=1");
    const std::string mark = "egress 127.0.0.1:";
    const auto port = std::stoul(ready.substr(ready.find(mark) + mark.size()));
    Client held(static_cast<std::uint16_t>(port));
    held.send("POST http://nobody/ HTTP/1.1\r\nHost: nob");  // a request that never ends
    CHECK(Client(static_cast<std::uint16_t>(port))
              .ask("GET http://nobody/ HTTP/1.1\r\nHost: nobody\r\n\r\n")
              .status() == 403);
    sidecar.child.signal(SIGTERM);
    sidecar.manager.heard("STOPPING=1");
    sidecar.manager.heard("WATCHDOG=1");
    sidecar.manager.heard("WATCHDOG=1");
    sidecar.child.signal(SIGTERM);
    CHECK(sidecar.manager.heard("STOPPING=1") == "STOPPING=1\nSTATUS=stopping now");
    CHECK(sidecar.child.exit_code() == 0);
}

TEST_CASE("a socket that nobody listens on is told of, and the sidecar serves") {
    const Files absent;
    const Variable socket("NOTIFY_SOCKET", (absent.root() / "nobody").string());
    const Deployment files;
    Child child({"run", "-c", files.config_path()});
    child.line_with("\"egress\"");
    child.signal(SIGTERM);
    CHECK(child.exit_code() == 0);
}
