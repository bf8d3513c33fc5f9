// From draft to certified to live to retired: who may take which step, and which come by
// themselves.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/clock.h"
#include "base/logger.h"
#include "tags/tag_json.h"
#include "tags/tags.h"

namespace waypost::tags {

namespace json = boost::json;
using catalog::Definition;
using catalog::Reference;

namespace {

Result<Move> FindMove(const Definition& tag, std::string_view verb) {
  std::string from;
  for (const Move& move : Moves()) {
    if (move.verb != verb) continue;
    if (move.from == tag.state) return move;
    from += (from.empty() ? "" : " or ") + std::string(move.from);
  }
  if (from.empty()) return BadTag(fmt::format("there is no step '{}'", verb));
  return Error(Code::kConflict, "tag_state",
               fmt::format("the tag '{}' is {}; only a tag that is {} can be taken by '{}'", tag.id,
                           tag.state, from, verb));
}

}  // namespace

// What a step asks for beside the right state.
Result<> Tags::MayMove(const Definition& tag, const Move& move, const std::string& who) {
  if (move.verb == "submit" && tag.owner.empty()) {
    return Error(Code::kInvalid, "no_owner",
                 fmt::format("the tag '{}' has no owner: name one before it is submitted", tag.id));
  }
  if (move.verb == "certify" && TRY(HistoryOf(tag))->submitted_by == who) {
    return Error(
        Code::kConflict, "same_person",
        fmt::format("'{}' submitted the tag '{}': somebody else certifies it", who, tag.id));
  }
  if (move.verb != "retire") return {};
  const std::vector<Reference> users = TRY(catalog_.UsersOf({tag.kind, tag.id}));
  if (users.empty()) return {};
  return Error(
      Code::kConflict, "in_use",
      fmt::format("the tag '{}' is used by the {} '{}'", tag.id, users[0].kind, users[0].id));
}

Result<std::string> Tags::Step(std::string_view id, std::string_view verb, std::string_view text,
                               const Moment& moment) {
  const json::object form = TRY(ReadBody(text));
  TRY(Only(form, {"note"}));
  const std::string note = TRY(Text(form, "note"));
  const Definition tag = TRY(Get(id));
  const Move move = TRY(FindMove(tag, verb));
  TRY(MayMove(tag, move, moment.who));
  json::object entry{{"what", "life"}, {"step", move.verb},      {"from", move.from},
                     {"to", move.to},  {"version", tag.version}, {"by", moment.who}};
  if (!note.empty()) entry["note"] = note;
  // What followed events stops with the values it has.
  if (verb == "freeze" && Now(id)) {
    const analytics::Calendar calendar = TRY(analytics::Calendar::Of(moment.zone));
    TRY(RunDay(tag, DayOf(calendar, moment.now_ms), moment));
  }
  // Noted first: a step that is cut short there is just taken again.
  TRY(Note(tag, json::serialize(entry), moment.now_ms));
  TRY(catalog_.SetState({tag.kind, tag.id}, move.to));
  Forget();
  if (live_) live_->Changed();
  return json::serialize(DefinitionJson(TRY(Get(id))));
}

int64_t History::IdleDays(int64_t created_ms, int64_t now_ms) const {
  return (now_ms - std::max({last_used_ms, stepped_ms, created_ms})) / kDayMs;
}

// What is due: "idle", "freeze", "retire" or nothing.
Result<std::string> Tags::IdleStepOf(const Definition& tag, const Moment& moment) {
  const auto history = TRY(HistoryOf(tag));
  const auto past = [&](int64_t since_ms, int64_t days) {
    return since_ms > 0 && days > 0 && moment.now_ms - since_ms >= days * kDayMs;
  };
  if (tag.state == "frozen" && history->idled_ms > 0) {
    const int64_t since = std::max(history->idled_ms, history->last_used_ms);
    return std::string(past(since, idle_.retire_days) ? "retire" : "");
  }
  const bool idle = history->IdleDays(tag.created_ms, moment.now_ms) >= idle_.idle_days;
  if (tag.state != "live" || !idle) return std::string();
  if (history->told_idle_ms == 0) return std::string("idle");
  return std::string(past(history->told_idle_ms, idle_.freeze_days) ? "freeze" : "");
}

Result<std::vector<IdleStep>> Tags::TakeIdleSteps(const Moment& moment) {
  TRY(NoteUsage(moment));
  Moment self = moment;
  self.who = std::string(kIdle);
  std::vector<IdleStep> taken;
  for (const Definition& tag : TRY(catalog_.List(kTagKind))) {
    if (!TRY(catalog_.UsersOf({tag.kind, tag.id})).empty()) {
      // What was told to be idle is used after all: its days begin anew.
      if (TRY(HistoryOf(tag))->told_idle_ms)
        TRY(Note(tag, R"({"what":"usage","count":0})", moment.now_ms));
      continue;
    }
    const std::string step = TRY(IdleStepOf(tag, moment));
    if (step.empty()) continue;
    if (step == "idle") {
      const json::object entry{{"what", "idle"}, {"by", kIdle}, {"freeze_days", idle_.freeze_days}};
      TRY(Note(tag, json::serialize(entry), moment.now_ms));
    } else {
      const auto done = Step(tag.id, step, "", self);
      if (!done.ok()) {
        LogError("tag.idle_stuck", {{"tag", tag.id}, {"error", done.error().message()}});
        continue;
      }
    }
    taken.push_back({tag.id, tag.owner, step});
  }
  return taken;
}

}  // namespace waypost::tags
