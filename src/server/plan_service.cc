#include "server/plan_service.h"

#include "api/model_json.h"
#include "base/logger.h"

namespace waypost::server {
namespace {

std::string EntryJson(const engine::QuarantineEntry& entry) {
  std::string json = "{\"time_ms\":" + std::to_string(entry.time_ms);
  json += ",\"reason\":" + JsonQuoted(entry.reason);
  if (!entry.event.empty()) json += ",\"event\":" + JsonQuoted(entry.event);
  if (!entry.property.empty()) json += ",\"property\":" + JsonQuoted(entry.property);
  return json + ",\"detail\":" + JsonQuoted(entry.detail) + "}";
}

// Appends the items of a batch, newest first, until there are `limit` of them.
Result<> AppendItems(std::span<const uint8_t> batch, size_t limit,
                     std::vector<std::string>* items) {
  BatchReader reader = TRY(BatchReader::Open(batch));
  std::vector<std::string> read;
  for (auto item = TRY(reader.Next()); item; item = TRY(reader.Next())) {
    read.push_back(api::ItemJson(reader.header(), reader.names(), *item));
  }
  for (auto item = read.rbegin(); item != read.rend() && items->size() < limit; ++item) {
    items->push_back(std::move(*item));
  }
  return {};
}

std::string ItemsJson(const std::vector<std::string>& items) {
  std::string json = "{\"items\":[";
  for (const std::string& item : items) json += (json.back() == '[' ? "" : ",") + item;
  return json + "]}";
}

}  // namespace

Result<std::string> EnginePlan::Plan(const api::Sight& sight) {
  const engine::Reading reading = TRY(TRY(engines_.Find(sight.project))->Read());
  return api::PlanJson(*reading.plan, sight.rows.empty());
}

Result<std::string> EnginePlan::Report(std::string_view project) {
  return api::PlanReportJson(*TRY(TRY(engines_.Find(project))->Read()).plan);
}

Result<std::string> EnginePlan::Change(std::string_view project, std::string_view change) {
  engine::Engine* engine = TRY(engines_.Find(project));
  TRY(engine->ChangePlan(TRY(api::PlanChangeOf(change, project))));
  return Plan({std::string(project)});
}

Result<std::string> EnginePlan::RecentEvents(std::string_view project, size_t limit) {
  engine::Engine* engine = TRY(engines_.Find(project));
  TRY(engine->Read());  // what was acknowledged before the call is there
  std::vector<std::string> items;
  for (const auto& batch : engine->RecentBatches()) TRY(AppendItems(*batch, limit, &items));
  return ItemsJson(items);
}

Result<std::string> EnginePlan::Quarantine(std::string_view project, size_t limit) {
  engine::Engine* engine = TRY(engines_.Find(project));
  TRY(engine->Read());
  std::vector<std::string> items;
  engine->Look([&](const engine::Applier& applier) {
    const auto& entries = applier.quarantine().entries();
    for (auto entry = entries.rbegin(); entry != entries.rend() && items.size() < limit; ++entry) {
      items.push_back(EntryJson(*entry));
    }
  });
  return ItemsJson(items);
}

}  // namespace waypost::server
