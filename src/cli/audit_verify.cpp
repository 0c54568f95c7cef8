// audit verify: whether an audit log is as it was written.
#include "beta/app/audit.hpp"
#include "beta/audit/verifier.hpp"

#include "commands.hpp"
#include "config_file.hpp"
#include "exit_code.hpp"

#include <array>
#include <cerrno>
#include <fstream>
#include <memory>
#include <ostream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace beta::cli {
namespace {

struct Options {
    std::vector<std::string> files;
    std::string last;
    std::string key;
    bool json = false;
};

/// In pieces: a log may be larger than memory.
bool read_into(audit::Verifier& verifier, const std::string& file, model::Diagnostics& problems) {
    errno = 0;
    std::ifstream in(file, std::ios::binary);
    const auto room = std::make_unique<std::array<char, 64 * 1024>>();
    verifier.begin_file(file);
    while (in.read(room->data(), room->size()) || in.gcount() > 0)
        verifier.feed({room->data(), static_cast<std::size_t>(in.gcount())});
    if (!in.is_open() || in.bad()) {
        const auto why = std::generic_category().message(errno != 0 ? errno : EIO);
        problems.push_back(
            {.file = file, .message = "cannot read this file: " + why, .code = "FILE_UNREADABLE"});
        return false;
    }
    verifier.end_file();
    return true;
}

int verify(const Options& options, Session& session) {
    auto seal = app::audit_seal(options.key);
    if (!seal) {
        print(session.err, seal.error());
        return bad_data;
    }
    audit::Verifier verifier(std::move(*seal), options.last);
    model::Diagnostics problems;
    for (const auto& file : options.files) {
        if (!read_into(verifier, file, problems)) {
            print(session.err, problems);
            return bad_data;
        }
    }
    verifier.finish();
    session.out << (options.json ? audit::to_json(verifier) + '\n' : audit::to_text(verifier));
    return verifier.faults() == 0 ? ok : denied;
}

std::string not_a_hash(const std::string& text) {
    const bool is_hash =
        text.size() == 64 && text.find_first_not_of("0123456789abcdef") == text.npos;
    return is_hash ? "" : "must be 64 hex digits, as `audit verify` prints them";
}

}  // namespace

void add_audit(CLI::App& app, Session& session) {
    auto* const audit = app.add_subcommand("audit", "The audit log");
    audit->require_subcommand(1);
    auto* const command = audit->add_subcommand(
        "verify", "Find edits, gaps and changes of order; exit 0 intact, 1 not");
    const auto options = std::make_shared<Options>();
    command->add_option("FILE", options->files, "Files of one log, the oldest first")->required();
    command
        ->add_option("--last", options->last,
                     "A hash that was kept elsewhere: its record must be there")
        ->check(not_a_hash);
    command->add_option("--key", options->key, "File with the key of the log (audit.key)");
    command->add_flag("--json", options->json, "As a JSON object");
    command->callback([options, &session] { session.exit_code = verify(*options, session); });
}

}  // namespace beta::cli
