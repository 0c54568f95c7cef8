#include "file_sink.hpp"

#include <utility>

namespace beta::telemetry {

FileSink::FileSink(std::string path, LogFile file, EventLog& events)
    : path_(std::move(path)), file_(std::make_unique<LogFile>(std::move(file))), events_(&events) {
    look_at_end();
}

void FileSink::forget_events() {
    const std::scoped_lock lock(mutex_);
    events_ = nullptr;
}

void FileSink::sink_it_(const spdlog::details::log_msg& message) {
    spdlog::memory_buf_t formatted;
    formatter_->format(message, formatted);
    const auto written = write({formatted.data(), formatted.size()});
    tell(written);
    if (!written)
        spdlog::throw_spdlog_ex(written.error());
}

/// That the file could be opened does not say that it can be written.
void FileSink::flush_() {
    if (const auto prepared = prepare(); !prepared)
        tell(prepared);
}

FileSink::Result FileSink::prepare() {
    if (wants_reopen_.exchange(false) || (file_ && file_->is_gone()))
        file_.reset();
    if (file_)
        return {};
    auto opened = LogFile::open(path_, LogFile::Writers::many);
    if (!opened)
        return std::unexpected(std::move(opened.error()));
    file_ = std::make_unique<LogFile>(std::move(*opened));
    look_at_end();
    return {};
}

FileSink::Result FileSink::write(std::string_view bytes) {
    if (auto prepared = prepare(); !prepared)
        return prepared;
    if (is_torn_) {  // whoever reads the log loses one line, not two
        if (const auto ended = file_->append("\n"); !ended.error.empty())
            return std::unexpected(ended.error);
        is_torn_ = false;
    }
    const auto written = file_->append(bytes);
    if (written.error.empty())
        return {};
    is_torn_ = written.bytes > 0 && bytes[written.bytes - 1] != '\n';
    if (!file_->keeps_halves())
        file_.reset();
    return std::unexpected(written.error);
}

void FileSink::look_at_end() {
    const auto end = file_->end(1);
    is_torn_ = end && !end->bytes.empty() && end->bytes != "\n";
}

void FileSink::tell(const Result& result) {
    const std::string why = result ? std::string() : result.error();
    if (why == std::exchange(why_, why))
        return;
    const std::scoped_lock lock(mutex_);
    if (events_ == nullptr)
        return;
    if (result)
        events_->info("access log is written again", {{"file", path_}});
    else
        events_->error("access log cannot be written, its lines are lost",
                       {{"file", path_}, {"why", why}});
}

}  // namespace beta::telemetry
