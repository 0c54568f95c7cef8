#include "limit_words.hpp"

#include "beta/acl/explain.hpp"

namespace beta::proxy {
namespace {

/// Rounded up: who waits as long as it says is let through.
std::string seconds(std::chrono::nanoseconds time) {
    return std::to_string(std::chrono::ceil<std::chrono::seconds>(time).count());
}

}  // namespace

std::string LimitWords::detail(std::string_view rule) const {
    return "rule " + std::string(rule) + " allows " + acl::to_text(limit_) + "; try again in " +
           seconds(retry_after_) + " s";
}

std::string LimitWords::fields() const {
    const std::string name = '"' + std::string(name_) + '"';
    const std::string wait = seconds(retry_after_);
    return "Retry-After: " + wait + "\r\nRateLimit-Policy: " + name +
           ";q=" + std::to_string(limit_.burst) + ";w=" + seconds(limit_.interval * limit_.burst) +
           "\r\nRateLimit: " + name + ";r=0;t=" + wait + "\r\n";
}

}  // namespace beta::proxy
