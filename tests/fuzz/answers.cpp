// Answers of pieces through scan, parse, framing and forward: the same cuts whatever the reads, and
// what is forwarded is cut where it was, and forwarded again as it stands.
#include "compose.hpp"
#include "cut.hpp"

#include <cstdlib>

using namespace beta::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = compose(data, size);
    const auto cut = cut_answers(text, text.size());
    for (const std::size_t step : {1u, 7u}) {
        const auto again = cut_answers(text, step);
        if (!same_cuts(again, cut))
            std::abort();
    }
    for (const auto& message : cut.messages) {
        const auto sent = message.head + message.body;
        const auto seen = cut_answers(sent, 4096);
        if (message.whole && (seen.messages.empty() || seen.forwarded() != sent ||
                              seen.messages[0].payload != message.payload))
            std::abort();
    }
    return 0;
}
