#include "beta/torctl/fault.hpp"

namespace beta::torctl {

std::string_view sentence(Fault fault) noexcept {
    switch (fault) {
        case Fault::malformed_line:
            return "what answers at tor.control does not speak tor's control protocol";
        case Fault::http_answer:
            return "an HTTP server answers at tor.control: it names the wrong port";
        case Fault::event_inside_reply:
            return "an event came in the middle of a reply";
        case Fault::line_too_long:
            return "a line of the control port is longer than any that tor sends";
        case Fault::too_many_lines:
            return "a reply of the control port has more lines than any that tor sends";
        case Fault::reply_too_large:
            return "a reply of the control port is larger than any that tor sends";
        case Fault::not_protocol_info:
            return "the control port did not say how to authenticate";
        case Fault::no_method:
            return "tor offers no way to authenticate that is known here";
        case Fault::password_needed:
            return "tor wants a password: name its file in tor.control_password_file";
        case Fault::password_unusable:
            return "the password for tor holds control characters or is too long";
        case Fault::cookie_unreadable:
            return "the cookie file that tor names cannot be read: let this user read it "
                   "(CookieAuthFileGroupReadable)";
        case Fault::cookie_size:
            return "the cookie file that tor names is not a cookie of 32 bytes";
        case Fault::challenge_malformed:
            return "the answer to AUTHCHALLENGE makes no sense";
        case Fault::server_hash_wrong:
            return "what answers at tor.control does not know the cookie: it is not the tor that "
                   "wrote it, or tor is just restarting";
        case Fault::refused:
            return "tor refused the password or cookie";
        case Fault::unexpected_reply:
            return "tor answered something else than what was asked";
        case Fault::not_onion_added:
            return "tor's answer to ADD_ONION names no onion address";
    }
    return "unknown";
}

}  // namespace beta::torctl
