#include "services/past_segment.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <boost/json.hpp>

#include "eql/rule_json.h"
#include "exec/selector.h"

namespace waypost::services {
namespace {

namespace json = boost::json;

}  // namespace

std::vector<Ordinal> OrdinalsOf(const exec::CustomerBits& bits) {
  std::vector<Ordinal> ordinals;
  for (size_t w = 0; w < bits.size(); ++w) {
    for (uint64_t left = bits[w]; left; left &= left - 1)
      ordinals.push_back(static_cast<Ordinal>(w * 64) +
                         static_cast<Ordinal>(std::countr_zero(left)));
  }
  return ordinals;
}

PastSegment::PastSegment(const ProjectCatalog& catalog, engine::Engine& engine,
                         const engine::Reading& reading, std::string zone,
                         analytics::Calendar calendar, eql::Query query)
    : view_(reading.snapshot->view()),
      zone_(std::move(zone)),
      query_(std::move(query)),
      names_(engine, reading.plan),
      sets_(*catalog.segments, view_),
      tables_(reading.tables, view_),
      tags_(*catalog.tags, view_, std::move(calendar)) {}

Result<PastSegment> PastSegment::Of(Catalogs& catalogs, const std::string& project,
                                    engine::Engine& engine, const engine::Reading& reading,
                                    const std::string& zone, std::string_view name) {
  const ProjectCatalog& catalog = *TRY(catalogs.Find(project));
  for (const catalog::Definition& d : TRY(catalog.catalog->List("segment"))) {
    if (d.id != name && d.name_zh != name && d.name_en != name) continue;
    eql::Query query = TRY(eql::QueryFromJson(json::parse(d.body).at("rule")));
    return PastSegment(catalog, engine, reading, zone, TRY(analytics::Calendar::Of(zone)),
                       std::move(query));
  }
  return Error(Code::kNotFound, "not_found", fmt::format("there is no segment '{}'", name));
}

analytics::AskOptions PastSegment::OptionsAt(int64_t at_ms) const {
  return {.now_ms = at_ms,
          .default_zone = zone_,
          .sets = &sets_,
          .tags = &tags_,
          .tables = &tables_,
          .snapshot = &view_};
}

Result<std::vector<Ordinal>> PastSegment::At(int64_t at_ms) {
  analytics::ResolvedQuery rule = TRY(analytics::ResolveQuery(query_, names_, OptionsAt(at_ms)));
  analytics::CutAt(at_ms + 1, &rule.rule);
  return OrdinalsOf(analytics::RunQuery(rule, view_, 1));
}

// When something happened to whom that the rule speaks of, by time.
Result<std::vector<std::pair<int64_t, uint32_t>>> PastSegment::Happened(
    const analytics::Lookout::Needs& needs, int64_t from_ms, int64_t until_ms) const {
  std::vector<std::pair<int64_t, uint32_t>> happened;
  const auto wanted = [&](uint32_t type) {
    return std::ranges::find(needs.events, type) != needs.events.end();
  };
  for (const column::BlockView& block : view_.blocks) {
    for (const auto& part : block.parts) {
      const column::EventBlock& events = *part;
      if (events.base_ms >= until_ms) continue;
      for (const column::EventSlice& slice : events.slices) {
        if (!needs.any_event && !wanted(slice.event_type)) continue;
        for (uint32_t local = 0; local < kBlockSize; ++local) {
          const column::RowRange rows = slice.persons.Rows(local);
          for (uint32_t row = rows.begin; row < rows.end; ++row) {
            const int64_t at_ms = events.base_ms + slice.times[row];
            if (at_ms >= from_ms && at_ms < until_ms)
              happened.emplace_back(at_ms, (block.block << kBlockBits) + local);
          }
        }
        if (happened.size() <= kMaxLooks) continue;
        return Error(Code::kTooLarge, "too_large",
                     fmt::format("over {} things happened that lead into or out of the segment: "
                                 "choose fewer days",
                                 kMaxLooks));
      }
    }
  }
  std::ranges::sort(happened);
  return happened;
}

Result<std::vector<Ordinal>> PastSegment::Follow(int64_t from_ms, int64_t until_ms,
                                                 std::vector<journeys::PastMove>* moves) {
  segments::LiveRule rule(query_);
  analytics::Lookout::Needs needs;
  analytics::Lookout::FindNeeds(
      TRY(analytics::ResolveQuery(query_, names_, OptionsAt(from_ms))).rule, &needs);
  const auto happened = TRY(Happened(needs, from_ms, until_ms));
  std::vector<segments::Moved> moved;
  const auto advance = [&](int64_t at_ms, analytics::Touches& touches) -> Result<> {
    touches.Prepare(view_);
    TRY(rule.Advance({view_, names_, OptionsAt(at_ms), 0, true}, touches, &moved));
    for (const segments::Moved& one : std::exchange(moved, {}))
      moves->push_back({at_ms, one.customer, one.in});
    return {};
  };
  analytics::Touches nothing;
  TRY(advance(from_ms - 1, nothing));
  const std::vector<Ordinal> before = OrdinalsOf(rule.members());
  moves->clear();
  int64_t at_ms = from_ms - 1;
  for (auto next = happened.begin();;) {
    const int64_t event_ms = next == happened.end() ? until_ms : next->first;
    at_ms = std::max(at_ms + 1, std::min(event_ms, rule.next_ms()));
    if (at_ms >= until_ms) return before;
    analytics::Touches touches;
    for (; next != happened.end() && next->first <= at_ms; ++next) {
      for (const uint32_t what : needs.any_event ? std::vector<uint32_t>{0} : needs.events)
        touches.Add(next->second, what);
    }
    TRY(advance(at_ms, touches));
  }
}

}  // namespace waypost::services
