#include "beta/proof/network_policy.hpp"

#include "beta/acl/reach.hpp"
#include "beta/acl/rule.hpp"
#include "beta/model/digest.hpp"
#include "beta/model/json_text.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace beta::proof {
namespace {

using acl::Direction;
using model::json_text;  // quotes: a plane may be called on, or 1

/// In words, one for each of the others: "ops/api-gateway by gateway-pays".
struct Contacts {
    std::vector<std::string> calls;
    std::vector<std::string> called_by;
};

/// TCP but DNS (53) and DNS over TLS (853).
constexpr const char* ports_but_dns = R"(      ports:
        - protocol: TCP
          port: 1
          endPort: 52
        - protocol: TCP
          port: 54
          endPort: 852
        - protocol: TCP
          port: 854
          endPort: 65535
)";

/// What no relay of the public network is at (RFC 6890): this host, private and shared networks,
/// links, tests, multicast; of IPv6 also what stands for an IPv4 address.
constexpr const char* public_addresses = R"(    - to:
        - ipBlock:
            cidr: 0.0.0.0/0
            except:
              - 0.0.0.0/8
              - 10.0.0.0/8
              - 100.64.0.0/10
              - 127.0.0.0/8
              - 169.254.0.0/16
              - 172.16.0.0/12
              - 192.0.0.0/24
              - 192.168.0.0/16
              - 198.18.0.0/15
              - 224.0.0.0/3
        - ipBlock:
            cidr: 2000::/3
            except:
              - 2001::/32
              - 2002::/16
)";

/// By which rules of a side; what reports alone lets everything pass, by no rule.
std::string by(const acl::Reach& reach) {
    std::string out;
    for (const std::string& rule : reach.rules)
        out += (out.empty() ? "" : ", ") + rule;
    return out.empty() ? "mode: report" : out;
}

class Writer {
  public:
    Writer(const Policies& policies, const Names& names, const Surroundings& around)
        : policies_(policies), names_(names), around_(around) {
        std::map<std::string_view, std::string_view> digests;
        for (const auto& policy : policies)
            digests.emplace(policy->plane(), policy->digest());
        std::string text;
        for (const auto& [plane, digest] : digests)
            text.append(plane).append(" ").append(digest).append("\n");
        digest_ = json_text(model::sha256_hex(text));
        meet_everyone();
    }

    std::string run() {
        std::set<std::string_view> planes;
        for (const auto& [service, plane] : names_.services)
            if (around_.plane.empty() || plane == around_.plane)
                planes.insert(plane);
        out_ =
            "# Made by `beta-sidecar acl export --format networkpolicy`, and made again when a "
            "policy changes.\n";
        for (const std::string_view plane : planes)
            write_plane(plane);
        return std::move(out_);
    }

  private:
    void meet_everyone() {
        for (const auto& [caller, plane] : names_.services) {
            for (const auto& [callee, to_plane] : names_.services)
                if (caller != callee)
                    meet(caller, plane, callee, to_plane);
            for (const std::string& host : names_.external)
                meet_outside(caller, plane, host);
        }
    }

    acl::Reach reach(std::string_view plane, acl::Neighbour of) const {
        const auto* const policy = of_plane(policies_, plane);
        of.known_by = around_.known_by;
        return policy == nullptr ? acl::Reach{} : acl::reach(policy->file(), of);
    }

    void meet(const std::string& caller, const std::string& plane, const std::string& callee,
              const std::string& to_plane) {
        const auto out = reach(
            plane,
            {.direction = Direction::egress, .plane = to_plane, .service = caller, .peer = callee});
        const auto in = reach(
            to_plane,
            {.direction = Direction::ingress, .plane = plane, .service = callee, .peer = caller});
        if (out.opening == acl::Opening::closed || in.opening == acl::Opening::closed)
            return;
        const auto rules =
            " by " + by(out) + " (" + plane + ") and " + by(in) + " (" + to_plane + ")";
        contacts_[caller].calls.push_back(to_plane + '/' + callee + rules);
        contacts_[callee].called_by.push_back(plane + '/' + caller + rules);
    }

    void meet_outside(const std::string& caller, const std::string& plane,
                      const std::string& host) {
        const auto out = reach(
            plane, {.direction = Direction::egress, .plane = {}, .service = caller, .peer = host});
        if (out.opening != acl::Opening::closed)
            contacts_[caller].calls.push_back("outside " + host + " by " + by(out) + " (" + plane +
                                              ")");
    }

    void write_plane(std::string_view plane) {
        write_head("default-deny", plane);
        out_ += "  annotations:\n    beta-sidecar/policies: " + digest_ +
                "\nspec:\n  podSelector: {}\n  policyTypes: [Ingress, Egress]\n";
        for (const auto& [service, its_plane] : names_.services)
            if (its_plane == plane)
                write_service(service, plane);
    }

    void write_head(const std::string& name, std::string_view plane) {
        out_ += "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: " +
                name + "\n  namespace: " + json_text(plane) +
                "\n  labels:\n    beta-sidecar/plane: " + json_text(plane) + '\n';
    }

    void write_service(const std::string& service, std::string_view plane) {
        const Contacts& contacts = contacts_[service];
        write_head("service-" + service, plane);  // no service can be named like the default
        out_ += "    beta-sidecar/service: " + json_text(service) + "\n  annotations:\n";
        annotate("calls", contacts.calls);
        annotate("called-by", contacts.called_by);
        out_ += "    beta-sidecar/policies: " + digest_ +
                "\nspec:\n  podSelector:\n    matchLabels:\n      beta-sidecar/plane: " +
                json_text(plane) + "\n      beta-sidecar/service: " + json_text(service) +
                "\n  policyTypes: [Ingress, Egress]\n";
        if (!around_.scraper.empty())
            out_ +=
                "  ingress:\n    - from:\n        - namespaceSelector:\n            matchLabels:"
                "\n              kubernetes.io/metadata.name: " +
                json_text(around_.scraper) +
                "\n      ports:\n        - protocol: TCP\n          port: 9090\n";
        if (!contacts.calls.empty() || !contacts.called_by.empty())
            write_egress();
    }

    void annotate(std::string_view key, const std::vector<std::string>& lines) {
        std::string text;
        for (const std::string& line : lines)
            text += (text.empty() ? "" : "; ") + line;
        out_ += "    beta-sidecar/" + std::string(key) + ": " +
                json_text(text.empty() ? "nobody" : text) + '\n';
    }

    void write_egress() {
        out_ += "  egress:\n";
        if (around_.relays.empty()) {
            out_ += public_addresses;
            out_ += ports_but_dns;
        }
        for (const Relay& relay : around_.relays)
            out_ += "    - to:\n        - ipBlock:\n            cidr: " + json_text(relay.cidr()) +
                    "\n      ports:\n        - protocol: TCP\n          port: " +
                    std::to_string(relay.port()) + '\n';
    }

    const Policies& policies_;
    const Names& names_;
    const Surroundings& around_;
    std::map<std::string, Contacts, std::less<>> contacts_;
    std::string digest_;
    std::string out_;
};

}  // namespace

std::string network_policies(const Policies& policies, const Names& names,
                             const Surroundings& around) {
    return Writer(policies, names, around).run();
}

}  // namespace beta::proof
