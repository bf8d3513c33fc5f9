#include "model/tracking_plan.h"

#include <algorithm>
#include <cmath>

#include "model/coerce.h"

namespace waypost {
namespace {

constexpr uint8_t kPlanVersion = 1;
constexpr size_t kMaxNameSize = 128;

std::vector<PlanProperty> MakeFixedProperties() {
  const struct {
    PropertyId id;
    const char *name, *zh, *en;
    ValueType type;
  } fixed[] = {
      {kIngestTimeProperty, "$ingest_time", "入库时间", "Ingest time", ValueType::kDateTime},
      {kMessageIdProperty, "$message_id", "消息编号", "Message id", ValueType::kString},
      {kSourceProperty, "$source", "数据来源", "Source", ValueType::kString},
      {kLibraryProperty, "$library", "采集工具", "Library", ValueType::kString},
      {kTimeFixedProperty, "$time_fixed", "时间已校正", "Time was clamped", ValueType::kBool},
  };
  std::vector<PlanProperty> properties;
  for (const auto& f : fixed) {
    properties.push_back({.id = f.id,
                          .name = f.name,
                          .display_zh = f.zh,
                          .display_en = f.en,
                          .type = f.type,
                          .data_class = DataClass::kC1,
                          .declared = true,
                          .seen_on = kSeenOnEvents});
  }
  return properties;
}

const PlanProperty* FindFixed(std::string_view name) {
  if (!name.starts_with('$')) return nullptr;
  for (const PlanProperty& property : TrackingPlan::fixed_properties()) {
    if (property.name == name) return &property;
  }
  return nullptr;
}

Error PlanError(Code code, std::string name, const std::string& subject, std::string_view what) {
  return Error(code, std::move(name), "tracking plan: \"" + subject + "\" " + std::string(what));
}

Result<> CheckName(const std::string& name) {
  if (name.empty() || name.size() > kMaxNameSize) {
    return PlanError(Code::kInvalid, "bad_name", name.substr(0, kMaxNameSize),
                     "is no name: use 1 to 128 bytes");
  }
  return {};
}

}  // namespace

std::span<const PlanProperty> TrackingPlan::fixed_properties() {
  static const std::vector<PlanProperty> fixed = MakeFixedProperties();
  return fixed;
}

const PlanEvent* TrackingPlan::FindEvent(std::string_view name) const {
  const auto found = event_index_.find(name);
  return found == event_index_.end() ? nullptr : &events_[found->second];
}

const PlanProperty* TrackingPlan::FindProperty(std::string_view name) const {
  const auto found = property_index_.find(name);
  return found == property_index_.end() ? FindFixed(name) : &properties_[found->second];
}

const PlanProperty* TrackingPlan::FindProperty(PropertyId id) const {
  if (id >= kFirstPlanProperty) {
    const size_t index = id - kFirstPlanProperty;
    return index < properties_.size() ? &properties_[index] : nullptr;
  }
  const auto fixed = fixed_properties();
  const auto found = std::ranges::find(fixed, id, &PlanProperty::id);
  return found == fixed.end() ? nullptr : &*found;
}

PlanEvent& TrackingPlan::AddEvent(std::string_view name) {
  const auto id = static_cast<EventTypeId>(events_.size());
  event_index_.emplace(name, id);
  PlanEvent& event = events_.emplace_back();
  event.id = id;
  event.name = name;
  return event;
}

PlanProperty& TrackingPlan::AddProperty(std::string_view name, ValueType type) {
  const auto index = static_cast<uint32_t>(properties_.size());
  property_index_.emplace(name, index);
  PlanProperty& property = properties_.emplace_back();
  property.id = kFirstPlanProperty + index;
  property.name = name;
  property.type = type;
  return property;
}

EventVerdict TrackingPlan::ObserveEvent(std::string_view name, int64_t time_ms) {
  if (const PlanEvent* event = FindEvent(name)) return ObserveEvent(event->id, time_ms);
  if (mode_ == PlanMode::kStrict) return {.mismatch = "undeclared"};
  if (events_.size() >= kMaxPlanEvents) return {.mismatch = "plan_full"};
  return ObserveEvent(AddEvent(name).id, time_ms);
}

EventVerdict TrackingPlan::ObserveEvent(EventTypeId id, int64_t time_ms) {
  PlanEvent& event = events_[id];
  if (mode_ == PlanMode::kStrict && !event.declared) return {.event = id, .mismatch = "undeclared"};
  event.first_ms = event.count == 0 ? time_ms : std::min(event.first_ms, time_ms);
  event.last_ms = event.count == 0 ? time_ms : std::max(event.last_ms, time_ms);
  ++event.count;
  return {.event = id};
}

bool TrackingPlan::ObserveCompleteness(EventTypeId id, std::span<const PropertyId> present) {
  PlanEvent& event = events_[id];
  const bool complete = std::ranges::all_of(event.required, [&](PropertyId required) {
    return std::ranges::find(present, required) != present.end();
  });
  if (!complete) ++event.incomplete;
  return complete;
}

Verdict TrackingPlan::Observe(std::string_view name, const Value& value, SeenOn where) {
  const auto found = property_index_.find(name);
  if (found != property_index_.end()) return Judge(properties_[found->second], value, where);
  if (FindFixed(name)) return {.mismatch = "reserved_name"};
  if (mode_ == PlanMode::kStrict) return {.mismatch = "undeclared"};
  if (properties_.size() >= kMaxPlanProperties) return {.mismatch = "plan_full"};
  return Judge(AddProperty(name, value.type), value, where);
}

Verdict TrackingPlan::Observe(PropertyId id, const Value& value, SeenOn where) {
  if (id < kFirstPlanProperty) return {.property = id, .mismatch = "reserved_name"};
  return Judge(properties_[id - kFirstPlanProperty], value, where);
}

Verdict TrackingPlan::Judge(PlanProperty& property, const Value& value, SeenOn where) {
  Verdict verdict{.property = property.id, .value = value};
  property.seen_on |= where;
  if (mode_ == PlanMode::kStrict && !property.declared) {
    verdict.mismatch = "undeclared";
  } else if (property.data_class == DataClass::kC3) {
    verdict.mismatch = "sensitive";
  } else if (value.type != property.type) {
    verdict.mismatch = Coerce(property.type, &verdict.value);
    const bool widens =
        !property.declared && property.type == ValueType::kInt && value.type == ValueType::kDouble;
    if (!verdict.ok() && widens) {
      property.type = ValueType::kDouble;
      verdict.mismatch = {};
    }
  }
  ++(verdict.ok() ? property.count : property.mismatches);
  return verdict;
}

Result<> TrackingPlan::CheckProperty(const PropertyChange& change) const {
  TRY(CheckName(change.name));
  if (FindFixed(change.name)) {
    return PlanError(Code::kInvalid, "reserved_name", change.name,
                     "is a column every event has: choose another name");
  }
  const PlanProperty* property = FindProperty(change.name);
  if (!property && !change.type) {
    return PlanError(Code::kInvalid, "bad_type", change.name, "is new: say its type");
  }
  if (!property || !change.type || *change.type == property->type || property->count == 0)
    return {};
  const bool widens = property->type == ValueType::kInt && *change.type == ValueType::kDouble;
  if (widens) return {};
  return PlanError(Code::kConflict, "type_conflict", change.name,
                   "holds values of type " + std::string(ValueTypeName(property->type)) +
                       ": keep that type or use a new name");
}

Result<> TrackingPlan::Check(const PlanChange& change) const {
  std::vector<std::string_view> new_properties, new_events;
  for (const PropertyChange& property : change.properties) {
    TRY(CheckProperty(property));
    if (!FindProperty(property.name)) new_properties.push_back(property.name);
  }
  for (const EventChange& event : change.events) {
    TRY(CheckName(event.name));
    if (!FindEvent(event.name)) new_events.push_back(event.name);
    if (!event.required) continue;
    for (const std::string& name : *event.required) {
      if (!FindProperty(name) && std::ranges::find(new_properties, name) == new_properties.end()) {
        return PlanError(Code::kInvalid, "unknown_property", name,
                         "is required but no property of the plan: declare it too");
      }
    }
  }
  if (properties_.size() + new_properties.size() > kMaxPlanProperties ||
      events_.size() + new_events.size() > kMaxPlanEvents) {
    return Error(Code::kTooLarge, "plan_full",
                 "tracking plan: more than 10,000 properties or 5,000 events");
  }
  return {};
}

void TrackingPlan::ApplyProperty(const PropertyChange& change) {
  const auto found = property_index_.find(change.name);
  PlanProperty& property = found == property_index_.end() ? AddProperty(change.name, *change.type)
                                                          : properties_[found->second];
  property.declared = true;
  if (change.type) property.type = *change.type;
  if (change.data_class) property.data_class = *change.data_class;
  if (change.display_zh) property.display_zh = *change.display_zh;
  if (change.display_en) property.display_en = *change.display_en;
}

void TrackingPlan::ApplyEvent(const EventChange& change) {
  const auto found = event_index_.find(change.name);
  PlanEvent& event = found == event_index_.end() ? AddEvent(change.name) : events_[found->second];
  event.declared = true;
  if (change.display_zh) event.display_zh = *change.display_zh;
  if (change.display_en) event.display_en = *change.display_en;
  if (!change.required) return;
  event.required.clear();
  for (const std::string& name : *change.required) event.required.push_back(FindProperty(name)->id);
  std::ranges::sort(event.required);
  const auto repeated = std::ranges::unique(event.required);
  event.required.erase(repeated.begin(), repeated.end());
}

Result<> TrackingPlan::Apply(const PlanChange& change) {
  TRY(Check(change));
  if (change.mode) mode_ = *change.mode;
  for (const PropertyChange& property : change.properties) ApplyProperty(property);
  for (const EventChange& event : change.events) ApplyEvent(event);
  return {};
}

Bytes TrackingPlan::Encode() const {
  ByteWriter out;
  out.U8(kPlanVersion);
  out.U8(static_cast<uint8_t>(mode_));
  out.Varint(properties_.size());
  for (const PlanProperty& p : properties_) {
    for (const std::string* text : {&p.name, &p.display_zh, &p.display_en}) out.Text(*text);
    out.U8(static_cast<uint8_t>(p.type));
    out.U8(static_cast<uint8_t>(p.data_class));
    out.U8(p.declared);
    out.U8(p.seen_on);
    out.Varint(p.count);
    out.Varint(p.mismatches);
  }
  out.Varint(events_.size());
  for (const PlanEvent& e : events_) {
    for (const std::string* text : {&e.name, &e.display_zh, &e.display_en}) out.Text(*text);
    out.U8(e.declared);
    out.Varint(e.required.size());
    for (const PropertyId id : e.required) out.Varint(id);
    out.Varint(e.count);
    out.Varint(e.incomplete);
    out.Signed(e.first_ms);
    out.Signed(e.last_ms);
  }
  return out.Take();
}

namespace {

Error Damaged() { return Error(Code::kCorrupt, "corrupt_plan", "saved tracking plan is damaged"); }

bool IsType(uint8_t type) { return ValueTypeName(static_cast<ValueType>(type)) != "unknown"; }
bool IsClass(uint8_t data_class) { return data_class >= 1 && data_class <= 3; }

}  // namespace

Result<TrackingPlan> TrackingPlan::Decode(std::span<const uint8_t> bytes) {
  ByteReader in(bytes);
  if (in.U8() != kPlanVersion) return Damaged();
  TrackingPlan plan;
  const uint8_t mode = in.U8();
  if (mode > 1) return Damaged();
  plan.mode_ = static_cast<PlanMode>(mode);
  for (uint64_t left = in.Varint(); left > 0 && in.ok(); --left) {
    const std::string_view name = in.Text(), zh = in.Text(), en = in.Text();
    const uint8_t type = in.U8(), data_class = in.U8();
    if (!IsType(type) || !IsClass(data_class) || plan.FindProperty(name)) return Damaged();
    PlanProperty& p = plan.AddProperty(name, static_cast<ValueType>(type));
    p.display_zh = zh;
    p.display_en = en;
    p.data_class = static_cast<DataClass>(data_class);
    p.declared = in.U8();
    p.seen_on = in.U8();
    p.count = in.Varint();
    p.mismatches = in.Varint();
  }
  for (uint64_t left = in.Varint(); left > 0 && in.ok(); --left) {
    const std::string_view name = in.Text(), zh = in.Text(), en = in.Text();
    if (plan.FindEvent(name)) return Damaged();
    PlanEvent& e = plan.AddEvent(name);
    e.display_zh = zh;
    e.display_en = en;
    e.declared = in.U8();
    for (uint64_t ids = in.Varint(); ids > 0 && in.ok(); --ids) {
      const uint64_t id = in.Varint();
      if (id > UINT32_MAX || !plan.FindProperty(static_cast<PropertyId>(id))) return Damaged();
      e.required.push_back(static_cast<PropertyId>(id));
    }
    e.count = in.Varint();
    e.incomplete = in.Varint();
    e.first_ms = in.Signed();
    e.last_ms = in.Signed();
  }
  if (!in.ok() || !in.done()) return Damaged();
  return plan;
}

}  // namespace waypost
