// acl explain: why a call would be allowed or denied, by the engine that serves traffic.
#include "beta/acl/explain.hpp"
#include "beta/acl/policy.hpp"

#include "commands.hpp"
#include "config_file.hpp"
#include "exit_code.hpp"
#include "identity_option.hpp"
#include "policy_files.hpp"

#include <memory>
#include <ostream>
#include <string>
#include <utility>

namespace beta::cli {
namespace {

struct Options {
    std::string folder = "acl";
    std::string from;                  // plane/service, or plane
    std::string to;                    // plane/service, or the name of an external host
    std::vector<std::string> headers;  // "name: value"
    acl::Question question;
    bool json = false;
};

/// "wallet/tron-payment" → {wallet, tron-payment}.
std::pair<std::string, std::string> split(const std::string& text) {
    const auto slash = text.find('/');
    return slash == text.npos ? std::pair{text, std::string{}}
                              : std::pair{text.substr(0, slash), text.substr(slash + 1)};
}

acl::Question question_of(const Options& options) {
    auto question = options.question;
    std::tie(question.from_plane, question.from_service) = split(options.from);
    std::tie(question.to_plane, question.to_service) = split(options.to);
    question.external = options.to.find('/') == options.to.npos;
    if (question.external)
        std::swap(question.to_plane, question.to_service);  // an external host has no plane
    for (const std::string& header : options.headers) {
        const auto colon = header.find(':');
        question.headers.push_back(
            {header.substr(0, colon), colon == header.npos ? "" : header.substr(colon + 1)});
    }
    return question;
}

int explain(const Options& options, Session& session) {
    model::Diagnostics problems;
    const auto policies = load_policies({options.folder}, problems);
    if (!problems.empty()) {
        print(session.err, problems);
        return bad_data;
    }
    const auto question = question_of(options);
    const auto* const egress = proof::of_plane(policies, question.from_plane);
    const auto* const ingress = proof::of_plane(policies, question.to_plane);
    for (const auto& [policy, plane] :
         {std::pair{egress, question.from_plane}, std::pair{ingress, question.to_plane}}) {
        if (policy == nullptr && !plane.empty())
            session.err << options.folder << ": no file here is the policy of plane " << plane
                        << ": that side is not asked\n";
    }
    if (egress == nullptr && ingress == nullptr)
        return bad_data;
    const auto explanation = acl::explain(egress, ingress, question);
    session.out << (options.json ? acl::to_json(explanation) + "\n" : acl::to_text(explanation));
    return explanation.verdict() == acl::Verdict::allow ? ok : denied;
}

}  // namespace

void add_acl(CLI::App& app, Session& session) {
    auto* const acl = app.add_subcommand("acl", "Ask the policy, offline");
    acl->require_subcommand(1);
    auto* const command = acl->add_subcommand(
        "explain", "Say which rules of both sides allow or deny a call; exit 0 or 1");
    const auto options = std::make_shared<Options>();
    command->add_option("--from", options->from, "Caller: plane/service, or plane")->required();
    command->add_option("--to", options->to, "Callee: plane/service, or an external host")
        ->required();
    command->add_option("--method", options->question.method, "CONNECT asks for a tunnel to a host")
        ->capture_default_str();
    command->add_option("--path", options->question.path)->capture_default_str();
    command->add_option("--header", options->headers, "\"name: value\"; may be repeated");
    command->add_option("--acl", options->folder, "Folder of the policies")->capture_default_str();
    add_identity(*command, options->question.known_by);
    command->add_flag("--json", options->json, "As a JSON object");
    command->callback([options, &session] { session.exit_code = explain(*options, session); });
    add_acl_test(*acl, session);
    add_acl_prove(*acl, session);
    add_acl_lint(*acl, session);
    add_acl_diff(*acl, session);
    add_acl_export(*acl, session);
}

}  // namespace beta::cli
