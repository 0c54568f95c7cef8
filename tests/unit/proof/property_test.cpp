// Proofs, the engine and its explanations against a naive reading, over random small policies.
#include "beta/acl/explain.hpp"
#include "beta/proof/prove.hpp"

#include "brute_force.hpp"
#include "parsed.hpp"

#include <catch2/catch.hpp>

namespace beta::proof::test {
namespace {

using Status = Proof::Status;

/// No policy need name them: the words of invariants are refused otherwise.
Names known_words() {
    Names names;
    for (const std::string& service : services)
        names.services.emplace(service, planes.front());
    for (const std::string& plane : planes)
        names.services.emplace("of-" + plane, plane);
    names.external = hosts;
    return names;
}

/// What is wrong with the proof, or nothing.
std::string fault(const Proof& proof, const NaiveInvariant& invariant,
                  const std::vector<NaiveFile>& files, BruteForce::Answer truth, Knows knows) {
    const Status expected = !truth.speaks  ? Status::empty
                            : truth.broken ? Status::broken
                                           : Status::proved;
    if (proof.status != expected)
        return "status " + std::to_string(static_cast<int>(proof.status)) + ", should be " +
               std::to_string(static_cast<int>(expected));
    if (proof.status != Status::broken)
        return {};
    const NaiveCall call = naive(*proof.call);
    if (call.callee_knows_service != (knows == Knows::service))
        return "the callee of the call does not know its caller in this way";
    if (!speaks_of(invariant, call))
        return "the call is not one that the invariant speaks of";
    const bool assumed = std::ranges::any_of(
        proof.sides, [](const SideAnswer& side) { return side.file.empty() && !side.passes; });
    if ((passes(files, call, invariant.asked) && !assumed) == (invariant.kind == "always"))
        return "the call does not break the invariant";
    return {};
}

/// One in three has one.
Directory random_directory(Dice& dice) {
    Directory out;
    out.known = dice.one_in(3);
    for (const std::string& service : with(services, "c"))
        if (!dice.one_in(4))
            out.services.emplace(service, dice.pick(with(planes, "moon")));
    for (const std::string& host : with(hosts, "y"))
        if (dice.one_in(2))
            out.external.push_back(host);
    return out;
}

Names names_of(const Directory& directory) {
    if (!directory.known)
        return {};
    return {.services = {directory.services.begin(), directory.services.end()},
            .external = directory.external,
            .known = true};
}

/// Of `invariants` over each of `sets` random sets of policies.
void hold_proofs_against_brute_force(std::uint32_t seed, int sets, int invariants,
                                     std::size_t header_odds = 12) {
    Dice dice(seed);
    dice.header_odds = header_odds;
    std::map<Status, int> seen;
    for (int set = 0; set < sets; ++set) {
        const auto files = random_set(dice);
        const auto policies = parsed(files);
        const Directory directory = random_directory(dice);
        const Names names = names_of(directory);
        const Knows knows = dice.one_in(2) ? Knows::service : Knows::plane;
        BruteForce brute_force(files, directory, knows);
        std::vector<NaiveInvariant> list;
        for (int i = 0; i < invariants; ++i)
            list.push_back(random_invariant(dice));
        const auto loaded = load_invariants(yaml(list, knows), "i.yaml", policies, known_words());
        if (!loaded)
            FAIL(loaded.error().front().str() << '\n' << yaml(list, knows));
        for (std::size_t i = 0; i < list.size(); ++i) {
            const Proof proof = prove(loaded->list[i], policies, names, loaded->known_by);
            ++seen[proof.status];
            const auto wrong = fault(proof, list[i], files, brute_force.ask(list[i]), knows);
            if (!wrong.empty())
                FAIL(wrong << '\n'
                           << yaml({list[i]}, knows) << all_yaml(files)
                           << to_text(*loaded, {proof}));
        }
    }
    const int asked = sets * invariants;
    CHECK(seen[Status::proved] > asked / 5);  // else the test asks nothing
    CHECK(seen[Status::broken] > asked / 5);
    CHECK(seen[Status::empty] > asked / 1000);
}

/// What the explanation says of a call, where a side that has no file passes.
bool explained(const Policies& policies, const Call& call) {
    acl::Question question{.from_plane = call.from_plane,
                           .from_service = call.from_service,
                           .to_plane = call.to_plane,
                           .to_service = call.to_name,
                           .method = call.method,
                           .path = call.path,
                           .known_by = call.callee_knows_service ? model::KnownBy::certificate
                                                                 : model::KnownBy::listener,
                           .external = call.external()};
    for (const auto& [name, value] : call.headers)
        question.headers.push_back({name, value});
    const auto explanation = acl::explain(of_plane(policies, call.from_plane),
                                          of_plane(policies, call.to_plane), question);
    return std::ranges::all_of(explanation.sides, [](const auto& side) {
        return side.verdict == acl::Verdict::allow || !side.enforced;
    });
}

Call random_call(Dice& dice) {
    const auto& pairs = every_pair(dice.one_in(2) ? Knows::service : Knows::plane);
    const auto& pair = pairs[dice.below(pairs.size())];
    const auto& ask = every_ask()[dice.below(every_ask().size() - (whole ? 0 : 1))];
    Call call{.from_plane = pair.from_plane,
              .from_service = pair.from_service,
              .callee_knows_service = pair.callee_knows_service,
              .to_plane = pair.to_plane,
              .to_name = pair.to_name,
              .method = ask.method,
              .path = ask.path,
              .headers = {},
              .tunnel = ask.tunnel};
    for (const std::string& name : header_names)
        for (const std::string& value : dice.some(with(header_lines, "3"), 0, 2))
            if (dice.one_in(2))
                call.headers.emplace_back(name, value);
    return call;
}

}  // namespace

// In four parts, so that they run side by side.
TEST_CASE("25000 random proofs agree with every call looked at one by one: part 1") {
    hold_proofs_against_brute_force(1, 3'125, 8);
}
TEST_CASE("25000 random proofs agree with every call looked at one by one: part 2") {
    hold_proofs_against_brute_force(2, 3'125, 8);
}
TEST_CASE("25000 random proofs agree with every call looked at one by one: part 3") {
    hold_proofs_against_brute_force(3, 3'125, 8);
}
TEST_CASE("25000 random proofs agree with every call looked at one by one: part 4") {
    hold_proofs_against_brute_force(4, 3'125, 8);
}

TEST_CASE("2000 random proofs about headers agree with every call looked at one by one") {
    hold_proofs_against_brute_force(6, 250, 8, 1);
}

TEST_CASE("never and only by certificate hold by listener too, and always the other way round") {
    Dice dice(7);
    int apart = 0;
    for (int set = 0; set < 400; ++set) {
        const auto files = random_set(dice);
        const auto policies = parsed(files);
        const std::vector<NaiveInvariant> list{random_invariant(dice), random_invariant(dice)};
        const auto loaded =
            load_invariants(yaml(list, Knows::service), "i.yaml", policies, known_words());
        REQUIRE(loaded);
        for (const Invariant& one : loaded->list) {
            const auto certain = prove(one, policies, {}, model::KnownBy::certificate).status;
            const auto weaker = prove(one, policies, {}, model::KnownBy::listener).status;
            const bool always = one.kind == Invariant::Kind::always;
            if ((always ? weaker : certain) == Status::proved &&
                (always ? certain : weaker) != Status::proved)
                FAIL(yaml(list, Knows::service) << all_yaml(files));
            apart += certain == weaker ? 0 : 1;
        }
    }
    CHECK(apart > 20);  // else the test asks nothing
}

TEST_CASE("the engine and its explanations agree with the naive reading on 100000 calls") {
    Dice dice(5);
    int passed = 0;
    for (int set = 0; set < 2'000; ++set) {
        const auto files = random_set(dice);
        const auto policies = parsed(files);
        for (int i = 0; i < 50; ++i) {
            const Call call = random_call(dice);
            const bool expected = passes(files, naive(call), Asked::both);
            const auto sides = ask(policies, call, At::call);
            const bool decided = std::ranges::all_of(sides, &SideAnswer::passes);
            if (decided != expected || explained(policies, call) != expected)
                FAIL("naive " << expected << ", engine " << decided << ", " << call.from_plane
                              << "/" << call.from_service << " " << call.to_plane << "/"
                              << call.to_name << " " << call.method << " " << call.path << '\n'
                              << all_yaml(files));
            passed += expected ? 1 : 0;
        }
    }
    CHECK(passed > 5'000);
    CHECK(passed < 95'000);
}

}  // namespace beta::proof::test
