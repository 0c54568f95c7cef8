// Problem: every answer that the sidecar itself makes, RFC 9457 body and RFC 9209 Proxy-Status.
#pragma once

#include "beta/model/failure.hpp"

#include <string>
#include <string_view>

namespace beta::http {

struct Problem {
    model::Failure failure = model::Failure::internal;
    std::string_view request_id = {};
    std::string_view detail = {};  // rule and reason of a denial; empty: the failure's sentence
    bool full_detail = true;  // the local app; a remote peer gets the status and the id, no more
    bool to_head = false;     // HEAD: the head only
    bool close = false;
    std::string_view fields = {};  // more of them, whole lines with CRLF
};

/// Appends one complete response to `out`.
void write_problem(std::string& out, const Problem& problem);

/// An answer of the sidecar itself that is no failure: JSON, whole.
struct OwnAnswer {
    unsigned status = 200;
    std::string_view request_id = {};
    std::string_view body = {};
    bool to_head = false;
    bool close = false;
};
void write_own_answer(std::string& out, const OwnAnswer& answer);

/// The registered reason phrase (RFC 9110 §15), or "".
std::string_view reason_phrase(unsigned status) noexcept;

}  // namespace beta::http
