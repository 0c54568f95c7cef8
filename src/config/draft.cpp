#include "beta/config/draft.hpp"

namespace beta::config {
namespace {

model::Endpoint local(std::string_view text) {
    return model::Endpoint::parse(text).value();
}

}  // namespace

Draft new_draft() {
    return {.config = {.service = model::ServiceName::parse("unnamed").value(),
                       .plane = model::PlaneName::parse("unnamed").value(),
                       .app = {},
                       .acl_file = {},
                       .services_file = {},
                       .identity = Identity::certificate,
                       .tls = {},
                       .tor_socks = local("127.0.0.1:9050"),
                       .tor_control = {},
                       .tor_control_password_file = {},
                       .tor_control_cookie_file = {},
                       .tor_data = {},
                       .tor_extra_torrc = {},
                       .tor_keys = {},
                       .tor_client_key = {},
                       .egress = local("127.0.0.1:15001"),
                       .ingress = {},
                       .admin = local("127.0.0.1:9090"),
                       .log = {},
                       .audit = {},
                       .tracing = {},
                       .upstream = {},
                       .limits = {}},
            .given = {}};
}

}  // namespace beta::config
