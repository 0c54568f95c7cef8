// Goal: where a message ends is read in one way or not at all. Method: field/http-safety.md,
// chapter "Framing", requests at byte level from both doors; nobody is called, or nothing that
// looks whole is forwarded. CONNECT and upgrades stand in tests of tunnels; the hostile upstream in
// upstream_test.cpp; slow peers in slow_peers_test.cpp.

#include "io/attacks/attack.hpp"

#include <string>
#include <vector>

using namespace beta::testing;

namespace {

const std::string nul(1, '\0');
const std::string chunked = "Transfer-Encoding: chunked\r\n";
const std::string ours = "proxy_internal_response";

std::vector<Attack> lengths() {
    std::vector<Attack> rows;
    const auto add = [&](const std::string& about, const std::string& value, int status = 400) {
        rows.push_back({about, post("Content-Length:" + value + "\r\n", "hello"), status});
    };
    add("a length with a plus", " +5");
    add("a length with a minus", " -5");
    add("a length of minus nothing", " -0");
    add("a length in hex", " 0x5");
    add("a length that may be octal", " 05");
    add("a length of two noughts", " 00");
    add("a list of equal lengths", " 5,5");
    add("a list of equal lengths with a blank", " 5, 5");
    add("a list of lengths", " 5,6");
    add("a list that begins with a comma", " ,5");
    add("no length at all (CVE-2023-40225)", "");
    add("a length of blanks (CVE-2023-40225)", "   ");
    add("a length with a blank inside", " 5 0");
    add("a length with a parameter", " 5;");
    add("a length with an exponent", " 5e0");
    add("a length with a fraction", " 5.0");
    add("a length in quotes", " \"5\"");
    add("a length with an underscore", " 5_0");
    add("a length in Arabic digits", " \xd9\xa5");
    add("a length behind a no-break space",
        " \xc2\xa0"
        "5");
    add("a length of 2^31 (CVE-2021-40346)", " 2147483648", 413);
    add("a length of 2^32 + 5 (CVE-2021-40346)", " 4294967301", 413);
    add("a length of 2^63 (CVE-2021-40346)", " 9223372036854775808");
    add("a length of 2^64 + 5 (CVE-2021-40346)", " 18446744073709551621");
    add("a length of forty digits (CVE-2021-40346)", " " + std::string(40, '9'));
    return rows;
}

std::vector<Attack> pairs() {
    const std::string five = "Content-Length: 5\r\n";
    return {
        {"length before coding", post(five + chunked, "0\r\n\r\n")},
        {"coding before length", post(chunked + five, "0\r\n\r\n")},
        {"length and an unknown coding", post(five + "Transfer-Encoding: x\r\n", "hello")},
        {"length and an empty coding", post(five + "Transfer-Encoding:\r\n", "hello")},
        {"length nought and coding", post("Content-Length: 0\r\n" + chunked, "0\r\n\r\n")},
        {"two lengths that agree", post(five + five, "hello")},
        {"two lengths that differ", post(five + "Content-Length: 6\r\n", "hello")},
        {"two lengths apart, in other letters",
         post(five + "A: b\r\ncontent-length: 0\r\n", "hello")},
        {"two codings", post(chunked + chunked, "0\r\n\r\n")},
        {"two codings that differ", post(chunked + "Transfer-Encoding: identity\r\n", "0\r\n\r\n")},
    };
}

std::vector<Attack> codings() {
    std::vector<Attack> rows;
    const auto add = [&](const std::string& about, const std::string& value, int status = 400,
                         const std::string& error = "http_request_error") {
        rows.push_back(
            {about, post("Transfer-Encoding:" + value + "\r\n", "0\r\n\r\n"), status, error});
    };
    add("an empty coding", "");
    add("a leading comma", " ,chunked");
    add("a trailing comma", " chunked,");
    add("chunked twice", " chunked, chunked");
    add("chunked after another", " gzip, chunked");
    add("chunked before another", " chunked, gzip");
    add("chunked before identity", " chunked, identity");
    add("chunked with a parameter", " chunked;q=1");
    add("chunked in quotes", " \"chunked\"");
    add("a form feed before chunked", " \fchunked");
    add("a form feed behind chunked", " chunked\f");
    add("a vertical tab before chunked", " \vchunked");
    add("NUL behind chunked", " chunked" + nul);
    add("a bare CR before chunked", "\rchunked");
    add("a bare LF before chunked", "\nchunked");
    add("chunked folded", "\r\n chunked");
    add("chunked folded in two", " chun\r\n ked");
    add("chunked and a folded identity", " chunked\r\n , identity");
    add("a blank inside", " chun ked");
    add("xchunked", " xchunked", 501, ours);
    add("chunkedx", " chunkedx", 501, ours);
    add("identity", " identity", 501, ours);
    add("gzip", " gzip", 501, ours);
    add("chunked in letters that look like it", " c\xd2\xbbunked", 501, ours);
    add("chunked behind a no-break space",
        " \xa0"
        "chunked",
        501, ours);
    return rows;
}

std::vector<Attack> expectations() {
    const std::string three = "Content-Length: 3\r\n";
    return {
        {"an expectation that is not known", post("Expect: cookies\r\n" + three), 417},
        {"100-continue behind another", post("Expect: y, 100-continue\r\n" + three), 417},
        {"100-continue in a word", post("Expect: x100-continue\r\n" + three), 417},
        {"100-continue with a parameter", post("Expect: 100-continue;a\r\n" + three), 417},
        {"two expectations", post("Expect: 100-continue\r\nExpect: 100-continue\r\n" + three), 417},
        {"an empty expectation", post("Expect:\r\n" + three), 417},
        {"an expectation without a body", post("Expect: 100-continue\r\n"), 417},
        {"an expectation of nothing", post("Expect: 100-continue\r\nContent-Length: 0\r\n"), 417},
    };
}

void run(const std::vector<Attack>& rows) {
    for (const auto& row : rows) {
        DYNAMIC_SECTION(row.about) {
            expect_refused_at_both_doors(row);
        }
    }
}

/// The first bytes of a body are wrong: a stream may be open by then, but nothing goes over it that
/// could be taken for a whole request.
std::vector<Attack> chunks() {
    std::vector<Attack> rows;
    const auto add = [&](const std::string& about, const std::string& body, int status = 400) {
        rows.push_back({about, body, status});
    };
    add("a chunk size with a prefix", "0x5\r\nhello\r\n0\r\n\r\n");
    add("a chunk size with a plus", "+5\r\nhello\r\n0\r\n\r\n");
    add("a chunk size with a minus", "-5\r\nhello\r\n0\r\n\r\n");
    add("a chunk size behind a blank", " 5\r\nhello\r\n0\r\n\r\n");
    add("a chunk size before a blank", "5 \r\nhello\r\n0\r\n\r\n");
    add("a chunk size before a tab", "5\t\r\nhello\r\n0\r\n\r\n");
    add("a chunk size with an underscore", "0_5\r\nhello\r\n0\r\n\r\n");
    add("no chunk size", "\r\nhello\r\n0\r\n\r\n");
    add("an extension without a size", ";a\r\nhello\r\n0\r\n\r\n");
    add("a chunk size in words", "five\r\nhello\r\n0\r\n\r\n");
    add("a chunk size of 2^64 + 5", "10000000000000005\r\nhello\r\n0\r\n\r\n", 413);
    add("a chunk size of 2^32 + 5", "100000005\r\nhello\r\n0\r\n\r\n", 413);
    add("a chunk size of sixteen noughts", "0000000000000005\r\nhello\r\n0\r\n\r\n", 413);
    add("a bare LF behind the size", "5\nhello\r\n0\r\n\r\n");
    add("a bare CR behind the size", "5\rhello\r\n0\r\n\r\n");
    add("two CRs behind the size", "5\r\r\nhello\r\n0\r\n\r\n");
    add("a bare LF in an extension", "5;a=\nb\r\nhello\r\n0\r\n\r\n");
    add("a bare CR in an extension", "5;a=\rb\r\nhello\r\n0\r\n\r\n");
    add("a bare LF in a quoted extension", "5;a=\"\n\"\r\nhello\r\n0\r\n\r\n");
    add("NUL in an extension", "5;a=" + nul + "\r\nhello\r\n0\r\n\r\n");
    add("an extension longer than its limit",
        "5;a=" + std::string(300, 'b') + "\r\nhello\r\n0\r\n\r\n");
    return rows;
}

/// What comes before the fault is sound and may go; the end never does.
std::vector<Attack> ends() {
    const std::string sound = "5\r\nhello\r\n";
    std::vector<Attack> rows;
    const auto add = [&](const std::string& about, const std::string& rest, int status = 400) {
        rows.push_back({about, sound + rest, status});
    };
    add("chunk data without its CRLF", "1\r\nab\r\n0\r\n\r\n");
    add("chunk data that ends in a bare LF", "1\r\na\n0\r\n\r\n");
    add("chunk data that ends in a bare CR", "1\r\na\r0\r\n\r\n");
    add("a last chunk with a bare LF", "0\n\r\n");
    add("a last chunk that ends in a bare LF", "0\r\nA: b\n\r\n\r\n");
    add("a trailer with a length", "0\r\nContent-Length: 5\r\n\r\n");
    add("a trailer with a coding", "0\r\nTransfer-Encoding: chunked\r\n\r\n");
    add("a trailer with a Host", "0\r\nHost: evil\r\n\r\n");
    add("a trailer with credentials", "0\r\nAuthorization: x\r\n\r\n");
    add("a trailer with a cookie", "0\r\nCookie: x\r\n\r\n");
    add("a trailer with a connection option", "0\r\nConnection: close\r\n\r\n");
    add("a trailer in our name", "0\r\nX-Beta-Source-Plane: wallet\r\n\r\n");
    add("a trailer that looks like ours", "0\r\nX_Beta_Rule: any\r\n\r\n");
    add("a trailer with an address", "0\r\nX-Forwarded-For: 1\r\n\r\n");
    add("a trailer with Forwarded", "0\r\nForwarded: for=1\r\n\r\n");
    add("a trailer with a request id", "0\r\nX-Request-Id: mine\r\n\r\n");
    add("a trailer with an expectation", "0\r\nExpect: 100-continue\r\n\r\n");
    add("a trailer without a name", "0\r\n: x\r\n\r\n");
    add("a trailer with a blank before its colon", "0\r\nA : x\r\n\r\n");
    add("a trailer that is folded", "0\r\nA: x\r\n y\r\n\r\n");
    add("a trailer with a bare CR", "0\r\nA: x\ry\r\n\r\n");
    add("a trailer with NUL", "0\r\nA: " + nul + "\r\n\r\n");
    add("trailers longer than their limit", "0\r\nA: " + std::string(9000, 'a') + "\r\n\r\n", 431);
    return rows;
}

}  // namespace

