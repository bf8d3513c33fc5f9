// What journeys send: decisions to the log, messages to channels, and events of what came of them.
#include <algorithm>
#include <bit>

#include "base/logger.h"
#include "files/cell_reader.h"
#include "services/journey_json.h"
#include "services/journeys.h"
#include "services/own_events.h"

namespace waypost::services {
namespace {

using journeys::Outcome;
using journeys::State;

constexpr auto kPause = std::chrono::milliseconds(20);
constexpr size_t kTellingsAtOnce = 10'000;
constexpr size_t kLetInAtOnce = 512, kPartsLetIn = 8;
constexpr std::string_view kSetting = "set:";  // begins the keys of attributes

// What a line says beside what its trace shows.
void AddTold(const journeys::UntoldLine& one, DecidedLine* line) {
  line->handed_over = one.handed_over;
  if (one.line.version != 0) line->shown["version"] = one.line.version;
  if (one.entered_ms != 0) line->shown["entered_at"] = DateTimeText(one.entered_ms);
  if (one.came_ms != 0) line->shown["came_at"] = DateTimeText(one.came_ms);
  if (one.touch == journeys::TouchKey()) return;
  line->shown["touch"] = journeys::KeyText(one.touch);
  line->shown["channel"] = one.channel;
}

// As a value of the type the plan has; what is none of it comes as the text it is, and is seen in
// the quarantine.
void AddAttribute(const journeys::Unset& one, ValueType type, const std::string& zone,
                  BatchWriter* out) {
  files::Field field;
  field.SetText(one.value);
  std::string_view reason;
  Result<files::CellReader> reader = files::CellReader::Make(type, "iso", "|", zone);
  const std::optional<Value> value =
      reader.ok() ? reader.value().Read(field, &reason) : std::optional<Value>();
  out->AddProperty(one.attribute, value.value_or(Value::String(one.value)));
}

// Who was erased leaves every journey, and nothing more is handed over to him. `known` is how many
// there were the last time. Returns whether there are more.
bool EraseTheErased(const std::vector<uint64_t>& erased, size_t* known, int64_t now_ms,
                    journeys::Machine* machine, journeys::Machine::Out* out) {
  size_t count = 0;
  for (const uint64_t word : erased) count += static_cast<size_t>(std::popcount(word));
  if (std::exchange(*known, count) == count) return false;
  for (size_t w = 0; w < erased.size(); ++w) {
    for (uint64_t left = erased[w]; left; left &= left - 1) {
      machine->Erase(static_cast<Ordinal>(w * 64 + static_cast<size_t>(std::countr_zero(left))),
                     now_ms, out);
    }
  }
  return true;
}

}  // namespace

Result<> Journeys::Start() {
  engine::Engine& engine = *engine_;
  const std::string folder = engine.directory() + "/journeys";
  TRY(host_.files.CreateDirectory(folder));
  TRY(host_.files.SyncDirectory(engine.directory()));
  sandbox_ = TRY(channels::Sandbox::Open(host_.files, folder + "/outbox.jsonl"));
  forecasts_ = TRY(Forecasts::Open(host_.files, folder + "/forecasts.json"));
  const bool copied =
      host_.files.FileSize(engine.directory() + "/" + std::string(engine::kHeldFile)).ok();
  if (copied) TRY(SetHeld(true));
  {
    const std::lock_guard lock(channels_mutex_);
    delivery_ = std::make_unique<Delivery>(host_.clock, sandbox_, [this] { Wake(); });
    for (const auto& [name, channel] : channels_) delivery_->dispatcher().Set(name, channel);
  }
  Hold([&] {
    started_ = true;
    delivery_->Recover(*machine_, &pending_);
  });
  TRY(WriteDecisions());
  thread_ = std::thread([this] { Work(); });
  audience_thread_ = std::thread([this] { FindAudiences(); });
  return {};
}

void Journeys::SetChannel(const std::string& name, std::shared_ptr<channels::Channel> channel) {
  const std::lock_guard lock(channels_mutex_);
  if (delivery_) delivery_->dispatcher().Set(name, channel);
  if (channel) {
    channels_[name] = std::move(channel);
  } else {
    channels_.erase(name);
  }
}

std::shared_ptr<channels::Channel> Journeys::FindChannel(const std::string& name) {
  const std::lock_guard lock(channels_mutex_);
  const auto found = channels_.find(name);
  return found == channels_.end() ? nullptr : found->second;
}

bool Journeys::held() {
  bool held = false;
  Hold([&] { held = machine_->state().held(); });
  return held;
}

std::map<std::string, Journeys::OnTheirWay> Journeys::Traffic() {
  std::map<std::string, OnTheirWay> traffic;
  engine_->Look([&](const engine::Applier&) {
    const State& state = machine_->state();
    for (const auto& [channel, ready] : state.ready()) traffic[channel].waiting = ready.size();
    for (const auto& key : state.TouchesIn(Outcome::kClaimed)) {
      ++traffic[state.FindTouch(key)->plan.channel].claimed;
    }
    for (const auto& key : state.TouchesIn(Outcome::kUnknown)) {
      ++traffic[state.FindTouch(key)->plan.channel].unknown;
    }
  });
  return traffic;
}

void Journeys::Stop() {
  {
    const std::lock_guard lock(wake_mutex_);
    if (std::exchange(stopping_, true)) return;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  if (audience_thread_.joinable()) audience_thread_.join();
  if (!engine_) return;
  if (delivery_) {
    delivery_->dispatcher().Stop();
    Hold([&] { delivery_->Listen(*machine_, &pending_); });
  }
  if (const Result<> written = WriteDecisions(); !written.ok()) {
    LogError("journeys.unwritten", {{"error", written.error().message()}});
  }
}

void Journeys::Wake() {
  const std::lock_guard lock(wake_mutex_);
  woken_ = true;
  wake_.notify_all();
}

void Journeys::WakeForRuns() {
  const std::lock_guard lock(wake_mutex_);
  runs_due_ = true;
  wake_.notify_all();
}

void Journeys::ForgetErased() {
  const Result<> forgotten = sandbox_->Forget([&](const channels::Message& message) {
    const std::optional<journeys::TouchKey> key = journeys::ParseKey(message.key);
    const journeys::Touch* touch = key ? machine_->state().FindTouch(*key) : nullptr;
    if (touch) return touch->erased;
    const std::string_view address = message.address;
    const size_t colon = std::min(address.find(':'), address.size());
    const std::string_view value = address.substr(std::min(colon + 1, address.size()));
    return !answers_.identities().Find(address.substr(0, colon), value).has_value();
  });
  if (!forgotten.ok()) LogError("sandbox.not_forgotten", {{"error", forgotten.error().message()}});
}

void Journeys::Work() {
  bool failing = false;
  size_t erased = 0;
  while (true) {
    {
      std::unique_lock lock(wake_mutex_);
      wake_.wait_for(lock, kPause, [&] { return woken_ || stopping_; });
      if (stopping_) break;
      woken_ = false;
    }
    const Result<> turned = Turn(&erased);
    if (!turned.ok() && !failing) LogError("journeys.stuck", {{"error", turned.error().message()}});
    failing = !turned.ok();
  }
}

// Claims are on disk before they are handed off. Holds the state once where nothing more is to be
// done: whoever waits for it waits until a batch of events is applied.
Result<> Journeys::Turn(size_t* erased) {
  bool runs_due = false, lines = false, listed = false;
  TRY(WriteDecisions([&] {
    if (EraseTheErased(answers_.identities().erased(), erased, NowMs(), machine_.get(), &pending_))
      ForgetErased();
    delivery_->Listen(*machine_, &pending_);
    delivery_->Reconcile(*machine_, &pending_);
    machine_->FireUntil(NowMs() - kTimerLagMs, &pending_);
    delivery_->Claim(*machine_, &pending_);
    runs_due = !DueRuns().empty() || ListsAreDue();
    lines = !machine_->state().untold_lines().empty();
    listed = machine_->MayLetIn(NowMs());
  }));
  delivery_->HandOff();
  if (lines) TRY(TellLines());
  if (runs_due) WakeForRuns();
  if (listed && LetIn()) Wake();
  return {};
}

// After everything else that is due, and by so few that events need not wait long for their turn.
bool Journeys::LetIn() {
  bool more = true;
  for (size_t part = 0; more && part < kPartsLetIn; ++part)
    Hold([&] { more = machine_->LetIn(kLetInAtOnce, NowMs(), &pending_); });
  return more;
}

Result<> Journeys::WriteDecisions(const std::function<void()>& decide) {
  const std::lock_guard lock(write_mutex_);
  uint64_t written = 0;
  BatchWriter told({.project = project_, .source = kOwnSource, .ingest_ms = NowMs()});
  bool events = false;
  Hold([&] {
    if (decide) decide();
    Pack();
    std::ranges::move(records_.Take(), std::back_inserter(unwritten_));
    written = machine_->state().number();
    events = WriteUntold(&told);
  });
  if (told.item_count() > 0) Tell(told.Finish(), events);
  for (; !unwritten_.empty(); unwritten_.pop_front())
    TRY(engine_->AppendDecisions(unwritten_.front()));
  written_ = written;
  return {};
}

Result<> Journeys::FollowLines(uint32_t kinds) {
  return Decide([&](journeys::Machine& machine, Out* out) -> Result<> {
    machine.FollowLines(kinds, NowMs(), out);
    return {};
  });
}

// Only this thread takes any away.
Result<> Journeys::TellLines() {
  std::vector<DecidedLine> lines;
  engine_->Look([&](const engine::Applier& applier) {
    const State& state = machine_->state();
    for (const journeys::UntoldLine& one : state.untold_lines()) {
      if (one.decision > written_ || lines.size() == kTellingsAtOnce) break;
      const IdentityView who = applier.identities().identity(one.customer);
      DecidedLine& line =
          lines.emplace_back(one.decision, one.place, one.line.what,
                             state.journeys()[one.line.journey].id, LineJson(state, one.line));
      line.shown["customer"] = {{"key", who.key}, {"value", who.value}};
      AddTold(one, &line);
    }
  });
  if (lines.empty()) return {};
  if (listener_) TRY(listener_->OnLines(lines));
  engine_->Look([&](const engine::Applier&) {
    // Those of who was erased meanwhile are gone.
    const auto& untold = machine_->state().untold_lines();
    const auto rest = std::ranges::find_if(untold, [&](const journeys::UntoldLine& one) {
      return std::pair(one.decision, one.place) >
             std::pair(lines.back().decision, lines.back().place);
    });
    machine_->LinesTold(static_cast<size_t>(rest - untold.begin()));
  });
  return {};
}

void Journeys::DeclareEvents() {
  const std::lock_guard lock(declare_mutex_);
  if (declared_) return;
  const Result<> declared = [&]() -> Result<> {
    const PlanChange change = UndeclaredOwnEvents(*TRY(engine_->Read()).plan, project_);
    if (!change.events.empty() || !change.properties.empty()) TRY(engine_->ChangePlan(change));
    return {};
  }();
  declared_ = declared.ok() || declared.error().code() != Code::kUnavailable;
  if (!declared.ok()) LogError("journeys.undeclared", {{"error", declared.error().message()}});
}

// What is told is the state's, so what a crash or a full queue kept from the log is told later.
// Each has a key of its own: told again, it counts once. Attributes of one customer go in the order
// they were set: of two for one in one millisecond the later stays.
bool Journeys::WriteUntold(BatchWriter* out) {
  if (tell_again_.exchange(false)) telling_ = 0;
  bool events = false;
  const State& state = machine_->state();
  telling_ = state.tellings().From(telling_, [&](const journeys::Telling& one) {
    if (one.decision > written_ || out->item_count() >= kTellingsAtOnce) return false;
    if (!one.outcome) {
      const auto unset = state.unset().find(one.key);
      if (unset != state.unset().end()) SetAttribute(one.key, unset->second, out);
    } else if (const auto untold = state.untold().find({one.key, *one.outcome});
               untold != state.untold().end()) {
      TellOutcome(one.key, *one.outcome, untold->second.time_ms, out);
      events = true;
    }
    return true;
  });
  return events;
}

void Journeys::Tell(Bytes told, bool events) {
  if (events) DeclareEvents();
  engine_->AppendOwn(std::move(told), [this](Result<LogPosition> done) {
    if (!done.ok()) tell_again_ = true;
  });
}

void Journeys::TellOutcome(const journeys::TouchKey& key, Outcome outcome, int64_t time_ms,
                           BatchWriter* out) {
  const journeys::Touch& touch = *machine_->state().FindTouch(key);
  const journeys::change::TouchPlanned& plan = touch.plan;
  const journeys::JourneyState& of = machine_->state().journeys()[plan.journey];
  const IdentityView who = answers_.identities().identity(plan.customer);
  const std::string dedup_key = KeyText(key) + std::string(NameOf(outcome));
  out->BeginEvent(EventOf(outcome), {.time_ms = time_ms, .dedup_key = dedup_key});
  out->AddIdentity(who.key, who.value);
  out->AddProperty("journey", Value::String(of.id));
  out->AddProperty("node", Value::String(touch.node));
  out->AddProperty("channel", Value::String(plan.channel));
  out->AddProperty("touch", Value::String(KeyText(key)));
  out->AddProperty("outcome", Value::String(NameOf(outcome)));
  out->EndItem();
}

void Journeys::SetAttribute(const journeys::TouchKey& key, const journeys::Unset& unset,
                            BatchWriter* out) {
  const IdentityView who = answers_.identities().identity(unset.customer);
  const std::string dedup_key = std::string(kSetting) + KeyText(key);
  out->BeginItem(ItemKind::kProfile, unset.adds ? kProfileIncrement : kProfileSet, "",
                 {.time_ms = unset.time_ms, .dedup_key = dedup_key});
  out->AddIdentity(who.key, who.value);
  const PlanProperty* known = answers_.applied().plan().FindProperty(unset.attribute);
  const bool is_whole = unset.value.find_first_of(".e") == std::string::npos;
  const ValueType number = is_whole ? ValueType::kInt : ValueType::kDouble;
  const ValueType unknown = unset.adds ? number : ValueType::kString;
  AddAttribute(unset, known ? known->type : unknown, answers_.zone(), out);
  out->EndItem();
}

// An event or an attribute of ours is in the log.
void Journeys::Told(std::string_view dedup_key) {
  if (dedup_key.starts_with(kSetting)) {
    const auto key = journeys::ParseKey(dedup_key.substr(kSetting.size()));
    if (key) machine_->WasSet(*key);
    return;
  }
  const std::optional<journeys::TouchKey> key = journeys::ParseKey(dedup_key.substr(0, 32));
  if (!key) return;
  const std::optional<Outcome> outcome = journeys::FindOutcome(dedup_key.substr(32));
  if (outcome) machine_->Told(*key, *outcome);
}

}  // namespace waypost::services
