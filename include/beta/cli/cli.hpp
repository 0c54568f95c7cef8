// The command line: beta-sidecar run|check|acl|healthcheck|wait|version.
#pragma once

#include <iosfwd>

namespace beta::cli {

/// Runs what the arguments say and returns the exit code (src/cli/exit_code.hpp). `run` is the
/// default, `-t` another name of `check`.
int main(int argc, const char* const* argv, std::ostream& out, std::ostream& err);

}  // namespace beta::cli