TEST_CASE("a length in doubt is refused at both doors") {
    run(lengths());
}

TEST_CASE("a length beside a coding, or a second of either, is refused at both doors") {
    run(pairs());
}

TEST_CASE("a transfer coding in doubt is refused at both doors") {
    run(codings());
}

TEST_CASE("HTTP/1.0 with a transfer coding has faulty framing (RFC 9112 §6.1)") {
    expect_refused_at_both_doors(
        {"", "POST /ok HTTP/1.0\r\n" + host_line + chunked + "\r\n0\r\n\r\n"});
}

TEST_CASE("an expectation that two servers read differently is refused at both doors") {
    run(expectations());
}

TEST_CASE(
    "a body whose first bytes are wrong is refused, and no byte of the request is forwarded") {
    for (const auto& row : chunks()) {
        DYNAMIC_SECTION(row.about) {
            Line line(std::vector<Script>{Script().read_to_end()});
            line.client.send("POST /ok HTTP/1.1\r\nHost: tron-payment\r\n" + chunked + "\r\n" +
                             row.bytes);
            expect_refusal(line.client, row, true);
            line.upstream.stop();
            CHECK(line.upstream.received(0).empty());
        }
    }
}

TEST_CASE("a body whose end is wrong is refused, and no end of it is forwarded") {
    for (const auto& row : ends()) {
        DYNAMIC_SECTION(row.about) {
            Line line(std::vector<Script>{Script().read_to_end()});
            line.client.send("POST /ok HTTP/1.1\r\nHost: tron-payment\r\n" + chunked + "\r\n" +
                             row.bytes);
            expect_refusal(line.client, row, true);
            line.upstream.stop();
            const auto seen = line.upstream.received(0);
            CHECK((seen.empty() || seen.find("\r\n0\r\n") == seen.npos));
            CHECK(seen.find("X_Beta") == seen.npos);
        }
    }
}

TEST_CASE("bytes behind a request are the next request, and refused by themselves") {
    Line line(FakeUpstream::Handler([](const Message& request) { return ok(request.body); }));
    line.client.send(
        "POST /ok HTTP/1.1\r\nHost: tron-payment\r\nContent-Length: 5\r\n\r\nhelloGET /admin "
        "HTTP/1.1\r\nHost: tron-payment\r\n\r\n0\r\n\r\n");
    CHECK(line.client.response().body == "hello");
    CHECK(line.client.response().status() == 403);
    CHECK(line.client.response().status() == 400);
    CHECK(line.client.to_end().empty());
    CHECK(line.upstream.requests().size() == 1);
}

TEST_CASE("a denied request that expects a 100 gets its denial, and nothing of its body is read") {
    Line line;
    line.client.send(
        "POST /other HTTP/1.1\r\nHost: tron-payment\r\nExpect: 100-continue\r\n"
        "Content-Length: 1000\r\n\r\n");
    expect_refusal(line.client, {"", "", 403, "http_request_denied"}, true);
    CHECK(line.client.received().find(" 100 ") == std::string::npos);
    CHECK(line.tor.accepted() == 0);
}
