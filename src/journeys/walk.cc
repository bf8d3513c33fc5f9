#include "journeys/walk.h"

#include <algorithm>
#include <boost/json.hpp>
#include <tuple>

namespace waypost::journeys {
namespace {

namespace json = boost::json;

constexpr int64_t kLongestMs = 3'660 * kDayMs;
constexpr size_t kMostTurns = 10'000;

json::object Without(std::string_view text, std::initializer_list<std::string_view> names) {
  json::object object = text.empty() ? json::object() : json::parse(text).as_object();
  for (const std::string_view name : names) object.erase(name);
  return object;
}

// Without what holds messages of many back, and not those of one.
std::string UnboundPolicy(std::string_view policy) {
  json::object rules = Without(policy, {"caps", "quiet", "open", "blackouts", "arbitration",
                                        "max_journeys", "holdout_percent", "uncapped"});
  if (json::value* channels = rules.if_contains("channels")) {
    for (json::value& channel : channels->as_array()) {
      for (const std::string_view name : {"per_second", "open", "tries_a_day"})
        channel.as_object().erase(name);
    }
  }
  const json::value* units = rules.if_contains("units");
  if (const json::value* said = units ? units->as_object().if_contains("rules") : nullptr) {
    json::array kept;
    for (const json::value& unit : said->as_array())
      kept.push_back(
          Without(json::serialize(unit), {"caps", "quiet", "blackouts", "channels", "budget"}));
    rules["units"].as_object()["rules"] = std::move(kept);
  }
  return json::serialize(rules);
}

std::string UnboundDraft(std::string_view draft) {
  return json::serialize(
      Without(draft, {"start", "end", "on_end", "release", "holdout_percent", "entry_cap",
                      "entry_cap_daily", "entry_cap_run", "entry_cap_each", "budget",
                      "budget_sends", "sends_per_second", "guardrails", "in_flight"}));
}

// When the next message may go; kNever: there is none.
int64_t NextReady(const State& state) {
  int64_t next = kNever;
  for (const auto& [channel, ready] : state.ready()) {
    if (!ready.empty()) next = std::min(next, std::get<0>(*ready.begin()));
  }
  return next;
}

}  // namespace

Walk::Walk(const State& now, const World& world)
    : machine_(State::Under(UnboundPolicy(now.policy_json())), world) {
  Machine::Out out;
  for (const auto& [ordinal, customer] : now.customers()) {
    for (const auto& [what, allowed] : customer.consents)
      machine_.SetConsent({ordinal, what.first, what.second, allowed}, 0, &out);
    for (const std::string& list : customer.lists) machine_.SetList({ordinal, list, true}, 0, &out);
  }
}

Result<std::optional<Reject>> Walk::Go(std::string_view draft, Ordinal customer, Properties context,
                                       Outcome becomes, int64_t now_ms) {
  Machine::Out out;
  TRY(machine_.Publish(UnboundDraft(draft), now_ms, &out));
  const std::string id = machine_.state().journeys()[0].id;
  EnterInput input{.journey = id, .customer = customer, .key = {}, .context = std::move(context)};
  const EnterReply reply = TRY(machine_.Enter(input, now_ms, &out));
  if (reply.entry == 0) return std::optional(reply.reason);
  const int64_t last_ms = now_ms + kLongestMs;
  for (size_t turn = 0; turn < kMostTurns && now_ms <= last_ms; ++turn) {
    const State& state = machine_.state();
    for (const TouchKey& key : state.DueTouches(now_ms)) {
      if (machine_.Claim(key, now_ms, &out)) machine_.OnReceipt(key, becomes, "test", now_ms, &out);
    }
    const int64_t ready_ms = NextReady(state);
    if (!state.FindEntry(reply.entry) && ready_ms == kNever) break;
    now_ms = std::max(now_ms + 1, std::min(ready_ms, state.NextTimerBound().value_or(kNever)));
    if (now_ms <= last_ms) machine_.FireUntil(now_ms, &out);
    out.clear();
  }
  return std::optional<Reject>();
}

std::vector<const Touch*> Walk::Messages() const {
  std::vector<const Touch*> messages;
  state().ForEachTouch([&](const Touch& touch) { messages.push_back(&touch); });
  std::ranges::sort(messages, {}, [](const Touch* touch) {
    return std::tuple(touch->planned_ms, touch->plan.visit, touch->plan.step, touch->plan.key);
  });
  return messages;
}

}  // namespace waypost::journeys
