#include "people/rights.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace waypost::people {
namespace {

constexpr std::array<std::string_view, kObjects> kObjectNames = {
    "customers", "events", "questions", "plan",          "segments", "tags",  "journeys", "sources",
    "server",    "users",  "roles",     "organisations", "keys",     "audit", "tasks"};
constexpr std::array<std::string_view, kActions> kActionNames = {"view", "change", "export",
                                                                 "approve", "reveal"};

template <typename Visit>
void EachRight(Visit visit) {
  for (size_t object = 0; object < kObjects; ++object) {
    for (size_t action = 0; action < kActions; ++action)
      visit(Right{static_cast<Object>(object), static_cast<Action>(action)});
  }
}

constexpr Right View(Object object) { return {object, Action::kView}; }
constexpr Right Change(Object object) { return {object, Action::kChange}; }

RightSet With(RightSet rights, const RightSet& more) {
  rights.Add(more);
  return rights;
}

// Everyone's way around the console.
RightSet Reading() {
  return {View(Object::kCustomers), View(Object::kQuestions), Change(Object::kQuestions),
          View(Object::kPlan),      View(Object::kSegments),  View(Object::kTags),
          View(Object::kJourneys),  View(Object::kTasks)};
}

RightSet Operating() {
  return With(Reading(),
              {Change(Object::kSegments), Change(Object::kTags), Change(Object::kJourneys)});
}

}  // namespace

std::string RightName(Right right) {
  return fmt::format("{}.{}", kObjectNames[static_cast<size_t>(right.object)],
                     kActionNames[static_cast<size_t>(right.action)]);
}

RightSet RightSet::All() {
  RightSet all;
  all.bits_.set();
  return all;
}

std::vector<Right> RightSet::Rights() const {
  std::vector<Right> rights;
  EachRight([&](Right right) {
    if (Has(right)) rights.push_back(right);
  });
  return rights;
}

std::vector<std::string> RightSet::Names() const {
  std::vector<std::string> names;
  for (const Right right : Rights()) names.push_back(RightName(right));
  return names;
}

Result<RightSet> RightsOf(std::span<const std::string> names) {
  RightSet rights;
  for (const std::string& name : names) {
    bool known = false;
    EachRight([&](Right right) {
      if (RightName(right) != name) return;
      rights.Add(right);
      known = true;
    });
    if (!known)
      return Error(Code::kInvalid, "unknown_right", fmt::format("There is no right '{}'.", name));
  }
  return rights;
}

Duty DutyOf(Right right) {
  switch (right.object) {
    case Object::kServer:
    case Object::kSources:
      return Duty::kSystem;
    case Object::kUsers:
      return right.action == Action::kView ? Duty::kNone : Duty::kSystem;
    case Object::kRoles:
    case Object::kOrganisations:
    case Object::kKeys:
      return right.action == Action::kView ? Duty::kNone : Duty::kSecurity;
    case Object::kAudit:
      return Duty::kAudit;
    default:
      return Duty::kNone;
  }
}

Result<> CheckDuties(const RightSet& rights) {
  std::optional<Right> first;
  std::optional<Right> other;
  EachRight([&](Right right) {
    if (!rights.Has(right) || DutyOf(right) == Duty::kNone) return;
    if (!first) first = right;
    if (DutyOf(right) != DutyOf(*first) && !other) other = right;
  });
  if (!other) return {};
  return Error(Code::kInvalid, "two_duties",
               fmt::format("{} and {} belong in different hands: system, security and audit are "
                           "kept apart.",
                           RightName(*first), RightName(*other)));
}

std::span<const Role> BuiltInRoles() {
  static const std::array<Role, 9> roles = {{
      {"system_admin",
       "系统管理员",
       "System administrator",
       {View(Object::kServer), Change(Object::kServer), View(Object::kSources),
        Change(Object::kSources), View(Object::kUsers), Change(Object::kUsers),
        View(Object::kRoles), View(Object::kOrganisations)}},
      {"security_admin",
       "安全管理员",
       "Security administrator",
       {View(Object::kUsers), View(Object::kRoles), Change(Object::kRoles),
        View(Object::kOrganisations), Change(Object::kOrganisations), View(Object::kKeys),
        Change(Object::kKeys)}},
      {"auditor",
       "审计管理员",
       "Auditor",
       {View(Object::kAudit), View(Object::kUsers), View(Object::kRoles),
        View(Object::kOrganisations)}},
      {"compliance", "合规人员", "Compliance officer",
       With(Reading(), {View(Object::kAudit),
                        {Object::kJourneys, Action::kApprove},
                        {Object::kSegments, Action::kApprove},
                        {Object::kTags, Action::kApprove},
                        View(Object::kUsers),
                        View(Object::kRoles),
                        View(Object::kOrganisations)})},
      {"operator", "运营人员", "Operator", Operating()},
      {"lead", "运营主管", "Operations lead",
       With(Operating(), {{Object::kSegments, Action::kExport},
                          {Object::kTags, Action::kApprove},
                          {Object::kJourneys, Action::kApprove},
                          {Object::kSegments, Action::kApprove},
                          {Object::kCustomers, Action::kChange},
                          {Object::kCustomers, Action::kReveal},
                          Change(Object::kTasks)})},
      {"analyst", "分析人员", "Analyst", Reading()},
      {"data_engineer", "数据工程师", "Data engineer",
       With(Reading(), {Change(Object::kPlan), View(Object::kEvents), Change(Object::kEvents),
                        Change(Object::kCustomers)})},
      {"relationship_manager",
       "客户经理",
       "Relationship manager",
       {View(Object::kCustomers),
        View(Object::kSegments),
        View(Object::kTags),
        {Object::kCustomers, Action::kReveal},
        View(Object::kTasks),
        Change(Object::kTasks)}},
  }};
  return roles;
}

}  // namespace waypost::people
