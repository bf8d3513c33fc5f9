// A stage for tests: a machine, a world that is told what to answer, a provider with moods, and a
// clock that is moved by hand. Every decision goes through its bytes into a second state, which
// must stay equal to the machine's.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "journeys/machine.h"
#include "model/time_text.h"

namespace waypost::journeys {

inline int64_t At(std::string_view text) {
  const std::optional<WrittenTime> time = ParseDateTime(text);
  CHECK(time);
  return time->UtcMs(480);
}
inline constexpr std::string_view kTen = "2026-03-02T10:00:00";  // a Monday
inline constexpr int64_t kHour = 3'600'000;
inline constexpr int64_t kMinute = 60'000;

class TestWorld final : public Conditions, public Customers, public Renderer {
 public:
  std::map<std::string, std::function<Truth(const Facts&)>, std::less<>> tests;
  std::map<std::pair<Ordinal, std::string>, std::string> attributes;
  std::set<std::string, std::less<>> unknown;   // attributes that nobody has
  std::set<std::string, std::less<>> dateless;  // attributes that are no dates
  std::set<std::string, std::less<>> textual;   // attributes that are no numbers
  // What conditions that may be followed speak of.
  std::map<std::string, std::vector<Subject>, std::less<>> subjects;
  std::set<std::pair<Ordinal, std::string>> unreachable;  // customer, channel
  std::map<Ordinal, std::string> addresses;         // of who has another than "to-" and number
  std::map<Ordinal, std::optional<Ordinal>> roots;  // of those who are others now, or gone
  struct Done {
    Ordinal customer;
    std::string event;
    int64_t at_ms;
    Properties properties = {};
  };
  std::vector<Done> history;

  Result<> Check(std::string_view condition, About) const override {
    if (tests.contains(condition)) return {};
    return Error(Code::kInvalid, "bad_condition", "no such condition: " + std::string(condition));
  }
  Result<> CheckAttribute(std::string_view name, AskedFor what) const override {
    if (what == AskedFor::kDate && dateless.contains(name))
      return Error(Code::kInvalid, "not_date", "no date: " + std::string(name));
    if ((what == AskedFor::kWholeNumber || what == AskedFor::kNumber) && textual.contains(name))
      return Error(Code::kInvalid, "not_number", "no number: " + std::string(name));
    if (!unknown.contains(name)) return {};
    return Error(Code::kInvalid, "unknown_attribute", "no attribute " + std::string(name));
  }
  Truth Test(std::string_view condition, const Facts& facts) const override {
    const auto found = tests.find(condition);
    return found == tests.end() ? Truth::kError : found->second(facts);
  }
  Result<std::vector<Subject>> SubjectsOf(std::string_view condition) const override {
    const auto found = subjects.find(condition);
    if (found != subjects.end()) return found->second;
    return Error(Code::kInvalid, "not_followed", "nobody tells of: " + std::string(condition));
  }
  std::optional<std::string> Attribute(Ordinal customer, std::string_view name) const override {
    const auto found = attributes.find({customer, std::string(name)});
    if (found == attributes.end()) return {};
    return found->second;
  }
  std::optional<std::string> Address(const Facts& facts, std::string_view channel) const override {
    if (const auto named = Named(facts)) return "to-" + std::to_string(*named);
    if (unreachable.contains({facts.customer, std::string(channel)})) return {};
    if (const auto at = addresses.find(facts.customer); at != addresses.end()) return at->second;
    return "to-" + std::to_string(facts.customer);
  }
  std::optional<Ordinal> Root(Ordinal customer) const override {
    const auto found = roots.find(customer);
    return found == roots.end() ? customer : found->second;
  }
  // Of the entry: "as" is an ordinal.
  std::optional<Ordinal> Named(const Facts& facts) const override {
    const auto as = facts.context ? FindProperty(*facts.context, "as") : std::nullopt;
    return as ? std::optional<Ordinal>((*as)[0] - '0') : std::nullopt;
  }
  bool HasDone(Ordinal customer, const Deed& deed, int64_t after_ms,
               int64_t until_ms) const override {
    return std::ranges::any_of(history, [&](const Done& done) {
      return done.customer == customer && done.event == deed.event && done.at_ms > after_ms &&
             done.at_ms <= until_ms &&
             (deed.property.empty() || FindProperty(done.properties, deed.property) == deed.value);
    });
  }
  // {{name}} is of the entry, else an attribute.
  Result<std::string> Render(std::string_view text, const Facts& facts) const override {
    std::string out(text);
    for (size_t begin = out.find("{{"); begin != std::string::npos; begin = out.find("{{")) {
      const size_t end = out.find("}}", begin);
      const std::string name = out.substr(begin + 2, end - begin - 2);
      std::optional<std::string> value = Attribute(facts.customer, name);
      if (const auto known = facts.context ? FindProperty(*facts.context, name) : std::nullopt) {
        value = *known;
      }
      if (!value) return Error(Code::kInvalid, "render_error", "no value for " + name);
      out.replace(begin, end + 2 - begin, *value);
    }
    return out;
  }
};

// One hand-off as the provider saw it.
struct HandOff {
  int64_t at_ms = 0;
  Ordinal customer = 0;
  std::string channel, text, node;
  TouchKey key;
};

class Stage {
 public:
  explicit Stage(int64_t now_ms = At("2026-03-02T10:00:00"))
      : now_ms_(now_ms), machine_(std::in_place, State(), world_view_) {}
  virtual ~Stage() {
    EXPECT_EQ(machine_->state().Encode(), shadow_.Encode()) << "the fold of decisions differs";
  }

