// version: which program this is.
#include "beta/telemetry/build_info.hpp"

#include "commands.hpp"
#include "exit_code.hpp"

#include <memory>
#include <ostream>

namespace beta::cli {

void add_version(CLI::App& app, Session& session) {
    auto* const command = app.add_subcommand("version", "Print the version (also: -V)");
    const auto json = std::make_shared<bool>(false);
    command->add_flag("--json", *json, "As a JSON object");
    command->callback([json, &session] {
        const auto info = telemetry::build_info();
        if (*json)
            session.out << telemetry::build_info_json();
        else
            session.out << "beta-sidecar " << info.version << " (" << info.compiler << ", "
                        << info.build_type << ")\n";
        session.exit_code = ok;
    });
}

}  // namespace beta::cli
