#include "beta/http/problem.hpp"

namespace beta::http {
namespace {

/// JSON string content from bytes that may be anything; also safe inside an RFC 8941 string.
void append_escaped(std::string& out, std::string_view text) {
    static constexpr std::string_view digits = "0123456789abcdef";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte >= 0x7F) {
            out += "\\u00";
            out += digits[byte >> 4];
            out += digits[byte & 15];
        } else {
            out += c;
        }
    }
}

/// RFC 8941 §3.3.3: an sf-string holds printable ASCII with quote and backslash escaped.
void append_sf_string(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c >= 0x20 && c < 0x7F ? c : '?';
    }
    out += '"';
}

std::string body_of(const Problem& problem, const model::FailureFacts& facts) {
    std::string body = R"({"type":"about:blank","title":")";
    body += reason_phrase(facts.status);
    body += R"(","status":)";
    body += std::to_string(facts.status);
    if (problem.full_detail) {
        body += R"(,"detail":")";
        append_escaped(body, problem.detail.empty() ? facts.sentence : problem.detail);
        body += R"(","error":")";
        body += facts.name;
        body += '"';
    }
    if (!problem.request_id.empty()) {
        body += R"(,"instance":")";
        append_escaped(body, problem.request_id);
        body += '"';
    }
    body += "}\n";
    return body;
}

}  // namespace

void write_problem(std::string& out, const Problem& problem) {
    const auto& facts = model::facts(problem.failure);
    const auto body = body_of(problem, facts);
    out += "HTTP/1.1 ";
    out += std::to_string(facts.status);
    out += ' ';
    out += reason_phrase(facts.status);
    out +=
        "\r\nContent-Type: application/problem+json\r\nCache-Control: no-store\r\nContent-Length: ";
    out += std::to_string(body.size());
    out += "\r\nProxy-Status: beta; error=";
    out += facts.proxy_status;
    if (problem.full_detail) {
        out += "; details=";
        append_sf_string(out, problem.detail.empty() ? facts.sentence : problem.detail);
    }
    out += "\r\n";
    if (problem.close)
        out += "Connection: close\r\n";
    out += problem.fields;
    out += "\r\n";
    if (!problem.to_head)
        out += body;
}

void write_own_answer(std::string& out, const OwnAnswer& answer) {
    out += "HTTP/1.1 " + std::to_string(answer.status) + ' ';
    out += reason_phrase(answer.status);
    out += "\r\nContent-Type: application/json\r\nCache-Control: no-store\r\nContent-Length: ";
    out += std::to_string(answer.body.size());
    out += "\r\nX-Request-Id: ";
    out += answer.request_id;  // of one spelling: is_request_id()
    out += answer.close ? "\r\nConnection: close\r\n\r\n" : "\r\n\r\n";
    if (!answer.to_head)
        out += answer.body;
}

std::string_view reason_phrase(unsigned status) noexcept {
    switch (status) {
        case 200:
            return "OK";
        case 202:
            return "Accepted";
        case 400:
            return "Bad Request";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 408:
            return "Request Timeout";
        case 413:
            return "Content Too Large";
        case 414:
            return "URI Too Long";
        case 415:
            return "Unsupported Media Type";
        case 417:
            return "Expectation Failed";
        case 421:
            return "Misdirected Request";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 501:
            return "Not Implemented";
        case 502:
            return "Bad Gateway";
        case 503:
            return "Service Unavailable";
        case 504:
            return "Gateway Timeout";
        case 505:
            return "HTTP Version Not Supported";
        case 508:
            return "Loop Detected";
        default:
            return "Error";
    }
}

}  // namespace beta::http