  TestWorld world;
  // What the provider answers; accepted when not set. Nothing: no answer.
  std::function<std::optional<Outcome>(const change::TouchPlanned&)> provider;
  std::vector<HandOff> sent;
  std::vector<change::RunTaken> runs;
  std::vector<change::Marked> marks;
  bool dispatching = true;

  int64_t now() const { return now_ms_; }
  Machine& machine() { return *machine_; }
  const State& state() const { return machine_->state(); }
  const JourneyState& journey(std::string_view id = "j") const {
    return state().journeys()[*state().FindJourney(id)];
  }

  void Publish(std::string_view json) {
    const Result<uint32_t> published = machine_->Publish(json, now_ms_, &out_);
    ASSERT_TRUE(published.ok()) << published.error().message();
    Commit();
  }
  Result<uint32_t> TryPublish(std::string_view json) {
    Result<uint32_t> published = machine_->Publish(json, now_ms_, &out_);
    Commit();
    return published;
  }
  void Policy(std::string_view json) {
    const Result<> set = machine_->SetPolicy(json, now_ms_, &out_);
    ASSERT_TRUE(set.ok()) << set.error().message();
    Commit();
  }
  // At the stage's time. A message id that came before is dropped, as the engine drops it.
  void Event(Ordinal customer, std::string_view name, const Properties& properties = {},
             std::string_view message_id = {}) {
    if (!message_id.empty() && !seen_.insert(std::string(message_id)).second) {
      ++duplicates;
      return;
    }
    world.history.push_back({customer, std::string(name), now_ms_, properties});
    machine_->OnEvent({customer, name, properties, now_ms_}, &out_);
    Commit();
  }
  Result<EnterReply> Enter(Ordinal customer, std::string_view journey_id = "j",
                           std::string request = {}, Properties context = {},
                           std::string key = {}) {
    Result<EnterReply> reply = machine_->Enter(
        {journey_id, customer, std::move(key), std::move(context), std::move(request)}, now_ms_,
        &out_);
    Commit();
    return reply;
  }
  void List(const std::vector<Ordinal>& customers, std::string_view journey_id = "j") {
    ASSERT_TRUE(machine_->List(journey_id, customers, now_ms_, &out_).ok());
    Commit();
  }
  // The set has these members now; how many decisions that is.
  size_t SetMembers(const std::string& set, const std::vector<Ordinal>& customers) {
    Members members;
    for (const Ordinal customer : customers) members.Set(customer, true);
    const size_t before = log.size();
    machine_->OnSets({{set, members}}, now_ms_, &out_);
    Commit();
    return log.size() - before;
  }
  bool LetIn(size_t most) {
    const bool left = machine_->LetIn(most, now_ms_, &out_);
    Commit();
    return left;
  }
  void EnterMany(const std::vector<Ordinal>& customers, std::string_view journey_id = "j") {
    List(customers, journey_id);
    LetIn(SIZE_MAX);
  }
  Result<EnterReply> EnterUnknown(std::string person, std::string_view journey_id = "j") {
    Result<EnterReply> reply =
        machine_->EnterUnknown({journey_id, std::move(person), {}, {}}, now_ms_, &out_);
    Commit();
    return reply;
  }
  // The message was not taken, and goes again not before then.
  void PutBack(const TouchKey& key, int64_t not_before_ms) {
    machine_->PutBack(key, not_before_ms, true, "busy", now_ms_, &out_);
    Commit();
  }
  void Receipt(const TouchKey& key, Outcome outcome, const change::Pairs& captured = {}) {
    machine_->OnReceipt(key, outcome, {}, now_ms_, &out_, captured);
    Commit();
  }
  void Attribute(Ordinal customer, const std::string& name, const std::string& value) {
    world.attributes[{customer, name}] = value;
    machine_->OnAttribute(customer, name, now_ms_, &out_);
    Commit();
  }
  void Consent(Ordinal customer, std::string channel, bool allowed, std::string purpose = "*") {
    machine_->SetConsent({customer, std::move(channel), std::move(purpose), allowed}, now_ms_,
                         &out_);
    Commit();
  }
  void SetPhase(Phase phase, std::string_view id = "j") {
    const Result<> set = machine_->SetPhase(id, phase, "test", now_ms_, &out_);
    ASSERT_TRUE(set.ok()) << set.error().message();
    Commit();
  }
  void Erase(Ordinal customer) {
    machine_->Erase(customer, now_ms_, &out_);
    Commit();
  }
  void Merge(Ordinal from, Ordinal to) {
    machine_->Merge(from, to, now_ms_, &out_);
    Commit();
  }

