#include "beta/tor/key_file.hpp"

#include "beta/net/descriptor.hpp"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace beta::tor {
namespace {

using model::SecretText;

constexpr std::size_t most_bytes = 4096;  // the longest of these files has 119

std::unexpected<std::string> fault(const std::string& path, std::string_view what) {
    return std::unexpected(path + ": " + std::string(what));
}

std::unexpected<std::string> fault_errno(const std::string& path, std::string_view what) {
    return fault(path, std::string(what) + ": " + std::generic_category().message(errno));
}

/// What the kernel says of the file that was opened, not of a name that may point elsewhere by
/// now. A symbolic link is followed: Kubernetes mounts secrets as one.
std::expected<void, std::string> check_owner(int fd, const std::string& path) {
    struct stat status{};
    if (::fstat(fd, &status) != 0)
        return fault_errno(path, "cannot look at this key file");
    if (!S_ISREG(status.st_mode))
        return fault(path, "a key file must be a regular file");
    if (status.st_uid != ::geteuid() && status.st_uid != 0)
        return fault(path, "this key file belongs to another user, who can read the key");
    if ((status.st_mode & 077) != 0)
        return fault(path, "others than its owner may use this key file; chmod 600 it");
    return {};
}

std::expected<SecretText, std::string> read_key(const std::string& path) {
    const net::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file)
        return fault_errno(path, "cannot open this key file");
    if (auto checked = check_owner(file.get(), path); !checked)
        return std::unexpected(std::move(checked.error()));
    std::string text(most_bytes + 1, '\0');  // never grows: no copy is left behind
    std::size_t held = 0;
    while (held < text.size()) {
        const ssize_t got = ::read(file.get(), text.data() + held, text.size() - held);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            model::wipe(text);
            return fault_errno(path, "cannot read this key file");
        }
        if (got == 0)
            break;
        held += static_cast<std::size_t>(got);
    }
    text.resize(held);
    SecretText secret(std::move(text));
    if (held > most_bytes)
        return fault(path, "this is far too long for a key");
    return secret;
}

template <class Key>
std::expected<Key, std::string> load(const std::string& path) {
    const auto text = read_key(path);
    if (!text)
        return std::unexpected(text.error());
    auto key = Key::parse(text->disclose());
    if (!key)
        return fault(path, key.error());
    return *key;
}

model::SecretKey random_key() {
    model::SecretKey key;
    if (::getrandom(key.bytes().data(), key.bytes().size(), 0) !=
        static_cast<ssize_t>(key.bytes().size()))
        throw std::system_error(errno, std::generic_category(), "getrandom");
    return key;
}

bool write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t sent = ::write(fd, text.data(), text.size());
        if (sent < 0 && errno != EINTR)
            return false;
        if (sent > 0)
            text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return ::fsync(fd) == 0;
}

/// The folder's own entry, so that the file is there after a power cut too.
void sync_folder(const std::string& path) {
    const auto folder = std::filesystem::path(path).parent_path();
    const net::Descriptor opened(
        ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened)
        ::fsync(opened.get());
}

/// Under another name first. link(2), unlike rename(2), never replaces a file.
std::expected<void, std::string> write_new(const std::string& path, const SecretText& text) {
    std::string draft = path + ".XXXXXX";
    const net::Descriptor file(::mkostemp(draft.data(), O_CLOEXEC));  // 0600
    if (!file)
        return fault_errno(path, "cannot make a key file; is its folder there?");
    const bool done =
        write_all(file.get(), text.disclose()) && ::link(draft.c_str(), path.c_str()) == 0;
    const int error = errno;
    ::unlink(draft.c_str());
    if (!done) {
        errno = error;
        return fault_errno(path, "cannot make this key file");
    }
    sync_folder(path);
    return {};
}

}  // namespace

std::expected<model::OnionKey, std::string> load_onion_key(const std::string& path) {
    return load<model::OnionKey>(path);
}

std::expected<model::ClientKey, std::string> load_client_key(const std::string& path) {
    return load<model::ClientKey>(path);
}

std::expected<model::OnionKey, std::string> make_onion_key(const std::string& path) {
    const model::OnionKey key(random_key());
    if (auto written = write_new(path, key.disclose_pem()); !written)
        return std::unexpected(std::move(written.error()));
    return key;
}

std::expected<model::ClientKey, std::string> make_client_key(const std::string& path) {
    const model::ClientKey key(random_key());
    if (auto written = write_new(path, key.disclose_line()); !written)
        return std::unexpected(std::move(written.error()));
    return key;
}

std::expected<model::OnionKey, std::string> keep_onion_key(const std::string& path) {
    std::error_code missing;
    if (std::filesystem::symlink_status(path, missing).type() ==
        std::filesystem::file_type::not_found)
        return make_onion_key(path);
    return load_onion_key(path);
}

}  // namespace beta::tor
