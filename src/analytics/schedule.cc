#include "analytics/schedule.h"

#include "analytics/calendar.h"
#include "analytics/cron.h"

namespace waypost::analytics {

Result<Schedule> ReadSchedule(const Form& form) {
  TRY(form.Only({"cron", "zone"}));
  const auto cron = form.Find("cron"), zone = form.Find("zone");
  if (!cron) return Schedule();
  Schedule schedule{.cron = TRY(cron->Text()), .zone = zone ? TRY(zone->Text()) : "UTC"};
  if (const auto read = ParseCron(schedule.cron); !read.ok())
    return cron->Bad(read.error().message());
  if (const auto found = Calendar::Of(schedule.zone); !found.ok())
    return (zone ? *zone : form).Bad(found.error().message());
  return schedule;
}

boost::json::object ScheduleJson(const Schedule& schedule) {
  if (schedule.cron.empty()) return {};
  return {{"cron", schedule.cron}, {"zone", schedule.zone}};
}

}  // namespace waypost::analytics
