// Readings as those see them who may see some of the customers only.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "analytics/row_filter.h"
#include "api/services.h"
#include "services/catalogs.h"
#include "services/engines.h"
#include "services/machine.h"

namespace waypost::services {

// What a reading shows: borrows it.
class Seen {
 public:
  explicit Seen(const column::SnapshotView* whole) : whole_(whole) {}
  explicit Seen(column::SnapshotView bounded) : bounded_(std::move(bounded)) {}
  const column::SnapshotView& view() const { return bounded_ ? *bounded_ : *whole_; }
  bool bounded() const { return bounded_.has_value(); }
  // Whoever is younger than a bounded view is judged when there is a view that has them.
  bool Shows(Ordinal ordinal) const {
    return !bounded_ || (ordinal < bounded_->ordinal_count && !bounded_->IsErased(ordinal));
  }

 private:
  std::optional<column::SnapshotView> bounded_;
  const column::SnapshotView* whole_ = nullptr;
};

// Any thread.
class Sights {
 public:
  // Without catalogs rules cannot name segments. What is given must outlive it.
  Sights(const Engines& engines, Catalogs* catalogs, const Clock& clock, const Config& config)
      : engines_(engines),
        catalogs_(catalogs),
        clock_(clock),
        time_zone_(config.time_zone),
        threads_(config.question_threads) {}

  // Costs nothing without a rule; else analytics::RowFilter::See. Errors: kUnavailable
  // "rows_unclear" for a rule that does not fit the project, so that it shows nobody.
  Result<Seen> See(const api::Sight& sight, engine::Engine& engine, const engine::Reading& reading);

 private:
  const Engines& engines_;
  Catalogs* const catalogs_;
  const Clock& clock_;
  const std::string time_zone_;
  const unsigned threads_;
  std::mutex mutex_;
  std::map<std::string, analytics::RowFilter> filters_;  // by project
};

}  // namespace waypost::services
