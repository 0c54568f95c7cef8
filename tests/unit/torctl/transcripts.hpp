// What tor 0.4.9.11 really said, and helpers that play it in pieces of any size.
#pragma once

#include "beta/torctl/reply.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace beta::torctl::testing {

const std::string protocol_info =
    "250-PROTOCOLINFO 1\r\n"
    "250-AUTH METHODS=COOKIE,SAFECOOKIE,HASHEDPASSWORD "
    "COOKIEFILE=\"/run/tor/a \\\"b\\\\ \\303\\251.cookie\"\r\n"
    "250-VERSION Tor=\"0.4.9.11\"\r\n"
    "250 OK\r\n";

const std::string info_of_start =
    "250-version=0.4.9.11\r\n"
    "250-status/bootstrap-phase=NOTICE BOOTSTRAP PROGRESS=0 TAG=starting SUMMARY=\"Starting\"\r\n"
    "250-status/circuit-established=0\r\n"
    "250-network-liveness=down\r\n"
    "250-circuit-status=\r\n"
    "250-stream-status=\r\n"
    "250 OK\r\n";

const std::string info_of_circuits =
    "250+circuit-status=\r\n"
    "22 LAUNCHED BUILD_FLAGS=IS_INTERNAL,NEED_CAPACITY PURPOSE=HS_CLIENT_INTRO "
    "HS_STATE=HSCI_CONNECTING TIME_CREATED=2026-11-26T23:47:42.000001\r\n"
    "23 BUILT $D522BD22081F2BFFD8DCB3A7A7E5CA5997B3CCF3~r3,"
    "$9649F3DE7937FA40EE69DA8ADC9C22873D600387~a1 BUILD_FLAGS=IS_INTERNAL,NEED_CAPACITY "
    "PURPOSE=HS_CLIENT_REND HS_STATE=HSCR_JOINED "
    "REND_QUERY=wbj6dzgz6yvjbkdjpwvub4kluesx5vcthgzco3q2vaywg2os6h4bckid "
    "TIME_CREATED=2026-11-26T23:47:42.527401 SOCKS_USERNAME=\"tornet-3\" SOCKS_PASSWORD=\"x\"\r\n"
    ".\r\n"
    "250-stream-status=83 SENTCONNECT 34 "
    "wbj6dzgz6yvjbkdjpwvub4kluesx5vcthgzco3q2vaywg2os6h4bckid.onion:80\r\n"
    "250 OK\r\n";

const std::string onion_added =
    "250-ServiceID=4whfairyja4yq2ytc2p5qnnswhuo2ve7x2fd6apczalwg22swzud67id\r\n"
    "250-PrivateKey=ED25519-V3:uNJXd0NOprZbhj0dDYy1LXR6SmT92RTrA7Ry+3znDnfGNwvJrIAjAkcUCkUJ8AXQip4"
    "o0slfH2DyJjQEjxGZKQ==\r\n"
    "250 OK\r\n";

const std::string stream_event =
    "650 STREAM 83 FAILED 34 wbj6dzgz6yvjbkdjpwvub4kluesx5vcthgzco3q2vaywg2os6h4bckid.onion:80 "
    "REASON=END REMOTE_REASON=MISC SOCKS_USERNAME=\"userwb\" SOCKS_PASSWORD=\"x\" "
    "CLIENT_PROTOCOL=SOCKS5 NYM_EPOCH=0 SESSION_GROUP=-4 "
    "ISO_FIELDS=SOCKS_USERNAME,SOCKS_PASSWORD,CLIENTADDR,SESSION_GROUP,NYM_EPOCH\r\n";

const std::string ok = "250 OK\r\n";
const std::string refused_cookie =
    "515 Authentication failed: Safe cookie response did not match expected value.\r\n";

/// All replies in `bytes`, read in pieces of at most `piece`; a fault ends them.
struct Heard {
    std::vector<Reply> replies;
    std::optional<Fault> fault;

    bool operator==(const Heard&) const = default;
};

inline Heard hear(std::string_view bytes, std::size_t piece, ReplyLimits limits = {}) {
    ReplyReader reader(limits);
    Heard heard;
    while (!bytes.empty() && !heard.fault) {
        const auto size = std::min(piece, bytes.size());
        reader.receive(bytes.substr(0, size));
        bytes.remove_prefix(size);
        for (;;) {
            auto next = reader.next();
            if (!next)
                heard.fault = next.error();
            if (!next || !*next)
                break;
            heard.replies.push_back(std::move(**next));
        }
    }
    return heard;
}

/// The one reply that `bytes` are.
inline Reply one(std::string_view bytes) {
    return hear(bytes, bytes.size()).replies.at(0);
}

}  // namespace beta::torctl::testing
