// What journeys decide as the events that Sensors Focus tells of its own: dashboards, alerts and
// segments that were made for those go on with these. Names and properties are those of its public
// manual (tech_all_events, tech_receipt_webhook).
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "services/journeys.h"

namespace waypost::services {

// What a delivery says in "form" to be told so.
inline constexpr std::string_view kSensorsForm = "sensors";

// A bit for each TraceLine::What of which there are events.
inline constexpr uint32_t kSensorsKinds = [] {
  using What = journeys::TraceLine::What;
  uint32_t kinds = 0;
  for (const What what : {What::kEntered, What::kPassed, What::kSent, What::kMoved})
    kinds |= 1u << static_cast<uint32_t>(what);
  return kinds;
}();

// The events that tell of it, in their order: none of what Sensors does not tell, two of a receipt
// that came before the provider had answered.
std::vector<std::string_view> SensorsEventsOf(const DecidedLine& line);

// The record of such an event as a Sensors Analytics server takes it, {"type":"track",...}. What is
// told and sent again is the same record with the same _track_id.
std::string SensorsRecord(const boost::json::object& decision, std::string_view event);

}  // namespace waypost::services
