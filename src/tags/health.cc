// How tags are: how many customers have a value, how old it is, how far it moved, who uses it.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/clock.h"
#include "exec/limit.h"
#include "model/masking.h"
#include "model/time_text.h"
#include "tags/drift.h"
#include "tags/tag_json.h"
#include "tags/tags.h"

namespace waypost::tags {

namespace json = boost::json;
using catalog::Definition;

namespace {

constexpr double kCoverageMoves = 0.1;
constexpr double kOneValue = 0.99;
constexpr int64_t kNotedEachMs = kDayMs / 2;

enum class Level : uint8_t { kGood, kWarning, kAlarm };
constexpr std::string_view kLevels[] = {"good", "warning", "alarm"};

// What is found wrong, and how bad it is.
class Findings {
 public:
  void Add(Level level, std::string_view what, std::string_view zh, std::string_view en) {
    worst_ = std::max(worst_, level);
    found_.push_back(
        {{"level", kLevels[static_cast<size_t>(level)]}, {"what", what}, {"zh", zh}, {"en", en}});
  }
  std::string_view level() const { return kLevels[static_cast<size_t>(worst_)]; }
  json::array Take() { return std::move(found_); }

 private:
  Level worst_ = Level::kGood;
  json::array found_;
};

void JudgeDrift(double index, int64_t against, Findings* findings) {
  if (index < kDriftWarns) return;
  findings->Add(
      index < kDriftAlarms ? Level::kWarning : Level::kAlarm, "drift",
      fmt::format("分布与 {} 相比偏移，PSI 为 {:.3f}", DateText(against), index),
      fmt::format("the distribution moved since {}: PSI is {:.3f}", DateText(against), index));
}

void JudgeCoverage(const Summary& before, const Summary& now, Findings* findings) {
  const double moved = now.coverage() - before.coverage();
  if (moved < kCoverageMoves && moved > -kCoverageMoves) return;
  findings->Add(
      moved < 0 ? Level::kAlarm : Level::kWarning, "coverage",
      fmt::format("覆盖率由 {:.1f}% 变为 {:.1f}%", before.coverage() * 100, now.coverage() * 100),
      fmt::format("coverage went from {:.1f}% to {:.1f}%", before.coverage() * 100,
                  now.coverage() * 100));
}

// As people say it: a flag is kept as "true" or "false".
std::pair<std::string_view, std::string_view> Said(ValueType type, std::string_view value) {
  if (type != ValueType::kBool) return {value, value};
  return value == "true" ? std::pair("是", "yes") : std::pair("否", "no");
}

void JudgeValues(ValueType type, const Summary& now, bool hidden, Findings* findings) {
  if (now.with_value == 0) {
    findings->Add(Level::kAlarm, "empty", "没有任何客户有值", "no customer has a value");
    return;
  }
  std::map<std::string, uint64_t> counts = now.counts;
  if (!now.numbers.empty()) {  // sorted: what nearly all have is in the middle
    const double middle = now.numbers[now.numbers.size() / 2];
    counts[type == ValueType::kDateTime ? DateTimeText(static_cast<int64_t>(middle))
                                        : fmt::format("{}", middle)] =
        std::ranges::equal_range(now.numbers, middle).size();
  }
  for (const auto& [value, count] : counts) {
    if (static_cast<double>(count) < kOneValue * static_cast<double>(now.with_value)) continue;
    const auto [zh, en] = Said(type, hidden ? kMask : std::string_view(value));
    findings->Add(Level::kWarning, "one_value", fmt::format("几乎所有客户取同一个值“{}”", zh),
                  fmt::format("nearly every customer has the same value '{}'", en));
  }
}

}  // namespace

Result<json::object> Tags::HealthOf(const Definition& tag, const Moment& moment) {
  Findings findings;
  const TagBody body = TRY(TagBodyOf(tag));
  const auto history = TRY(HistoryOf(tag));
  const auto users = TRY(catalog_.UsersOf({tag.kind, tag.id}));
  json::object out{{"id", tag.id},
                   {"name_zh", tag.name_zh},
                   {"name_en", tag.name_en},
                   {"owner", tag.owner},
                   {"state", tag.state}};
  const int64_t today = DayOf(TRY(analytics::Calendar::Of(moment.zone)), moment.now_ms);
  if (history->last_failed) {
    findings.Add(Level::kAlarm, "failed", "最近一次计算失败：" + history->last_error_zh,
                 "the last run failed: " + history->last_error);
  }
  if (history->days.empty()) {
    if (tag.state == "live")
      findings.Add(Level::kAlarm, "no_values", "已上线但还没有取值", "live, but without values");
  } else {
    const exec::CustomerBits everyone = exec::AllCustomers(moment.snapshot);
    const auto last = std::prev(history->days.end());
    const auto values = TRY(ValuesOf(tag, last->first, last->second, moment.snapshot));
    const Summary now = Summarize(values.type, *values.columns, everyone);
    out["last_day"] = DateText(last->first);
    out["age_days"] = today - last->first;
    out["coverage"] = now.coverage();
    out["with_value"] = now.with_value;
    out["distinct"] = now.distinct();
    JudgeValues(values.type, now, TRY(Hides(tag.id, moment.names)), &findings);
    if (!body.schedule.cron.empty() && tag.state == "live" && today - last->first > 1) {
      findings.Add(
          Level::kAlarm, "stale",
          fmt::format("取值停留在 {}，已 {} 天未更新", DateText(last->first), today - last->first),
          fmt::format("the values are of {}, {} days ago", DateText(last->first),
                      today - last->first));
    }
    if (last != history->days.begin()) {
      const auto before = std::prev(last);
      const auto old = TRY(ValuesOf(tag, before->first, before->second, moment.snapshot));
      const Summary was = Summarize(old.type, *old.columns, everyone);
      JudgeCoverage(was, now, &findings);
      if (const auto index = old.type == values.type ? StabilityIndex(was, now) : std::nullopt) {
        out["psi"] = *index;
        out["psi_against"] = DateText(before->first);
        JudgeDrift(*index, before->first, &findings);
      }
    }
  }
  out["used_by"] = ReferencesJson(users);
  const int64_t idle_days = history->IdleDays(tag.created_ms, moment.now_ms);
  if (history->last_used_ms) out["last_used"] = DateTimeText(history->last_used_ms);
  const bool offered = tag.state == "live" || tag.state == "certified";
  if (offered && users.empty() && idle_days >= idle_.idle_days) {
    findings.Add(Level::kWarning, "idle", fmt::format("{} 天无人使用，建议冻结后下线", idle_days),
                 fmt::format("unused for {} days: freeze it, then retire it", idle_days));
  }
  out["level"] = findings.level();
  out["findings"] = findings.Take();
  return out;
}

Result<std::string> Tags::Health(std::string_view id, const Moment& moment) {
  return json::serialize(TRY(HealthOf(TRY(Get(id)), moment)));
}

Result<std::string> Tags::Report(const Moment& moment) {
  TRY(NoteUsage(moment));
  json::array items;
  std::map<std::string, int64_t> levels;
  for (const Definition& tag : TRY(catalog_.List(kTagKind))) {
    if (tag.state == "retired") continue;
    if (!exec::Limit::AllowsMore()) break;
    Result<json::object> health = HealthOf(tag, moment);
    if (!health.ok()) {
      health = json::object{{"id", tag.id},
                            {"level", "alarm"},
                            {"findings",
                             {{{"level", "alarm"},
                               {"what", "unreadable"},
                               {"zh", "取值无法读取：" + health.error().message()},
                               {"en", "its values cannot be read: " + health.error().message()}}}}};
    }
    ++levels[std::string(health.value().at("level").as_string())];
    items.push_back(std::move(health).value());
  }
  json::object counts;
  for (const auto& [level, count] : levels) counts[level] = count;
  return json::serialize(json::object{{"at", DateTimeText(moment.now_ms)},
                                      {"counts", std::move(counts)},
                                      {"tags", std::move(items)}});
}

// Usage is counted in memory. A tag that was told to be idle is heard of at once.
Result<> Tags::NoteUsage(const Moment& moment) {
  std::map<std::string, int64_t> used;
  {
    const std::lock_guard lock(opened_mutex_);
    used = used_;
  }
  for (const auto& [id, count] : used) {
    if (const Result<Definition> tag = Get(id); tag.ok()) {  // or it was removed since
      const auto history = TRY(HistoryOf(tag.value()));
      if (!history->told_idle_ms && moment.now_ms - history->last_used_ms < kNotedEachMs) continue;
      const json::object entry{{"what", "usage"}, {"count", count}};
      TRY(Note(tag.value(), json::serialize(entry), moment.now_ms));
    }
    const std::lock_guard lock(opened_mutex_);
    if ((used_[id] -= count) == 0) used_.erase(id);
  }
  return {};
}

}  // namespace waypost::tags
