#include "services/sensors_form.h"

#include <boost/json.hpp>

#include "base/hash.h"
#include "model/time_text.h"
#include "services/body.h"

namespace waypost::services {
namespace {

namespace json = boost::json;
using journeys::Outcome;
using What = journeys::TraceLine::What;

constexpr std::string_view kAudienceEnter = "$PlanAudienceEnter";
constexpr std::string_view kComponentEnter = "$JourneyComponentEnter";
constexpr std::string_view kSendPrepare = "$PlanMsgSendPrepare";
constexpr std::string_view kSendDone = "$PlanMsgSendDone";
constexpr std::string_view kArrived = "$PlanMsgArrived";

// Of what its provider said. What was not to be sent after all is none of its receipts.
bool DidNotArrive(Outcome outcome) {
  return outcome == Outcome::kRejected || outcome == Outcome::kBounced ||
         outcome == Outcome::kNotReachable;
}

int64_t TimeIn(const json::object& decision, std::string_view key) {
  const auto time = ParseDateTime(TextIn(decision, key));
  return time ? time->UtcMs() : 0;
}

}  // namespace

std::vector<std::string_view> SensorsEventsOf(const DecidedLine& line) {
  switch (line.what) {
    case What::kEntered:
      return {kAudienceEnter};
    case What::kPassed:  // of a fork, whose every way is passed, once
      if (!line.shown.contains("came_at")) return {};
      return {kComponentEnter};
    case What::kSent:
      return {kSendPrepare};
    case What::kMoved: {
      const auto outcome = journeys::FindOutcome(TextIn(line.shown, "reason"));
      std::vector<std::string_view> events;
      if (line.handed_over) events.push_back(kSendDone);
      if (outcome && (outcome == Outcome::kDelivered || DidNotArrive(*outcome)))
        events.push_back(kArrived);
      return events;
    }
    default:
      return {};
  }
}

std::string SensorsRecord(const json::object& decision, std::string_view event) {
  const json::object& customer = decision.at("customer").as_object();
  const std::string plan = TextIn(decision, "journey"), name = TextIn(decision, "journey_name");
  const std::string node = TextIn(decision, "node");
  json::object properties{{"$sf_plan_id", plan},
                          {"$sf_plan_id_virtual", name.empty() ? plan : name},
                          {"$sf_plan_type", "新流程画布"},
                          {"$sf_plan_strategy_id", "0"}};  // not the control group, who is refused
  if (TextIn(customer, "key") == "login") properties["$is_login_id"] = true;
  if (const json::value* version = decision.if_contains("version"))
    properties["$sf_plan_version"] = json::serialize(*version);
  if (const int64_t entered = TimeIn(decision, "entered_at"))
    properties["$sf_enter_plan_time"] = entered;
  if (!node.empty()) {
    properties["$sf_component_id"] = node;
    properties["$sf_strategy_unit_id"] = plan + "_" + node;
  }
  if (decision.contains("touch")) {
    properties["$sf_msg_id"] = TextIn(decision, "touch");
    properties["$sf_channel_id"] = TextIn(decision, "channel");
  }
  if (event == kArrived) {
    const auto outcome = journeys::FindOutcome(TextIn(decision, "reason"));
    const bool failed = outcome && DidNotArrive(*outcome);
    properties["$sf_msg_status"] = failed ? "RECEIPT_SEND_FAILED" : "RECEIPT_SEND_SUCCESS";
    if (failed) {
      const std::string detail = TextIn(decision, "detail");
      properties["$sf_send_fail_code"] = TextIn(decision, "reason");
      properties["$sf_fail_reason"] = detail.empty() ? TextIn(decision, "reason_zh") : detail;
    }
  }
  const std::string id = TextIn(decision, "id");
  const bool comes = event == kComponentEnter;
  return json::serialize(json::object{{"type", "track"},
                                      {"event", event},
                                      {"time", TimeIn(decision, comes ? "came_at" : "at")},
                                      {"distinct_id", TextIn(customer, "value")},
                                      {"_track_id", Hash64(id + std::string(event)) & 0x7fffffff},
                                      {"lib", {{"$lib", "Waypost"}, {"$lib_method", "code"}}},
                                      {"properties", std::move(properties)}});
}

}  // namespace waypost::services
