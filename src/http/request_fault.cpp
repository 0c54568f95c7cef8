#include "beta/http/request_fault.hpp"

#include "beta/http/field_id.hpp"

namespace beta::http {
namespace {

using model::Failure;

Failure expectation(const RequestHead& head, const Framing& framing) noexcept {
    const auto count = head.count(FieldId::expect);
    if (count == 0)
        return Failure::none;
    if (count > 1 || !iequals(head.find(FieldId::expect)->value, "100-continue"))
        return Failure::expectation_failed;
    if (head.http10)  // §10.1.1: to be ignored, by whoever receives it of such a client
        return Failure::none;
    return framing.kind == BodyKind::none ? Failure::expectation_failed : Failure::none;
}

}  // namespace

Failure request_fault(const RequestHead& head, const Framing& framing) noexcept {
    if (const auto failure = expectation(head, framing); failure != Failure::none)
        return failure;
    const bool asks_hops = head.method == "TRACE" || head.method == "OPTIONS";
    return asks_hops && head.find(FieldId::max_forwards) != nullptr ? Failure::malformed
                                                                    : Failure::none;
}

}  // namespace beta::http
