// Lines of an audit log: bytes from anywhere, and a log from anywhere that is gone on with.
#include "beta/audit/tail.hpp"
#include "beta/audit/verifier.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>

static std::string verdict(std::string_view text, std::size_t piece) {
    beta::audit::Verifier verifier(beta::audit::Seal{});
    verifier.begin_file("f");
    for (std::size_t at = 0; at < text.size(); at += piece)
        verifier.feed(text.substr(at, piece));
    verifier.end_file();
    verifier.finish();
    return beta::audit::to_json(verifier);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace beta;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto tail = audit::tail_of(text, true, {});
    const auto last = tail.last.value_or(audit::Link{});
    const auto next = audit::sealed("{\"time\":\"t\",\"event\":\"start\"}\n", last, {}).line;
    const auto read = audit::read(std::string_view(next).substr(0, next.size() - 1));
    if (verdict(text, size + 1) != verdict(text, 7) || !text.ends_with(tail.left) ||
        !read.has_value() || !read->follows(last))
        std::abort();
    return 0;
}
