// Sidecar: everything built from one configuration; run, drain, stop.
#pragma once

#include "beta/config/config.hpp"
#include "beta/model/diagnostic.hpp"

#include <expected>
#include <memory>
#include <string>
#include <vector>

namespace beta::app {

/// Loads what the configuration names, binds every listener, then serves. Nothing is bound when anything is wrong.
class Sidecar {
  public:
    static std::expected<std::unique_ptr<Sidecar>, model::Diagnostics> build(config::Config config);
    ~Sidecar();

    /// "egress 127.0.0.1:15001", with the real port where 0 was asked for.
    std::vector<std::string> listening() const;
    /// The bound address of "egress", "ingress:<plane>" or "admin"; empty when there is none.
    std::string address_of(const std::string& listener) const;

    void start();  // workers and admin run on their own threads
    void drain();  // stop accepting, finish what began; any thread
    void stop();   // now
    void wait();   // until drained (or drain.timeout) or stopped

  private:
    struct Parts;
    explicit Sidecar(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace beta::app
