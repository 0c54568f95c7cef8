#include "beta/telemetry/denials.hpp"

#include "beta/model/onion_address.hpp"
#include "beta/telemetry/json_text.hpp"

namespace beta::telemetry {

void Denials::note(const Record& record, std::chrono::system_clock::time_point now) {
    if (!record.is_denied() || capacity_ == 0)
        return;
    if (ring_.size() < capacity_)
        ring_.emplace_back();
    const auto word = [](std::string_view text) { return std::string(clip(text, word_bytes)); };
    const auto path = model::redact_onions(record.path);  // before it is cut: half an address, too
    ring_[next_] = {.time = now,
                    .direction = record.direction,
                    .source = word(record.source_service),
                    .source_plane = word(record.source_plane),
                    .destination = word(record.destination),
                    .destination_plane = word(record.destination_plane),
                    .method = word(record.method),
                    .path = std::string(clip(path, path_bytes)),
                    .rule = word(record.rule),
                    .status = record.status,
                    .enforced = record.enforced,
                    .limited = record.limited};
    if (path.size() > path_bytes)
        ring_[next_].path += "…";
    next_ = (next_ + 1) % capacity_;
}

}  // namespace beta::telemetry
