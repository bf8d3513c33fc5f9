// From draft to certified to live to retired: who may take which step.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

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
  if (move.verb == "submit" && tag.owner.empty())
    return BadTag(
        fmt::format("the tag '{}' has no owner: name one before it is submitted", tag.id));
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
  if (live_) live_->Changed();
  return json::serialize(DefinitionJson(TRY(Get(id))));
}

}  // namespace waypost::tags
