// What people change in a tracking plan, as it is written into the log (RecordKind::kPlan):
//
//   u8 version = 1 · text project · u8 mode + 1, or 0
//   varint properties · (text name · u8 type or 0 · u8 class or 0 · text? zh · text? en) *
//   varint events · (text name · text? zh · text? en · u8 has required · varint n · text name * n)
//   *
// text? is one byte, 1 or 0, and the text when it is 1.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "model/value.h"

namespace waypost {

enum class PlanMode : uint8_t { kOpen = 0, kStrict = 1 };

// Sensitivity of a property as banks class it (JR/T 0171). Values of C3 are never stored.
enum class DataClass : uint8_t { kC1 = 1, kC2 = 2, kC3 = 3 };

// What is given is set, what is absent stays. A property's or event's name need not exist yet.
struct PropertyChange {
  std::string name;
  std::optional<ValueType> type;  // needed for a new property
  std::optional<DataClass> data_class;
  std::optional<std::string> display_zh, display_en;
  friend bool operator==(const PropertyChange&, const PropertyChange&) = default;
};

struct EventChange {
  std::string name;
  std::optional<std::string> display_zh, display_en;
  std::optional<std::vector<std::string>> required;  // property names; replaces the list
  friend bool operator==(const EventChange&, const EventChange&) = default;
};

struct PlanChange {
  std::string project;
  std::optional<PlanMode> mode;
  std::vector<PropertyChange> properties;
  std::vector<EventChange> events;
  friend bool operator==(const PlanChange&, const PlanChange&) = default;

  Bytes Encode() const;
  // Errors: kCorrupt.
  static Result<PlanChange> Decode(std::span<const uint8_t> bytes);
};

}  // namespace waypost
