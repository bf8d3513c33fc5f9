#include "services/segment_service.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "services/answer_within.h"
#include "services/export_names.h"
#include "services/plan_names.h"
#include "services/project_plans.h"
#include "services/tables.h"

namespace waypost::services {
namespace {

using SegmentVerb = api::SegmentCall::Verb;

std::optional<uint32_t> FindOrdinal(engine::Engine& engine, std::string_view key,
                                    std::string_view value) {
  std::optional<uint32_t> ordinal;
  engine.Look(
      [&](const engine::Applier& applier) { ordinal = applier.identities().Find(key, value); });
  return ordinal;
}

constexpr uint64_t kMostDownloaded = 64 << 20;
constexpr std::string_view kDownload = "download-";     // how the names of its files begin
constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";  // without it Excel reads CSV as GBK

// A download names no path.
Result<files::ExportOptions> ExportOptionsOf(const api::SegmentCall& call) {
  const bool download = call.verb == SegmentVerb::kDownload;
  const auto bad = [&] {
    return Error(Code::kInvalid, "bad_request",
                 fmt::format("send {{{}\"format\": \"csv\", \"jsonl\" or \"parquet\", "
                             "\"attributes\": [names]}}",
                             download ? "" : "\"path\": an absolute path on the server, "));
  };
  boost::json::error_code error;
  const boost::json::value body = boost::json::parse(call.body, error);
  const auto* object = error ? nullptr : body.if_object();
  const auto* path = object ? object->if_contains("path") : nullptr;
  const auto* format = object ? object->if_contains("format") : nullptr;
  const bool named = path && path->is_string() && path->get_string().starts_with('/');
  if (download ? path != nullptr : !named) return bad();
  if (!format || !format->is_string()) return bad();
  files::ExportOptions options{.path = named ? std::string(path->get_string()) : std::string(),
                               .kind = files::ExportOptions::Kind::kCustomers};
  const std::string_view name = format->get_string();
  if (name == "csv") {
    options.format = files::Format::kCsv;
  } else if (name == "jsonl") {
    options.format = files::Format::kJsonLines;
  } else if (name == "parquet") {
    options.format = files::Format::kParquet;
  } else {
    return bad();
  }
  if (const auto* attributes = object->if_contains("attributes")) {
    if (!attributes->is_array()) return bad();
    for (const auto& attribute : attributes->get_array()) {
      if (!attribute.is_string()) return bad();
      options.properties.emplace_back(attribute.get_string());
    }
  }
  return options;
}

// A segment, list or run without what is counted over all customers: what is not named here is left
// out.
void KeepUncounted(boost::json::object* segment) {
  constexpr std::string_view kShown[] = {
      "id",   "version", "name_zh",  "name_en", "owner",   "state",    "created", "changed", "eql",
      "rule", "refresh", "schedule", "uses",    "used_by", "versions", "run",     "at"};
  boost::json::object kept;
  for (const std::string_view name : kShown) {
    if (const auto* value = segment->if_contains(name)) kept[name] = *value;
  }
  *segment = std::move(kept);
}

// One segment or {"items":[...]}, as who sees some customers only may see it.
Result<std::string> ForRows(const api::Sight& sight, Result<std::string> shown) {
  if (sight.rows.empty() || !shown.ok()) return shown;
  boost::json::value value = boost::json::parse(shown.value());
  if (auto* items = value.get_object().if_contains("items")) {
    for (auto& item : items->get_array()) KeepUncounted(&item.get_object());
  } else {
    KeepUncounted(&value.get_object());
  }
  return boost::json::serialize(value);
}

// What keeps something takes the time it takes.
bool OnlyAsks(SegmentVerb verb) {
  return verb == SegmentVerb::kEstimate || verb == SegmentVerb::kMembers ||
         verb == SegmentVerb::kOfCustomer || verb == SegmentVerb::kOverlap;
}

Result<std::string> CallAt(segments::Segments& segments, const api::SegmentCall& call,
                           const segments::Moment& moment) {
  switch (call.verb) {
    case SegmentVerb::kCheck:
      return segments.Check(call.body, moment);
    case SegmentVerb::kEstimate:
      return segments.Estimate(call.body, moment);
    case SegmentVerb::kCreate:
      return segments.Create(call.body, moment);
    case SegmentVerb::kChange:
      return segments.Change(call.id, call.body, moment);
    case SegmentVerb::kRun:
      return ForRows(call.sight, segments.Run(call.id, moment));
    case SegmentVerb::kMembers:
      return segments.Members(call.id, call.run, call.limit, moment);
    case SegmentVerb::kOfCustomer:
      return ForRows(call.sight, segments.OfCustomer(call.key, call.value, moment));
    case SegmentVerb::kOverlap:
      return segments.Overlap(call.body, moment);
    default:
      return segments.Upload(call.body, moment);
  }
}

}  // namespace

Result<files::ExportReport> EngineSegments::Export(const Stage& stage, const api::SegmentCall& call,
                                                   files::ExportOptions options) {
  options.members = std::make_shared<const exec::CustomerBits>(
      TRY(stage.segments.MemberBits("segment", call.id, call.run, stage.moment.snapshot)));
  const ExportedNames names(stage.engine, stage.reading.plan, call.sight.masked);
  const files::ExportReport report =
      TRY(files::ExportJob(machine_.files).Run(stage.moment.snapshot, names, options));
  if (call.exported) {
    boost::json::object out{{"rows", report.rows}, {"bytes", report.bytes}};
    out["attributes"] = options.properties.empty() ? boost::json::value("all")
                                                   : boost::json::value_from(options.properties);
    if (call.sight.masked) out["masked"] = true;
    if (!call.sight.rows.empty()) out["own_customers"] = true;
    *call.exported = boost::json::serialize(out);
  }
  return report;
}

Result<std::string> EngineSegments::Download(const Stage& stage, const api::SegmentCall& call) {
  files::ExportOptions options = TRY(ExportOptionsOf(call));
  options.path = fmt::format("{}/{}{:016x}", data_, kDownload, machine_.random.Next());
  const files::ExportReport report = TRY(Export(stage, call, options));
  const auto file = machine_.files.OpenRead(options.path);
  TRY(machine_.files.Remove(options.path));  // whatever comes of it
  if (!file.ok()) return file.error();
  if (report.bytes > kMostDownloaded) {
    return Error(Code::kTooLarge, "download_too_large",
                 fmt::format("The file has {} bytes, a download up to {}: export it to a file on "
                             "the server, or take fewer attributes.",
                             report.bytes, kMostDownloaded));
  }
  std::string bytes(file.value()->size(), '\0');
  const std::span<uint8_t> out(reinterpret_cast<uint8_t*>(bytes.data()), bytes.size());
  if (TRY(file.value()->ReadAt(0, out)) != bytes.size())
    return Error(Code::kIo, "a file that was just written is shorter: " + options.path);
  return (options.format == files::Format::kCsv ? std::string(kUtf8Mark) : std::string()) + bytes;
}

Result<> EngineSegments::Sweep() {
  for (const io::DirectoryEntry& entry : TRY(machine_.files.List(data_))) {
    if (!entry.is_directory && entry.name.starts_with(kDownload))
      TRY(machine_.files.Remove(data_ + "/" + entry.name));
  }
  return {};
}

Result<std::string> EngineSegments::At(const api::Sight& sight, const Work& work) {
  engine::Engine* engine = TRY(engines_.Find(sight.project));
  const ProjectCatalog& catalog = *TRY(catalogs_.Find(TRY(engines_.NameOf(sight.project))));
  const engine::Reading reading = TRY(engine->Read());
  const QuestionNames names(*engine, reading.plan, {sight.masked, sight.barred});
  const tags::TagBook tags(*catalog.tags, reading.snapshot->view(),
                           TRY(analytics::Calendar::Of(time_zone_)));
  const Seen seen = TRY(sights_.See(sight, *engine, reading));
  const RuleTables tables(reading.tables, seen.view(), sight.barred);
  return work({*engine,
               reading,
               *catalog.segments,
               {.snapshot = seen.view(),
                .names = names,
                .now_ms = machine_.clock.NowMs(),
                .zone = time_zone_,
                .threads = threads_,
                .tags = &tags,
                .tables = &tables,
                .find = [engine](std::string_view key, std::string_view value) {
                  return FindOrdinal(*engine, key, value);
                }}});
}

Result<std::string> EngineSegments::Call(const api::SegmentCall& call) {
  segments::Segments& segments =
      *TRY(catalogs_.Find(TRY(engines_.NameOf(call.sight.project))))->segments;
  if (call.verb == SegmentVerb::kList) return ForRows(call.sight, segments.List());
  if (call.verb == SegmentVerb::kShow) return ForRows(call.sight, segments.Show(call.id));
  if (call.verb == SegmentVerb::kLists) return ForRows(call.sight, segments.Lists());
  if (call.verb == SegmentVerb::kRemove) {
    TRY(segments.Remove(call.id));
    return std::string(R"({"status":"removed"})");
  }
  // A definition that is there is carried out as it is, whoever asks for it.
  const api::Sight sight =
      call.verb == SegmentVerb::kRun ? api::Sight{call.sight.project} : call.sight;
  return At(sight, [&](const Stage& stage) -> Result<std::string> {
    if (approvals_ && (call.verb == SegmentVerb::kDownload || call.verb == SegmentVerb::kExport)) {
      // Another run is for others.
      const int64_t run = TRY(stage.segments.LastRunOf("segment", call.id, 0)).number;
      TRY(approvals_->MayDo(call.sight.project, kApprovedExport, call.id,
                            ExportContent(call.id, run, call.body)));
    }
    if (call.verb == SegmentVerb::kDownload) return Download(stage, call);
    if (call.verb == SegmentVerb::kExport) {
      const auto report = TRY(Export(stage, call, TRY(ExportOptionsOf(call))));
      return fmt::format(R"({{"rows":{},"bytes":{}}})", report.rows, report.bytes);
    }
    const auto answer = [&] { return CallAt(stage.segments, call, stage.moment); };
    if (!OnlyAsks(call.verb)) return answer();
    const bool rule = call.verb == SegmentVerb::kEstimate;
    return AnswerWithin(seconds_, machine_.clock, rule ? "eql_limit" : "question_limit", answer);
  });
}

std::vector<ScheduledWork> EngineSegments::Works() {
  return WorksOf(engines_, catalogs_, "segments",
                 [](ProjectCatalog& catalog) { return catalog.segments->Plans(); });
}

void EngineSegments::Run(const ScheduledWork& work) {
  LogRun("segments", work, At({work.project, {}}, [&](const Stage& stage) {
           return stage.segments.RunPlanned(work.id, stage.moment);
         }));
}

}  // namespace waypost::services
