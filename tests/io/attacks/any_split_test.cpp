// Goal: what is forwarded is what was received, minus hop-by-hop, plus ours, however the bytes came
// (RFC 9110 §7.6.1). Method: random requests whose forwarded form is written down beside them, cut
// at random places, several on one connection, from both doors; byte for byte.

#include "io/attacks/attack.hpp"

#include <random>
#include <string>
#include <vector>

using namespace beta::testing;

namespace {

struct Made {
    std::string sent;
    std::string head;  // as it must arrive, without our own lines and the empty line
    std::string body;
};

class Maker {
  public:
    explicit Maker(unsigned seed) : random_(seed) {}

    std::size_t below(std::size_t n) { return std::size_t{random_()} % n; }

    Made request(const std::string& host) {
        Made made;
        const auto target = "/ok" + word("/") + (below(2) == 0 ? "?" + word("?/&%") : "");
        const bool absolute = below(3) == 0;
        const std::string method = pick({"GET", "POST", "PUT", "DELETE", "X-OWN"});
        made.sent = method + (absolute ? " http://" + host : " ") + target;
        if (absolute)
            made.sent = method + " http://" + host + target;
        made.sent += " HTTP/1.1\r\n";
        made.head = method + " " + target + " HTTP/1.1\r\n";
        both(made, pick({"Host: ", "host:", "HOST:\t"}) + host + pick({"", " "}) + "\r\n");
        std::string options;
        for (auto n = below(8); n > 0; --n)
            field(made, options);
        if (!options.empty())
            made.sent += "Connection: " + options + "\r\n";
        body(made);
        return made;
    }

  private:
    std::string pick(std::vector<std::string> of) { return of[below(of.size())]; }

    /// One segment or query of plain bytes, after a separator.
    std::string word(const std::string& more) {
        static const std::string plain = "azAZ09-._~!$&'()*+,=:@";
        std::string text = more == "/" ? (below(2) == 0 ? "/w" : "") : "q";
        if (text.empty())
            return text;
        for (auto n = below(20); n > 0; --n)
            text += below(5) == 0 && more != "/" ? more[below(more.size())]
                                                 : plain[below(plain.size())];
        return text;
    }

    static void both(Made& made, const std::string& line) {
        made.sent += line;
        made.head += line;
    }

    void field(Made& made, std::string& options) {
        const std::string name = "X-" + std::to_string(below(1000)) + "-Field";
        const auto line = name + pick({":", ": ", ":  \t"}) +
                          pick({"", "a", "\"q, x\"", "b\xc3\xa9"}) + pick({"", " "}) + "\r\n";
        switch (below(4)) {
            case 0:
                made.sent += pick({"Keep-Alive: timeout=5", "TE: trailers", "Proxy-Connection: x",
                                   "Proxy-Authorization: y", "Upgrade: h2c"}) +
                             "\r\n";
                return;
            case 1:  // named in Connection: of this hop only
                if (made.head.find("\r\n" + name) != std::string::npos)
                    return both(made, "A: b\r\n");
                options += (options.empty() ? "" : ", ") + name;
                named_.push_back(name);
                made.sent += line;
                return;
            default:
                if (made.sent.find(name) != std::string::npos)
                    return both(made, "A: b\r\n");
                return both(made, line);
        }
    }

    void body(Made& made) {
        const std::string bytes(below(3000), 'b');
        switch (below(3)) {
            case 0:
                both(made, "Content-Length: " + std::to_string(bytes.size()) + "\r\n");
                made.body = bytes;
                break;
            case 1:
                both(made, "Transfer-Encoding: " + pick({"chunked", "Chunked"}) + "\r\n");
                made.body = chunks(bytes);
                break;
            default:
                break;
        }
        made.sent += "\r\n" + made.body;
    }

    std::string chunks(std::string bytes) {
        std::string out;
        while (!bytes.empty()) {
            const auto size = 1 + below(bytes.size());
            char hex[16];
            std::snprintf(hex, sizeof hex, below(2) == 0 ? "%zx" : "%04zX", size);
            out += hex + pick({"", ";a", ";a=\"b c\""}) + "\r\n" + bytes.substr(0, size) + "\r\n";
            bytes.erase(0, size);
        }
        return out + pick({"0\r\n", "000;x\r\n"}) + pick({"", "X-Sum: 1\r\n"}) + "\r\n";
    }

    std::mt19937 random_;
    std::vector<std::string> named_;
};

void send_split(Client& client, const std::string& bytes, Maker& maker) {
    for (std::size_t at = 0; at < bytes.size();) {
        const auto most = maker.below(4) == 0 ? 1 : 1 + maker.below(bytes.size());
        const auto piece = bytes.substr(at, most);
        client.send(piece);
        at += piece.size();
    }
}

std::string without_ours(std::string head) {
    for (const std::string name :
         {"Via: 1.1 beta", "X-Request-Id: ", "X-Beta-Source-Plane: chain", "X-Beta-Rule: in"}) {
        const auto at = head.find("\r\n" + name);
        if (at != head.npos)
            head.erase(at + 2, head.find("\r\n", at + 2) - at);
    }
    return head;
}

void check_all(Client& client, const FakeUpstream& upstream, const std::string& host,
               unsigned seed) {
    Maker maker(seed);
    for (std::size_t round = 0; round < 60; ++round) {
        std::vector<Made> batch;
        std::string bytes;
        for (auto n = 1 + maker.below(4); n > 0; --n) {
            batch.push_back(maker.request(host));
            bytes += batch.back().sent;
        }
        const auto seen_before = upstream.requests().size();
        send_split(client, bytes, maker);
        for (std::size_t i = 0; i < batch.size(); ++i)
            REQUIRE(client.response().status() == 200);
        const auto seen = upstream.wait_for_requests(seen_before + batch.size());
        for (std::size_t i = 0; i < batch.size(); ++i) {
            const auto& message = seen[seen_before + i];
            REQUIRE(without_ours(message.head) == batch[i].head + "\r\n");
            REQUIRE(message.raw == message.head + batch[i].body);
        }
    }
}

const std::string lenient = R"(apiVersion: beta.acl/v1
plane: ops
allow:
  - { name: out, from: { services: [api-gateway] }, to: { plane: "*" }, paths: ["/**"] }
  - { name: in, from: { plane: chain }, to: { services: [api-gateway] }, paths: ["/**"] }
)";

}  // namespace

TEST_CASE("whatever the split, what leaves is what came minus hop-by-hop plus ours: egress") {
    const unsigned seed = GENERATE(1u, 2u, 3u);
    const FakeUpstream upstream;
    FakeTor tor;
    tor.route(RunningSidecar::onion(1), 80, upstream.port());
    const RunningSidecar sidecar({.socks_port = tor.port(), .acl = lenient});
    Client client(sidecar.egress());
    check_all(client, upstream, "tron-payment", seed);
}

TEST_CASE("whatever the split, what leaves is what came minus hop-by-hop plus ours: ingress") {
    const unsigned seed = GENERATE(4u, 5u, 6u);
    const FakeUpstream app;
    const RunningSidecar sidecar({.app_port = app.port(), .acl = lenient});
    Client client(sidecar.ingress());
    check_all(client, app, "api-gateway", seed);
}
