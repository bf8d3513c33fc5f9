// When runs come round, as people write it: {"cron": "30 2 * * *", "zone": "Asia/Shanghai"}.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>

#include "model/form.h"

namespace waypost::analytics {

struct Schedule {
  std::string cron;  // analytics/cron.h; empty: none
  std::string zone;
  friend bool operator==(const Schedule&, const Schedule&) = default;
};

// The zone is UTC when it is left out; {} is none. Errors: kInvalid with the path.
Result<Schedule> ReadSchedule(const Form& form);
boost::json::object ScheduleJson(const Schedule& schedule);

// Something that is run by its schedule.
struct Planned {
  std::string id;
  Schedule schedule;
  int64_t last_ms = 0;  // when it last came, or when it began to be scheduled
};

}  // namespace waypost::analytics
