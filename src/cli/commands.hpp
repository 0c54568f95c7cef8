// Commands: each adds itself to the command line; when it is the one asked for, it leaves its exit
// code.
#pragma once

#include <CLI/App.hpp>

#include <iosfwd>

namespace beta::cli {

struct Session {
    std::ostream& out;
    std::ostream& err;
    int exit_code = 0;
};

void add_run(CLI::App& app, Session& session);          // run.cpp
void add_check(CLI::App& app, Session& session);        // check.cpp
void add_acl(CLI::App& app, Session& session);          // acl_explain.cpp
void add_acl_diff(CLI::App& acl, Session& session);     // acl_diff.cpp
void add_acl_export(CLI::App& acl, Session& session);   // acl_export.cpp
void add_acl_lint(CLI::App& acl, Session& session);     // acl_lint.cpp
void add_acl_prove(CLI::App& acl, Session& session);    // acl_prove.cpp
void add_acl_test(CLI::App& acl, Session& session);     // acl_test.cpp
void add_healthcheck(CLI::App& app, Session& session);  // healthcheck.cpp
void add_wait(CLI::App& app, Session& session);         // wait.cpp
void add_probe_call(CLI::App& app, Session& session);   // probe.cpp
void add_onion(CLI::App& app, Session& session);        // onion.cpp
void add_audit(CLI::App& app, Session& session);        // audit_verify.cpp
void add_verify(CLI::App& app, Session& session);       // verify.cpp
void add_version(CLI::App& app, Session& session);      // version.cpp

}  // namespace beta::cli
