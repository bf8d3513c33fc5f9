#include "services/delivery_desk.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "analytics/schedule.h"
#include "column/column_image.h"
#include "files/export_job.h"
#include "model/error_sentences.h"
#include "model/form.h"
#include "model/time_text.h"
#include "services/export_names.h"
#include "services/journey_json.h"
#include "services/project_plans.h"
#include "services/sensors_form.h"
#include "tags/value_file.h"

namespace waypost::services {
namespace {

namespace json = boost::json;
using catalog::Definition;
using DeliveryVerb = api::DeliveryCall::Verb;

catalog::Reference DeliveryAt(std::string_view id) {
  return {std::string(kDeliveryKind), std::string(id)};
}

constexpr std::string_view kBadDelivery = "bad_tag";

Error BadDelivery(std::string what) {
  return {Code::kInvalid, std::string(kBadDelivery), std::move(what)};
}

struct DeliveryForm {
  std::string name;
  std::vector<std::string> tags;
  std::vector<std::string> decisions, journeys;
  std::string channel, key;  // pushes
  std::string form;          // of decisions; empty: our own
  std::string format;        // files
  analytics::Schedule schedule;
  int64_t version = 0;
};

Result<> ReadDecisions(const Form& form, const Form& decisions, DeliveryForm* read) {
  for (const Form& kind : TRY(decisions.List(1, kMaxDelivered))) {
    read->decisions.push_back(TRY(kind.Text()));
    if (!FindLineKind(read->decisions.back()))
      return kind.Bad(
          "give some of refused, entered, passed, planned, message, denied, left, converted, "
          "migrated and late_event");
  }
  if (const auto journeys = form.Find("journeys")) {
    for (const Form& journey : TRY(journeys->List(1, kMaxDelivered)))
      read->journeys.push_back(TRY(journey.Text()));
  }
  if (const auto told_as = form.Find("form")) {
    read->form = TRY(told_as->Choice<std::string>({{kSensorsForm, std::string(kSensorsForm)}}));
    for (const std::string& kind : read->decisions) {
      if (!(kSensorsKinds >> static_cast<uint32_t>(*FindLineKind(kind)) & 1))
        return decisions.Bad("Sensors tells no " + kind +
                             "; give some of entered, passed, planned and message");
    }
  }
  if (form.Find("format")) return form.Bad("decisions are pushed to a channel");
  if (const auto key = form.Find("key"))
    return key->Bad("a customer of a decision is named by the identity he is known by");
  return {};
}

Result<DeliveryForm> ReadDelivery(const Form& form) {
  TRY(form.Only({"name", "tags", "decisions", "journeys", "channel", "key", "form", "format",
                 "schedule", "version"}));
  DeliveryForm read;
  read.name = TRY(TRY(form.Need("name")).Text());
  const auto tags = form.Find("tags"), decisions = form.Find("decisions");
  if (!!tags == !!decisions)
    return form.Bad(R"(give "tags", or "decisions", what of journeys is pushed)");
  for (const Form& tag : tags ? TRY(tags->List(1, kMaxDelivered)) : std::vector<Form>())
    read.tags.push_back(TRY(tag.Text()));
  if (decisions) TRY(ReadDecisions(form, *decisions, &read));
  if (const auto told_as = form.Find("form"); told_as && !decisions)
    return told_as->Bad("a form is of decisions");
  const auto channel = form.Find("channel"), format = form.Find("format");
  if (!!channel == !!format)
    return form.Bad(R"(give "channel", to push changes, or "format", to write files)");
  if (channel) read.channel = TRY(channel->Text());
  if (channel && read.channel.empty()) return channel->Bad("name a channel");
  if (format) {
    read.format = TRY(
        format->Choice<std::string>({{"csv", "csv"}, {"jsonl", "jsonl"}, {"parquet", "parquet"}}));
  }
  if (const auto key = form.Find("key")) read.key = TRY(key->Text());
  if (const auto schedule = form.Find("schedule")) {
    read.schedule = TRY(analytics::ReadSchedule(*schedule));
    if (channel) return schedule->Bad("changes are pushed as they come; files have a schedule");
  }
  if (const auto version = form.Find("version")) read.version = TRY(version->Whole(1, 1LL << 40));
  return read;
}

// Tags as attributes of a file.
class TagNames final : public files::ExportNames {
 public:
  TagNames(engine::Engine& engine, std::shared_ptr<const TrackingPlan> plan)
      : names_(engine, std::move(plan)) {}
  void Add(Property property) { properties_.push_back(std::move(property)); }

