#include "landlock.hpp"

#include "places.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <system_error>

namespace beta::runtime {
namespace {

namespace fs = std::filesystem;

// What the headers of Debian 12 (Linux 6.1) do not know.
constexpr std::uint64_t right_truncate = 1ULL << 14;      // Linux 6.2, version 3
constexpr std::uint64_t right_ioctl_dev = 1ULL << 15;     // Linux 6.10, version 5
constexpr std::uint64_t right_bind_tcp = 1ULL << 0;       // Linux 6.7, version 4
constexpr std::uint64_t right_connect_tcp = 1ULL << 1;    // the same
constexpr std::uint64_t scope_abstract_unix = 1ULL << 0;  // Linux 6.12, version 6
constexpr std::uint64_t scope_signal = 1ULL << 1;         // the same
constexpr int rule_port = 2;                              // Linux 6.7, version 4

struct RulesetAttributes {
    std::uint64_t files = 0;
    std::uint64_t ports = 0;  // version 4
    std::uint64_t scope = 0;  // version 6
};

struct PortRule {
    std::uint64_t rights;
    std::uint64_t port;
};

constexpr std::uint64_t read_file = LANDLOCK_ACCESS_FS_READ_FILE;
constexpr std::uint64_t read = read_file | LANDLOCK_ACCESS_FS_READ_DIR;
/// Read, since a log goes on where it ends.
constexpr std::uint64_t write_log = read_file | LANDLOCK_ACCESS_FS_WRITE_FILE;
constexpr std::uint64_t make_log = write_log | LANDLOCK_ACCESS_FS_MAKE_REG;
constexpr std::uint64_t of_a_file = write_log | LANDLOCK_ACCESS_FS_EXECUTE;

/// Every right that version `abi` can take.
std::uint64_t all_rights(int abi) noexcept {
    auto rights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1U) - 1U + std::uint64_t{0};
    if (abi >= 2)
        rights |= LANDLOCK_ACCESS_FS_REFER;
    if (abi >= 3)
        rights |= right_truncate;
    if (abi >= 5)
        rights |= right_ioctl_dev;
    return rights;
}

using Folders = std::span<const std::string_view>;

/// Folders of the whole system: of what stands right in them, just that file is allowed.
constexpr std::string_view not_written[] = {"/", "/etc", "/usr", "/dev", "/proc", "/sys"};
constexpr std::string_view not_read[] = {"/",     "/etc", "/usr",     "/dev", "/proc",
                                         "/sys",  "/var", "/var/log", "/run", "/tmp",
                                         "/home", "/opt", "/srv",     "/root"};

bool is_of(Folders folders, const fs::path& folder) {
    std::error_code error;
    const auto real = fs::canonical(folder, error);
    return error || std::ranges::find(folders, real.string()) != folders.end();
}

class Ruleset {
  public:
    explicit Ruleset(int abi) {
        const RulesetAttributes attributes{
            .files = all_rights(abi),
            .ports = abi >= 4 ? right_bind_tcp | right_connect_tcp : 0,
            .scope = abi >= 6 ? scope_abstract_unix | scope_signal : 0};
        const auto size = abi >= 6   ? sizeof attributes
                          : abi >= 4 ? offsetof(RulesetAttributes, scope)
                                     : offsetof(RulesetAttributes, ports);
        fd_ = static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attributes, size, 0U));
    }
    ~Ruleset() {
        if (fd_ >= 0)
            ::close(fd_);
    }
    Ruleset(const Ruleset&) = delete;
    Ruleset& operator=(const Ruleset&) = delete;

    /// What is not there, or in no file system, gets none: that is the safe side.
    void allow(const fs::path& path, std::uint64_t rights) const noexcept {
        if (const int at = allow_and_hold(path, rights); at >= 0)
            ::close(at);
    }
    /// The descriptor, or -1.
    int allow_and_hold(const fs::path& path, std::uint64_t rights) const noexcept {
        const int at = ::open(path.c_str(), O_PATH | O_CLOEXEC);
        struct stat facts{};
        if (at < 0 || ::fstat(at, &facts) != 0)
            return at;
        if (!S_ISDIR(facts.st_mode))
            rights &= of_a_file;
        const landlock_path_beneath_attr rule{.allowed_access = rights, .parent_fd = at};
        ::syscall(SYS_landlock_add_rule, fd_, LANDLOCK_RULE_PATH_BENEATH, &rule, 0U);
        return at;
    }
    void allow(std::uint16_t port) const noexcept {
        const PortRule rule{.rights = right_connect_tcp, .port = port};
        ::syscall(SYS_landlock_add_rule, fd_, rule_port, &rule, 0U);
    }
    bool restrict_self() const noexcept {
        return fd_ >= 0 && ::syscall(SYS_landlock_restrict_self, fd_, 0U) == 0;
    }

  private:
    int fd_;
};

/// Wherever a link or a file on the way may change, what comes then is read.
void allow_file(const Ruleset& rules, const std::string& path) {
    for (const auto& place : places_of(path)) {
        std::error_code ignored;
        if (!fs::is_directory(place, ignored) || !is_of(not_read, place))
            rules.allow(place, read);
    }
}

void allow_log(const Ruleset& rules, const std::string& path) {
    const auto parent = fs::path(path).parent_path();
    const auto& folder = parent.empty() ? fs::path(".") : parent;
    if (!is_of(not_written, folder))
        rules.allow(folder, make_log);
    rules.allow(path, write_log);
}

/// What /metrics tells of this process and its container. Of another, process 1, just its age.
void allow_facts(const Ruleset& rules) {
    rules.allow("/sys/fs/cgroup", read);
    // Held for good: what nobody holds in /proc may be another inode the next time, without leave.
    for (const auto* const path : {"/proc/self", "/proc/stat", "/proc/uptime", "/proc/1/stat"})
        rules.allow_and_hold(path, read);
}

std::string since(const char* version, const char* linux) {
    return std::string("needs Landlock ") + version + ", Linux " + linux;
}

}  // namespace

LandlockLacks enter_landlock(const config::Needs& needs) {
    const auto abi = static_cast<int>(
        ::syscall(SYS_landlock_create_ruleset, nullptr, 0U, LANDLOCK_CREATE_RULESET_VERSION));
    if (abi < 1) {
        const auto why = "no Landlock: " + std::generic_category().message(errno);
        return {.files = why, .ports = why, .scope = why};
    }
    const Ruleset rules(abi);
    for (const auto& file : needs.files)
        allow_file(rules, file);
    for (const auto& folder : needs.folders) {
        if (!is_of(not_written, folder))
            rules.allow(folder, read);
    }
    for (const auto& log : needs.logs)
        allow_log(rules, log);
    allow_facts(rules);
    if (abi >= 4) {
        for (const auto port : needs.ports)
            rules.allow(port);
    }
    if (!rules.restrict_self()) {
        const auto why = "Landlock refuses: " + std::generic_category().message(errno);
        return {.files = why, .ports = why, .scope = why};
    }
    return {.files = {},
            .ports = abi >= 4 ? "" : since("4", "6.7"),
            .scope = abi >= 6 ? "" : since("6", "6.12")};
}

}  // namespace beta::runtime
