#include "beta/tls/identity_template.hpp"

#include <catch2/catch.hpp>

#include <set>

using beta::model::PlaneName;
using beta::model::ServiceName;
using beta::tls::IdentityFault;
using beta::tls::IdentityTemplate;

namespace {

constexpr std::string_view path = "/plane/{plane}/service/{service}";

IdentityTemplate made(std::string_view text = path, std::string_view trust_domain = "beta.test") {
    auto parsed = IdentityTemplate::parse(text, trust_domain);
    if (!parsed)
        throw std::runtime_error(parsed.error());
    return std::move(*parsed);
}

std::string fault(std::string_view uri, const IdentityTemplate& by = made()) {
    const auto found = by.match_uri(uri);
    return std::string(found ? "none" : name(found.error()));
}

std::string subject_fault(std::string_view cn, std::string_view ou, const IdentityTemplate& by) {
    const auto found = by.match_subject(cn, ou);
    return std::string(found ? "none" : name(found.error()));
}

}  // namespace

TEST_CASE("a SPIFFE ID tells plane and service by the template's path") {
    const auto by_default =
        made().match_uri("spiffe://beta.test/plane/wallet/service/tron-payment");
    REQUIRE(by_default);
    CHECK(by_default->plane.view() == "wallet");
    CHECK(by_default->service.view() == "tron-payment");
    CHECK(by_default->id == "spiffe://beta.test/plane/wallet/service/tron-payment");

    const auto other =
        made("/{plane}/{cluster}/{service}").match_uri("spiffe://beta.test/ops/EU_1.a/gw");
    REQUIRE(other);
    CHECK(other->plane.view() == "ops");
    CHECK(other->service.view() == "gw");

    const auto turned = made("/s/{service}/{plane}", "t").match_uri("spiffe://t/s/gw/ops");
    REQUIRE(turned);
    CHECK(turned->plane.view() == "ops");
    CHECK(turned->service.view() == "gw");
}

TEST_CASE("a SPIFFE ID of another path, trust domain or spelling is refused with its reason") {
    struct Row {
        std::string_view uri;
        IdentityFault fault;
    };
    const auto row = GENERATE(values<Row>({
        {"", IdentityFault::not_spiffe},
        {"spiffe:/beta.test/plane/ops/service/gw", IdentityFault::not_spiffe},
        {"https://beta.test/plane/ops/service/gw", IdentityFault::not_spiffe},
        {"Spiffe://beta.test/plane/ops/service/gw", IdentityFault::not_spiffe},
        {" spiffe://beta.test/plane/ops/service/gw", IdentityFault::not_spiffe},
        {"beta.test", IdentityFault::not_spiffe},
        {"spiffe://", IdentityFault::bad_trust_domain},
        {"spiffe:///plane/ops/service/gw", IdentityFault::bad_trust_domain},
        {"spiffe://Beta.test/plane/ops/service/gw", IdentityFault::bad_trust_domain},
        {"spiffe://beta test/plane/ops/service/gw", IdentityFault::bad_trust_domain},
        {"spiffe://beta.test:443/plane/ops/service/gw", IdentityFault::uri_port},
        {"spiffe://beta.test:/plane/ops/service/gw", IdentityFault::uri_port},
        {"spiffe://root@beta.test/plane/ops/service/gw", IdentityFault::uri_user},
        {"spiffe://root:x@beta.test/plane/ops/service/gw", IdentityFault::uri_user},
        {"spiffe://beta.test/plane/ops/service/gw?a=b", IdentityFault::uri_query},
        {"spiffe://beta.test?/plane/ops/service/gw", IdentityFault::uri_query},
        {"spiffe://beta.test/plane/ops/service/gw#", IdentityFault::uri_fragment},
        {"spiffe://beta.test/plane/ops/service/g%77", IdentityFault::uri_escape},
        {"spiffe://beta.test/plane/ops/service/gw%00", IdentityFault::uri_escape},
        {"spiffe://beta.test/plane//ops/service/gw", IdentityFault::uri_empty_segment},
        {"spiffe://beta.test//plane/ops/service/gw", IdentityFault::uri_empty_segment},
        {"spiffe://beta.test/plane/./ops/service/gw", IdentityFault::uri_dot_segment},
        {"spiffe://beta.test/plane/chain/../ops/service/gw", IdentityFault::uri_dot_segment},
        {"spiffe://beta.test/plane/ops/service/..", IdentityFault::uri_dot_segment},
        {"spiffe://beta.test/plane/ops/service/gw/", IdentityFault::uri_trailing_slash},
        {"spiffe://beta.test/", IdentityFault::uri_trailing_slash},
        {"spiffe://beta.test/plane/ops/service/g w", IdentityFault::uri_bad_character},
        {"spiffe://beta.test/plane/ops/service/gw;a", IdentityFault::uri_bad_character},
        {"spiffe://beta.test/plane/ops/service/gw@x:1", IdentityFault::uri_bad_character},
        {"spiffe://beta.test/plane/ops/service/\xc3\xa9", IdentityFault::uri_bad_character},
        {"spiffe://beta.test/plane/ops/service\\gw", IdentityFault::uri_bad_character},
        {"spiffe://beta.tes/plane/ops/service/gw", IdentityFault::foreign_trust_domain},
        {"spiffe://beta.test.evil/plane/ops/service/gw", IdentityFault::foreign_trust_domain},
        {"spiffe://beta.test./plane/ops/service/gw", IdentityFault::foreign_trust_domain},
        {"spiffe://a.beta.test/plane/ops/service/gw", IdentityFault::foreign_trust_domain},
        {"spiffe://beta.test", IdentityFault::other_form},
        {"spiffe://beta.test/plane/ops", IdentityFault::other_form},
        {"spiffe://beta.test/plane/ops/service", IdentityFault::other_form},
        {"spiffe://beta.test/plane/ops/service/gw/more", IdentityFault::other_form},
        {"spiffe://beta.test/more/plane/ops/service/gw", IdentityFault::other_form},
        {"spiffe://beta.test/Plane/ops/service/gw", IdentityFault::other_form},
        {"spiffe://beta.test/plane/ops/services/gw", IdentityFault::other_form},
        {"spiffe://beta.test/plane/Ops/service/gw", IdentityFault::bad_plane_or_service},
        {"spiffe://beta.test/plane/ops/service/g_w", IdentityFault::bad_plane_or_service},
        {"spiffe://beta.test/plane/ops/service/-gw", IdentityFault::bad_plane_or_service},
        {"spiffe://beta.test/plane/ops/service/gw.x", IdentityFault::bad_plane_or_service},
    }));
    INFO(row.uri);
    CHECK(fault(row.uri) == name(row.fault));
}

