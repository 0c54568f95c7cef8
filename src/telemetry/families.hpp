// Families: writes the text of /metrics family by family, in few words. Straight into one string: a
// thousand services are tens of thousands of lines.
#pragma once

#include "beta/telemetry/histogram.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace beta::telemetry {

/// One family (Prometheus exposition format 0.0.4). Without a sample it is left out.
class Family {
  public:
    using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    Family(std::string& text, std::string_view name, std::string_view help, std::string_view type)
        : text_(text), name_(name), help_(help), type_(type) {}

    /// A counter or a gauge, as the family is.
    void add(Labels labels, double value);
    void add(Labels labels, std::uint64_t value);
    void add(Labels labels, std::int64_t value);
    void add(Labels labels, const Histogram& histogram);

  private:
    void begin(Labels labels);  // the head, where there is none yet; `labels_`
    /// name, suffix, labels and value; `bound` is that of a bucket.
    template <class Number>
    void sample(std::string_view suffix, std::string_view bound, Number value);

    std::string& text_;
    std::string_view name_;
    std::string_view help_;
    std::string_view type_;
    std::string labels_;  // of the series that is being written
    bool has_head_ = false;
};

class Families {
  public:
    /// `room`: bytes that the text will take, about.
    explicit Families(std::size_t room) { text_.reserve(room); }

    template <class Fill>  // (Family&)
    void counter(std::string_view name, std::string_view help, Fill fill) {
        add(name, help, "counter", fill);
    }
    template <class Fill>
    void gauge(std::string_view name, std::string_view help, Fill fill) {
        add(name, help, "gauge", fill);
    }
    template <class Fill>
    void histogram(std::string_view name, std::string_view help, Fill fill) {
        add(name, help, "histogram", fill);
    }
    std::string text() && { return std::move(text_); }

  private:
    template <class Fill>
    void add(std::string_view name, std::string_view help, std::string_view type, Fill fill) {
        Family family(text_, name, help, type);
        fill(family);
    }

    std::string text_;
};

/// The families of one subject each, in the order of docs/metrics.md.
class Shard;
struct Facts;
void add_traffic(Families& families, const Shard& shard);   // families_traffic.cpp
void add_upstream(Families& families, const Shard& shard);  // families_traffic.cpp
void add_tor(Families& families, const Facts& facts);       // families_tor.cpp
void add_process(Families& families, const Facts& facts);   // families_process.cpp

}  // namespace beta::telemetry
