// Counters of the HTTP side, and the text Prometheus reads.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace waypost::api {

struct Gauge;

// Thread-safe.
class Metrics {
 public:
  Metrics();
  ~Metrics();

  // One answered request. `route` is a path of the route table, never what a client sent.
  void Answered(std::string_view route, int status, double seconds);
  void Collected(size_t accepted, size_t quarantined);

  // Prometheus text format 0.0.4: the counters and the gauges given.
  std::string Text(const std::vector<Gauge>& gauges) const;

 private:
  struct Registry;
  const std::unique_ptr<Registry> registry_;
};

}  // namespace waypost::api
