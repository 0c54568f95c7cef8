// What is mounted where: tor's sockets, certificates and keys.
#include "beta/yaml/document.hpp"

#include "checks.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>

namespace beta::manifest {
namespace {

namespace fs = std::filesystem;
using Findings = std::vector<Finding>;
using yaml::printable;

/// As if the deployment lay deep in some folder, so that ".." leads somewhere. No slash at the end.
fs::path whole(const std::string& source) {
    const auto path = (fs::path("/1/2/3/4/5/6/7/8/deployment") / source).lexically_normal();
    return path.has_filename() ? path : path.parent_path();
}

/// Files of a folder are in it: ".", ".." and "tls" hold "tls/key.pem".
bool holds(const Mount& outer, const Mount& inner) {
    if (outer.source.empty() || inner.source.empty() || outer.host != inner.host)
        return false;
    if (!outer.host)  // a subPath, a key of a ConfigMap
        return inner.source == outer.source || inner.source.starts_with(outer.source + '/');
    const auto folder = whole(outer.source);
    const auto file = whole(inner.source);
    return std::ranges::mismatch(folder, file).in1 == folder.end();
}

bool is_below(std::string_view path, std::string_view folder) noexcept {
    return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

/// What a tor has is its own, and of a sidecar the sockets and the keys are.
bool is_private(const Container& owner, const Mount& mount) {
    if (owner.role == Role::tor)
        return true;
    return owner.role == Role::sidecar &&
           (is_below(mount.target, "/run/tor") || is_below(mount.target, "/run/ingress") ||
            is_below(mount.target, "/etc/beta"));
}

const Mount* private_mount(const Container& app, const Deployment& deployment) {
    for (const Mount& mount : app.mounts)
        for (const Container& owner : deployment.containers)
            for (const Mount& own : owner.mounts)
                if (is_private(owner, own) && (holds(mount, own) || holds(own, mount)))
                    return &mount;
    return nullptr;
}

void private_volumes(const Deployment& deployment, Findings& out) {
    for (const Container& c : deployment.containers) {
        if (c.role == Role::sidecar || c.role == Role::tor)
            continue;
        const Mount* const mount = private_mount(c, deployment);
        out.push_back(judged(c, mount == nullptr,
                             mount == nullptr ? "mounts nothing of a sidecar or a tor"
                                              : "mounts " + printable(mount->source),
                             mount == nullptr ? c.place : mount->place));
    }
}

/// Authorities are everybody's to know; the rest of the folder is a certificate and its key.
bool is_key(const Mount& mount) {
    return is_below(mount.target, "/etc/beta/tls") && !is_below(mount.target, "/etc/beta/tls/ca");
}

void tls_keys(const Deployment& deployment, Findings& out) {
    for (const Container& c : all_of(deployment, Role::sidecar))
        for (const Mount& key : c.mounts) {
            if (!is_key(key))
                continue;
            const Container* other = nullptr;
            for (const Container& d : deployment.containers)
                for (const Mount& mount : d.mounts)
                    if (&d != &c && d.role != Role::app && holds(mount, key))
                        other = &d;
            out.push_back(judged(
                c, other == nullptr,
                printable(key.source) +
                    (other == nullptr ? " is its own" : " is mounted by " + printable(other->name)),
                key.place));
        }
}

/// Each socket volume joins one sidecar with one tor.
void tor_sockets(const Deployment& deployment, Findings& out) {
    for (const Container& c : all_of(deployment, Role::sidecar)) {
        const Container* stranger = nullptr;
        bool has_tor = false;
        Place place = c.place;
        for (const Mount& mount : c.mounts) {
            if (!is_below(mount.target, "/run/tor") && !is_below(mount.target, "/run/ingress"))
                continue;
            place = mount.place;
            for (const Container& d : deployment.containers)
                for (const Mount& other : d.mounts) {
                    if (&d == &c || !holds(other, mount))
                        continue;
                    if (d.role == Role::tor && is_same_service(c, d))
                        has_tor = true;
                    else
                        stranger = &d;
                }
        }
        const bool own = has_tor && stranger == nullptr;
        out.push_back(judged(c, own,
                             own        ? "with its own tor"
                             : !has_tor ? "no volume at /run/tor joins it with its tor"
                                        : "with " + printable(stranger->name) + " too",
                             place));
    }
}

constexpr WholeCheck table[] = {
    {List::planes, "TOR_SOCKETS", "every sidecar shares volumes of sockets with its own tor alone",
     "mount one volume at /run/tor of the sidecar and of its tor, and nowhere else",
     "mount one emptyDir at /run/tor of the sidecar and of its tor, and nowhere else", tor_sockets},
    {List::planes, "PRIVATE_VOLUMES", "no app mounts what is a sidecar's or a tor's",
     "remove this mount: by tor's sockets an app goes round its sidecar, by the keys it is one",
     "remove this mount: by tor's sockets an app goes round its sidecar, by the keys it is one",
     private_volumes},
    {List::planes, "TLS_KEYS", "every certificate and key is mounted into one sidecar alone",
     "give each sidecar a certificate and a key of its own, mounted below /etc/beta/tls",
     "give each sidecar a certificate and a key of its own, mounted below /etc/beta/tls", tls_keys},
};

}  // namespace

std::span<const WholeCheck> mount_checks() noexcept {
    return table;
}

}  // namespace beta::manifest
