#include "services/plan_service.h"

#include "api/model_json.h"
#include "base/logger.h"
#include "model/masking.h"

namespace waypost::services {
namespace {

std::string EntryJson(const engine::QuarantineEntry& entry, bool masked) {
  std::string json = "{\"time_ms\":" + std::to_string(entry.time_ms);
  json += ",\"reason\":" + JsonQuoted(entry.reason);
  if (!entry.event.empty()) json += ",\"event\":" + JsonQuoted(entry.event);
  if (!entry.property.empty()) json += ",\"property\":" + JsonQuoted(entry.property);
  return json + ",\"detail\":" + JsonQuoted(masked ? kMask : std::string_view(entry.detail)) + "}";
}

// Whether an item is of customers who are seen, and of nobody else.
bool IsSeen(engine::Engine& engine, const Seen& seen, const ItemView& item) {
  size_t shown = 0, hidden = 0;
  engine.Look([&](const engine::Applier& applier) {
    for (const IdentityView& identity : item.identities) {
      const auto ordinal = applier.identities().Find(identity.key, identity.value);
      if (ordinal) ++(seen.Shows(*ordinal) ? shown : hidden);
    }
  });
  return shown > 0 && hidden == 0;
}

// What a caller may see of collected items.
struct ItemVeil {
  const TrackingPlan* masked_by = nullptr;
  std::function<bool(const ItemView&)> shows;
};

// Appends the items of a batch, newest first, until there are `limit` of them.
Result<> AppendItems(std::span<const uint8_t> batch, size_t limit, const ItemVeil& veil,
                     std::vector<std::string>* items) {
  BatchReader reader = TRY(BatchReader::Open(batch));
  std::vector<std::string> read;
  for (auto item = TRY(reader.Next()); item; item = TRY(reader.Next())) {
    if (!veil.shows(*item)) continue;
    read.push_back(api::ItemJson(reader.header(), reader.names(), *item, veil.masked_by));
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

Result<std::string> EnginePlan::RecentEvents(const api::Sight& sight, size_t limit) {
  engine::Engine* engine = TRY(engines_.Find(sight.project));
  const engine::Reading reading = TRY(engine->Read());  // what was acknowledged before is there
  const Seen seen = TRY(sights_.See(sight, *engine, reading));
  const ItemVeil veil{.masked_by = sight.masked ? reading.plan.get() : nullptr,
                      .shows = [&](const ItemView& item) {
                        return !seen.bounded() || IsSeen(*engine, seen, item);
                      }};
  std::vector<std::string> items;
  for (const auto& batch : engine->RecentBatches()) TRY(AppendItems(*batch, limit, veil, &items));
  return ItemsJson(items);
}

Result<std::string> EnginePlan::Quarantine(const api::Sight& sight, size_t limit) {
  engine::Engine* engine = TRY(engines_.Find(sight.project));
  TRY(engine->Read());
  std::vector<std::string> items;
  engine->Look([&](const engine::Applier& applier) {
    const auto& entries = applier.quarantine().entries();
    for (auto entry = entries.rbegin(); entry != entries.rend() && items.size() < limit; ++entry) {
      items.push_back(EntryJson(*entry, sight.masked));
    }
  });
  return ItemsJson(items);
}

}  // namespace waypost::services
