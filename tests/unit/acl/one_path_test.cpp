// Goal: what is a canonical path is one truth: the parser that refuses requests and the policy that
// splits paths agree on every one. Method: every string of up to three pieces that mean something
// to a path, and random bytes; a disagreement names the path.

#include "beta/http/target.hpp"

#include "../../../src/acl/request_path.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace std::string_view_literals;

constexpr std::string_view pieces[] = {
    "/",   ".",   "a",   "%",   "2",   "F",   "%2F",  "%2e",  "%25",       "%00", "%41",
    "%20", "%7C", "%7f", "%C3", "%a9", "%e0", "%80",  "%ed",  "%a0",       "%f0", "%9f",
    "%f4", "%90", ";",   "#",   "?",   "\\",  "\xc3", "\0"sv, "%E2%82%AC", "*",
};

bool agree(std::string_view path) {
    beta::acl::RequestPath split;
    return beta::http::is_canonical_path(path) == split.split(path);
}

}  // namespace

TEST_CASE("requests and policies agree on what is a canonical path, piece by piece") {
    std::vector<std::string> paths{"", "/"};
    std::size_t canonical = 0;
    for (std::size_t begin = 0, length = 0; length < 3; ++length) {
        const std::size_t end = paths.size();
        for (std::size_t i = begin; i < end; ++i) {
            for (const auto piece : pieces) {
                if (length < 2)
                    paths.push_back(paths[i] + std::string(piece));
                const std::string path = paths[i] + std::string(piece);
                if (!agree(path))
                    FAIL("they disagree on " << path);
                canonical += beta::http::is_canonical_path(path) ? 1 : 0;
            }
        }
        begin = end;
    }
    CHECK(canonical > 500);
}

TEST_CASE("requests and policies agree on what is a canonical path, of random pieces") {
    std::mt19937 random(20'240'601);
    const auto below = [&](std::size_t n) { return std::size_t{random()} % n; };
    for (int i = 0; i < 200'000; ++i) {
        std::string path = "/";
        for (auto n = below(12); n > 0; --n) {
            if (below(8) == 0)
                path += static_cast<char>(below(256));
            else
                path += pieces[below(std::size(pieces))];
        }
        if (!agree(path))
            FAIL("they disagree on " << path);
    }
}
