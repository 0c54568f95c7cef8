// List 1: what a process is made of, and what it may do.
#include "beta/yaml/document.hpp"

#include "checks.hpp"

#include <algorithm>

namespace beta::manifest {
namespace {

/// NAME@sha256:<64 hex>.
bool has_digest(std::string_view image) noexcept {
    constexpr std::string_view mark = "@sha256:";
    const auto at = image.find(mark);
    if (at == image.npos || at == 0)
        return false;
    const auto digest = image.substr(at + mark.size());
    return digest.size() == 64 && digest.find_first_not_of("0123456789abcdef") == digest.npos;
}

/// "65532" or "65532:65532": neither part a name or 0.
bool is_plain_user(std::string_view user) noexcept {
    const auto colon = user.find(':');
    const auto is_number = [](std::string_view part) {
        return !part.empty() && part.size() <= 10 && part.front() != '0' &&
               part.find_first_not_of("0123456789") == part.npos;
    };
    return is_number(user.substr(0, colon)) &&
           (colon == user.npos || is_number(user.substr(colon + 1)));
}

Finding image(const Container& c) {
    return judged(c, has_digest(c.image.value), told("image", c.image), c.image.place);
}

Finding user(const Container& c) {
    return judged(c, is_plain_user(c.user.value), told("user", c.user), c.user.place);
}

Finding root(const Container& c) {
    return judged(c, is(c.read_only, "true"), told("read-only root", c.read_only),
                  c.read_only.place);
}

bool is_all(const Fact& capability) noexcept {
    return capability.value == "ALL" || capability.value == "all";
}

Finding dropped(const Container& c) {
    const auto all = std::ranges::find_if(c.cap_drop, is_all);
    if (all != c.cap_drop.end())
        return judged(c, true, "all are dropped", all->place);
    return judged(c, false, "not all capabilities are dropped",
                  c.cap_drop.empty() ? c.place : c.cap_drop.front().place);
}

Finding added(const Container& c) {
    if (c.cap_add.empty())
        return judged(c, true, "none is added", c.place);
    return judged(c, false, told("an added capability", c.cap_add.front()),
                  c.cap_add.front().place);
}

/// What is written and is not plainly "false" counts as privileged.
Finding privileged(const Container& c) {
    return judged(c, !c.privileged.given || is(c.privileged, "false"),
                  told("privileged", c.privileged), c.privileged.place);
}

Finding new_privileges(const Container& c) {
    return judged(c, is(c.no_new_privileges, "true"),
                  told("no-new-privileges", c.no_new_privileges), c.no_new_privileges.place);
}

/// Compose without a word has the engine's own profile: enough for who is not a sidecar.
Finding seccomp(const Container& c) {
    const bool by_engine =
        !c.seccomp.given && c.role != Role::sidecar && c.engine == Engine::compose;
    return judged(
        c,
        by_engine || (c.seccomp.given && !is(c.seccomp, "unconfined") && !c.seccomp.value.empty()),
        by_engine ? "the engine's own profile" : told("seccomp profile", c.seccomp),
        c.seccomp.place);
}

Finding shared(const Container& c) {
    if (is(c.network_mode, "host") || c.network_mode.value.starts_with("container:"))
        return judged(c, false, told("network_mode", c.network_mode), c.network_mode.place);
    if (c.shared.empty())
        return judged(c, true, "none is shared", c.place);
    return judged(c, false, yaml::printable(c.shared.front().value), c.shared.front().place);
}

/// Folders by which the host, its devices or its containers can be commanded.
bool is_of_host(const Mount& mount) {
    constexpr std::string_view whole[] = {"/",    "/bin", "/etc", "/home",   "/lib",
                                          "/usr", "/var", "/srv", "/var/lib"};
    constexpr std::string_view deep[] = {
        "/boot",           "/dev",    "/proc", "/root", "/run", "/sys", "/var/lib/containerd",
        "/var/lib/docker", "/var/run"};
    if (mount.source.ends_with(".sock") && mount.host)
        return true;
    std::string_view source = mount.source;
    if (source.size() > 1 && source.ends_with('/'))
        source.remove_suffix(1);
    return mount.host && (std::ranges::find(whole, source) != std::end(whole) ||
                          std::ranges::any_of(deep, [&](std::string_view folder) {
                              return source == folder ||
                                     (source.starts_with(folder) && source[folder.size()] == '/');
                          }));
}

/// Pods have no business on the host at all (Pod Security, "restricted").
bool is_forbidden(const Container& c, const Mount& mount) {
    return c.engine == Engine::kubernetes ? mount.host : is_of_host(mount);
}

Finding host_paths(const Container& c) {
    const auto bad =
        std::ranges::find_if(c.mounts, [&](const Mount& mount) { return is_forbidden(c, mount); });
    if (bad == c.mounts.end())
        return judged(c, true, "none is mounted", c.place);
    return judged(c, false, "mounts " + yaml::printable(bad->source), bad->place);
}

Finding account_token(const Container& c) {
    return judged(c, is(c.account_token, "false"),
                  told("automountServiceAccountToken", c.account_token), c.account_token.place);
}

constexpr ContainerCheck table[] = {
    {List::process, "IMAGE_DIGEST", "every image is pinned by its digest",
     "write NAME@sha256:… of the image that was tested; a tag can move",
     "write NAME@sha256:… of the image that was tested; a tag can move", image},
    {List::process, "USER", "every process is a user by number, and not root",
     "write `user: \"65532:65532\"`", "write `runAsUser: 65532`", user},
    {List::process, "READ_ONLY_ROOT", "every root file system is read-only",
     "write `read_only: true`; what must be written goes to a tmpfs or a volume",
     "write `readOnlyRootFilesystem: true`; what must be written goes to an emptyDir", root},
    {List::process, "CAPABILITIES_DROPPED", "every process has dropped all capabilities",
     "write `cap_drop: [ALL]`", "write `capabilities: { drop: [ALL] }`", dropped},
    {List::process, "CAPABILITIES_ADDED", "no process has a capability added", "remove `cap_add`",
     "remove `capabilities: { add: … }`", added},
    {List::process, "PRIVILEGED", "no process is privileged", "remove `privileged`",
     "remove `privileged`", privileged},
    {List::process, "NO_NEW_PRIVILEGES", "no process can gain privileges",
     "write `security_opt: [\"no-new-privileges:true\"]`",
     "write `allowPrivilegeEscalation: false`", new_privileges},
    {List::process, "SECCOMP", "every process has a seccomp profile, a sidecar its own",
     "write `security_opt: [\"seccomp=FILE\"]` with the sidecar's profile; nobody is unconfined",
     "write `seccompProfile: { type: RuntimeDefault }`, or Localhost with a profile", seccomp},
    {List::process, "OWN_NAMESPACES", "no process shares namespaces of the host or of others",
     "remove `pid`, `ipc`, `uts`, `userns_mode`, and `network_mode: host`",
     "remove hostNetwork, hostPID, hostIPC and shareProcessNamespace", shared},
    {List::process, "HOST_PATHS", "no socket of an engine and no folder of the host is mounted",
     "mount a named volume, or a file of the deployment",
     "mount an emptyDir, a ConfigMap or a Secret", host_paths},
    {List::process, "ACCOUNT_TOKEN", "no pod has a token of the cluster", "",
     "write `automountServiceAccountToken: false` in the pod", account_token},
};

}  // namespace

std::span<const ContainerCheck> process_checks() noexcept {
    return table;
}

}  // namespace beta::manifest
