// request_fault: what a well-framed request may still not ask of a proxy that only passes on.
#pragma once

#include "beta/http/framing.hpp"
#include "beta/http/head.hpp"
#include "beta/model/failure.hpp"

namespace beta::http {

/// Pure; `none` when there is nothing to say against it. Refused are an expectation that two
/// servers read differently (RFC 9110 §10.1.1) and Max-Forwards on TRACE and OPTIONS (§7.6.2): to
/// pass it on it would have to be rewritten, to obey it one would have to answer for the
/// destination.
model::Failure request_fault(const RequestHead& head, const Framing& framing) noexcept;

}  // namespace beta::http
