// The rules that stand above all journeys: how often, when, with whose consent. A JSON document,
// described in docs/journeys.md; read live, so a change holds for the next message.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "journeys/definition.h"

namespace waypost::journeys {

struct Cap {
  enum class Scope : uint8_t {
    kTenant,
    kChannel,
    kCategory,
    kJourney,
    kTag,
    kAddress,
    kAccount
  } scope = Scope::kTenant;
  enum class Fixed : uint8_t { kRolling, kDay, kWeek, kMonth } fixed = Fixed::kRolling;
  std::string name;
  // The channel, category, journey or tag it is about, empty: each one; of accounts the property of
  // the entry, else the attribute, that names them.
  std::string of;
  uint32_t limit = 1;
  int64_t rolling_ms = 0;  // a window (now - rolling, now]
  bool tenant_zone = false;
  std::map<std::string, uint32_t> reserved;  // by journey: slots that only it may take
};

// What caps are to the messages of a category: whether they hold for them, and whether these count
// against them for others.
struct Uncapped {
  std::string category;
  bool exempt = true;
  bool counts = false;
};

struct ChannelRule {
  bool opt_in = false;       // silence is no consent
  bool at_most_once = true;  // never handed off twice when the outcome is not known
  uint32_t per_second = 0;   // 0: as many as come
  std::vector<Window> open;  // only in these; empty: always
  uint32_t tries_a_day = 0;  // of one message in a local day of the customer; 0: any
  Span retry_after;          // what was not taken, or busy, is tried again so much later
  uint32_t max_chars = 0;    // of a text as it is sent; 0: any
  uint32_t max_bytes = 0;
  bool obeys_quiet = true;  // else the hours of all messages do not hold for it
  bool recall = false;      // taken back, until it is delivered, from who leaves early
  // Who gets it, where that is no identity of the customer: the first attribute that has a value
  // and whose condition holds.
  struct Receiver {
    std::string attribute, when;
  };
  std::vector<Receiver> to;
};

// Whole days in which nothing is sent.
struct Blackout {
  std::string name;
  int64_t first_day = 0, last_day = 0;  // both included; local, since 1970-01-01
};

// Nothing goes to whom the condition holds of, or cannot be told.
struct Suppression {
  std::string when;
  std::string channel;  // empty: by none
};

// What a unit of the bank says of messages to its customers. It holds beside what the bank says: of
// two limits the lower one, of hours and lists those of both.
struct UnitRules {
  std::vector<Cap> caps;
  std::vector<Window> quiet;
  std::vector<Blackout> blackouts;
  std::vector<Suppression> suppressed;
  std::map<std::string, uint32_t> per_second;  // by channel
  // Of all journeys together in a day, week or month of the bank; 0: any.
  struct Budget {
    uint64_t sends = 0;
    int64_t money = 0;  // ten-thousandths
    Cap::Fixed per = Cap::Fixed::kMonth;
  } budget;
};

struct Policy {
  Zone zone = Zone::Usual();  // also of journeys that name none
  // Of customers by their unit of the bank, which is the value of this attribute.
  std::string unit_attribute;
  std::map<std::string, Zone> unit_zones;
  std::map<std::string, UnitRules> unit_rules;
  std::vector<Cap> caps;
  int64_t counted_ms = 32 * kDayMs;  // so long a message may count: a month, or what a cap says
  std::vector<Uncapped> uncapped;
  std::vector<Window> quiet;  // nothing is sent in these
  // What becomes of what falls into them: it waits for the first hour that is fair, and up to the
  // jitter longer, each customer always alike; is dropped; or goes by another channel, where that
  // may send now and the drawing has one, else waits.
  enum class InQuiet : uint8_t { kDelay, kDrop, kOtherChannel } in_quiet = InQuiet::kDelay;
  int64_t quiet_jitter_ms = 0;
  std::vector<Window> open;  // only in these; empty: always
  std::vector<Blackout> blackouts;
  std::vector<Suppression> suppressed;
  Holidays holidays = Holidays::China();  // with the years that were imported
  std::map<std::string, ChannelRule> channels;
  int64_t arbitration_ms = 0;             // collect so long, then by priority; 0: as they come
  uint32_t max_journeys = 0;              // a customer may be in at once; 0: any
  uint32_t holdout = 0;                   // come into no journey; ten-thousandths
  std::map<std::string, uint64_t> stock;  // of benefits

  // The channel's own, else what is usual: 500 characters of an SMS, 4 KiB of a push.
  const ChannelRule& RuleOf(const std::string& channel) const;
  // None of a unit that says nothing.
  const UnitRules& RulesOfUnit(const std::string& unit) const;
};

// The civil days [first, second) of the day, week or month that has the day in it.
std::pair<int64_t, int64_t> DaysOf(Cap::Fixed fixed, int64_t day);

// Each condition that it asks of customers, and the place where it stands.
std::vector<std::pair<std::string, std::string>> ConditionsOf(const Policy& policy);

struct CheckedPolicy {
  std::shared_ptr<const Policy> policy;  // null when there are faults
  std::vector<Fault> faults;
};
CheckedPolicy CheckPolicy(std::string_view json);

}  // namespace waypost::journeys
