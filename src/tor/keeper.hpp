// Keeper: a process of its own that may start tor when the sidecar no longer may.
#pragma once

#include "beta/net/descriptor.hpp"

#include "child.hpp"

#include <chrono>
#include <expected>
#include <functional>
#include <string>

namespace beta::tor {

/// One request after the other, each with one answer. It starts what it was made for, and nothing
/// that it is told: to who takes the sidecar over it gives a tor that is started, or ended.
class Keeper {
  public:
    using Start = std::function<std::expected<Child, std::string>()>;

    /// A child that the keeper has started, as it is seen from here. One at a time.
    class Kept {
      public:
        int pid() const noexcept { return pid_; }
        int output() const noexcept { return output_.get(); }
        int ended() const noexcept { return ended_.get(); }
        void end(std::chrono::milliseconds patience) const;
        std::string reap() const;

      private:
        friend class Keeper;
        Kept(const Keeper& keeper, int pid, net::Descriptor output, net::Descriptor ended)
            : keeper_(&keeper), pid_(pid), output_(std::move(output)), ended_(std::move(ended)) {}

        const Keeper* keeper_;
        int pid_;
        net::Descriptor output_;
        net::Descriptor ended_;
    };

    /// While there is no other thread: the keeper is a copy of this process. It ends, and its child
    /// with it, when this value goes.
    static std::expected<Keeper, std::string> fork(const Start& start);
    std::expected<Kept, std::string> start() const;

  private:
    explicit Keeper(net::Descriptor socket) : socket_(std::move(socket)) {}
    /// The words of the answer; nothing when the keeper is gone.
    std::string ask(const std::string& request) const;

    net::Descriptor socket_;
};

}  // namespace beta::tor
