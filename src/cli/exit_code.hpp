// Exit codes, as in sysexits(3).
#pragma once

namespace beta::cli {

enum ExitCode : int {
    ok = 0,
    denied = 1,         // acl explain, prove, lint, probe: the answer is no
    usage = 64,         // the command line is wrong
    bad_data = 65,      // a file that was asked about is wrong, or has no such name
    unavailable = 69,   // nobody answers, or not ready
    internal = 70,      // a fault of ours
    configuration = 78  // the configuration, or a file it names, is wrong
};

}  // namespace beta::cli
