// The command line in this process: arguments in, exit code and both streams out.
#pragma once

#include "beta/cli/cli.hpp"

#include "support/files.hpp"

#include <sstream>
#include <string>
#include <vector>

namespace beta::testing {

struct Outcome {
    int code = 0;
    std::string out;
    std::string err;
};

inline Outcome beta_sidecar(const std::vector<std::string>& words) {
    std::vector<const char*> argv{"beta-sidecar"};
    for (const auto& word : words)
        argv.push_back(word.c_str());
    std::ostringstream out;
    std::ostringstream err;
    const int code = cli::main(static_cast<int>(argv.size()), argv.data(), out, err);
    return {code, out.str(), err.str()};
}

/// A configuration with its files, all fine: service api-gateway on ops, free ports everywhere.
class Deployment {
  public:
    Deployment() {
        write("sidecar.yaml", config());
        write("ops.yaml",
              "apiVersion: beta.acl/v1\n"
              "plane: ops\n"
              "allow:\n"
              "  - name: gateway-pays\n"
              "    from: { services: [api-gateway] }\n"
              "    to: { plane: wallet, services: [tron-payment] }\n"
              "    methods: [POST]\n"
              "    paths: [/api/v1/payouts]\n");
        write("services.yaml", "apiVersion: beta.directory/v1\nservices: {}\n");
    }

    static std::string config() {
        return "service: api-gateway\n"
               "plane: ops\n"
               "acl: ops.yaml\n"
               "services: services.yaml\nidentity: listener\n"
               "egress: { address: '127.0.0.1:0' }\n"
               "admin: { address: '127.0.0.1:0' }\n"
               "workers: 1\n";
    }
    /// Whole or not at all: a sidecar that runs looks at its files by itself.
    void write(const std::string& name, const std::string& text) const {
        files_.write(name + ".new", text);
        std::filesystem::rename(path(name + ".new"), path(name));
    }
    std::string path(const std::string& name) const { return (files_.root() / name).string(); }
    std::string config_path() const { return path("sidecar.yaml"); }

  private:
    Files files_;
};

}  // namespace beta::testing
