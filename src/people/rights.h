// Rights: what may be done to what, and the roles that are made of them.
//
// Nothing is allowed that no right says. The rights of administrators are in three hands
// (三权分立): one keeps the system running, one says who may do what, one reads what was done. No
// role and no user holds rights of two of these duties.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace waypost::people {

enum class Object : uint8_t {
  kCustomers,
  kEvents,
  kQuestions,
  kPlan,
  kSegments,
  kTags,
  kJourneys,
  kSources,
  kServer,
  kUsers,
  kRoles,
  kOrganisations,
  kKeys,
  kAudit,
  kTasks,
};
inline constexpr size_t kObjects = 15;

enum class Action : uint8_t { kView, kChange, kExport, kApprove, kReveal };
inline constexpr size_t kActions = 5;

struct Right {
  Object object;
  Action action;
  friend bool operator==(const Right&, const Right&) = default;
};

// "segments.view".
std::string RightName(Right right);

class RightSet {
 public:
  RightSet() = default;
  RightSet(std::initializer_list<Right> rights) {
    for (const Right right : rights) Add(right);
  }
  static RightSet All();

  void Add(Right right) { bits_.set(Place(right)); }
  void Add(const RightSet& other) { bits_ |= other.bits_; }
  bool Has(Right right) const { return bits_.test(Place(right)); }
  bool Holds(const RightSet& other) const { return (other.bits_ & ~bits_).none(); }
  bool empty() const { return bits_.none(); }
  std::vector<Right> Rights() const;       // in the order of the enums
  std::vector<std::string> Names() const;  // of these
  friend bool operator==(const RightSet&, const RightSet&) = default;

 private:
  static size_t Place(Right right) {
    return static_cast<size_t>(right.object) * kActions + static_cast<size_t>(right.action);
  }
  std::bitset<kObjects * kActions> bits_;
};

// Errors: kInvalid "unknown_right" naming the first name that is none.
Result<RightSet> RightsOf(std::span<const std::string> names);

// Whose hands a right belongs in. Reading who there is, and what they may do, is in none of them.
enum class Duty : uint8_t { kNone, kSystem, kSecurity, kAudit };
Duty DutyOf(Right right);

// Errors: kInvalid "two_duties" when the rights belong to more than one duty.
Result<> CheckDuties(const RightSet& rights);

struct Role {
  std::string id;  // as a user's name
  std::string zh, en;
  RightSet rights;
  std::string rows;  // EQL: whom it lets see; empty: everyone
};

// Roles that are there from the start and cannot be changed.
std::span<const Role> BuiltInRoles();

}  // namespace waypost::people
