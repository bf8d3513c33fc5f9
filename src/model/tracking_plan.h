// The tracking plan (埋点方案) of one project: which events and properties there are, what type a
// property's values have, and how much of what came did not fit. A deterministic view: the same
// observations and changes in the same order give the same numbers, verdicts and bytes.
//
//   const EventVerdict event = plan.ObserveEvent("pay", time_ms);
//   const Verdict price = plan.Observe("price", Value::Int(3), kSeenOnEvents);
//   if (price.ok()) row.Set(price.property, price.value); else quarantine("price", price.mismatch);
//
// Open mode: the first sight of a name declares it, with the type of the value. Strict mode: only
// declared names fit. A value that does not fit never loses its event: the property alone is
// quarantined. One name is one property wherever it is seen, on events, customers or items.
//
// One thread at a time; const methods may run together.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/result.h"
#include "model/ids.h"
#include "model/plan_change.h"
#include "model/value.h"

namespace waypost {

inline constexpr size_t kMaxPlanEvents = 5'000;
inline constexpr size_t kMaxPlanProperties = 10'000;

// Where a property was seen; bits.
enum SeenOn : uint8_t { kSeenOnEvents = 1, kSeenOnCustomers = 2, kSeenOnItems = 4 };

struct PlanProperty {
  PropertyId id = 0;
  std::string name, display_zh, display_en;
  ValueType type = ValueType::kString;
  DataClass data_class = DataClass::kC2;
  bool declared = false;  // by a change, not only by being seen
  uint8_t seen_on = 0;
  uint64_t count = 0;       // values that fitted
  uint64_t mismatches = 0;  // values that did not
};

struct PlanEvent {
  EventTypeId id = 0;
  std::string name, display_zh, display_en;
  bool declared = false;
  std::vector<PropertyId> required;  // increasing
  uint64_t count = 0;
  uint64_t incomplete = 0;            // events that lacked a required property
  int64_t first_ms = 0, last_ms = 0;  // smallest and greatest event time; 0 when count is 0
};

// Where a value goes, or why it does not fit: "type_mismatch", "undeclared", "plan_full",
// "reserved_name", "sensitive", "bad_time" (texts in model/error_texts.h).
struct Verdict {
  PropertyId property = 0;
  Value value;  // as the property's type wants it; text borrows from the value observed
  std::string_view mismatch = {};
  bool ok() const { return mismatch.empty(); }
};

struct EventVerdict {
  EventTypeId event = 0;
  std::string_view mismatch = {};  // "undeclared" or "plan_full"
  bool ok() const { return mismatch.empty(); }
};

class TrackingPlan {
 public:
  TrackingPlan() = default;

  PlanMode mode() const { return mode_; }
  // By id: events()[k].id == k, properties()[k].id == kFirstPlanProperty + k.
  std::span<const PlanEvent> events() const { return events_; }
  std::span<const PlanProperty> properties() const { return properties_; }
  // The columns every event has, ids below kFirstPlanProperty: "$ingest_time" and the like.
  static std::span<const PlanProperty> fixed_properties();

  // Null when there is none. FindProperty knows the fixed ones too.
  const PlanEvent* FindEvent(std::string_view name) const;
  const PlanProperty* FindProperty(std::string_view name) const;
  const PlanProperty* FindProperty(PropertyId id) const;

  // Counts one event, declaring its name when open.
  EventVerdict ObserveEvent(std::string_view name, int64_t time_ms);
  // The same for an event observed before, without the search. REQUIRES: event < events().size()
  EventVerdict ObserveEvent(EventTypeId event, int64_t time_ms);
  // After an event's properties: counts it as incomplete unless all required ones are in `present`.
  // True when complete.
  bool ObserveCompleteness(EventTypeId event, std::span<const PropertyId> present);

  // Judges one value and counts it. Values are turned into the property's type only where nothing
  // is lost or guessed: int to double, decimal or (plausible milliseconds) datetime; whole doubles
  // to int; text to datetime, date or decimal when it is written as one. In open mode a property
  // that was seen with ints only widens to double at the first fraction.
  Verdict Observe(std::string_view name, const Value& value, SeenOn where);
  // The same for a property observed before, without the search. REQUIRES: FindProperty(id)
  Verdict Observe(PropertyId id, const Value& value, SeenOn where);

  // Whether Apply would take the change: kConflict ("type_conflict") where a type differs from that
  // of values already taken (int to double may be), kInvalid ("bad_name", "reserved_name") and
  // kTooLarge
  // ("plan_full"). Names may be up to 128 bytes.
  Result<> Check(const PlanChange& change) const;
  // All of the change, or nothing and Check's error.
  Result<> Apply(const PlanChange& change);

  Bytes Encode() const;
  static Result<TrackingPlan> Decode(std::span<const uint8_t> bytes);

 private:
  using Index = boost::unordered_flat_map<std::string, uint32_t, TextHash, std::equal_to<>>;

  PlanEvent& AddEvent(std::string_view name);
  PlanProperty& AddProperty(std::string_view name, ValueType type);
  Verdict Judge(PlanProperty& property, const Value& value, SeenOn where);
  Result<> CheckProperty(const PropertyChange& change) const;
  void ApplyProperty(const PropertyChange& change);
  void ApplyEvent(const EventChange& change);

  PlanMode mode_ = PlanMode::kOpen;
  std::vector<PlanEvent> events_;
  std::vector<PlanProperty> properties_;
  Index event_index_, property_index_;
};

}  // namespace waypost
