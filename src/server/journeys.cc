#include "server/journeys.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/logger.h"
#include "model/time_text.h"

namespace waypost::server {
namespace {

namespace json = boost::json;
using journeys::Decision;
using journeys::Outcome;
using journeys::State;

constexpr auto kPause = std::chrono::milliseconds(20);
constexpr int64_t kTimerLagMs = 100;
constexpr size_t kClaimsAtOnce = 1'000;

json::object FaultJson(const journeys::Fault& fault) {
  return {{"node", fault.node},
          {"field", fault.field},
          {"code", fault.code},
          {"message", fault.message},
          {"warning", fault.warning}};
}

// The event that tells of an outcome; empty when none does.
std::string_view EventOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::kSent:
    case Outcome::kAccepted:
      return "$touch_sent";
    case Outcome::kDelivered:
      return "$touch_delivered";
    case Outcome::kOpened:
      return "$touch_opened";
    case Outcome::kClicked:
      return "$touch_clicked";
    case Outcome::kUnknown:
      return "$touch_unknown";
    default:
      return journeys::NeverHappened(outcome) ? "$touch_failed" : "";
  }
}

json::object NodeJson(const journeys::JourneyState& journey, const journeys::Node& node) {
  json::object counts{{"id", node.id}, {"type", journeys::NameOf(node.kind)}};
  const auto found = journey.nodes.find(node.id);
  if (found == journey.nodes.end()) return counts;
  counts["in"] = found->second.in;
  json::object out, messages;
  for (const auto& [place, count] : found->second.out) {
    if (place < node.outcomes.size()) out[node.outcomes[place]] = count;
  }
  for (const auto& [outcome, count] : found->second.outcomes) {
    messages[journeys::NameOf(static_cast<Outcome>(outcome))] = count;
  }
  counts["out"] = std::move(out);
  if (!messages.empty()) counts["messages"] = std::move(messages);
  return counts;
}

json::object JourneyJson(const journeys::JourneyState& journey) {
  json::object exits, rejects;
  for (const auto& [reason, count] : journey.exits) {
    exits[journeys::NameOf(static_cast<journeys::Exit>(reason))] = count;
  }
  for (const auto& [reason, count] : journey.rejects) {
    rejects[journeys::NameOf(static_cast<journeys::Reject>(reason))] = count;
  }
  return {{"id", journey.id},
          {"name", journey.now().name},
          {"version", journey.current},
          {"phase", journeys::NameOf(journey.phase)},
          {"entered", journey.entered},
          {"active", journey.active},
          {"exits", std::move(exits)},
          {"rejects", std::move(rejects)},
          {"conversions", journey.conversions}};
}

const journeys::ReasonText* ReasonOf(const journeys::TraceLine& line) {
  using What = journeys::TraceLine::What;
  switch (line.what) {
    case What::kRefused:
      return &journeys::TextOf(static_cast<journeys::Reject>(line.reason));
    case What::kMoved:
    case What::kDenied:
      return &journeys::TextOf(static_cast<Outcome>(line.reason));
    case What::kLeft:
      return &journeys::TextOf(static_cast<journeys::Exit>(line.reason));
    default:
      return nullptr;
  }
}

json::object LineJson(const State& state, const journeys::TraceLine& line) {
  constexpr std::string_view kWhat[] = {"refused", "entered", "passed", "planned",
                                        "message", "denied",  "left",   "converted"};
  const journeys::JourneyState& journey = state.journeys()[line.journey];
  json::object one{{"time", DateTimeText(line.time_ms)},
                   {"journey", journey.id},
                   {"what", kWhat[static_cast<size_t>(line.what)]}};
  if (line.entry != 0) one["entry"] = line.entry;
  if (line.node < journey.now().nodes.size()) one["node"] = journey.now().nodes[line.node].id;
  if (const journeys::ReasonText* reason = ReasonOf(line)) {
    one["reason"] = reason->name;
    one["reason_en"] = reason->en;
    one["reason_zh"] = reason->zh;
  }
  if (!line.detail.empty()) one["detail"] = line.detail;
  return one;
}

