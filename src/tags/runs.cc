// Runs of tags, and what their values say.
#include <fmt/format.h>

#include <bit>
#include <boost/json.hpp>
#include <cmath>
#include <set>

#include "base/clock.h"
#include "exec/limit.h"
#include "exec/quantile.h"
#include "model/batch.h"
#include "model/error_sentences.h"
#include "model/time_text.h"
#include "tags/summary.h"
#include "tags/tag_json.h"
#include "tags/tags.h"

namespace waypost::tags {

namespace json = boost::json;
using catalog::Definition;
using catalog::Reference;

namespace {

constexpr size_t kMaxOpened = 256;
constexpr size_t kMaxTransitions = 2'000;

json::object SummaryJson(ValueType type, const Summary& summary) {
  json::object out{{"customers", summary.customers},
                   {"with_value", summary.with_value},
                   {"coverage", summary.coverage()}};
  const auto share = [&](uint64_t count) {
    return static_cast<double>(count) / static_cast<double>(summary.with_value);
  };
  if (type == ValueType::kDouble || type == ValueType::kDateTime) {
    if (summary.numbers.empty()) return out;
    json::array deciles;
    for (int tenth = 0; tenth <= 10; ++tenth)
      deciles.push_back(exec::Quantile(summary.numbers, tenth / 10.0));
    long double sum = 0;
    for (const double v : summary.numbers) sum += v;
    out["mean"] = static_cast<double>(sum / static_cast<long double>(summary.numbers.size()));
    out["deciles"] = std::move(deciles);
    return out;
  }
  std::vector<std::pair<uint64_t, std::string>> most;
  for (const auto& [value, count] : summary.counts) most.emplace_back(count, value);
  std::ranges::stable_sort(most, std::greater(), [](const auto& one) { return one.first; });
  uint64_t others = 0;
  json::array values;
  for (size_t i = 0; i < most.size(); ++i) {
    const auto& [count, value] = most[i];
    if (i < kMaxGroups)
      values.push_back({{"value", value}, {"count", count}, {"share", share(count)}});
    else
      others += count;
  }
  out["values"] = std::move(values);
  out["distinct"] = most.size();
  if (others) out["others"] = others;
  return out;
}

// A value of an upload.
Result<> PutUploaded(const json::value& value, uint32_t ordinal, ValueType type,
                     std::map<std::string, uint32_t, std::less<>>* codes, Evaluated* into) {
  const auto put_text = [&](std::string text) {
    const auto [at, added] = codes->try_emplace(text, codes->size() + 1);
    if (added) into->values.texts.push_back(std::move(text));
    into->values.codes[ordinal] = at->second;
  };
  const auto wrong = [&] {
    return BadTag(fmt::format("values: {} is no {}", json::serialize(value), TypeName(type)));
  };
  double& number = into->values.numbers[ordinal];
  switch (type) {
    case ValueType::kString:
      if (!value.is_string() || value.get_string().size() > kMaxValueBytes) return wrong();
      put_text(std::string(value.get_string()));
      return {};
    case ValueType::kBool:
      if (!value.is_bool()) return wrong();
      number = value.get_bool();
      return {};
    case ValueType::kDateTime: {
      const auto written =
          value.is_string() ? ParseDateTime(value.get_string()) : std::optional<WrittenTime>();
      if (!written) return wrong();
      number = static_cast<double>(written->UtcMs());
      return {};
    }
    case ValueType::kList: {
      if (!value.is_array() || value.get_array().size() > kMaxLayers) return wrong();
      std::vector<std::string_view> items;
      for (const json::value& item : value.get_array()) {
        if (!item.is_string() || item.get_string().size() > kMaxValueBytes) return wrong();
        items.emplace_back(item.get_string());
      }
      put_text(PackList(items));
      return {};
    }
    default:
      if (!value.is_number() || !std::isfinite(value.to_number<double>())) return wrong();
      number = value.to_number<double>();
      return {};
  }
}

Result<> CheckScore(const json::value& value, const Making& making) {
  const bool number = value.is_number();
  const double score = number ? value.to_number<double>() : 0;
  if (number && score >= making.least && score <= making.greatest) return {};
  return BadTag(fmt::format("values: {} is no score of '{}', which are from {} to {}",
                            json::serialize(value), making.model, making.least, making.greatest));
}

// Which version of the model gave the scores, and when; what an entry says of it.
Result<json::object> ReadScored(const json::object& form, const History& history, int64_t now_ms) {
  constexpr int64_t kAheadMs = 300'000;  // clocks differ
  const std::string version = TRY(Text(form, "model_version")), at = TRY(Text(form, "at"));
  const auto written = ParseDateTime(at);
  if (version.empty() || version.size() > kMaxValueBytes || !written)
    return BadTag(R"(scores come with "model_version" and "at", as "2026-03-01T08:00:00Z")");
  const int64_t scored_ms = written->UtcMs();
  if (scored_ms > now_ms + kAheadMs) return BadTag("at: that is in the future");
  if (scored_ms < history.scored_ms) {
    return Error(Code::kConflict, "older_scores",
                 fmt::format("there are scores of {}, newer than these of {}",
                             DateTimeText(history.scored_ms), DateTimeText(scored_ms)));
  }
  return json::object{{"model_version", version}, {"scored_at", DateTimeText(scored_ms)}};
}

// A value may be of one customer alone: erasing finds it in files, and would not in a record.
std::string WithoutValues(json::object run) {
  for (const char* name : {"values", "others"}) run.erase(name);
  return json::serialize(run);
}

json::value TextJson(const Shown& text) {
  return text.first ? json::value(json::string(text.second)) : json::value(nullptr);
}

io::CheckFile WholeValues(io::FileSystem& files) {
  return [&files](const std::string& path) -> Result<> {
    TRY(ReadValues(files, path));
    return {};
  };
}

}  // namespace

std::string Tags::PathOf(const Definition& tag, int64_t day, int64_t number) const {
  return fmt::format("{}/{}-{}-{}-{}.values", directory_, tag.id, tag.created_ms, DateText(day),
                     number);
}

Result<Tags::Opened> Tags::Open(const Definition& tag, int64_t day, const DayRun& run) {
  Opened opened{.path = PathOf(tag, day, run.number)};
  {
    const std::lock_guard lock(opened_mutex_);
    if (const auto found = opened_.find(opened.path); found != opened_.end()) return found->second;
  }
  auto read = ReadValues(files_, opened.path);
  if (!read.ok() && read.error().code() == Code::kNotFound) {
    // A run of the same day may have taken its place since the history was read.
    const auto history = TRY(HistoryOf(tag));
    const auto newer = history->days.find(day);
    if (newer != history->days.end() && newer->second.number > run.number)
      return Open(tag, day, newer->second);
  }
  opened.values = TRY(std::move(read));
  const std::lock_guard lock(opened_mutex_);
  if (opened_.size() >= kMaxOpened) opened_.clear();
  opened_[opened.path] = opened;
  return opened;
}

Result<analytics::TagValues::Values> Tags::ValuesOf(const Definition& tag, int64_t day,
                                                    const DayRun& run,
                                                    const column::SnapshotView& snapshot) {
  Opened opened = TRY(Open(tag, day, run));
  if (!opened.columns || opened.snapshot != snapshot.id) {
    opened.snapshot = snapshot.id;
    opened.columns = ForSnapshot(opened.values, snapshot);
    const std::lock_guard lock(opened_mutex_);
    const auto found = opened_.find(opened.path);
    if (found != opened_.end() && !snapshot.id.empty()) found->second = opened;
  }
  return analytics::TagValues::Values{opened.values->type, opened.columns};
}

// What makes the tag: its certified version, or the newest when none was ever certified.
Result<Definition> Tags::MadeBy(const Definition& newest) {
  const auto history = TRY(HistoryOf(newest));
  const int64_t version = history->certified_version;
  if (version == 0 || version == newest.version) return newest;
  return catalog_.GetVersion({newest.kind, newest.id}, version);
}

Result<std::string> Tags::Keep(const Definition& tag, int64_t day, const Evaluated& values,
                               const Moment& moment, int64_t base_ms, const json::object& more) {
  const Reference of{tag.kind, tag.id};
  const std::lock_guard lock(keeping_);
  const auto last = TRY(catalog_.Entries(of, 1));
  const int64_t number = last.empty() ? 1 : last[0].number + 1;
  // First the values, then the entry that makes them count.
  const std::string path = PathOf(tag, day, number);
  TRY(WriteValues(files_, path, values, moment.snapshot));
  const auto written = TRY(ReadValues(files_, path));
  const Summary summary = Summarize(written->type, *ForSnapshot(written, moment.snapshot),
                                    exec::AllCustomers(moment.snapshot));
  json::object entry{{"what", "run"},
                     {"status", "ok"},
                     {"day", DateText(day)},
                     {"version", tag.version},
                     {"type", TypeName(values.type)},
                     {"base_time", DateTimeText(base_ms)},
                     {"snapshot", moment.snapshot.id},
                     {"incomplete", !moment.snapshot.damaged_parts.empty()},
                     {"by", moment.who}};
  for (const json::object& members : {SummaryJson(values.type, summary), more}) {
    for (const auto& member : members) entry[member.key()] = member.value();
  }
  const std::string told = json::serialize(entry);
  const std::string body = WithoutValues(std::move(entry));
  const auto before = TRY(HistoryOf(tag));
  TRY(Record(tag, body, moment.now_ms));
  const auto after = TRY(HistoryOf(tag));
  for (const auto& [old_day, run] : before->days) {
    const auto kept = after->days.find(old_day);
    if (kept == after->days.end() || kept->second.number != run.number)
      (void)files_.Remove(PathOf(tag, old_day, run.number));
  }
  return json::serialize(EntryJson({number, moment.now_ms, told}));
}

Result<std::string> Tags::RunDay(const Definition& newest, int64_t day, const Moment& moment) {
  const Definition tag = TRY(MadeBy(newest));
  const TagBody body = TRY(TagBodyOf(tag));
  if (body.making.is_given())
    return BadTag(fmt::format("the tag '{}' is uploaded, not computed", tag.id));
  if (newest.state == "frozen" || newest.state == "retired") {
    return Error(Code::kConflict, "tag_state",
                 fmt::format("the tag '{}' is {}: it gets no new values", tag.id, newest.state));
  }
  const analytics::Calendar calendar = TRY(analytics::Calendar::Of(moment.zone));
  const int64_t today = DayOf(calendar, moment.now_ms);
  if (day > today) return BadTag(fmt::format("day: {} has not begun", DateText(day)));
  // A past day is seen from its last millisecond.
  const int64_t base_ms = day == today ? moment.now_ms : calendar.Instant((day + 1) * kDayMs) - 1;
  const Stage stage(*this, moment, calendar, base_ms, day != today);
  const auto kept = [&]() -> Result<std::string> {
    return Keep(tag, day, TRY(Evaluate(body.making, stage.situation)), moment, base_ms);
  }();
  if (kept.ok()) return kept;
  const json::object failed{{"what", "run"},
                            {"status", "failed"},
                            {"day", DateText(day)},
                            {"version", tag.version},
                            {"error", kept.error().message()},
                            {"error_zh", InChinese(kept.error())},
                            {"by", moment.who}};
  // On a full disk this may fail as well; what went wrong first is told.
  (void)Note(tag, json::serialize(failed), moment.now_ms);
  return kept;
}

Result<std::string> Tags::Run(std::string_view id, std::string_view text, const Moment& moment) {
  const json::object form = TRY(ReadBody(text));
  TRY(Only(form, {"day"}));
  const auto day = TRY(Day(form, "day"));
  const analytics::Calendar calendar = TRY(analytics::Calendar::Of(moment.zone));
  return RunDay(TRY(Get(id)), day.value_or(DayOf(calendar, moment.now_ms)), moment);
}

Result<std::string> Tags::RunPlanned(std::string_view id, const Moment& moment) {
  Moment planned = moment;
  planned.who = std::string(kSchedule);
  const analytics::Calendar calendar = TRY(analytics::Calendar::Of(moment.zone));
  return RunDay(TRY(Get(id)), DayOf(calendar, moment.now_ms), planned);
}

Result<std::string> Tags::Backfill(std::string_view id, std::string_view text,
                                   const Moment& moment) {
  const json::object form = TRY(ReadBody(text));
  TRY(Only(form, {"from", "to"}));
  const auto from = TRY(Day(form, "from")), to = TRY(Day(form, "to"));
  if (!from || !to || *from > *to || *to - *from >= static_cast<int64_t>(kMaxBackfill))
    return BadTag(fmt::format("send {{\"from\", \"to\"}}, 1 to {} days", kMaxBackfill));
  const Definition tag = TRY(Get(id));
  json::array runs;
  for (int64_t day = *from; day <= *to; ++day) {
    json::object run = json::parse(TRY(RunDay(tag, day, moment))).as_object();
    runs.push_back({{"day", run.at("day")}, {"with_value", run.at("with_value")}});
  }
  return json::serialize(json::object{{"runs", std::move(runs)}});
}

Result<std::string> Tags::Upload(std::string_view id, std::string_view text, const Moment& moment) {
  const json::object form = TRY(ReadBody(text));
  TRY(Only(form, {"key", "values", "replace", "model_version", "at"}));
  const Definition tag = TRY(MadeBy(TRY(Get(id))));
  const Making making = TRY(TagBodyOf(tag)).making;
  if (!making.is_given()) return BadTag(fmt::format("the tag '{}' is computed, not uploaded", id));
  if (tag.state == "frozen" || tag.state == "retired") {
    return Error(Code::kConflict, "tag_state",
                 fmt::format("the tag '{}' is {}: it gets no new values", id, tag.state));
  }
  const std::string key = TRY(Text(form, "key"));
  const json::value* values = form.if_contains("values");
  if (key.empty() || !values || !values->is_array() || values->get_array().size() > kMaxUploaded) {
    return BadTag(fmt::format(
        "send \"key\" (as \"login_id\") and \"values\", up to {} [identity, value]", kMaxUploaded));
  }
  const json::value* replace = form.if_contains("replace");
  Evaluated next;
  const bool scores = making.kind == Making::Kind::kModel;
  next.type = scores ? ValueType::kDouble : making.uploaded;
  const auto history = TRY(HistoryOf(tag));
  const json::object scored =
      scores ? TRY(ReadScored(form, *history, moment.now_ms)) : json::object();
  if (!history->days.empty() && !(replace && replace->is_bool() && replace->get_bool())) {
    const auto& [day, run] = *history->days.rbegin();
    // As they were kept, for a customer's that merged and may unmerge.
    next = Unpack(next.type, *TRY(ValuesOf(tag, day, run, {})).columns);
  }
  next.values.numbers.resize(moment.snapshot.ordinal_count, exec::kNoNumber);
  next.values.codes.resize(moment.snapshot.ordinal_count);
  std::map<std::string, uint32_t, std::less<>> codes;
  for (uint32_t i = 0; i < next.values.texts.size(); ++i) codes[next.values.texts[i]] = i + 1;
  uint64_t matched = 0;
  json::array unmatched;
  for (const json::value& item : values->get_array()) {
    if (!item.is_array() || item.get_array().size() != 2 || !item.get_array()[0].is_string())
      return BadTag("values: give [[identity, value], ...]");
    const json::value& identity = item.get_array()[0];
    const auto ordinal = moment.find(key, identity.get_string());
    if (scores) TRY(CheckScore(item.get_array()[1], making));
    if (ordinal && *ordinal < moment.snapshot.ordinal_count) {
      TRY(PutUploaded(item.get_array()[1], *ordinal, next.type, &codes, &next));
      ++matched;
    } else if (unmatched.size() < 10) {
      unmatched.push_back(identity);
    }
  }
  const analytics::Calendar calendar = TRY(analytics::Calendar::Of(moment.zone));
  json::object run = json::parse(TRY(Keep(tag, DayOf(calendar, moment.now_ms), next, moment,
                                          moment.now_ms, scored)))
                         .as_object();
  run["given"] = values->get_array().size();
  run["matched"] = matched;
  run["unmatched_examples"] = std::move(unmatched);
  return json::serialize(run);
}

Result<> Tags::Sweep() {
  std::set<std::string> kept;
  for (const Definition& tag : TRY(catalog_.List(kTagKind))) {
    for (const catalog::Entry& entry : TRY(catalog_.Entries({tag.kind, tag.id}, kAllEntries))) {
      if (entry.body.find(R"("values":[)") != std::string::npos)
        TRY(catalog_.Amend({tag.kind, tag.id}, entry.number, WithoutValues(EntryBody(entry))));
    }
    const auto history = TRY(HistoryOf(tag));
    for (const auto& [day, run] : history->days) kept.insert(PathOf(tag, day, run.number));
  }
  for (const io::DirectoryEntry& entry : TRY(files_.List(directory_))) {
    const std::string path = directory_ + "/" + entry.name;
    if (!kept.contains(path)) TRY(files_.Remove(path));
  }
  return {};
}

Result<size_t> Tags::ForgetErased(const column::SnapshotView& snapshot) {
  size_t erased = 0;
  for (const uint64_t word : snapshot.erased) erased += static_cast<size_t>(std::popcount(word));
  if (erased == forgotten_) return 0;
  size_t written = 0;
  for (const io::DirectoryEntry& entry : TRY(files_.List(directory_))) {
    const std::string path = directory_ + "/" + entry.name;
    const std::lock_guard lock(keeping_);
    const Result<bool> anew = ForgetValues(files_, path, snapshot);
    // A day that is kept no longer, or a run that was cut short.
    if (!anew.ok() && anew.error().code() == Code::kNotFound) continue;
    if (TRY(anew)) ++written;
  }
  forgotten_ = erased;
  const std::lock_guard lock(opened_mutex_);
  opened_.clear();
  sheet_.reset();
  return written;
}

Result<std::vector<std::string>> Tags::Verify() {
  const std::lock_guard lock(keeping_);
  return io::FindDamage(files_, directory_, WholeValues(files_));
}

Result<> Tags::CopyTo(const std::string& directory) {
  const std::lock_guard lock(keeping_);
  return io::CopyChecked(files_, directory_, directory, WholeValues(files_));
}

Result<Tags::DayColumns> Tags::ColumnsOf(const Definition& tag, std::optional<int64_t> day,
                                         const column::SnapshotView& snapshot) {
  if (auto now = Now(tag.id); now && (!day || *day >= now->day))
    return DayColumns{now->day, std::move(now->values), true};
  const auto history = TRY(HistoryOf(tag));
  const auto after = day ? history->days.upper_bound(*day) : history->days.end();
  if (after == history->days.begin()) {
    return Error(Code::kNotFound, "not_found",
                 fmt::format("the tag '{}' has no values {}", tag.id,
                             history->days.empty() ? "yet: run it first" : "of a day as early"));
  }
  const auto& [found, run] = *std::prev(after);
  return DayColumns{found, TRY(ValuesOf(tag, found, run, snapshot))};
}

Result<std::string> Tags::Distribution(std::string_view id, std::string_view text,
                                       const Moment& moment) {
  const json::object form = TRY(ReadBody(text));
  TRY(Only(form, {"day"}));
  const DayColumns of = TRY(ColumnsOf(TRY(Get(id)), TRY(Day(form, "day")), moment.snapshot));
  const Summary summary =
      Summarize(of.values.type, *of.values.columns, exec::AllCustomers(moment.snapshot));
  json::object out = SummaryJson(of.values.type, summary);
  out["day"] = DateText(of.day);
  out["type"] = TypeName(of.values.type);
  return json::serialize(out);
}

Result<std::string> Tags::Transitions(std::string_view id, std::string_view text,
                                      const Moment& moment) {
  const json::object form = TRY(ReadBody(text));
  TRY(Only(form, {"from", "to"}));
  const auto from = TRY(Day(form, "from")), to = TRY(Day(form, "to"));
  if (!from || !to) return BadTag("send {\"from\": day, \"to\": day}");
  const Definition tag = TRY(Get(id));
  const DayColumns before = TRY(ColumnsOf(tag, from, moment.snapshot));
  const DayColumns after = TRY(ColumnsOf(tag, to, moment.snapshot));
  if (before.values.type != after.values.type) {
    return BadTag(fmt::format("the values were {}s and are {}s", TypeName(before.values.type),
                              TypeName(after.values.type)));
  }
  const auto counts = CountTransitions(after.values.type, *before.values.columns,
                                       *after.values.columns, exec::AllCustomers(moment.snapshot));
  uint64_t changed = 0, stayed = 0;
  std::vector<std::pair<uint64_t, json::object>> most;
  for (const auto& [pair, count] : counts) {
    (pair.first == pair.second ? stayed : changed) += count;
    most.emplace_back(count, json::object{{"from", TextJson(pair.first)},
                                          {"to", TextJson(pair.second)},
                                          {"count", count}});
  }
  std::ranges::stable_sort(most, std::greater(), [](const auto& one) { return one.first; });
  const bool cut = most.size() > kMaxTransitions;
  if (cut) most.resize(kMaxTransitions);
  json::array cells;
  for (auto& one : most) cells.push_back(std::move(one.second));
  return json::serialize(json::object{{"from", DateText(before.day)},
                                      {"to", DateText(after.day)},
                                      {"changed", changed},
                                      {"stayed", stayed},
                                      {"transitions", std::move(cells)},
                                      {"truncated", cut}});
}

}  // namespace waypost::tags
