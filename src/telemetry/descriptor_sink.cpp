#include "descriptor_sink.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace beta::telemetry {

void DescriptorSink::sink_it_(const spdlog::details::log_msg& message) {
    spdlog::memory_buf_t formatted;
    formatter_->format(message, formatted);
    write_all({formatted.data(), formatted.size()});
}

void DescriptorSink::write_all(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(fd_, bytes.data(), bytes.size());
        if (written >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            pollfd ready{fd_, POLLOUT, 0};  // somebody else made our stdout non-blocking
            ::poll(&ready, 1, 1000);
        } else if (errno != EINTR) {
            spdlog::throw_spdlog_ex("write", errno);
        }
    }
}

}  // namespace beta::telemetry
