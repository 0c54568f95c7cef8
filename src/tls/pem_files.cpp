#include "pem_files.hpp"

#include "beta/net/descriptor.hpp"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <functional>
#include <system_error>

namespace beta::tls {
namespace {

constexpr std::size_t file_bytes = 1024 * 1024;  // hundreds of authorities, a large revocation list
constexpr std::size_t key_file_bytes = 16 * 1024;  // RSA 4096 takes 3.3 KiB

void complain(model::Diagnostics& problems, const std::string& path, std::string message,
              const char* code) {
    problems.push_back({.file = path, .message = std::move(message), .code = code});
}

std::string why() {
    return std::generic_category().message(errno);
}

/// Memory that is never swapped or left behind, where the system has room for it.
class SecureText {
  public:
    explicit SecureText(std::size_t size)
        : size_(size), bytes_(static_cast<char*>(OPENSSL_secure_malloc(size))) {}
    ~SecureText() { OPENSSL_secure_clear_free(bytes_, size_); }
    SecureText(const SecureText&) = delete;
    SecureText& operator=(const SecureText&) = delete;
    char* data() const noexcept { return bytes_; }

  private:
    std::size_t size_;
    char* bytes_;
};

/// Its owner's, or root's and read by our own group: so Kubernetes gives a file of a Secret to who
/// is not root (fsGroup), and it knows no other way.
bool is_for_us_alone(const struct stat& info) noexcept {
    const bool by_group = info.st_uid == 0 && info.st_gid == ::getegid() && ::geteuid() != 0;
    const mode_t none_of = S_IRWXO | (by_group ? S_IWGRP | S_IXGRP : S_IRWXG);
    return (info.st_mode & none_of) == 0;
}

/// Opened and looked at in one: what is checked is what is read.
net::Descriptor open_file(const std::string& path, struct stat& info, std::size_t most,
                          model::Diagnostics& problems) {
    net::Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd || ::fstat(fd.get(), &info) != 0) {
        complain(problems, path, "cannot read this file: " + why(), "FILE_UNREADABLE");
        return {};
    }
    if (!S_ISREG(info.st_mode) || info.st_size == 0 ||
        static_cast<std::size_t>(info.st_size) > most) {
        complain(problems, path,
                 "this must be a file of 1 to " + std::to_string(most) + " bytes of PEM text",
                 "TLS_NOT_A_FILE");
        return {};
    }
    return fd;
}

bool read_all(const net::Descriptor& fd, char* into, std::size_t size) {
    std::size_t got = 0;
    while (got < size) {
        const auto bytes = ::read(fd.get(), into + got, size - got);
        if (bytes < 0 && errno == EINTR)
            continue;
        if (bytes <= 0)
            return false;
        got += static_cast<std::size_t>(bytes);
    }
    return true;
}

/// No password is ever asked for at a terminal.
int no_password(char*, int, int, void* asked) {
    *static_cast<bool*>(asked) = true;
    return -1;
}

/// Calls `one` for as long as there is another object; true when the file ended after a whole one.
bool read_objects(BIO* bio, const std::function<bool(BIO*)>& one) {
    while (one(bio)) {
    }
    const auto last = ERR_peek_last_error();
    ERR_clear_error();
    return ERR_GET_LIB(last) == ERR_LIB_PEM && ERR_GET_REASON(last) == PEM_R_NO_START_LINE;
}

template <class T, class Read>
std::vector<Owned<T>> read_list(const std::string& path, const char* what, Read read,
                                model::Diagnostics& problems) {
    struct stat info{};
    const auto fd = open_file(path, info, file_bytes, problems);
    if (!fd)
        return {};
    std::string text(static_cast<std::size_t>(info.st_size), '\0');
    if (!read_all(fd, text.data(), text.size())) {
        complain(problems, path, "this file changed while it was read; read it again",
                 "FILE_UNREADABLE");
        return {};
    }
    const Owned<BIO> bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    std::vector<Owned<T>> list;
    ERR_clear_error();
    const bool whole = read_objects(bio.get(), [&](BIO* from) {
        Owned<T> next(read(from));
        if (next)
            list.push_back(std::move(next));
        return !list.empty() && ERR_peek_error() == 0;
    });
    if (whole && !list.empty())
        return list;
    complain(problems, path,
             std::string("this must be ") + what + " in PEM; number " +
                 std::to_string(list.size() + 1) + " in this file cannot be read",
             "TLS_BAD_PEM");
    return {};
}

}  // namespace

std::vector<Owned<X509>> read_certificates(const std::string& path, model::Diagnostics& problems) {
    return read_list<X509>(
        path, "certificates",
        [](BIO* from) { return PEM_read_bio_X509(from, nullptr, nullptr, nullptr); }, problems);
}

std::vector<Owned<X509_CRL>> read_crls(const std::string& path, model::Diagnostics& problems) {
    return read_list<X509_CRL>(
        path, "revocation lists",
        [](BIO* from) { return PEM_read_bio_X509_CRL(from, nullptr, nullptr, nullptr); }, problems);
}

Owned<EVP_PKEY> read_key(const std::string& path, model::Diagnostics& problems) {
    struct stat info{};
    const auto fd = open_file(path, info, key_file_bytes, problems);
    if (!fd)
        return nullptr;
    if (!is_for_us_alone(info)) {
        complain(problems, path,
                 "group or world can reach this private key; chmod 600 it, and make a new one if "
                 "anyone may have read it",
                 "TLS_KEY_EXPOSED");
        return nullptr;
    }
    const auto size = static_cast<std::size_t>(info.st_size);
    const SecureText text(size);
    if (text.data() == nullptr || !read_all(fd, text.data(), size)) {
        complain(problems, path, "this file changed while it was read; read it again",
                 "FILE_UNREADABLE");
        return nullptr;
    }
    const Owned<BIO> bio(BIO_new_mem_buf(text.data(), static_cast<int>(size)));
    bool is_encrypted = false;
    Owned<EVP_PKEY> key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, &is_encrypted));
    ERR_clear_error();
    if (!key)
        complain(problems, path,
                 is_encrypted ? "this key is encrypted and nobody is there to type its password; "
                                "store it unencrypted, for its owner alone"
                              : "this must be a private key in PEM",
                 is_encrypted ? "TLS_KEY_ENCRYPTED" : "TLS_BAD_PEM");
    return key;
}

}  // namespace beta::tls
