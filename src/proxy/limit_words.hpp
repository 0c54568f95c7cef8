// LimitWords: what an answer with 429 says of the limit.
#pragma once

#include "beta/acl/rule.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace beta::proxy {

class LimitWords {
  public:
    /// `name` is the limit's in RateLimit and RateLimit-Policy.
    LimitWords(const acl::Limit& limit, std::chrono::nanoseconds retry_after, std::string_view name)
        : limit_(limit), retry_after_(retry_after), name_(name) {}

    /// For the local app: the rule, its limit, and when to come back.
    std::string detail(std::string_view rule) const;
    /// Retry-After (RFC 9110 §10.2.3) and the fields of draft-ietf-httpapi-ratelimit-headers: as
    /// many at once as the burst, filled up over the time that it takes.
    std::string fields() const;

  private:
    const acl::Limit& limit_;
    std::chrono::nanoseconds retry_after_;
    std::string_view name_;
};

}  // namespace beta::proxy
