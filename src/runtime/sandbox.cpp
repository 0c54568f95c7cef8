#include "beta/runtime/sandbox.hpp"

#include "landlock.hpp"
#include "system_calls.hpp"

#include <sys/prctl.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <iterator>
#include <stdexcept>
#include <system_error>

namespace beta::runtime {
namespace {

#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool is_instrumented = true;  // reads symbols and attaches to the process at its end
#else
constexpr bool is_instrumented = false;
#endif

constexpr Piece all[] = {Piece::privileges, Piece::memory, Piece::files,
                         Piece::ports,      Piece::scope,  Piece::calls};

std::vector<PieceState> none(const std::string& why) {
    std::vector<PieceState> pieces;
    for (const auto piece : all)
        pieces.push_back({piece, why});
    return pieces;
}

/// Other threads would go on without Landlock, and with the same memory.
void refuse_company() {
    std::error_code unknown;
    const std::filesystem::directory_iterator threads("/proc/self/task", unknown);
    if (!unknown && std::distance(begin(threads), end(threads)) != 1)
        throw std::logic_error("the sandbox comes before the second thread");
}

std::string drop_privileges() {
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
        return {};
    return std::generic_category().message(errno);
}

std::string memory_lack() {
    return ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 ? "" : "it is dumpable";
}

}  // namespace

std::string_view word(Piece piece) noexcept {
    switch (piece) {
        case Piece::privileges:
            return "privileges";
        case Piece::memory:
            return "memory";
        case Piece::files:
            return "files";
        case Piece::ports:
            return "ports";
        case Piece::scope:
            return "scope";
        case Piece::calls:
            break;
    }
    return "calls";
}

Sandbox::Sandbox() : pieces_(none("off")) {}

Sandbox Sandbox::enter(const config::Needs& needs) {
    Sandbox sandbox;
    if (is_instrumented) {
        sandbox.pieces_ = none("built with a sanitizer");
        return sandbox;
    }
    refuse_company();
    auto privileges = drop_privileges();
    auto memory = memory_lack();
    auto landlock = enter_landlock(needs);
    auto calls = limit_system_calls();  // last: it would refuse the others
    sandbox.pieces_ = {
        {Piece::privileges, std::move(privileges)}, {Piece::memory, std::move(memory)},
        {Piece::files, std::move(landlock.files)},  {Piece::ports, std::move(landlock.ports)},
        {Piece::scope, std::move(landlock.scope)},  {Piece::calls, std::move(calls)}};
    return sandbox;
}

void Sandbox::close_doors() const noexcept {
    if (pieces_.back().lack.empty())
        end_listening();
}

bool Sandbox::is_whole() const noexcept {
    return std::ranges::all_of(pieces_, [](const auto& piece) { return piece.lack.empty(); });
}

std::string Sandbox::lacks() const {
    std::string text;
    for (const auto& [piece, lack] : pieces_) {
        if (!lack.empty())
            text += (text.empty() ? "" : ", ") + std::string(word(piece)) + " (" + lack + ")";
    }
    return text;
}

}  // namespace beta::runtime
