#include "beta/cli/cli.hpp"

#include "commands.hpp"
#include "exit_code.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

namespace beta::cli {
namespace {

/// Puts the command first where only options are given: `-t` asks for check, none for run.
std::vector<std::string> with_command(int argc, const char* const* argv) {
    std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
    const bool has_command = !words.empty() && !words.front().starts_with('-');
    const auto is = [](std::string_view a, std::string_view b) {
        return [=](const std::string& word) { return word == a || word == b; };
    };
    if (has_command || std::ranges::any_of(words, is("-h", "--help")))
        return words;
    if (std::ranges::any_of(words, is("-V", "--version")))
        return {"version"};
    const auto tests = std::erase(words, "-t");
    words.insert(words.begin(), tests > 0 ? "check" : "run");
    return words;
}

}  // namespace

int main(int argc, const char* const* argv, std::ostream& out, std::ostream& err) {
    Session session{out, err};
    CLI::App app{"The sidecar of one service: its calls go over Tor, under a policy.",
                 "beta-sidecar"};
    app.require_subcommand(0, 1);  // with_command() sees to it; this way an unknown one is named
    app.footer(
        "Without a command: run. Exit codes: 0 done, 64 usage, 65 bad data, 69 unavailable,\n"
        "70 internal, 78 configuration.");
    add_run(app, session);
    add_check(app, session);
    add_acl(app, session);
    add_healthcheck(app, session);
    add_wait(app, session);
    add_probe_call(app, session);
    add_onion(app, session);
    add_audit(app, session);
    add_verify(app, session);
    add_version(app, session);
    auto words = with_command(argc, argv);
    std::ranges::reverse(words);  // as CLI11 wants them
    try {
        app.parse(words);
    } catch (const CLI::ParseError& error) {
        return app.exit(error, out, err) == 0 ? ok : usage;
    }
    return session.exit_code;
}

}  // namespace beta::cli
