// What came as a trace is read, and read again as it was written; or it restarts.
#include "beta/http/trace_context.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>

using namespace beta::http;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    RequestHead head;
    head.fields.push_back({FieldId::traceparent, "traceparent", text, {}});
    const auto given = trace_parent(head);
    if (given.has_value() == restarts_trace(head))
        std::abort();
    if (!given)
        return 0;
    const auto line = traceparent_line(*given);
    head.fields.front().value = std::string_view(line).substr(13, 55);
    const auto again = trace_parent(head);
    if (!again || again->trace_id != given->trace_id || again->parent_id != given->parent_id ||
        again->is_sampled() != given->is_sampled())
        std::abort();
    return 0;
}