  void OnIdentity(Ordinal root, const std::vector<Ordinal>& members) {
    machine_->OnIdentity(root, members, now_ms_, &out_);
    Commit();
  }

  // The machine ends and begins again with what its decisions say.
  void Restart() {
    State state;
    for (const Decision& decision : DecodeDecisions(EncodeDecisions(log)).value()) {
      ASSERT_TRUE(state.Apply(decision).ok());
    }
    machine_.emplace(std::move(state), world_view_);
  }

  // Everything due on the way happens at its time. The last moment's timers fire as well.
  void AdvanceTo(int64_t until_ms) {
    while (true) {
      int64_t next = machine_->state().NextTimerBound().value_or(kNever);
      if (dispatching && !state().held()) {
        for (const auto& [channel, ready] : state().ready()) {
          const auto later = std::ranges::find_if(
              ready, [&](const auto& place) { return std::get<0>(place) > now_ms_; });
          if (later != ready.end()) next = std::min(next, std::get<0>(*later));
        }
        next = std::min(next, NextOpenPace(now_ms_, state()));
      }
      if (next > until_ms) break;
      now_ms_ = std::max(now_ms_, next);
      machine_->FireUntil(now_ms_, &out_);
      Commit();
    }
    now_ms_ = std::max(now_ms_, until_ms);
  }
  void AdvanceTo(std::string_view text) { AdvanceTo(At(text)); }
  void Advance(int64_t ms) { AdvanceTo(now_ms_ + ms); }
  // The machine is down and misses everything until then.
  void SleepTo(int64_t until_ms) {
    now_ms_ = until_ms;
    machine_->FireUntil(now_ms_, &out_);
    Commit();
  }
  void JumpClockTo(int64_t now_ms) { now_ms_ = now_ms; }

  uint64_t Rejects(Reject reason, std::string_view id = "j") const {
    const auto& rejects = journey(id).rejects;
    const auto found = rejects.find(static_cast<uint8_t>(reason));
    return found == rejects.end() ? 0 : found->second;
  }
  uint64_t Exits(Exit reason, std::string_view id = "j") const {
    const auto& exits = journey(id).exits;
    const auto found = exits.find(static_cast<uint8_t>(reason));
    return found == exits.end() ? 0 : found->second;
  }
  uint64_t Out(std::string_view node, std::string_view outcome, std::string_view id = "j") const {
    const auto& nodes = journey(id).nodes;
    const auto found = nodes.find(std::string(node));
    if (found == nodes.end()) return 0;
    const Journey& definition = journey(id).now();
    const size_t place = definition.nodes[definition.FindNode(node)].OutcomeIndex(outcome);
    const auto out = found->second.out.find(static_cast<uint32_t>(place));
    return out == found->second.out.end() ? 0 : out->second;
  }
  uint64_t Denied(std::string_view node, Outcome outcome, std::string_view id = "j") const {
    const auto& nodes = journey(id).nodes;
    const auto found = nodes.find(std::string(node));
    if (found == nodes.end()) return 0;
    const auto count = found->second.outcomes.find(static_cast<uint8_t>(outcome));
    return count == found->second.outcomes.end() ? 0 : count->second;
  }
  // "push@0 sms@172800000" since the stage began.
  std::string SentText(int64_t since_ms = At("2026-03-02T10:00:00")) const {
    std::string text;
    for (const HandOff& one : sent) {
      text += (text.empty() ? "" : " ") + one.channel + "@" + std::to_string(one.at_ms - since_ms);
    }
    return text;
  }
  // Runs that were taken, as local dates.
  std::string RunDays(bool skipped = false) const {
    std::string text;
    for (const change::RunTaken& run : runs) {
      if (run.skipped == skipped) text += (text.empty() ? "" : " ") + DateText(run.run / kDayMs);
    }
    return text;
  }

