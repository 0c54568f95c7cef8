#include "small_file.hpp"

#include "beta/net/descriptor.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace beta::tor {

std::optional<std::string> read_small_file(const std::string& path, std::size_t most) {
    // Not blocking: the path may come from whoever answers, and may name a pipe.
    const net::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    struct stat facts{};
    if (!file || ::fstat(file.get(), &facts) != 0 || !S_ISREG(facts.st_mode))
        return std::nullopt;
    std::string bytes(most, '\0');
    std::size_t size = 0;
    while (size < most) {
        const auto got = ::read(file.get(), bytes.data() + size, most - size);
        if (got == 0)
            break;
        if (got > 0)
            size += static_cast<std::size_t>(got);
        else if (errno != EINTR)
            return std::nullopt;
    }
    bytes.resize(size);
    return bytes;
}

}  // namespace beta::tor
