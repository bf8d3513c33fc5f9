// Any text as a cron line: an error, or times that increase.
#include "analytics/cron.h"
#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace waypost;
  using namespace waypost::analytics;
  static const Calendar calendar = Calendar::Of("Europe/Berlin").value();
  const auto cron = ParseCron({reinterpret_cast<const char*>(data), size});
  if (!cron.ok()) return 0;
  int64_t at = 1'775'001'600'000;
  for (int i = 0; i < 3; ++i) {
    const auto next = NextTime(cron.value(), calendar, at);
    if (!next) return 0;
    CHECK(*next > at);
    at = *next;
  }
  return 0;
}
