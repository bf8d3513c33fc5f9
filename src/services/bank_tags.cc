#include "services/bank_tags.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/clock.h"
#include "model/time_text.h"

namespace waypost::services {
namespace {

using TagVerb = api::TagCall::Verb;

constexpr int64_t kDaysBack = 1;

struct TagStep {
  std::string_view step, who;
};
constexpr TagStep kSteps[] = {
    {"submit", "客户洞察部"}, {"certify", "data-governance"}, {"launch", "客户洞察部"}};

Result<> MakeOne(api::TagShelf& shelf, const boost::json::value& tag, int64_t now_ms) {
  api::TagCall call{.who = "客户洞察部"};
  call.id = std::string(tag.at("id").as_string());
  call.verb = TagVerb::kCreate;
  call.body = boost::json::serialize(tag);
  TRY(shelf.Call(call));
  call.body.clear();
  call.verb = TagVerb::kStep;
  for (const TagStep& step : kSteps) {
    call.step = step.step;
    call.who = step.who;
    TRY(shelf.Call(call));
  }
  // Whole days in any time zone; then today as it is.
  call.verb = TagVerb::kRun;
  for (int64_t back = kDaysBack; back > 0; --back) {
    call.body = fmt::format(R"({{"day":"{}"}})", DateText(now_ms / kDayMs - back));
    TRY(shelf.Call(call));
  }
  call.body.clear();
  TRY(shelf.Call(call));
  return {};
}

}  // namespace

Result<> MakeBankTags(api::TagShelf& shelf, std::string_view tags, int64_t now_ms) {
  const boost::json::value list = boost::json::parse(tags);
  for (const boost::json::value& tag : list.as_array()) {
    Result<> made = MakeOne(shelf, tag, now_ms);
    if (!made.ok()) return std::move(made).error().While(tag.at("id").as_string());
  }
  return {};
}

}  // namespace waypost::services