  std::string EventName(EventTypeId type) const override { return names_.EventName(type); }
  std::optional<EventTypeId> FindEvent(std::string_view name) const override {
    return names_.FindEvent(name);
  }
  std::vector<Property> EventProperties() const override { return {}; }
  std::vector<Property> Attributes() const override { return properties_; }
  Identity IdentityOf(Ordinal ordinal) const override { return names_.IdentityOf(ordinal); }

 private:
  const ExportedNames names_;
  std::vector<Property> properties_;
};

int64_t LastFileMs(const std::vector<catalog::Entry>& entries) {
  for (const catalog::Entry& entry : entries) {
    if (entry.body.find(R"("by":"schedule")") != std::string::npos) return entry.at_ms;
  }
  return 0;
}

}  // namespace

Result<std::string> EngineDeliveries::Call(const api::DeliveryCall& call) {
  const std::string project = TRY(engines_.NameOf(call.project));
  catalog::Catalog& catalog = *TRY(catalogs_.Find(project))->catalog;
  TagPushes& pushes = *TRY(engines_.FindPushes(project));
  switch (call.verb) {
    case DeliveryVerb::kList: {
      json::array items;
      for (const Definition& one : TRY(catalog.List(kDeliveryKind)))
        items.push_back(json::parse(TRY(Show(project, one))));
      return json::serialize(json::object{{"items", std::move(items)}});
    }
    case DeliveryVerb::kShow:
      return Show(project, TRY(catalog.Get(DeliveryAt(call.id))));
    case DeliveryVerb::kPut:
      return Put(project, call);
    case DeliveryVerb::kRemove: {
      const std::lock_guard lock(change_mutex_);
      TRY(catalog.Remove(DeliveryAt(call.id)));
      TRY(pushes.Remove(call.id));
      return std::string(R"({"status":"removed"})");
    }
    case DeliveryVerb::kRun:
      return WriteFile(project, call.id, call.who);
    case DeliveryVerb::kRetry: {
      TRY(catalog.Get(DeliveryAt(call.id)));
      const auto lane = pushes.Find(call.id);
      if (!lane) return BadDelivery("it writes files: run it again");
      TRY(lane->Retry());
      return json::serialize(lane->State());
    }
  }
  return Error(Code::kInvalid, "no such call");
}

// Of tags only what was certified is told to others.
Result<std::string> EngineDeliveries::Put(const std::string& project,
                                          const api::DeliveryCall& call) {
  json::error_code error;
  const json::value body = json::parse(call.body, error);
  if (error || !body.is_object()) return BadDelivery("send a JSON object");
  const DeliveryForm form = TRY(ReadDelivery(Form(body, kBadDelivery, "")));
  const ProjectCatalog& catalog = *TRY(catalogs_.Find(project));
  Definition made{.kind = std::string(kDeliveryKind),
                  .id = call.id,
                  .version = form.version,
                  .name_zh = form.name,
                  .owner = call.who,
                  .state = "live"};
  json::array ids;
  for (const std::string& name : form.tags) {
    const Definition tag = TRY(catalog.tags->FindNamed(name));
    if (TRY(catalog.tags->HistoryOf(tag))->certified_version == 0 || tag.state == "retired")
      return BadDelivery(fmt::format("tags: the tag '{}' is {}; only certified tags are delivered",
                                     name, tag.state));
    ids.push_back(json::value(tag.id));
    made.uses.push_back({tag.kind, tag.id});
  }
  std::ranges::sort(made.uses);
  made.uses.erase(std::ranges::unique(made.uses).begin(), made.uses.end());
  json::object kept{{"tags", std::move(ids)}};
  if (!form.decisions.empty()) {
    Result<> known;
    TRY(engines_.FindJourneys(project))->Look([&](const journeys::State& state) {
      for (const std::string& id : form.journeys) {
        if (!state.FindJourney(id))
          known = Error(Code::kNotFound, "not_found", "there is no journey '" + id + "'");
      }
    });
    TRY(known);
    kept["decisions"] = json::value_from(form.decisions);
    if (!form.journeys.empty()) kept["journeys"] = json::value_from(form.journeys);
    if (!form.form.empty()) kept["form"] = form.form;
  }
  if (!form.channel.empty()) {
    if (!TRY(engines_.FindJourneys(project))->FindChannel(form.channel))
      return Error(Code::kNotFound, "not_found",
                   fmt::format("there is no channel '{}'", form.channel));
    kept["channel"] = form.channel;
    kept["key"] = form.key;
  } else {
    kept["format"] = form.format;
    kept["schedule"] = analytics::ScheduleJson(form.schedule);
  }
  made.body = json::serialize(kept);
  const std::lock_guard lock(change_mutex_);
  const Result<Definition> known = catalog.catalog->Get(DeliveryAt(call.id));
  if (!known.ok() && known.error().code() != Code::kNotFound) return known.error();
  if (!known.ok() && TRY(catalog.catalog->List(kDeliveryKind)).size() >= kMaxDeliveries)
    return Error(Code::kTooLarge, "too_large",
                 fmt::format("there are {} deliveries already", kMaxDeliveries));
  const int64_t now = machine_.clock.NowMs();
  const Definition done = TRY(known.ok() ? catalog.catalog->Change(std::move(made), now)
                                         : catalog.catalog->Create(std::move(made), now));
  TagPushes& pushes = *TRY(engines_.FindPushes(project));
  if (auto order = PushOrderOf(done)) {
    TRY(pushes.Set(std::move(*order)));
  } else {
    TRY(pushes.Remove(call.id));
  }
  catalog.tags->FollowersChanged();
  return Show(project, done);
}

Result<std::string> EngineDeliveries::Show(const std::string& project, const Definition& delivery) {
  json::object out = json::parse(delivery.body).as_object();
  out["id"] = delivery.id;
  out["name"] = delivery.name_zh;
  out["owner"] = delivery.owner;
  out["version"] = delivery.version;
  if (const auto lane = TRY(engines_.FindPushes(project))->Find(delivery.id)) {
    out["pushes"] = lane->State();
    return json::serialize(out);
  }
  json::array files;
  for (const catalog::Entry& entry :
       TRY(TRY(catalogs_.Find(project))->catalog->Entries(DeliveryAt(delivery.id), 50))) {
    json::object file = json::parse(entry.body).as_object();
    file["at"] = DateTimeText(entry.at_ms);
    files.push_back(std::move(file));
  }
  out["files"] = std::move(files);
  return json::serialize(out);
}

// Every tag's newest values; a customer without any is in it too.
Result<std::string> EngineDeliveries::WriteFile(const std::string& project, const std::string& id,
                                                std::string_view by) {
  const ProjectCatalog& catalog = *TRY(catalogs_.Find(project));
  const Definition delivery = TRY(catalog.catalog->Get(DeliveryAt(id)));
  const json::object body = json::parse(delivery.body).as_object();
  const json::value* format = body.if_contains("format");
  if (!format) return BadDelivery("it pushes changes as they come; there is no file to write");
  engine::Engine& engine = *TRY(engines_.Find(project));
  const engine::Reading reading = TRY(engine.Read());
  column::SnapshotView snapshot = reading.snapshot->view();
  const tags::TagBook book(*catalog.tags, snapshot, TRY(analytics::Calendar::Of(zone_)));
  const int64_t now = machine_.clock.NowMs();
  TagNames names(engine, reading.plan);
  for (column::BlockView& block : snapshot.blocks) block.attributes.clear();
  std::vector<std::shared_ptr<const void>> owners;
  PropertyId property = 0;
  for (const json::value& tag : body.at("tags").as_array()) {
    const auto found = TRY(book.Find(tag.as_string(), now));
    names.Add({++property, std::string(tag.as_string()), found.type});
    for (column::BlockView& block : snapshot.blocks) {
      const column::Column* values = found.columns->Find(block.block);
      if (!values) continue;
      auto [column, owner] = tags::AsAttribute(found.type, *values, property);
      block.attributes.push_back(column);
      owners.push_back(std::move(owner));
    }
  }
  const std::string word(format->as_string());
  std::string at = DateTimeText(now);
  std::erase_if(at, [](char c) { return c == '-' || c == ':' || c == '.'; });
  const std::string folder = folder_ + "/" + project;
  TRY(machine_.files.CreateDirectory(folder_));
  TRY(machine_.files.CreateDirectory(folder));
  files::ExportOptions options{.path = fmt::format("{}/{}-{}.{}", folder, id, at, word),
                               .kind = files::ExportOptions::Kind::kCustomers};
  options.format = word == "csv"     ? files::Format::kCsv
                   : word == "jsonl" ? files::Format::kJsonLines
                                     : files::Format::kParquet;
  files::ExportJob job(machine_.files);
  const files::ExportReport report = TRY(job.Run(snapshot, names, options));
  const json::object entry{
      {"path", options.path}, {"rows", report.rows}, {"bytes", report.bytes}, {"by", by}};
  TRY(catalog.catalog->Record(DeliveryAt(id), now, json::serialize(entry)));
  return json::serialize(entry);
}

std::vector<ScheduledWork> EngineDeliveries::Works() {
  return WorksOf(engines_, catalogs_, "deliveries",
                 [](ProjectCatalog& catalog) -> Result<std::vector<analytics::Planned>> {
                   std::vector<analytics::Planned> plans;
                   for (const Definition& one : TRY(catalog.catalog->List(kDeliveryKind))) {
                     const json::value body = json::parse(one.body);
                     const json::value* schedule = body.as_object().if_contains("schedule");
                     if (!schedule) continue;
                     const auto read =
                         TRY(analytics::ReadSchedule(Form(*schedule, kBadDelivery, "schedule")));
                     if (read.cron.empty()) continue;
                     const auto entries = TRY(catalog.catalog->Entries(DeliveryAt(one.id), 100));
                     plans.push_back({one.id, read, std::max(LastFileMs(entries), one.changed_ms)});
                   }
                   return plans;
                 });
}

// What failed comes again at the next time.
void EngineDeliveries::Run(const ScheduledWork& work) {
  const auto run = [&]() -> Result<std::string> {
    TRY(audit_.Ready());
    Result<std::string> written = WriteFile(work.project, work.id, "schedule");
    if (!written.ok()) {
      const json::object failed{{"by", "schedule"},
                                {"error", written.error().message()},
                                {"error_zh", InChinese(written.error())}};
      TRY(TRY(catalogs_.Find(work.project))
              ->catalog->Record(DeliveryAt(work.id), machine_.clock.NowMs(),
                                json::serialize(failed)));
      return written;
    }
    const std::string detail = written.value();
    TRY(audit_.Record({.what = "delivery.file",
                       .who = "schedule",
                       .peer = {},
                       .project = work.project,
                       .target = work.id,
                       .detail = detail,
                       .status = 200,
                       .request_id = {}}));
    return written;
  };
  LogRun("deliveries", work, run());
}

}  // namespace waypost::services
