// Pages: what each page says, without a socket.
#pragma once

#include "beta/admin/hooks.hpp"
#include "beta/admin/status.hpp"

#include <string>

namespace beta::admin {

struct Answer {
    unsigned status = 200;
    const char* type = "text/plain; charset=utf-8";
    std::string body;
    std::string security = "default-src 'none'; frame-ancestors 'none'";  // for browsers
};

Answer live_page(bool live);
/// With the checks when asked for, and whenever there is something wrong.
Answer ready_page(const Readiness& readiness, bool verbose);
Answer build_page();
Answer metrics_page(std::string text);
Answer status_page(const Status& status);  // JSON
Answer front_page_for(const Status& status);
Answer no_metrics_page();         // 503: a worker did not bring its numbers in time
Answer refusal(unsigned status);  // a sentence for 4xx and 5xx

}  // namespace beta::admin
