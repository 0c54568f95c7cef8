#include "beta/local/ask.hpp"

#include <catch2/catch.hpp>

namespace beta::local {
namespace {

using model::Failure;

Failure refused(const Request& request) {
    const auto ask = read_ask(request);
    return ask ? Failure::none : ask.error().failure;
}

TEST_CASE("three paths are answered, and no other") {
    CHECK(read_ask({"GET", "/v1/whoami", ""})->page == Page::whoami);
    CHECK(read_ask({"HEAD", "/v1/services", "text/plain"})->page == Page::services);
    CHECK(read_ask({"POST", "/v1/logs", "application/json"})->page == Page::logs);
    for (const std::string_view path : {"/", "/v1", "/v1/logs/", "/v1/Logs", "/v2/logs", ""}) {
        CAPTURE(path);
        CHECK(refused({"POST", path, "application/json"}) == Failure::page_unknown);
    }
}

TEST_CASE("a path takes its own method, and says which") {
    CHECK(read_ask({"GET", "/v1/logs", ""}).error().fields == "Allow: POST\r\n");
    CHECK(read_ask({"POST", "/v1/whoami", ""}).error().fields == "Allow: GET, HEAD\r\n");
    for (const std::string_view method : {"GET", "PUT", "post", "OPTIONS", "TRACE", "HEAD"}) {
        CAPTURE(method);
        CHECK(refused({method, "/v1/logs", "application/json"}) == Failure::method_not_allowed);
    }
}

TEST_CASE("a media type says how lines come, whatever its case and parameters") {
    const auto form = [](std::string_view type) {
        return read_ask({"POST", "/v1/logs", type}).value().form;
    };
    CHECK(form("application/json") == Form::object);
    CHECK(form("Application/JSON ; charset=utf-8") == Form::object);
    CHECK(form("application/x-ndjson") == Form::objects);
    CHECK(form("text/plain;charset=latin1") == Form::text);
}

TEST_CASE("another media type, none, or a coding is not read") {
    for (const std::string_view type :
         {"", " ", ";", "application/x-www-form-urlencoded", "application/jsonx", "text/html"}) {
        CAPTURE(type);
        CHECK(refused({"POST", "/v1/logs", type}) == Failure::media_type_unknown);
    }
    CHECK(refused({"POST", "/v1/logs", "application/json", true}) == Failure::media_type_unknown);
}

}  // namespace
}  // namespace beta::local
