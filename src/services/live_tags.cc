#include "services/live_tags.h"

#include <algorithm>

#include "base/logger.h"
#include "exec/customer_values.h"

namespace waypost::services {

std::vector<TagListener*> LiveTags::ListenersOf(const tags::LiveDefinition& tag) const {
  std::vector<TagListener*> out;
  std::ranges::copy_if(listeners_, std::back_inserter(out),
                       [&](TagListener* listener) { return listener->Follows(tag); });
  return out;
}

Result<> LiveTags::Read(tags::Tags& tags) {
  std::vector<Live> live;
  for (tags::LiveDefinition& one : TRY(tags.LiveDefinitions())) {
    const auto same = std::ranges::find_if(
        live_, [&](const Live& known) { return known.definition.IsSame(one); });
    if (same != live_.end()) {
      live.push_back(std::move(*same));
      live_.erase(same);
    } else {
      auto& made = live.emplace_back();
      made.queries = tags::QueriesOf(one.making);
      made.tag = std::make_shared<tags::LiveTag>(one.making);
      made.definition = std::move(one);
    }
    live.back().listeners = ListenersOf(live.back().definition);
    if (live.back().listeners.empty()) live.back().told.reset();
  }
  live_ = std::move(live);
  std::map<std::string, OfRuns> of_runs;
  for (const catalog::Definition& one : TRY(tags.All())) {
    const bool is_live = std::ranges::any_of(
        live_, [&](const Live& known) { return known.definition.id == one.id; });
    tags::LiveDefinition tag{.id = one.id, .name_zh = one.name_zh, .name_en = one.name_en};
    tag.created_ms = one.created_ms;
    auto listeners = is_live ? std::vector<TagListener*>() : ListenersOf(tag);
    if (listeners.empty()) continue;
    OfRuns& made = of_runs[one.id];
    const auto known = of_runs_.find(one.id);
    if (known != of_runs_.end() && known->second.definition.IsSame(tag))
      made = std::move(known->second);
    made.definition = std::move(tag);
    made.listeners = std::move(listeners);
  }
  of_runs_ = std::move(of_runs);
  const std::lock_guard lock(mutex_);
  std::erase_if(known_, [&](const auto& known) {
    return std::ranges::none_of(live_, [&](const Live& one) { return one.tag == known.second; });
  });
  return {};
}

int64_t LiveTags::next_ms() const {
  int64_t next_ms = std::numeric_limits<int64_t>::max();
  for (const Live& live : live_) {
    if (!live.failing) next_ms = std::min(next_ms, live.tag->next_ms());
  }
  return next_ms;
}

uint64_t LiveTags::MovesOf(const eql::Query& query) const {
  uint64_t moves = 0;
  for (const std::string& name : eql::NamesOf(query, eql::Rule::Kind::kTag)) {
    for (const Live& live : live_) {
      if (live.definition.IsCalled(name)) moves += live.moves;
    }
  }
  return moves;
}

void LiveTags::Advance(tags::Tags& tags, const analytics::LookMoment& moment,
                       const analytics::Touches& touches, const SetsVersion& sets_version) {
  if (idle()) return;
  const auto calendar = analytics::Calendar::Of(zone_);
  if (!calendar.ok()) return;
  {
    const std::lock_guard lock(mutex_);
    day_ = tags::DayOf(calendar.value(), moment.options.now_ms);
  }
  const tags::TagBook book(tags, moment.snapshot, calendar.value(), true);
  for (Live& live : live_) {
    analytics::LookMoment own{moment.snapshot, moment.names, moment.options};
    own.options.tags = &book;
    for (const eql::Query& query : live.queries)
      own.sets_version += sets_version(query) + MovesOf(query);
    std::vector<tags::LiveTag::Moved> moves;
    const Result<> advanced = live.tag->Advance(own, touches, &moves);
    if (!advanced.ok() && !live.failing) {
      LogError("tags.live_stuck", {{"project", project_},
                                   {"tag", live.definition.id},
                                   {"error", advanced.error().message()}});
    }
    live.failing = !advanced.ok();
    if (live.failing) continue;
    live.moves += moves.size();
    {
      const std::lock_guard lock(mutex_);
      known_[live.definition.id] = live.tag;
    }
    if (live.listeners.empty() || (live.told && moves.empty())) continue;
    TagChange change{live.definition, moment.options.now_ms, live.told, live.tag->Values(), {}};
    for (const tags::LiveTag::Moved& one : moves) {
      change.changed.resize(std::max<size_t>(change.changed.size(), one.customer / 64 + 1));
      change.changed[one.customer / 64] |= 1ull << (one.customer % 64);
    }
    for (TagListener* listener : live.listeners) listener->OnValues(change);
    live.told = change.now;
  }
  TellOfRuns(tags, moment);
}

void LiveTags::TellOfRuns(tags::Tags& tags, const analytics::LookMoment& moment) {
  for (auto& [id, one] : of_runs_) {
    const auto tag = tags.FindNamed(id);
    if (!tag.ok()) continue;
    const auto history = tags.HistoryOf(tag.value());
    if (!history.ok() || history.value()->days.empty()) continue;
    const auto& [day, run] = *history.value()->days.rbegin();
    if (run.number == one.number) continue;
    auto values = tags.ValuesOf(tag.value(), day, run, moment.snapshot);
    if (!values.ok()) continue;
    TagChange change{one.definition, moment.options.now_ms, one.told, values.value(), {}};
    if (one.told) change.changed = exec::Changed(*one.told->columns, *change.now.columns);
    for (TagListener* listener : one.listeners) listener->OnValues(change);
    one.told = change.now;
    one.number = run.number;
  }
}

std::optional<tags::LiveValues::Now> LiveTags::Find(std::string_view id) {
  std::shared_ptr<tags::LiveTag> tag;
  Now now;
  {
    const std::lock_guard lock(mutex_);
    const auto known = known_.find(id);
    if (known == known_.end()) return std::nullopt;
    tag = known->second;
    now.day = day_;
  }
  now.values = tag->Values();
  return now;
}

}  // namespace waypost::services
