#include "beta/audit/verifier.hpp"

#include "chains.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <utility>

namespace beta::audit {
namespace {

struct Log {
    Link link;
    std::vector<std::string> lines;

    explicit Log(std::size_t count) : lines(chain(count, link)) {}
    Verifier check(const std::string& kept = {}) const { return verified({joined(lines)}, kept); }
};

TEST_CASE("a log as it was written is intact, however its bytes are cut") {
    const Log log(7);
    for (const std::size_t piece : {1uz, 3uz, 64uz, std::string::npos}) {
        const auto verifier = verified({joined(log.lines)}, {}, piece);
        CHECK(findings(verifier).empty());
        CHECK(verifier.faults() == 0);
        CHECK(verifier.summary().records == 7);
        CHECK(verifier.summary().first == 1);
        CHECK(verifier.summary().last == log.link);
    }
}

TEST_CASE("any change of any one byte is found") {
    const Log log(4);
    const auto text = joined(log.lines);
    std::mt19937 random(7);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same failure again
    for (std::size_t at = 0; at < text.size(); ++at) {
        auto changed = text;
        changed[at] = static_cast<char>(changed[at] ^ static_cast<char>(1 + random() % 255));
        CAPTURE(at, changed);
        REQUIRE(verified({changed}).faults() > 0);
    }
}

TEST_CASE("any byte that is added or taken away is found") {
    const Log log(3);
    const auto text = joined(log.lines);
    for (std::size_t at = 0; at < text.size(); ++at) {
        CAPTURE(at);
        auto shorter = text;
        REQUIRE(verified({shorter.erase(at, 1)}).faults() > 0);
        for (const char c : {'\n', ' ', '0', text[at]}) {
            auto longer = text;
            REQUIRE(verified({longer.insert(at, 1, c)}).faults() > 0);
        }
    }
}

TEST_CASE("lines removed are found, but for those at the very end") {
    for (std::size_t from = 0; from < 8; ++from) {
        for (std::size_t count = 1; from + count < 8; ++count) {
            Log log(8);
            const auto first = log.lines.begin() + static_cast<std::ptrdiff_t>(from);
            log.lines.erase(first, first + static_cast<std::ptrdiff_t>(count));
            CHECK(findings(log.check()) ==
                  (from == 0 ? "a:1 NO_BEGINNING" : "a:" + std::to_string(from + 1) + " GAP"));
        }
    }
}

TEST_CASE("any two lines in each other's place are found") {
    for (std::size_t a = 0; a < 6; ++a) {
        for (std::size_t b = a + 1; b < 6; ++b) {
            Log log(6);
            std::swap(log.lines[a], log.lines[b]);
            CAPTURE(a, b);
            CHECK(log.check().faults() > 0);
        }
    }
    Log log(6);
    std::swap(log.lines[3], log.lines[4]);
    CHECK(findings(log.check()) == "a:4 GAP, a:5 ORDER");
}

TEST_CASE("a line that stands twice is found, at once or later") {
    Log log(4);
    log.lines.insert(log.lines.begin() + 2, log.lines[1]);
    CHECK(findings(log.check()) == "a:3 TWICE");
    Log later(4);
    later.lines.insert(later.lines.end(), later.lines[1]);
    CHECK(findings(later.check()) == "a:5 ORDER");
}

TEST_CASE("each change is one finding at its line, which says what to think of it") {
    Log log(5);
    log.lines[2][log.lines[2].find("denied")] = 'D';
    CHECK(findings(log.check()) == "a:3 CHANGED");
    CHECK(log.check().findings().front().str() ==
          "a:3:1: error: the record was changed: its bytes have another hash than it ends with; "
          "or it is sealed by a key (--key) [AUDIT_CHANGED]");
    Log added(5);
    added.lines.insert(added.lines.begin() + 2, "anything\n");
    CHECK(findings(added.check()) == "a:3 NO_RECORD");
    Log replaced(5);
    replaced.lines[2] = "anything\n";
    CHECK(findings(replaced.check()) == "a:3 NO_RECORD");
    Log cut(5);
    cut.lines.back().pop_back();
    CHECK(findings(cut.check()) == "a:5 TORN");
    Log anew(5);
    Link link{2, anew.lines[2].substr(anew.lines[2].find("previous") + 11, 64)};
    anew.lines[2] = sealed(object("allowed"), link, {}).line;  // sealed by who knows how
    CHECK(findings(anew.check()) == "a:4 NO_LINK");
}

TEST_CASE("a new chain in the middle is a fault, and an empty file is one") {
    Log log(3);
    const Log other(2);
    CHECK(findings(verified({joined(log.lines) + joined(other.lines)})) == "a:4 NEW_CHAIN");
    CHECK(findings(verified({joined(log.lines), joined(other.lines)})) == "b:1 NEW_CHAIN");
    CHECK(findings(verified({""})) == "a:0 EMPTY");
}

TEST_CASE("rotated files are one chain, in their order, and each can be looked at by itself") {
    Log log(3);
    auto rotated = sealed(object("rotated"), log.link, {});
    log.link = rotated.link;
    const auto old = joined(log.lines);
    const auto young = rotated.line + joined(chain(2, log.link));
    CHECK(verified({old, young}).faults() == 0);
    CHECK(findings(verified({old, young})).empty());
    CHECK(verified({old, young}).summary().records == 6);
    CHECK(findings(verified({young})) == "a:1 CONTINUES");
    CHECK(verified({young}).faults() == 0);
    CHECK(verified({young, old}).faults() > 0);
    const auto cut_off = old.substr(0, old.size() - log.lines.back().size());
    CHECK(findings(verified({cut_off, young})) == "b:1 GAP");
}

TEST_CASE("a hash that was kept elsewhere shows a cut end, and a log written anew") {
    Log log(6);
    const auto kept = log.link.hash;
    CHECK(log.check(kept).faults() == 0);
    CHECK(log.check(kept).summary().after_kept == 0);
    CHECK(log.check(Log(4).link.hash).summary().after_kept == 2);
    Log cut(6);
    cut.lines.pop_back();
    CHECK(findings(cut.check()).empty());  // nothing in the file can tell
    CHECK(findings(cut.check(kept)) == "a:5 LAST_MISSING");
    Link link;
    const auto forged = sealed(object("start"), link, {});
    link = forged.link;
    const auto anew = forged.line + joined(chain(5, link));
    CHECK(verified({anew}).faults() == 0);  // nor can this
    CHECK(findings(verified({anew}, kept)) == "a:6 LAST_MISSING");
}

TEST_CASE("a line beyond every bound and a million findings are bounded") {
    Log log(2);
    log.lines.insert(log.lines.begin() + 1, std::string(3 * max_line, 'x') + '\n');
    CHECK(findings(log.check()) == "a:2 NO_RECORD");
    std::string lines;
    for (int i = 0; i < 1000; ++i)
        lines += "x\n";
    const auto verifier = verified({lines});
    CHECK(verifier.findings().size() == Verifier::max_findings);
    CHECK(verifier.faults() == 1000);
    CHECK(to_text(verifier).contains("and 900 more\n"));
}

TEST_CASE("the words and the JSON name the last hash") {
    Log log(2);
    CHECK(to_text(log.check()) ==
          "2 whole records, 1 to 2\nlast hash " + log.link.hash + "\nINTACT\n");
    CHECK(to_json(log.check()) == R"({"intact":true,"records":2,"first":1,"last":2,"last_hash":")" +
                                      log.link.hash +
                                      R"(","after_kept":0,"faults":0,"findings":[]})");
    log.lines[0] = "x\n";
    CHECK(to_json(log.check()).contains(R"({"file":"a","line":1,"severity":"error","code":")"));
}

}  // namespace
}  // namespace beta::audit
