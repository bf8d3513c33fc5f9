#include "tags/definition.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/clock.h"
#include "model/form.h"
#include "tags/tag_json.h"

namespace waypost::tags {
namespace {

namespace json = boost::json;

constexpr size_t kMaxMeaning = 2'000;
constexpr size_t kMaxPath = 200;

Result<std::vector<std::string>> ReadPlaces(const Form& form) {
  std::vector<std::string> places;
  for (const Form& item : TRY(form.List(0, kMaxPlaces))) {
    std::string place = TRY(item.Text());
    const bool empty_step = place.empty() || place.starts_with('/') || place.ends_with('/') ||
                            place.find("//") != place.npos;
    if (empty_step || place.size() > kMaxPath)
      return item.Bad("give a path of names, as \"客户价值/资产\"");
    if (std::ranges::find(places, place) == places.end()) places.push_back(std::move(place));
  }
  return places;
}

Result<> ReadText(const Form& form, std::string_view key, std::string* text) {
  const auto member = form.Find(key);
  if (!member) return {};
  *text = TRY(member->Text());
  if (text->size() > kMaxMeaning) return member->Bad(fmt::format("over {} bytes", kMaxMeaning));
  return {};
}

Result<> Read(const Form& form, TagBody* body) {
  TRY(ReadText(form, "meaning_zh", &body->meaning_zh));
  TRY(ReadText(form, "meaning_en", &body->meaning_en));
  if (const auto places = form.Find("categories")) body->categories = TRY(ReadPlaces(*places));
  if (const auto places = form.Find("albums")) body->albums = TRY(ReadPlaces(*places));
  if (const auto days = form.Find("keep_days")) body->keep_days = TRY(days->Whole(1, kMaxKeepDays));
  if (const auto refresh = form.Find("refresh"))
    body->live = TRY(refresh->Choice<bool>({{"live", true}, {"runs", false}}));
  if (const auto schedule = form.Find("schedule"))
    body->schedule = TRY(analytics::ReadSchedule(*schedule));
  return {};
}

}  // namespace

Result<> ReadTagBody(const json::object& object, TagBody* body) {
  const json::value value(object);
  TRY(Read(Form(value, kBadTag, ""), body));
  if (const json::value* make = object.if_contains("make")) body->making = TRY(ReadMaking(*make));
  return {};
}

json::object TagBodyToJson(const TagBody& body) {
  return {{"meaning_zh", body.meaning_zh},
          {"meaning_en", body.meaning_en},
          {"categories", json::value_from(body.categories)},
          {"albums", json::value_from(body.albums)},
          {"type", body.type},
          {"make", MakingToJson(body.making)},
          {"keep_days", body.keep_days},
          {"refresh", body.live ? "live" : "runs"},
          {"schedule", analytics::ScheduleJson(body.schedule)}};
}

int64_t DayOf(const analytics::Calendar& calendar, int64_t instant_ms) {
  const int64_t wall = calendar.Wall(instant_ms);
  return (wall - (wall % kDayMs + kDayMs) % kDayMs) / kDayMs;
}

Result<TagBody> TagBodyOf(const catalog::Definition& definition) {
  json::error_code error;
  const json::value value = json::parse(definition.body, error);
  if (error || !value.is_object()) {
    return Error(Code::kCorrupt,
                 fmt::format("the tag '{}' has a body that is no JSON object", definition.id));
  }
  TagBody body;
  TRY(ReadTagBody(value.get_object(), &body));
  if (const json::value* type = value.get_object().if_contains("type"))
    body.type = std::string(type->as_string());
  return body;
}

const std::vector<Move>& Moves() {
  static const std::vector<Move> moves = {
      {"submit", "draft", "submitted"},      {"reject", "submitted", "draft"},
      {"certify", "submitted", "certified"}, {"launch", "certified", "live"},
      {"freeze", "live", "frozen"},          {"thaw", "frozen", "live"},
      {"retire", "draft", "retired"},        {"retire", "certified", "retired"},
      {"retire", "live", "retired"},         {"retire", "frozen", "retired"},
      {"revive", "retired", "draft"},
  };
  return moves;
}

}  // namespace waypost::tags