TEST_CASE("a SPIFFE ID has 2048 bytes at most, its trust domain 255, a name 63") {
    const auto wide = made("/{any}/{plane}/{service}");
    const std::string before = "spiffe://beta.test/";
    const std::string after = "/ops/gw";
    const std::string filler(2048 - before.size() - after.size(), 'x');
    CHECK(fault(before + filler + after, wide) == "none");
    CHECK(fault(before + filler + "x" + after, wide) == "uri_too_long");

    const std::string domain(255, 'd');
    const std::string longest = "spiffe://" + domain + "/plane/ops/service/gw";
    CHECK(fault(longest, made(path, domain)) == "none");
    CHECK(fault("spiffe://d" + longest.substr(9), made(path, domain)) == "bad_trust_domain");
    CHECK_FALSE(IdentityTemplate::parse(path, domain + "d"));

    const std::string name(63, 'n');
    CHECK(fault("spiffe://beta.test/plane/ops/service/" + name) == "none");
    CHECK(fault("spiffe://beta.test/plane/ops/service/n" + name) == "bad_plane_or_service");
}

TEST_CASE("a NUL within a SPIFFE ID does not end it") {
    using namespace std::string_view_literals;
    CHECK(fault("spiffe://beta.test/plane/ops/service/gw\0"sv) == "uri_bad_character");
    CHECK(fault("spiffe://beta.test\0/plane/ops/service/gw"sv) == "bad_trust_domain");
    CHECK(fault("spiffe://beta.test/plane/ops\0/service/gw"sv) == "uri_bad_character");
}

TEST_CASE("the SPIFFE ID of a service is the one that the template reads back") {
    const auto plane = PlaneName::parse("wallet").value();
    const auto service = ServiceName::parse("tron-payment").value();
    const auto uri = made().uri_of(plane, service);
    REQUIRE(uri);
    CHECK(*uri == "spiffe://beta.test/plane/wallet/service/tron-payment");
    CHECK(made().match_uri(*uri)->service == service);
    CHECK(made("/{service}/in/{plane}").uri_of(plane, service) ==
          "spiffe://beta.test/tron-payment/in/wallet");
    CHECK_FALSE(made("/{plane}/{cluster}/{service}").uri_of(plane, service));
    CHECK_FALSE(made("CN={service},OU={plane}").uri_of(plane, service));
}

