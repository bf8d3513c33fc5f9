#include "api/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "api/services.h"

namespace waypost::api {

struct Metrics::Registry {
  prometheus::Registry all;
  prometheus::Family<prometheus::Counter>& requests =
      prometheus::BuildCounter()
          .Name("waypost_http_requests_total")
          .Help("Requests answered, by route and status")
          .Register(all);
  prometheus::Family<prometheus::Histogram>& seconds =
      prometheus::BuildHistogram()
          .Name("waypost_http_request_seconds")
          .Help("From a request's last byte to its answer, by route")
          .Register(all);
  prometheus::Family<prometheus::Counter>& items =
      prometheus::BuildCounter()
          .Name("waypost_collected_items_total")
          .Help("Collected items, by what became of them")
          .Register(all);
  prometheus::Counter& accepted = items.Add({{"fate", "accepted"}});
  prometheus::Counter& quarantined = items.Add({{"fate", "quarantined"}});
};

Metrics::Metrics() : registry_(std::make_unique<Registry>()) {}
Metrics::~Metrics() = default;

void Metrics::Answered(std::string_view route, int status, double seconds) {
  static const prometheus::Histogram::BucketBoundaries kBounds = {
      0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10};
  const std::string path(route);
  registry_->requests.Add({{"route", path}, {"status", std::to_string(status)}}).Increment();
  registry_->seconds.Add({{"route", path}}, kBounds).Observe(seconds);
}

void Metrics::Collected(size_t accepted, size_t quarantined) {
  registry_->accepted.Increment(static_cast<double>(accepted));
  registry_->quarantined.Increment(static_cast<double>(quarantined));
}

std::string Metrics::Text(const std::vector<Gauge>& gauges) const {
  prometheus::Registry now;
  for (const Gauge& gauge : gauges) {
    prometheus::BuildGauge()
        .Name(gauge.name)
        .Help(gauge.help)
        .Register(now)
        .Add({})
        .Set(gauge.value);
  }
  auto families = registry_->all.Collect();
  for (auto& family : now.Collect()) families.push_back(std::move(family));
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace waypost::api
