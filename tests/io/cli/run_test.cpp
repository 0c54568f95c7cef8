#include "child.hpp"
#include "command_line.hpp"
#include "support/client.hpp"
#include "support/json.hpp"
#include "support/socket.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <string>

using namespace beta::testing;
using Catch::Contains;

namespace {

std::uint16_t port_in(const std::string& line) {
    const auto address = word(parse_json(line).as_object(), "address");
    return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
}

/// A sidecar that serves, and the ports it says it listens on.
struct Running {
    Running() : child({"run", "-c", files.config_path()}) {
        egress = port_in(child.line_with("\"egress\""));
        admin = port_in(child.line_with("\"admin\""));
        // It listens when it says so; wait until it also answers.
        const auto outcome = beta_sidecar({"wait", "--live", "--timeout", "10s", "--admin",
                                           "127.0.0.1:" + std::to_string(admin)});
        REQUIRE(outcome.code == 0);
    }

    Deployment files;
    Child child;
    std::uint16_t egress = 0;
    std::uint16_t admin = 0;
};

}  // namespace

TEST_CASE("run says what listens where, serves, and ends with 0 at SIGTERM or SIGINT") {
    const int number = GENERATE(SIGTERM, SIGINT);
    Running sidecar;
    const auto answer =
        Client(sidecar.egress).ask("GET http://nobody/ HTTP/1.1\r\nHost: nobody\r\n\r\n");
    CHECK(answer.status() == 403);
    const auto line = sidecar.child.line_with("\"access\"");
    CHECK(word(parse_json(line).as_object(), "error.type") == "unknown_destination");
    const auto metrics =
        Client(sidecar.admin).ask("GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    CHECK_THAT(metrics.body,
               Contains("beta_sidecar_rejects_total{reason=\"unknown_destination\"} 1"));
    sidecar.child.signal(number);
    CHECK_THAT(sidecar.child.line_with("draining"),
               Contains(number == SIGTERM ? "SIGTERM" : "SIGINT"));
    sidecar.child.line_with("\"stopped\"");
    CHECK(sidecar.child.exit_code() == 0);
}

TEST_CASE("SIGHUP reloads, or says why not, and SIGPIPE changes nothing") {
    Running sidecar;
    sidecar.child.signal(SIGPIPE);
    sidecar.child.signal(SIGHUP);
    CHECK_THAT(sidecar.child.line_with("\"reloaded\""),
               Contains("\"info\"") && Contains("\"cause\":\"signal\""));
    sidecar.files.write("ops.yaml", "not a policy");
    sidecar.child.signal(SIGHUP);
    CHECK_THAT(sidecar.child.line_with("reload refused"),
               Contains("\"error\"") && Contains("ops.yaml:1:1"));
    CHECK(Client(sidecar.admin).ask("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n").status() == 200);
    sidecar.child.signal(SIGTERM);
    CHECK(sidecar.child.exit_code() == 0);
}

TEST_CASE("SIGUSR1 without a log in a file changes nothing, and says so") {
    Running sidecar;
    sidecar.child.signal(SIGUSR1);
    CHECK_THAT(sidecar.child.line_with("SIGUSR1"), Contains("\"warn\"") && Contains("audit.file"));
    CHECK(Client(sidecar.admin).ask("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n").status() == 200);
    sidecar.child.signal(SIGTERM);
    CHECK(sidecar.child.exit_code() == 0);
}

TEST_CASE("a changed file is taken up without a signal, and a broken one once it is repaired") {
    Running sidecar;
    const auto by_files = Contains("\"cause\":\"files\"");
    sidecar.files.write("services.yaml", "not a directory");
    CHECK_THAT(sidecar.child.line_with("reload refused"),
               Contains("\"error\"") && Contains("services.yaml:1:1") && by_files);
    sidecar.files.write("services.yaml", "apiVersion: beta.directory/v1\nservices: {}\n");
    CHECK_THAT(sidecar.child.line_with("\"reloaded\""), Contains("\"info\"") && by_files);
    sidecar.child.signal(SIGTERM);
    CHECK(sidecar.child.exit_code() == 0);
}

TEST_CASE("a second signal stops what the first would still wait for") {
    Running sidecar;
    Client held(sidecar.egress);
    held.send("POST http://nobody/ HTTP/1.1\r\nHost: nob");  // a request that never ends
    Client(sidecar.egress)
        .ask("GET http://nobody/ HTTP/1.1\r\nHost: nobody\r\n\r\n");  // it was read
    sidecar.child.signal(SIGTERM);
    sidecar.child.line_with("draining");
    sidecar.child.signal(SIGTERM);
    sidecar.child.line_with("stopping now");
    CHECK(sidecar.child.exit_code() == 0);
}

TEST_CASE("a port that is taken is 69, and nothing is served") {
    const Listener taken;
    const Deployment files;
    files.write("sidecar.yaml",
                "service: api-gateway\nplane: ops\nacl: ops.yaml\nservices: "
                "services.yaml\nidentity: listener\n"
                "egress: { address: '127.0.0.1:" +
                    std::to_string(taken.port()) + "' }\nadmin: { address: off }\n");
    const auto outcome = beta_sidecar({"run", "-c", files.config_path()});
    CHECK(outcome.code == 69);
    CHECK_THAT(outcome.err, Contains(std::to_string(taken.port())));
}
