#include "beta/http/trace_context.hpp"

#include <catch2/catch.hpp>

using namespace beta::http;

namespace {

const std::string trace = "0af7651916cd43dd8448eb211c80319c";
const std::string parent = "b7ad6b7169203331";
const std::string sound = "00-" + trace + '-' + parent + "-01";

}  // namespace

TEST_CASE("a traceparent of this version or a later one is sound (W3C Trace Context §3.2.2)") {
    CHECK(is_traceparent(sound));
    CHECK(is_traceparent("cc-" + trace + '-' + parent + "-01"));
    CHECK(is_traceparent("cc-" + trace + '-' + parent + "-01-what-the-future-will-be-like"));
}

TEST_CASE("a traceparent that cannot be read is none") {
    const auto text = GENERATE_COPY(values<std::string>({
        "",
        "00",
        sound.substr(0, 54),
        sound + "-00",  // version 00 has four parts
        sound + ".",
        "ff-" + trace + '-' + parent + "-01",
        "0G-" + trace + '-' + parent + "-01",
        "00-" + std::string(32, '0') + '-' + parent + "-01",
        "00-" + trace + '-' + std::string(16, '0') + "-01",
        "00-0AF7651916CD43DD8448EB211C80319C-" + parent + "-01",
        "00_" + trace + '-' + parent + "-01",
        "00-" + trace + '-' + parent + "-x1",
        "cc-" + trace + '-' + parent + "-01.what",
    }));
    CAPTURE(text);
    CHECK_FALSE(is_traceparent(text));
}

TEST_CASE("a trace that begins here is sound, and of the random digits it was given") {
    const auto line = new_traceparent(trace);
    CHECK(line == "traceparent: 00-" + trace + "-8448eb211c80319c-00\r\n");
    CHECK(is_traceparent(line.substr(13, line.size() - 15)));
}
