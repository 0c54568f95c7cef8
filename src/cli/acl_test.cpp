// acl test: the tables of cases beside the policies, and which rules they meet.
#include "beta/app/loaded.hpp"
#include "beta/casebook/trial.hpp"

#include "commands.hpp"
#include "config_file.hpp"
#include "exit_code.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace beta::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
    std::vector<std::string> places{"acl"};
    std::string junit;
    double fail_under = 0;
    bool json = false;
};

void gather(const std::string& place, std::vector<std::string>& files,
            model::Diagnostics& problems) {
    std::error_code error;
    if (!fs::is_directory(place, error)) {
        files.push_back(place);
        return;
    }
    const auto before = files.size();
    for (const auto& entry : fs::directory_iterator(place, error))
        if (entry.path().filename().string().ends_with("_test.yaml"))
            files.push_back(entry.path().string());
    if (error)
        problems.push_back({.file = place, .message = error.message(), .code = "FILE_UNREADABLE"});
    else if (files.size() == before)
        problems.push_back({.file = place,
                            .message = "no table of cases here; write one as wallet_test.yaml",
                            .code = "CASE_NONE"});
}

template <class Value>
void take_problems(std::expected<Value, model::Diagnostics>& read, model::Diagnostics& problems) {
    if (!read)
        std::ranges::move(read.error(), std::back_inserter(problems));
}

std::expected<casebook::Trial, model::Diagnostics> try_file(const std::string& file) {
    const auto text = app::read_file(file);
    if (!text)
        return std::unexpected(model::Diagnostics{text.error()});
    const auto book = casebook::load(*text, file);
    if (!book)
        return std::unexpected(book.error());
    const auto policy_text = app::read_file(book->policy);
    if (!policy_text)
        return std::unexpected(model::Diagnostics{policy_text.error()});
    const auto policy = acl::Policy::parse(*policy_text, book->policy);
    if (!policy)
        return std::unexpected(policy.error());
    return casebook::try_out(*book, **policy);
}

bool write_junit(const std::string& file, const std::vector<casebook::Trial>& trials,
                 Session& session) {
    std::ofstream out(file, std::ios::trunc);
    out << casebook::to_junit(trials);
    out.close();
    if (!out)
        session.err << file << ": cannot be written\n";
    return static_cast<bool>(out);
}

int verdict(const Options& options, const std::vector<casebook::Trial>& trials, Session& session) {
    int code = ok;
    for (const auto& trial : trials) {
        if (trial.failures() != 0)
            code = denied;
        if (trial.coverage() < options.fail_under) {
            session.err << trial.policy << ": the table covers less than " << options.fail_under
                        << " % of the rules\n";
            code = denied;
        }
    }
    return code;
}

int test(const Options& options, Session& session) {
    model::Diagnostics problems;
    std::vector<std::string> files;
    for (const std::string& place : options.places)
        gather(place, files, problems);
    std::ranges::sort(files);
    std::vector<casebook::Trial> trials;
    for (const std::string& file : files) {
        auto trial = try_file(file);
        take_problems(trial, problems);
        if (trial)
            trials.push_back(std::move(*trial));
    }
    if (!problems.empty()) {
        print(session.err, problems);
        return bad_data;
    }
    session.out << (options.json ? casebook::to_json(trials) + "\n" : casebook::to_text(trials));
    if (!options.junit.empty() && !write_junit(options.junit, trials, session))
        return unavailable;
    return verdict(options, trials, session);
}

}  // namespace

void add_acl_test(CLI::App& acl, Session& session) {
    auto* const command =
        acl.add_subcommand("test", "Run the tables beside the policies; exit 0 or 1");
    const auto options = std::make_shared<Options>();
    command->add_option("tables", options->places, "Tables, or folders of them")
        ->capture_default_str();
    command
        ->add_option("--fail-under", options->fail_under,
                     "Percent of each policy's rules that its table has to meet")
        ->check(CLI::Range(0.0, 100.0));
    command->add_option("--junit", options->junit, "Write the results there as JUnit's XML");
    command->add_flag("--json", options->json, "As a JSON object");
    command->callback([options, &session] { session.exit_code = test(*options, session); });
}

}  // namespace beta::cli
