#include "pkg/metrics/registry.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <locale>
#include <map>
#include <mutex>
#include <sstream>
#include <type_traits>

#include "pkg/base/check.h"

namespace coreflow::metrics {
namespace {

template <typename Handle>
struct Underlying;
template <>
struct Underlying<Counter> {
  using type = prometheus::Counter;
  static constexpr Type kType = Type::kCounter;
};
template <>
struct Underlying<Gauge> {
  using type = prometheus::Gauge;
  static constexpr Type kType = Type::kGauge;
};
template <>
struct Underlying<Histogram> {
  using type = prometheus::Histogram;
  static constexpr Type kType = Type::kHistogram;
};

bool Allows(const Label& label, std::string_view value) {
  return !label.open.empty() || std::find(label.values.begin(), label.values.end(), value) != label.values.end();
}

prometheus::Labels Zip(const std::vector<Label>& labels, std::initializer_list<std::string_view> values) {
  CHECK(values.size() == labels.size(), "a series has one value for each label of its metric");
  prometheus::Labels zipped;
  const auto* value = values.begin();
  for (const Label& label : labels) {
    CHECK(Allows(label, *value), "label values come from the list in the metric's description");
    zipped[label.name] = std::string(*value++);
  }
  return zipped;
}

}  // namespace

template <typename Handle>
struct Family<Handle>::Impl {
  prometheus::Family<typename Underlying<Handle>::type>& family;
  const Description description;
};

template <typename Handle>
Handle Family<Handle>::With(std::initializer_list<std::string_view> values) const {
  const prometheus::Labels labels = Zip(impl_->description.labels, values);
  if constexpr (std::is_same_v<Handle, Histogram>) {
    return Handle(impl_->family.Add(labels, impl_->description.buckets));
  } else {
    return Handle(impl_->family.Add(labels));
  }
}

template class Family<Counter>;
template class Family<Gauge>;
template class Family<Histogram>;

struct Registry::Impl {
  template <typename Handle>
  using Families = std::map<std::string, typename Family<Handle>::Impl>;

  prometheus::Registry registry;
  mutable std::mutex mu;
  // Guarded by mu:
  std::map<std::string, Description> descriptions;
  Families<Counter> counters;
  Families<Gauge> gauges;
  Families<Histogram> histograms;

  template <typename Handle>
  Family<Handle> Add(Families<Handle>& families, Description description) {
    using T = typename Underlying<Handle>::type;
    const std::lock_guard lock(mu);
    description.type = Underlying<Handle>::kType;
    const std::string name = description.name;
    CHECK(descriptions.emplace(name, description).second, "a metric is made once");
    auto& family = prometheus::detail::Builder<T>().Name(name).Help(description.help).Register(registry);
    auto& impl = families.emplace(name, typename Family<Handle>::Impl{family, std::move(description)}).first->second;
    return Family<Handle>(impl);
  }
};

Registry::Registry() : impl_(std::make_unique<Impl>()) {}
Registry::~Registry() = default;

Family<Counter> Registry::AddCounter(Description description) {
  return impl_->Add<Counter>(impl_->counters, std::move(description));
}
Family<Gauge> Registry::AddGauge(Description description) {
  return impl_->Add<Gauge>(impl_->gauges, std::move(description));
}
Family<Histogram> Registry::AddHistogram(Description description) {
  return impl_->Add<Histogram>(impl_->histograms, std::move(description));
}

std::vector<Description> Registry::Descriptions() const {
  const std::lock_guard lock(impl_->mu);
  std::vector<Description> all;
  for (const auto& [name, description] : impl_->descriptions) all.push_back(description);
  return all;
}

std::string Registry::Text() const {
  std::vector<prometheus::MetricFamily> families = impl_->registry.Collect();
  std::sort(families.begin(), families.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  for (prometheus::MetricFamily& family : families) {
    std::sort(family.metric.begin(), family.metric.end(),
              [](const auto& a, const auto& b) { return a.label < b.label; });
  }
  std::ostringstream out;
  out.imbue(std::locale::classic());
  prometheus::TextSerializer().Serialize(out, families);
  return std::move(out).str();
}

void Counter::Increment(double by) const { counter_->Increment(by); }
double Counter::Value() const { return counter_->Value(); }
void Gauge::Set(double value) const { gauge_->Set(value); }
void Gauge::Add(double by) const { gauge_->Increment(by); }
double Gauge::Value() const { return gauge_->Value(); }
void Histogram::Observe(double value) const { histogram_->Observe(value); }

}  // namespace coreflow::metrics
