#include "beta/torctl/authentication.hpp"

#include "beta/model/digest.hpp"
#include "beta/torctl/words.hpp"

#include <algorithm>

namespace beta::torctl {
namespace {

using Kind = Authentication::Action::Kind;

constexpr std::size_t cookie_bytes = 32;  // §3.21: of another size it is no cookie
constexpr std::size_t nonce_bytes = 32;   // §3.24

std::string bytes_of(const model::Digest& digest) {
    return {digest.begin(), digest.end()};
}

int digit_of(char c) noexcept {
    if (c >= '0' && c <= '9')
        return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::optional<std::string> from_hex(std::string_view text) {
    std::string out;
    if (text.size() != 2 * nonce_bytes)
        return std::nullopt;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = digit_of(text[i]), low = digit_of(text[i + 1]);
        if (high < 0 || low < 0)
            return std::nullopt;
        out += static_cast<char>(high * 16 + low);
    }
    return out;
}

/// Takes as long for any two of the same size: time tells nothing of where they differ.
bool same_secret(std::string_view a, std::string_view b) noexcept {
    unsigned difference = a.size() == b.size() ? 0u : 1u;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
    return difference == 0;
}

}  // namespace

std::string server_hash(std::string_view cookie, std::string_view nonces) {
    return bytes_of(model::hmac_sha256("Tor safe cookie authentication server-to-controller hash",
                                       std::string(cookie).append(nonces)));
}

std::string client_hash(std::string_view cookie, std::string_view nonces) {
    return bytes_of(model::hmac_sha256("Tor safe cookie authentication controller-to-server hash",
                                       std::string(cookie).append(nonces)));
}

Authentication::Action Authentication::start() {
    return send(Command::protocol_info(), Step::info);
}

Authentication::Action Authentication::receive(const Reply& reply) {
    switch (step_) {
        case Step::info: {
            auto info = ProtocolInfo::parse(reply);
            if (!info)
                return fail(info.error());
            info_ = std::move(*info);
            return choose();
        }
        case Step::challenge:
            return prove(reply);
        case Step::answer:
            if (!reply.is_ok())
                return fail(Fault::refused);
            step_ = Step::over;
            return {.kind = Kind::done};
        case Step::unstarted:
        case Step::cookie:
        case Step::over:
            break;
    }
    return fail(Fault::unexpected_reply);
}

Authentication::Action Authentication::choose() {
    if (info_.null)
        return send(Command::authenticate(), Step::answer);
    if (info_.password && password_) {
        auto command = Command::authenticate_with_password(*password_);
        return command ? send(std::move(*command), Step::answer) : fail(Fault::password_unusable);
    }
    if (info_.safe_cookie || info_.cookie) {
        step_ = Step::cookie;
        return {.kind = Kind::read_cookie, .path = info_.cookie_file};
    }
    return fail(info_.password ? Fault::password_needed : Fault::no_method);
}

Authentication::Action Authentication::cookie(std::optional<std::string_view> bytes) {
    if (step_ != Step::cookie)
        return fail(Fault::unexpected_reply);
    if (!bytes)
        return fail(Fault::cookie_unreadable);
    if (bytes->size() != cookie_bytes)
        return fail(Fault::cookie_size);
    if (!info_.safe_cookie)
        return send(Command::authenticate(*bytes), Step::answer);
    cookie_ = *bytes;
    return send(Command::auth_challenge({nonce_.data(), nonce_.size()}), Step::challenge);
}

/// Who answers must know the cookie before it learns anything of us.
Authentication::Action Authentication::prove(const Reply& reply) {
    const Words words(reply.first());
    const auto theirs = from_hex(words.value_or_empty("SERVERHASH"));
    const auto server_nonce = from_hex(words.value_or_empty("SERVERNONCE"));
    if (!reply.is_ok() || words.at(0) != "AUTHCHALLENGE" || !theirs || !server_nonce)
        return fail(Fault::challenge_malformed);
    const auto nonces = std::string(nonce_.begin(), nonce_.end()) + *server_nonce;
    if (!same_secret(*theirs, server_hash(cookie_, nonces)))
        return fail(Fault::server_hash_wrong);
    return send(Command::authenticate(client_hash(cookie_, nonces)), Step::answer);
}

Authentication::Action Authentication::send(Command command, Step next) {
    step_ = next;
    return {.kind = Kind::send, .command = std::move(command)};
}

Authentication::Action Authentication::fail(Fault fault) {
    step_ = Step::over;
    return {.kind = Kind::failed, .fault = fault};
}

}  // namespace beta::torctl
