#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
}  // namespace prometheus

namespace coreflow::metrics {

// A label of a metric. Every value it can ever take is known when the metric is made, except for the few labels that
// say in `open` what else they take and what bounds it.
struct Label {
  std::string name = {};
  std::vector<std::string> values = {};
  std::string open = {};
};

enum class Type { kCounter, kGauge, kHistogram };

// What is told about a metric to Prometheus and in docs/metrics.md.
struct Description {
  std::string name = {};  // coreflow_<what>_<unit>; counters end in _total
  std::string help = {};  // one sentence
  std::vector<Label> labels = {};
  std::vector<double> buckets = {};  // upper bounds, of a histogram
  std::string use = {};              // what to alert on or scale with; may be empty
  Type type = Type::kGauge;          // set by the registry
};

// Handles of one time series. Cheap to copy, thread-safe, good for as long as the registry lives; resolve them once,
// not at every event.
class Counter {
 public:
  explicit Counter(prometheus::Counter& counter) : counter_(&counter) {}
  void Increment(double by = 1) const;  // REQUIRES: by >= 0
  double Value() const;

 private:
  prometheus::Counter* counter_;
};

class Gauge {
 public:
  explicit Gauge(prometheus::Gauge& gauge) : gauge_(&gauge) {}
  void Set(double value) const;
  void Add(double by) const;
  double Value() const;

 private:
  prometheus::Gauge* gauge_;
};

class Histogram {
 public:
  explicit Histogram(prometheus::Histogram& histogram) : histogram_(&histogram) {}
  void Observe(double value) const;

 private:
  prometheus::Histogram* histogram_;
};

// All time series of one name. Cheap to copy, thread-safe, good for as long as the registry lives.
template <typename Handle>
class Family {
 public:
  struct Impl;
  explicit Family(Impl& impl) : impl_(&impl) {}

  // The series with these label values, in the order of the description; it exists (with 0) from then on. Asked again,
  // it gives the same one. REQUIRES: one value for each label, each of them among the label's values or the label open.
  Handle With(std::initializer_list<std::string_view> values) const;

 private:
  Impl* impl_;
};

// The metrics of one program. Thread-safe.
class Registry {
 public:
  Registry();
  ~Registry();

  // REQUIRES: no metric of that name yet.
  Family<Counter> AddCounter(Description description);
  Family<Gauge> AddGauge(Description description);
  Family<Histogram> AddHistogram(Description description);

  // By name.
  std::vector<Description> Descriptions() const;

  // Everything in Prometheus' text format 0.0.4, ordered by name and labels.
  std::string Text() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace coreflow::metrics
