// A tag's definition: what it means to the business, how it is made, and when. In the catalog it is
// a definition of kind "tag" whose body is this as JSON; docs/tags.md shows it.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "analytics/calendar.h"
#include "analytics/schedule.h"
#include "catalog/catalog.h"
#include "tags/making.h"

namespace waypost::tags {

inline constexpr std::string_view kTagKind = "tag";
inline constexpr std::string_view kIdle = "idle";  // who takes steps of tags that nobody uses
inline constexpr std::string_view kSchedule = "schedule";  // who runs what nobody asked for
inline constexpr int64_t kMaxKeepDays = 3'660;
inline constexpr size_t kMaxPlaces = 20;  // categories of a tag, and albums

struct TagBody {
  std::string meaning_zh, meaning_en;
  std::vector<std::string> categories;  // paths: "客户价值/资产"
  std::vector<std::string> albums;
  std::string type;  // as TypeName
  Making making;
  int64_t keep_days = 400;  // values of older days go
  bool live = false;        // values follow what happens
  analytics::Schedule schedule;
};

// The members of a body that anybody may send beside names and owner. Those that are left out stay
// as they are in `body`. Errors: kInvalid "bad_tag" with the path.
Result<> ReadTagBody(const boost::json::object& json, TagBody* body);
// As it is kept, and back. REQUIRES for the second: the first wrote it.
boost::json::object TagBodyToJson(const TagBody& body);
Result<TagBody> TagBodyOf(const catalog::Definition& definition);

// The local day of an instant, days since 1970.
int64_t DayOf(const analytics::Calendar& calendar, int64_t instant_ms);

// A step of a tag's life, from one state to another: draft, submitted, certified, live, frozen,
// retired.
struct Move {
  std::string_view verb, from, to;
};
const std::vector<Move>& Moves();

}  // namespace waypost::tags
