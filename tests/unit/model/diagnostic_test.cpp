#include "beta/model/diagnostic.hpp"

#include <catch2/catch.hpp>

namespace beta::model {
namespace {

TEST_CASE("a diagnostic prints as compilers do") {
    const Diagnostic error{
        .file = "a.yaml", .line = 3, .column = 7, .message = "no such word", .code = "ACL_WORD"};
    CHECK(error.str() == "a.yaml:3:7: error: no such word [ACL_WORD]");
}

TEST_CASE("a diagnostic of a whole file has no line") {
    const Diagnostic warning{.file = "a.yaml",
                             .message = "empty",
                             .code = "X",
                             .severity = Diagnostic::Severity::warning};
    CHECK(warning.str() == "a.yaml: warning: empty [X]");
}

TEST_CASE("warnings alone are not errors") {
    Diagnostic warning;
    warning.severity = Diagnostic::Severity::warning;
    CHECK_FALSE(has_errors({}));
    CHECK_FALSE(has_errors({warning}));
    CHECK(has_errors({warning, Diagnostic{}}));
}

}  // namespace
}  // namespace beta::model