std::string DoneJson(json::object more = {}) {
  more["status"] = "done";
  return json::serialize(more);
}

}  // namespace

// Our own come back as well, and change nothing.
Result<> Journeys::OnDecisions(std::span<const uint8_t> record) {
  if (engine_) return {};
  const std::vector<Decision> decisions = TRY(journeys::DecodeDecisions(record));
  for (const Decision& decision : decisions) {
    TRY(machine_->Replay(decision));
    HearAgain(decision);
  }
  return {};
}

bool Journeys::IsNews(LogPosition position, const BatchReader& batch) {
  answers_.Changed();
  if (position != at_) {
    at_ = position;
    decided_before_ = position < machine_->state().inputs_to();
  }
  // What a file brings happened long ago.
  if (decided_before_ || !batch.header().import_chunk.empty()) return false;
  machine_->SetInputsTo(position + 1);
  return true;
}

void Journeys::OnProfile(LogPosition position, const BatchReader& batch, const ItemView& item,
                         Ordinal customer) {
  if (!IsNews(position, batch)) return;
  for (const PropertyView& property : item.properties) {
    machine_->OnAttribute(customer, batch.names()[property.name], batch.header().ingest_ms,
                          &pending_);
  }
}

// All decisions about one record are in one record, so a record is decided whole or not at all.
void Journeys::OnEvent(LogPosition position, const BatchReader& batch, const ItemView& item,
                       Ordinal customer) {
  // What we say ourselves is news to nobody.
  if (!IsNews(position, batch) || item.what.starts_with("$touch_")) return;
  journeys::Properties properties;
  properties.emplace_back(kPersonKey, item.identities[0].key);
  properties.emplace_back(kPersonValue, item.identities[0].value);
  for (const PropertyView& property : item.properties) {
    properties.emplace_back(batch.names()[property.name], engine::ValueAsText(property.value));
  }
  machine_->OnEvent({customer, item.what, properties, batch.header().ingest_ms}, &pending_);
}

Result<> Journeys::Start(engine::Engine& engine) {
  engine_ = &engine;
  const std::string folder = engine.directory() + "/journeys";
  TRY(host_.files.CreateDirectory(folder));
  TRY(host_.files.SyncDirectory(engine.directory()));
  sandbox_ = TRY(channels::Sandbox::Open(host_.files, folder + "/outbox.jsonl"));
  const bool copied =
      host_.files.FileSize(engine.directory() + "/" + std::string(engine::kHeldFile)).ok();
  if (copied) TRY(SetHeld(true));
  // What was being handed off: the channel knows whether it has it; if not, it gets it again under
  // the same key.
  engine_->Look([&](const engine::Applier&) {
    for (const journeys::TouchKey& key : machine_->state().TouchesIn(Outcome::kClaimed)) {
      const std::optional<bool> has = sandbox_->Find({.key = KeyText(key)});
      const Outcome outcome = has.value_or(false) ? Outcome::kAccepted : Outcome::kUnknown;
      machine_->OnReceipt(key, outcome, "restart", NowMs(), &pending_);
    }
    for (const journeys::TouchKey& key : machine_->state().TouchesIn(Outcome::kUnknown)) {
      const journeys::Touch& touch = *machine_->state().FindTouch(key);
      const journeys::JourneyState& of = machine_->state().journeys()[touch.plan.journey];
      claimed_.push_back({KeyText(key), touch.plan.channel, touch.plan.address, touch.plan.text,
                          of.id, of.now().nodes[touch.plan.node].id, NowMs()});
    }
    if (machine_->state().held()) claimed_.clear();
  });
  TRY(WriteDecisions());
  thread_ = std::thread([this] { Work(); });
  return {};
}

