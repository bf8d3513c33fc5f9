// Tasks: messages that people of the bank are given about a customer, and answer themselves.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "content/template.h"
#include "model/masking.h"
#include "model/time_text.h"
#include "services/body.h"
#include "services/journey_desk.h"
#include "services/sights.h"

namespace waypost::services {
namespace {

namespace json = boost::json;
using journeys::Outcome;

constexpr size_t kMaxNote = 1'000;  // bytes
constexpr std::string_view kSays = ": ";

// Empty: not a task that anybody sees.
std::string_view TaskState(Outcome outcome) {
  switch (outcome) {
    case Outcome::kSent:
    case Outcome::kAccepted:
    case Outcome::kDelivered:
      return "waiting";
    case Outcome::kOpened:
    case Outcome::kClicked:
      return "accepted";
    case Outcome::kReplied:
      return "done";
    case Outcome::kRejected:
      return "refused";
    case Outcome::kCancelled:
      return "withdrawn";
    default:
      return {};
  }
}

bool IsOpen(std::string_view state) { return state == "waiting" || state == "accepted"; }

struct TaskStep {
  std::string_view name;
  Outcome outcome;
  bool after_accepting;  // also then
};
constexpr TaskStep kTaskSteps[] = {{"accept", Outcome::kOpened, false},
                                   {"done", Outcome::kReplied, true},
                                   {"refuse", Outcome::kRejected, false}};

struct Task {
  Ordinal customer = 0;
  json::object shown;
};

// As its author wrote it, with a mask for what is filled in for the customer.
std::string MaskedText(const journeys::JourneyState& journey, const journeys::Touch& touch) {
  const auto version = journey.versions.find(touch.version);
  if (version == journey.versions.end()) return std::string(kMask);
  const uint32_t at = version->second->FindNode(touch.node);
  if (at == journeys::kNoNode) return std::string(kMask);
  const auto& attempts = version->second->nodes[at].attempts;
  if (touch.plan.step >= attempts.size()) return std::string(kMask);
  const auto text = content::Template::Read(attempts[touch.plan.step].TextFor(touch.plan.wave));
  return text.ok() ? text.value().Hidden(kMask) : std::string(kMask);
}

json::object TaskJson(const journeys::State& state, const journeys::Touch& touch, bool masked) {
  const journeys::JourneyState& journey = state.journeys()[touch.plan.journey];
  const std::string_view is = TaskState(touch.outcome);
  json::object shown{{"key", KeyText(touch.plan.key)},
                     {"state", is},
                     {"to", touch.plan.address},
                     {"text", masked ? MaskedText(journey, touch) : touch.plan.text},
                     {"journey", journey.id},
                     {"journey_name", journey.now().name},
                     {"journey_name_en", journey.now().name_en},
                     {"node", touch.node},
                     {"given", DateTimeText(touch.planned_ms)},
                     {"changed", DateTimeText(touch.moved_ms)}};
  if (touch.plan.expires_ms != journeys::kNever) shown["due"] = DateTimeText(touch.plan.expires_ms);
  if (is == "waiting" || is == "withdrawn") return shown;
  const size_t says = touch.why.find(kSays);
  shown["by"] = touch.why.substr(0, says);
  if (says != touch.why.npos) shown["note"] = touch.why.substr(says + kSays.size());
  return shown;
}

std::string NameOfCustomer(const engine::Applier& applier, Ordinal customer, bool masked) {
  const IdentityView identity = applier.identities().identity(customer);
  const bool hide = masked && IsPersonalKey(identity.key);
  return std::string(identity.key) + ":" +
         (hide ? Masked(identity.value) : std::string(identity.value));
}

Error NoTask(const std::string& key) {
  return {Code::kNotFound, "not_found", "there is no task '" + key + "'"};
}

}  // namespace

std::set<std::string> Journeys::TaskChannels() {
  const std::lock_guard lock(channels_mutex_);
  std::set<std::string> names;
  for (const auto& [name, channel] : channels_) {
    if (channel && channel->traits().tasks) names.insert(name);
  }
  return names;
}

Result<> Journeys::MoveTask(const journeys::TouchKey& key, Outcome outcome, const std::string& why,
                            const std::function<Result<>(const journeys::Touch&)>& may) {
  return Decide([&](journeys::Machine& machine, Out* out) -> Result<> {
    const journeys::Touch* touch = machine.state().FindTouch(key);
    if (!touch) return NoTask(KeyText(key));
    TRY(may(*touch));
    machine.OnReceipt(key, outcome, why, NowMs(), out);
    return {};
  });
}

Result<std::string> EngineJourneys::Tasks(const api::Sight& sight, const api::TaskAsk& ask) {
  Journeys& journeys = *TRY(engines_.FindJourneys(sight.project));
  engine::Engine* engine = TRY(engines_.Find(sight.project));
  const engine::Reading reading = TRY(engine->Read());
  const Seen seen = TRY(sights_.See(sight, *engine, reading));
  const std::set<std::string> channels = journeys.TaskChannels();
  std::map<std::string, uint64_t> counts, open;
  std::vector<const journeys::Touch*> wanted;
  const auto look_at = [&](const journeys::Touch& touch) {
    const std::string_view is = TaskState(touch.outcome);
    if (is.empty() || !channels.contains(touch.plan.channel)) return;
    if (!seen.Shows(touch.plan.customer)) return;
    if (IsOpen(is)) ++open[touch.plan.address];
    if (!ask.to.empty() && touch.plan.address != ask.to) return;
    ++counts[std::string(is)];
    if (ask.state.empty() || ask.state == is || (ask.state == "open" && IsOpen(is)))
      wanted.push_back(&touch);
  };
  std::vector<Task> tasks;
  journeys.Look([&](const journeys::State& state) {
    state.ForEachTouch(look_at);
    std::ranges::sort(wanted, std::greater(), [](const journeys::Touch* touch) {
      return std::pair(touch->planned_ms, touch->plan.key);
    });
    if (wanted.size() > ask.limit) wanted.resize(ask.limit);
    for (const journeys::Touch* touch : wanted)
      tasks.push_back({touch->plan.customer, TaskJson(state, *touch, sight.masked)});
  });
  json::array items;
  engine->Look([&](const engine::Applier& applier) {
    for (Task& task : tasks) {
      task.shown["customer"] = NameOfCustomer(applier, task.customer, sight.masked);
      items.push_back(std::move(task.shown));
    }
  });
  json::array to;
  for (const auto& [who, count] : open) to.push_back({{"to", who}, {"open", count}});
  return json::serialize(json::object{
      {"items", std::move(items)}, {"counts", json::value_from(counts)}, {"to", std::move(to)}});
}

Result<std::string> EngineJourneys::StepTask(const api::Sight& sight, const std::string& task,
                                             std::string_view body, const std::string& who) {
  const json::object said = TRY(ObjectOf(body, R"({"step", "note"})"));
  const std::string name = TextIn(said, "step"), note = TextIn(said, "note");
  for (const auto& member : said) {
    if (member.key() != "step" && member.key() != "note")
      return Error(Code::kInvalid, "bad_request",
                   std::string(member.key()) + ": there is no such member");
  }
  const auto* step = std::ranges::find(kTaskSteps, name, &TaskStep::name);
  if (step == std::end(kTaskSteps))
    return Error(Code::kInvalid, "bad_request", "step: give accept, done or refuse");
  if (note.size() > kMaxNote)
    return Error(Code::kInvalid, "bad_request", fmt::format("note: {} bytes at most", kMaxNote));
  Journeys& journeys = *TRY(engines_.FindJourneys(sight.project));
  engine::Engine* engine = TRY(engines_.Find(sight.project));
  const engine::Reading reading = TRY(engine->Read());
  const Seen seen = TRY(sights_.See(sight, *engine, reading));
  const std::optional<journeys::TouchKey> key = journeys::ParseKey(task);
  if (!key) return NoTask(task);
  const std::set<std::string> channels = journeys.TaskChannels();
  const std::string why = note.empty() ? who : who + std::string(kSays) + note;
  TRY(journeys.MoveTask(*key, step->outcome, why, [&](const journeys::Touch& touch) -> Result<> {
    const std::string_view is = TaskState(touch.outcome);
    const bool there = !is.empty() && channels.contains(touch.plan.channel);
    if (!there || !seen.Shows(touch.plan.customer)) return NoTask(task);
    if (is == "waiting" || (is == "accepted" && step->after_accepting)) return {};
    return Error(Code::kConflict, "conflict", fmt::format("the task is {} already", is));
  }));
  Ordinal customer = 0;
  json::object shown;
  journeys.Look([&](const journeys::State& state) {
    const journeys::Touch& touch = *state.FindTouch(*key);
    customer = touch.plan.customer;
    shown = TaskJson(state, touch, sight.masked);
  });
  engine->Look([&](const engine::Applier& applier) {
    shown["customer"] = NameOfCustomer(applier, customer, sight.masked);
  });
  return json::serialize(shown);
}

}  // namespace waypost::services