  int duplicates = 0;
  std::vector<Decision> log;

  // Decisions that a test made on the machine by itself.
  void Follow(const Machine::Out& decisions) {
    out_ = decisions;
    Commit();
  }

  // Decisions are durable, then their effects happen.
  virtual void Commit() {
    Keep();
    if (dispatching) Dispatch();
  }

  void Dispatch() {
    for (const TouchKey& key : state().DueTouches(now_ms_)) {
      const bool claimed = machine_->Claim(key, now_ms_, &out_);
      Keep();
      if (claimed) HandOver(key);
    }
  }

 protected:
  void Keep() {
    if (out_.empty()) return;
    const Result<std::vector<Decision>> read = DecodeDecisions(EncodeDecisions(out_));
    ASSERT_TRUE(read.ok()) << read.error().message();
    for (const Decision& decision : read.value()) {
      const Result<> applied = shadow_.Apply(decision);
      ASSERT_TRUE(applied.ok()) << applied.error().message();
      for (const Change& one : decision.changes) {
        if (const auto* run = std::get_if<change::RunTaken>(&one)) runs.push_back(*run);
        if (const auto* mark = std::get_if<change::Marked>(&one)) marks.push_back(*mark);
      }
    }
    log.insert(log.end(), out_.begin(), out_.end());
    out_.clear();
  }
  void HandOver(const TouchKey& key) {
    const change::TouchPlanned plan = state().FindTouch(key)->plan;
    sent.push_back(
        {now_ms_, plan.customer, plan.channel, plan.text, state().FindTouch(key)->node, key});
    const std::optional<Outcome> answer = provider ? provider(plan) : Outcome::kAccepted;
    if (!answer) return;
    machine_->OnReceipt(key, *answer, {}, now_ms_, &out_);
    Keep();
  }

  int64_t now_ms_;
  World world_view_{world, world, world};
  std::optional<Machine> machine_;
  Machine::Out out_;
  State shadow_;
  std::set<std::string> seen_;
};

// {"id": ..., "entry": ..., extra..., "nodes": [...], "edges": [...]} with an entry node "start".
// Edges are written "start>a a:timeout>b".
inline std::string Drawn(std::string_view nodes, std::string_view edges,
                         std::string_view extra = {}, std::string_view id = "j",
                         std::string_view entry = R"({"kind":"api"})") {
  std::string json = R"({"id":")" + std::string(id) + R"(","entry":)" + std::string(entry);
  if (!extra.empty()) json += "," + std::string(extra);
  json += R"(,"nodes":[{"id":"start","type":"entry"})";
  if (!nodes.empty()) json += "," + std::string(nodes);
  json += R"(],"edges":[)";
  bool first = true;
  for (size_t begin = 0; begin < edges.size();) {
    const size_t end = std::min(edges.find(' ', begin), edges.size());
    const std::string_view edge = edges.substr(begin, end - begin);
    const size_t arrow = edge.find('>');
    const size_t colon = edge.substr(0, arrow).find(':');
    json += (first ? "" : ",") + std::string(R"({"from":")") +
            std::string(edge.substr(0, std::min(colon, arrow))) + R"(","to":")" +
            std::string(edge.substr(arrow + 1)) + "\"";
    if (colon != std::string_view::npos) {
      json += R"(,"when":")" + std::string(edge.substr(colon + 1, arrow - colon - 1)) + "\"";
    }
    json += "}";
    first = false;
    begin = end + 1;
  }
  return json + "]}";
}

}  // namespace waypost::journeys
