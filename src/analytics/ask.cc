#include "analytics/ask.h"

#include <fmt/format.h>

#include <boost/json/parse.hpp>

#include "analytics/plan.h"

namespace waypost::analytics {
namespace {

using Planner = Result<std::unique_ptr<Plan>> (*)(const Form& question, Scope* scope);

struct Kind {
  std::string_view name;
  Planner plan;
};

constexpr Kind kKinds[] = {
    {"trends", PlanTrends},     {"funnel", PlanFunnel},       {"retention", PlanRetention},
    {"sequence", PlanSequence}, {"lifecycle", PlanLifecycle}, {"stickiness", PlanStickiness},
    {"portrait", PlanPortrait},
};

Result<boost::json::value> Parse(std::string_view question) {
  if (question.size() > kMaxQuestionBytes) {
    return Error(Code::kTooLarge, "too_large",
                 fmt::format("the question is over {} bytes", kMaxQuestionBytes));
  }
  boost::json::error_code error;
  boost::json::parse_options options;
  options.max_depth = 48;
  boost::json::value json = boost::json::parse(question, error, {}, options);
  if (error)
    return Error(Code::kInvalid, "bad_json",
                 fmt::format("the question is no JSON: {}", error.message()));
  if (!json.is_object())
    return Error(Code::kInvalid, "bad_question", "a question is a JSON object with \"ask\"");
  return json;
}

Result<Calendar> CalendarOf(const Form& question, const AskOptions& options) {
  const auto zone = question.Find("zone");
  Result<Calendar> found = Calendar::Of(zone ? TRY(zone->Text()) : options.default_zone);
  if (!found.ok()) return zone ? zone->Bad(found.error().message()) : std::move(found).error();
  Calendar calendar = std::move(found).value();
  if (const auto start = question.Find("week_start")) {
    using Start = Calendar::WeekStart;
    calendar.week_start = TRY(start->Choice<Start>(
        {{"monday", Start::kMonday}, {"sunday", Start::kSunday}, {"saturday", Start::kSaturday}}));
  }
  if (const auto start = question.Find("day_start")) {
    const std::string text = TRY(start->Text());
    const auto written = ParseDateTime("1970-01-01T" + text);
    if (!written || written->offset_minutes) return start->Bad("write a clock time, as 04:00");
    calendar.day_start_ms = written->wall_ms;
  }
  return calendar;
}

// A question read: what it means, and the plan for it.
struct Read {
  std::unique_ptr<Scope> scope;
  std::unique_ptr<Plan> plan;
  std::string kind;
};

Result<Read> ReadQuestion(const boost::json::value& json, const Names& names,
                          const AskOptions& options) {
  const Form question(json, "bad_question", "");
  const Form ask = TRY(question.Need("ask"));
  Read read;
  read.kind = TRY(ask.Text());
  read.scope = std::make_unique<Scope>(names, options, TRY(CalendarOf(question, options)));
  std::vector<std::string> known;
  for (const Kind& kind : kKinds) {
    known.emplace_back(kind.name);
    if (kind.name == read.kind) read.plan = TRY(kind.plan(question, read.scope.get()));
  }
  if (!read.plan) return ask.Unknown(read.kind, known);
  return read;
}

// What every answer begins with: what it is about and how far it can be trusted.
void WriteHead(const Read& read, const column::SnapshotView& snapshot, Answer* out) {
  out->Open('{').Key("ask").Text(read.kind);
  out->Key("snapshot").Text(snapshot.id);
  out->Key("zone").Text(read.scope->calendar().zone());
  out->Key("attributes_as_of").Text(read.scope->as_of_event() ? "event" : "now");
  out->Key("incomplete").Flag(!snapshot.damaged_parts.empty());
  if (snapshot.damaged_parts.empty()) return;
  out->Key("damaged_parts").Open('[');
  for (const std::string& part : snapshot.damaged_parts) out->Text(part);
  out->Close(']');
}

}  // namespace

Result<std::string> Ask(std::string_view question, const column::SnapshotView& snapshot,
                        const Names& names, const AskOptions& given) {
  AskOptions options = given;
  options.snapshot = &snapshot;
  const boost::json::value json = TRY(Parse(question));
  const Read read = TRY(ReadQuestion(json, names, options));
  Answer out;
  WriteHead(read, snapshot, &out);
  TRY(read.plan->Run(snapshot, &out));
  out.Close('}');
  return out.Take();
}

Result<std::string> Explain(std::string_view question, const column::SnapshotView& snapshot,
                            const Names& names, const AskOptions& given) {
  AskOptions options = given;
  options.snapshot = &snapshot;
  const boost::json::value json = TRY(Parse(question));
  const Read read = TRY(ReadQuestion(json, names, options));
  const exec::BindSpec bind = read.plan->Binding();
  const exec::Cost cost = exec::EstimateCost(snapshot, bind);
  Answer out;
  WriteHead(read, snapshot, &out);
  out.Key("plan").Text(read.plan->Describe());
  out.Key("parts").Count(cost.parts).Key("rows").Count(cost.rows).Key("bytes").Count(cost.bytes);
  out.Close('}');
  return out.Take();
}

}  // namespace waypost::analytics
