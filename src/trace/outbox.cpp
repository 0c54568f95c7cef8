#include "beta/trace/outbox.hpp"

#include <algorithm>
#include <utility>

namespace beta::trace {
namespace {

using Time = Outbox::Time;

// A collector that is down is down for a while: pauses double, up to what a restart may take.
constexpr Time first_pause{1'000};
constexpr Time longest_pause{30'000};
// Nothing changes without a reload: often enough to see one, rarely enough not to fill the logs.
constexpr Time pause_when_denied{60'000};
constexpr std::size_t batch_bytes = 1024uz * 1024;  // collectors take several; 512 spans fill half

Time pause_after(std::uint32_t tries) {
    constexpr std::uint32_t doublings = 5;
    return std::min(first_pause * (1u << std::min(tries - 1, doublings)), longest_pause);
}

}  // namespace

void Outbox::add(std::string span, Time now) {
    if (waiting_.size() + batch_spans_ >= terms_.queue_spans)
        ++counts_.dropped;
    else
        waiting_.push_back({.json = std::move(span), .since = now});
}

std::optional<Time> Outbox::due() const {
    if (under_way_ || (batch_spans_ == 0 && waiting_.empty()))
        return std::nullopt;
    if (finishing_)
        return Time{0};
    const bool is_full = batch_spans_ > 0 || waiting_.size() >= terms_.batch_spans;
    return is_full ? not_before_ : std::max(not_before_, waiting_.front().since + terms_.flush);
}

void Outbox::fill_batch(Time now) {
    first_try_ = now;
    while (!waiting_.empty() && batch_spans_ < terms_.batch_spans &&
           (batch_spans_ == 0 || batch_.size() + waiting_.front().json.size() < batch_bytes)) {
        if (batch_spans_ > 0)
            batch_ += ',';
        batch_ += waiting_.front().json;
        ++batch_spans_;
        waiting_.pop_front();
    }
}

const std::string& Outbox::take(Time now) {
    if (batch_spans_ == 0)
        fill_batch(now);
    ++tries_;
    under_way_ = true;
    return batch_;
}

void Outbox::answered(const Answer& answer, Time now) {
    under_way_ = false;
    const auto rejected = std::min(answer.rejected, batch_spans_);
    switch (answer.verdict) {
        case Answer::Verdict::taken:
            counts_.sent += batch_spans_ - rejected;
            counts_.refused += rejected;
            break;
        case Answer::Verdict::refused:
            counts_.refused += batch_spans_;
            break;
        case Answer::Verdict::denied:
            not_before_ = now + pause_when_denied;
            drop_batch();
            return drop_all();
        case Answer::Verdict::later:
            return again_or_drop(answer, now);
    }
    batch_spans_ = 0;
    drop_batch();
}

void Outbox::again_or_drop(const Answer& answer, Time now) {
    not_before_ = now + std::max<Time>(pause_after(tries_), answer.after);
    if (finishing_ || not_before_ > first_try_ + terms_.give_up)
        drop_batch();
    if (finishing_)
        drop_all();
}

void Outbox::drop_batch() {
    counts_.dropped += std::exchange(batch_spans_, 0);
    batch_.clear();
    tries_ = 0;
}

void Outbox::drop_all() {
    counts_.dropped += waiting_.size();
    waiting_.clear();
}

void Outbox::finish() {
    finishing_ = true;
    if (!under_way_ && batch_spans_ > 0 && tries_ > 0) {
        drop_batch();  // it has failed before, and so would what waits behind it
        drop_all();
    }
}

}  // namespace beta::trace