void Journeys::Stop() {
  {
    const std::lock_guard lock(wake_mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Journeys::Work() {
  bool failing = false;
  while (true) {
    {
      std::unique_lock lock(wake_mutex_);
      wake_.wait_for(lock, kPause, [&] { return stopping_; });
      if (stopping_) break;
    }
    const Result<> turned = Turn();
    if (!turned.ok() && !failing) LogError("journeys.stuck", {{"error", turned.error().message()}});
    failing = !turned.ok();
  }
  if (const Result<> written = WriteDecisions(); !written.ok()) {
    LogError("journeys.unwritten", {{"error", written.error().message()}});
  }
}

Result<> Journeys::Turn() {
  TRY(WriteDecisions());
  TRY(HandOver());
  TRY(ClaimDue());
  TRY(WriteDecisions());
  return HandOver();
}

Result<> Journeys::ClaimDue() {
  Hold([&] {
    const int64_t now = NowMs();
    machine_->FireUntil(now - kTimerLagMs, &pending_);
    std::vector<journeys::TouchKey> due;
    for (const auto& [at, order, key] : machine_->state().ready()) {
      if (at > now || due.size() == kClaimsAtOnce) break;
      due.push_back(key);
    }
    for (const journeys::TouchKey& key : due) {
      if (!machine_->Claim(key, now, &pending_)) continue;
      const journeys::change::TouchPlanned& plan = machine_->state().FindTouch(key)->plan;
      const journeys::JourneyState& of = machine_->state().journeys()[plan.journey];
      claimed_.push_back({KeyText(key), plan.channel, plan.address, plan.text, of.id,
                          of.now().nodes[plan.node].id, now});
    }
  });
  return {};
}

// REQUIRES: the claims are on disk.
Result<> Journeys::HandOver() {
  if (claimed_.empty()) return {};
  for (const channels::Message& message : std::exchange(claimed_, {})) {
    const channels::HandOff answer = sandbox_->Send(message).what;
    const Outcome outcome = answer == channels::HandOff::kAccepted   ? Outcome::kAccepted
                            : answer == channels::HandOff::kRejected ? Outcome::kRejected
                                                                     : Outcome::kUnknown;
    engine_->Look([&](const engine::Applier&) {
      machine_->OnReceipt(*journeys::ParseKey(message.key), outcome, "sandbox", NowMs(), &pending_);
    });
  }
  return WriteDecisions();
}

Result<> Journeys::WriteDecisions() {
  const std::lock_guard lock(write_mutex_);
  Hold([&] {
    EnterRuns();
    std::ranges::move(pending_, std::back_inserter(unwritten_));
    pending_.clear();
  });
  if (unwritten_.empty()) return {};
  TRY(engine_->AppendDecisions(journeys::EncodeDecisions(unwritten_)));
  return WriteEffects(std::exchange(unwritten_, {}));
}

// Events carry the message's key and outcome as their own key, so written again they count once.
Result<> Journeys::WriteEffects(const std::vector<Decision>& decisions) {
  BatchWriter out({.project = project_, .source = "journeys", .ingest_ms = NowMs()});
  for (const Decision& decision : decisions) {
    for (const journeys::Change& change : decision.changes) {
      const auto* moved = std::get_if<journeys::change::TouchMoved>(&change);
      if (!moved || EventOf(moved->outcome).empty()) continue;
      Hold([&] {
        const journeys::change::TouchPlanned& plan = machine_->state().FindTouch(moved->key)->plan;
        const size_t colon = plan.address.find(':');
        if (colon == plan.address.npos) return;  // erased
        const journeys::JourneyState& of = machine_->state().journeys()[plan.journey];
        const std::string key = KeyText(moved->key);
        const std::string once = key + std::string(NameOf(moved->outcome));
        out.BeginEvent(EventOf(moved->outcome), {.time_ms = decision.time_ms, .dedup_key = once});
        out.AddIdentity(plan.address.substr(0, colon), plan.address.substr(colon + 1));
        out.AddProperty("journey", Value::String(of.id));
        out.AddProperty("node", Value::String(of.now().nodes[plan.node].id));
        out.AddProperty("channel", Value::String(plan.channel));
        out.AddProperty("touch", Value::String(key));
        out.AddProperty("outcome", Value::String(NameOf(moved->outcome)));
        out.EndItem();
      });
    }
  }
  if (out.item_count() == 0) return {};
  engine_->Append(out.Finish(), [](Result<LogPosition> done) {
    if (!done.ok()) LogError("journeys.event_lost", {{"error", done.error().message()}});
  });
  return {};
}

void Journeys::Hold(const std::function<void()>& act) {
  engine_->Look([&](const engine::Applier&) {
    answers_.Changed();
    act();
  });
}

Result<> Journeys::Decide(const std::function<Result<>(journeys::Machine&, Out*)>& change) {
  Result<> changed;
  Hold([&] { changed = change(*machine_, &pending_); });
  TRY(WriteDecisions());
  return changed;
}

Result<Ordinal> Journeys::Find(const Person& person) {
  TRY(engine_->Read());  // what was acknowledged before the call is known
  std::optional<Ordinal> found;
  engine_->Look([&](const engine::Applier& applier) {
    found = applier.identities().Find(person.key, person.value);
    if (found) found = applier.identities().root(*found);
  });
  if (found) return *found;
  return Error(Code::kNotFound, "unknown_user",
               "nobody is known as " + person.key + " " + person.value);
}

std::string Journeys::Check(std::string_view definition) {
  journeys::Checked checked;
  engine_->Look(
      [&](const engine::Applier&) { checked = journeys::CheckJourney(definition, answers_); });
  json::array faults;
  for (const journeys::Fault& fault : checked.faults) faults.push_back(FaultJson(fault));
  return json::serialize(
      json::object{{"valid", checked.journey != nullptr}, {"faults", std::move(faults)}});
}

Result<std::string> Journeys::Publish(std::string_view definition) {
  uint32_t version = 0;
  bool by_segment = false;
  TRY(Decide([&](journeys::Machine& machine, Out* out) -> Result<> {
    const auto segment = TRY(SegmentOf(definition));
    version = TRY(machine.Publish(definition, NowMs(), out));
    by_segment = segment.has_value();
    if (!by_segment) return {};
    return FollowSegment(json::parse(definition).at("id").as_string(), *segment->members);
  }));
  // From here on a restart knows who was in the segment already.
  if (by_segment) TRY(engine_->Flush());
  return DoneJson({{"version", version}});
}

Result<std::string> Journeys::SetPhase(const std::string& journey, journeys::Phase phase) {
  TRY(Decide([&](journeys::Machine& machine, Out* out) {
    return machine.SetPhase(journey, phase, "api", NowMs(), out);
  }));
  return DoneJson({{"phase", journeys::NameOf(phase)}});
}

Result<std::string> Journeys::SetPolicy(std::string_view policy) {
  TRY(Decide([&](journeys::Machine& machine, Out* out) {
    return machine.SetPolicy(policy, NowMs(), out);
  }));
  return DoneJson();
}

Result<std::string> Journeys::SetHeld(bool held) {
  TRY(Decide([&](journeys::Machine& machine, Out* out) -> Result<> {
    machine.SetHeld(held, NowMs(), out);
    return {};
  }));
  const std::string file = engine_->directory() + "/" + std::string(engine::kHeldFile);
  if (!held && host_.files.FileSize(file).ok()) {
    TRY(host_.files.Remove(file));
    TRY(host_.files.SyncDirectory(engine_->directory()));
  }
  return DoneJson({{"held", held}});
}

Result<std::string> Journeys::Enter(const std::string& journey, const Person& person,
                                    const journeys::Properties& context,
                                    const std::string& request) {
  const Ordinal customer = TRY(Find(person));
  journeys::Properties known = context;
  known.emplace_back(kPersonKey, person.key);
  known.emplace_back(kPersonValue, person.value);
  journeys::EnterReply reply;
  TRY(Decide([&](journeys::Machine& machine, Out* out) -> Result<> {
    reply = TRY(machine.Enter({journey, customer, {}, known, request}, NowMs(), out));
    return {};
  }));
  if (reply.entry == 0) {
    const journeys::ReasonText& reason = journeys::TextOf(reply.reason);
    return json::serialize(json::object{{"entered", false},
                                        {"reason", reason.name},
                                        {"reason_en", reason.en},
                                        {"reason_zh", reason.zh}});
  }
  return json::serialize(
      json::object{{"entered", true}, {"entry", reply.entry}, {"duplicate", reply.duplicate}});
}

Result<std::string> Journeys::SetConsent(const Person& person, const std::string& channel,
                                         const std::string& purpose, bool allowed) {
  const Ordinal customer = TRY(Find(person));
  TRY(Decide([&](journeys::Machine& machine, Out* out) -> Result<> {
    machine.SetConsent({customer, channel, purpose, allowed}, NowMs(), out);
    return {};
  }));
  return DoneJson();
}

Result<std::string> Journeys::GiveReceipt(const std::string& key_text, const std::string& name) {
  const std::optional<journeys::TouchKey> key = journeys::ParseKey(key_text);
  const std::optional<Outcome> outcome = journeys::FindOutcome(name);
  const bool fits = outcome && *outcome > Outcome::kClaimed && *outcome != Outcome::kUnknown;
  if (!key || !fits) {
    return Error(Code::kInvalid, "bad_request",
                 "send {\"key\": a message's 32 digits, \"outcome\": delivered, opened, clicked, "
                 "replied, rejected or bounced}");
  }
  TRY(Decide([&](journeys::Machine& machine, Out* out) -> Result<> {
    machine.OnReceipt(*key, *outcome, "receipt", NowMs(), out);
    return {};
  }));
  return DoneJson();
}

std::string Journeys::List() {
  json::array list;
  bool held = false;
  json::array unknown;
  engine_->Look([&](const engine::Applier&) {
    for (const auto& journey : machine_->state().journeys()) list.push_back(JourneyJson(journey));
    held = machine_->state().held();
    for (const auto& key : machine_->state().TouchesIn(Outcome::kUnknown)) {
      unknown.push_back(json::value(KeyText(key)));
    }
  });
  return json::serialize(
      json::object{{"held", held}, {"unknown", std::move(unknown)}, {"journeys", std::move(list)}});
}

Result<std::string> Journeys::Show(const std::string& id) {
  std::optional<json::object> shown;
  engine_->Look([&](const engine::Applier&) {
    const std::optional<journeys::JourneyIndex> index = machine_->state().FindJourney(id);
    if (!index) return;
    const journeys::JourneyState& journey = machine_->state().journeys()[*index];
    shown = JourneyJson(journey);
    json::array nodes;
    for (const journeys::Node& node : journey.now().nodes) {
      nodes.push_back(NodeJson(journey, node));
    }
    (*shown)["nodes"] = std::move(nodes);
    (*shown)["definition"] = json::parse(journey.now().json);
  });
  if (!shown) return Error(Code::kNotFound, "not_found", "there is no journey '" + id + "'");
  return json::serialize(*shown);
}

Result<std::string> Journeys::Trace(const Person& person) {
  const Ordinal customer = TRY(Find(person));
  json::array lines;
  engine_->Look([&](const engine::Applier&) {
    const journeys::Customer* known = machine_->state().FindCustomer(customer);
    if (!known) return;
    for (const journeys::TraceLine& line : known->trace) {
      lines.push_back(LineJson(machine_->state(), line));
    }
  });
  return json::serialize(json::object{{"trace", std::move(lines)}});
}

std::string Journeys::Outbox(size_t limit) {
  std::string text = "{\"items\":[";
  for (const std::string& line : sandbox_->Newest(limit)) {
    text += (text.back() == '[' ? "" : ",") + line;
  }
  return text + "]}";
}

}  // namespace waypost::server
