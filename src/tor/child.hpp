// Child: a program of our own that cannot outlive us, and the end of the pipe it writes into.
#pragma once

#include "beta/net/descriptor.hpp"

#include <chrono>
#include <expected>
#include <string>
#include <vector>

namespace beta::tor {

class Child {
  public:
    /// Standard output and error are the pipe, standard input is empty, the environment too. The
    /// child is ended by the kernel when the THREAD that called this ends. The error is a sentence.
    static std::expected<Child, std::string> spawn(const std::vector<std::string>& command);
    Child(Child&& other) noexcept;
    Child& operator=(Child&&) = delete;
    ~Child();  // ends and reaps it, if that is still to do

    int pid() const noexcept { return pid_; }
    int output() const noexcept { return output_.get(); }  // does not block
    int ended() const noexcept { return pidfd_.get(); }    // readable once it has ended

    /// SIGTERM, and SIGKILL when it has not ended by then.
    void end(std::chrono::milliseconds patience);
    /// Once it has ended: "exit code 1", "signal 9".
    std::string reap();

  private:
    Child(int pid, net::Descriptor output, net::Descriptor pidfd)
        : pid_(pid), output_(std::move(output)), pidfd_(std::move(pidfd)) {}

    int pid_;  // 0: reaped
    net::Descriptor output_;
    net::Descriptor pidfd_;
};

}  // namespace beta::tor
