// DescriptorSink: whole blocks to a file descriptor in one write; throws when nobody can take them
// any more.
#pragma once

#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>

#include <string_view>

namespace beta::telemetry {

/// One thread only (the log writer's). stdio is left out: its buffer and lock buy nothing here.
class DescriptorSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
  public:
    explicit DescriptorSink(int fd) : fd_(fd) {}

  private:
    void sink_it_(const spdlog::details::log_msg& message) override;
    void flush_() override {}
    void write_all(std::string_view bytes);

    int fd_;
};

}  // namespace beta::telemetry
