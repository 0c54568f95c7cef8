// Families: builds the list that prometheus-cpp serialises, in few words.
#pragma once

#include "beta/telemetry/histogram.hpp"

#include <prometheus/metric_family.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beta::telemetry {

/// One family under construction.
class Family {
  public:
    using Labels = std::initializer_list<std::pair<const char*, std::string_view>>;

    Family(const char* name, const char* help, prometheus::MetricType type) {
        family_.name = name;
        family_.help = help;
        family_.type = type;
    }

    /// A counter or a gauge, as the family is.
    void add(Labels labels, double value) {
        auto& metric = next(labels);
        if (family_.type == prometheus::MetricType::Counter)
            metric.counter.value = value;
        else
            metric.gauge.value = value;
    }
    void add(Labels labels, std::uint64_t value) { add(labels, static_cast<double>(value)); }
    void add(Labels labels, std::int64_t value) { add(labels, static_cast<double>(value)); }
    void add(Labels labels, const Histogram& histogram);

  private:
    friend class Families;
    prometheus::ClientMetric& next(Labels labels) {
        auto& metric = family_.metric.emplace_back();
        metric.label.reserve(labels.size());
        for (const auto& [name, value] : labels)
            metric.label.push_back({name, std::string(value)});
        return metric;
    }

    prometheus::MetricFamily family_;
};

/// A family without a metric is left out.
class Families {
  public:
    template <class Fill>  // (Family&)
    void counter(const char* name, const char* help, Fill fill) {
        add(name, help, prometheus::MetricType::Counter, fill);
    }
    template <class Fill>
    void gauge(const char* name, const char* help, Fill fill) {
        add(name, help, prometheus::MetricType::Gauge, fill);
    }
    template <class Fill>
    void histogram(const char* name, const char* help, Fill fill) {
        add(name, help, prometheus::MetricType::Histogram, fill);
    }
    const std::vector<prometheus::MetricFamily>& list() const noexcept { return families_; }

  private:
    template <class Fill>
    void add(const char* name, const char* help, prometheus::MetricType type, Fill fill) {
        Family family(name, help, type);
        fill(family);
        if (!family.family_.metric.empty())
            families_.push_back(std::move(family.family_));
    }

    std::vector<prometheus::MetricFamily> families_;
};

/// The families of one subject each, in the order of docs/metrics.md.
class Shard;
struct Facts;
void add_traffic(Families& families, const Shard& shard);   // families_traffic.cpp
void add_upstream(Families& families, const Shard& shard);  // families_traffic.cpp
void add_tor(Families& families, const Facts& facts);       // families_tor.cpp
void add_process(Families& families, const Facts& facts);   // families_process.cpp

}  // namespace beta::telemetry
