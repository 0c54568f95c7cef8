#include "beta/torctl/log_line.hpp"

#include <catch2/catch.hpp>

namespace beta::torctl {
namespace {

using Severity = LogLine::Severity;

TEST_CASE("a line of tor's log has a severity and a text") {
    const auto line = read_log_line("Nov 26 23:42:52.000 [notice] Bootstrapped 45% (x): Loading");
    CHECK(line.severity == Severity::notice);
    CHECK(line.text == "Bootstrapped 45% (x): Loading");
    CHECK(read_log_line("Nov 26 23:42:52.000 [warn] odd").severity == Severity::warn);
    CHECK(read_log_line("Nov 26 23:42:52.000 [err] worse").severity == Severity::error);
    CHECK(read_log_line("Nov 26 23:42:52.000 [notice] he said [err] so").severity ==
          Severity::notice);
    CHECK(read_log_line("something else").text == "something else");
    CHECK(read_log_line("").text.empty());
}

TEST_CASE("no line of tor's log shows an onion address or is endless") {
    CHECK(read_log_line("Nov 26 [warn] for "
                        "25njqamcweflpvkl73j4szahhihoc4xt3ktcgjnpaingr5yhkenl5sid.onion")
              .text == "for 25nj….onion");
    CHECK(read_log_line(std::string(5000, ' ')).text.size() == 1000);
}

}  // namespace
}  // namespace beta::torctl