TEST_CASE("a subject tells plane and service by the text around its braces") {
    const auto form = made("CN={service},OU=plane-{plane}");
    CHECK(form.is_subject_form());
    CHECK_FALSE(made().is_subject_form());
    const auto found = form.match_subject("tron-payment", "plane-wallet");
    REQUIRE(found);
    CHECK(found->plane.view() == "wallet");
    CHECK(found->service.view() == "tron-payment");
    CHECK(found->id == "CN=tron-payment,OU=plane-wallet");

    const auto turned = made("OU={service}.svc,CN=the {plane} plane");
    const auto other = turned.match_subject("the ops plane", "gw.svc");
    REQUIRE(other);
    CHECK(other->plane.view() == "ops");
    CHECK(other->service.view() == "gw");
    CHECK(other->id == "CN=the ops plane,OU=gw.svc");

    CHECK(subject_fault("gw", "ops", form) == "other_form");
    CHECK(subject_fault("gw", "Plane-ops", form) == "other_form");
    CHECK(subject_fault("gw", "plane", form) == "other_form");
    CHECK(subject_fault("the ops plane", "gw.svc.", turned) == "other_form");
    CHECK(subject_fault("the plane", "gw.svc", turned) == "other_form");
    CHECK(subject_fault("gw", "plane-", form) == "bad_plane_or_service");
    CHECK(subject_fault("", "plane-ops", form) == "bad_plane_or_service");
    CHECK(subject_fault("GW", "plane-ops", form) == "bad_plane_or_service");
    CHECK(subject_fault("*", "plane-ops", form) == "bad_plane_or_service");
}

TEST_CASE("text before and after a brace never shares a byte") {
    const auto form = made("CN=aa{service}aa,OU={plane}");
    CHECK(subject_fault("aaa", "ops", form) == "other_form");
    CHECK(subject_fault("aaaa", "ops", form) == "bad_plane_or_service");
    CHECK(subject_fault("aagwaa", "ops", form) == "none");
}

TEST_CASE("a template of one form never matches the other") {
    CHECK(fault("spiffe://beta.test/plane/ops/service/gw", made("CN={service},OU={plane}")) ==
          "other_form");
    CHECK(subject_fault("gw", "ops", made()) == "other_form");
}

TEST_CASE("a template that leaves doubt about plane or service is refused") {
    const auto text = GENERATE(values<std::string>({
        "",
        "{plane}/{service}",
        "spiffe://beta.test/plane/{plane}/service/{service}",
        "{service}.{plane}.example.org",  // a DNS name
        "DNS={service},OU={plane}",
        "/",
        "/plane/{plane}",
        "/service/{service}",
        "/{plane}/{plane}/{service}",
        "/{plane}/{service}/{service}",
        "/{any}/{plane}/{service}/{any}",
        "/{plane}/{service}/",
        "//{plane}/{service}",
        "/{plane}/./{service}",
        "/{plane}/../{service}",
        "/plane-{plane}/{service}",
        "/{plane}{service}",
        "/{plane}/{service",
        "/{plane}/service}",
        "/{plane}/{service}/{}",
        "/{plane}/{service}/{Any}",
        "/{plane}/{service}/a b",
        "/{plane}/{service}?x",
        "/{plane}/{service}/%41",
        "CN={service}",
        "OU={plane}",
        "CN={service},CN={plane}",
        "CN={service},OU={service}",
        "CN={service},OU=ops",
        "CN={service}{plane},OU=x",
        "CN={service},OU={plane}{plane}",
        "CN={service},OU={plane},O=x",
        "CN={service}, OU={plane}",
        "CN={service},OU=\"{plane}\"",
        "CN={service}+UID=1,OU={plane}",
        "CN={service},OU={plane}\n",
        "CN={service},",
        "cn={service},ou={plane}",
    }));
    INFO(text);
    const auto parsed = IdentityTemplate::parse(text, "beta.test");
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().size() > 20);
}

TEST_CASE("a template is at most 1024 bytes long") {
    const std::string text = "/{plane}/{service}/";
    CHECK(IdentityTemplate::parse(text + std::string(1024 - text.size(), 'x'), "beta.test"));
    CHECK_FALSE(IdentityTemplate::parse(text + std::string(1025 - text.size(), 'x'), "beta.test"));
}

TEST_CASE("a trust domain is checked where a path needs one") {
    for (const std::string_view bad : {"", "Beta.test", "beta test", "beta.test/", "beta:1", "b@t"})
        CHECK_FALSE(IdentityTemplate::parse(path, bad));
    for (const std::string_view good : {"a", "beta.test", "a_b-c.9"})
        CHECK(IdentityTemplate::parse(path, good));
    CHECK(IdentityTemplate::parse("CN={service},OU={plane}", ""));
}

TEST_CASE("every identity fault has a name of its own and a sentence") {
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < static_cast<std::size_t>(IdentityFault::count_); ++i) {
        const auto each = static_cast<IdentityFault>(i);
        CHECK(sentence(each).size() > 20);
        CHECK(name(each).find_first_not_of("abcdefghijklmnopqrstuvwxyz_") ==
              std::string_view::npos);
        CHECK(names.insert(name(each)).second);
    }
}
