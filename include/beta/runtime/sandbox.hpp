// Sandbox: what the process takes from itself, for good, before the first byte of traffic.
#pragma once

#include "beta/config/needs.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace beta::runtime {

/// docs/sandbox.md says what each takes.
enum class Piece : std::uint8_t { privileges, memory, files, ports, scope, calls };
std::string_view word(Piece piece) noexcept;

struct PieceState {
    Piece piece;
    std::string lack;  // why it is not in force; empty: it is
};

class Sandbox {
  public:
    /// Nothing is taken.
    Sandbox();
    /// Takes all that the kernel lets it take but what `needs` names. While this thread is the only
    /// one: what comes later inherits it, and what is there already would not. Throws where it is
    /// not.
    static Sandbox enter(const config::Needs& needs);
    /// Every listener listens: takes that too, from all threads.
    void close_doors() const noexcept;

    const std::vector<PieceState>& pieces() const noexcept { return pieces_; }
    bool is_whole() const noexcept;
    /// "ports (why), scope (why)".
    std::string lacks() const;

  private:
    std::vector<PieceState> pieces_;
};

}  // namespace beta::runtime
