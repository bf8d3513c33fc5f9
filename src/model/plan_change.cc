#include "model/plan_change.h"

namespace waypost {
namespace {

constexpr uint8_t kChangeVersion = 1;

void PutOptional(ByteWriter& out, const std::optional<std::string>& text) {
  out.U8(text.has_value());
  if (text) out.Text(*text);
}

std::optional<std::string> ReadOptional(ByteReader& in) {
  if (in.U8() == 0) return std::nullopt;
  return std::string(in.Text());
}

bool ReadProperty(ByteReader& in, PropertyChange* change) {
  change->name = in.Text();
  const uint8_t type = in.U8();
  const uint8_t data_class = in.U8();
  if (type != 0) change->type = static_cast<ValueType>(type);
  if (data_class != 0) change->data_class = static_cast<DataClass>(data_class);
  change->display_zh = ReadOptional(in);
  change->display_en = ReadOptional(in);
  return type <= static_cast<uint8_t>(ValueType::kList) && data_class <= 3;
}

void ReadEvent(ByteReader& in, EventChange* change) {
  change->name = in.Text();
  change->display_zh = ReadOptional(in);
  change->display_en = ReadOptional(in);
  if (in.U8() == 0) return;
  change->required.emplace();
  for (uint64_t left = in.Varint(); left > 0 && in.ok(); --left) {
    change->required->emplace_back(in.Text());
  }
}

}  // namespace

Bytes PlanChange::Encode() const {
  ByteWriter out;
  out.U8(kChangeVersion);
  out.Text(project);
  out.U8(mode ? static_cast<uint8_t>(*mode) + 1 : 0);
  out.Varint(properties.size());
  for (const PropertyChange& property : properties) {
    out.Text(property.name);
    out.U8(property.type ? static_cast<uint8_t>(*property.type) : 0);
    out.U8(property.data_class ? static_cast<uint8_t>(*property.data_class) : 0);
    PutOptional(out, property.display_zh);
    PutOptional(out, property.display_en);
  }
  out.Varint(events.size());
  for (const EventChange& event : events) {
    out.Text(event.name);
    PutOptional(out, event.display_zh);
    PutOptional(out, event.display_en);
    out.U8(event.required.has_value());
    if (!event.required) continue;
    out.Varint(event.required->size());
    for (const std::string& name : *event.required) out.Text(name);
  }
  return out.Take();
}

Result<PlanChange> PlanChange::Decode(std::span<const uint8_t> bytes) {
  ByteReader in(bytes);
  const uint8_t version = in.U8();
  PlanChange change;
  change.project = in.Text();
  const uint8_t mode = in.U8();
  if (mode != 0) change.mode = static_cast<PlanMode>(mode - 1);
  bool known = version == kChangeVersion && mode <= 2;
  for (uint64_t left = in.Varint(); left > 0 && in.ok(); --left) {
    known &= ReadProperty(in, &change.properties.emplace_back());
  }
  for (uint64_t left = in.Varint(); left > 0 && in.ok(); --left) {
    ReadEvent(in, &change.events.emplace_back());
  }
  if (known && in.ok() && in.done()) return change;
  return Error(Code::kCorrupt, "corrupt_plan", "a change of the tracking plan is damaged");
}

}  // namespace waypost
