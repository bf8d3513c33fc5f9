// The lanes of a project: what is pushed, and who hears of it.
#include <algorithm>
#include <boost/json.hpp>

#include "base/logger.h"
#include "services/body.h"
#include "services/journey_json.h"
#include "services/sensors_form.h"
#include "services/tag_pushes.h"

namespace waypost::services {
namespace {

namespace json = boost::json;

}  // namespace

std::optional<PushOrder> PushOrderOf(const catalog::Definition& definition) {
  const json::value body = json::parse(definition.body);
  PushOrder order{.id = definition.id, .tags = {}, .channel = TextIn(body.as_object(), "channel")};
  order.key = TextIn(body.as_object(), "key");
  const auto words = [&](std::string_view key) {
    std::vector<std::string> list;
    if (const json::value* given = body.as_object().if_contains(key))
      for (const json::value& word : given->as_array()) list.emplace_back(word.as_string());
    return list;
  };
  order.tags = words("tags");
  order.journeys = words("journeys");
  order.sensors = TextIn(body.as_object(), "form") == kSensorsForm;
  for (const std::string& kind : words("decisions")) {
    if (const auto what = FindLineKind(kind)) order.decisions |= 1u << static_cast<uint32_t>(*what);
  }
  return order.channel.empty() ? std::nullopt : std::optional(std::move(order));
}

Result<> TagPushes::Open(engine::Engine& engine, Journeys& journeys) {
  engine_ = &engine;
  journeys_ = &journeys;
  directory_ = engine.directory() + "/deliveries";
  TRY(machine_.files.CreateDirectory(directory_));
  TRY(machine_.files.SyncDirectory(engine.directory()));
  journeys.SetListener(this);
  catalog::Catalog& catalog = *TRY(catalogs_.Find(project_))->catalog;
  for (const catalog::Definition& one : TRY(catalog.List(kDeliveryKind))) {
    if (auto order = PushOrderOf(one)) TRY(Set(std::move(*order)));
  }
  return {};
}

// What is decided meanwhile is told to the new one.
Result<> TagPushes::Set(PushOrder order) {
  const std::lock_guard setting(set_mutex_);
  const std::string id = order.id;
  if (const auto before = Find(id)) {
    {
      const std::lock_guard lock(mutex_);
      lanes_.erase(id);
    }
    before->Stop();
  }
  auto lane =
      std::make_shared<PushLane>(machine_, directory_, std::move(order), *engine_, *journeys_);
  TRY(lane->Open());
  {
    const std::lock_guard lock(mutex_);
    if (started_) lane->Start();
    lanes_[id] = std::move(lane);
  }
  return FollowLines();
}

// Of those kinds that any lane follows.
Result<> TagPushes::FollowLines() {
  uint32_t kinds = 0;
  {
    const std::lock_guard lock(mutex_);
    if (!started_) return {};
    for (const auto& [id, lane] : lanes_) kinds |= lane->order().decisions;
  }
  return journeys_->FollowLines(kinds);
}

Result<> TagPushes::Remove(const std::string& id) {
  const std::lock_guard setting(set_mutex_);
  const std::shared_ptr<PushLane> lane = Find(id);
  if (!lane) return {};
  {
    const std::lock_guard lock(mutex_);
    lanes_.erase(id);
  }
  lane->Stop();
  lane->Forget();
  return FollowLines();
}

std::shared_ptr<PushLane> TagPushes::Find(const std::string& id) {
  const std::lock_guard lock(mutex_);
  const auto found = lanes_.find(id);
  return found == lanes_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<PushLane>> TagPushes::Lanes() {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<PushLane>> lanes;
  for (const auto& [id, lane] : lanes_) lanes.push_back(lane);
  return lanes;
}

Result<> TagPushes::Start() {
  {
    const std::lock_guard lock(mutex_);
    started_ = true;
    for (const auto& [id, lane] : lanes_) lane->Start();
  }
  return FollowLines();
}

Result<> TagPushes::OnLines(std::span<const DecidedLine> lines) {
  const std::lock_guard setting(set_mutex_);
  for (const auto& lane : Lanes()) {
    if (lane->order().decisions != 0) TRY(lane->Take(lines));
  }
  return {};
}

void TagPushes::Stop() {
  for (const auto& lane : Lanes()) lane->Stop();
}

bool TagPushes::Follows(const tags::LiveDefinition& tag) {
  return std::ranges::any_of(Lanes(), [&](const auto& lane) {
    return std::ranges::find(lane->order().tags, tag.id) != lane->order().tags.end();
  });
}

void TagPushes::OnValues(const TagChange& change) {
  for (const auto& lane : Lanes()) {
    if (std::ranges::find(lane->order().tags, change.tag.id) == lane->order().tags.end()) continue;
    if (const Result<> taken = lane->Take(change); !taken.ok()) {
      LogError("tags.push_stuck",
               {{"delivery", lane->order().id}, {"error", taken.error().message()}});
    }
  }
}

}  // namespace waypost::services
