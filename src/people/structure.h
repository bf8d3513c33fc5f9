// What people stand in: roles, and the tree of organisations (总行, 分行, 支行).
//
// Both can bound the rows that a person sees, by a rule of EQL about customers. A person sees a
// customer under a right when the rules of the person's organisation and of all above it select the
// customer, and so does the rule of one of the person's roles that hold the right; a role without a
// rule sees everyone the organisation sees.
//
// In memory; a change is in the catalog before it counts. Any thread may call any method; only
// changes wait for the disk.
//
// Errors: kNotFound "unknown_role", "unknown_organisation"; kConflict "in_use" naming who uses it,
// "built_in"; kInvalid "bad_id", "bad_title", "two_duties", "organisation_loop", and "eql_syntax"
// of a rule; kTooLarge "too_large".
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "catalog/catalog.h"
#include "people/rights.h"

namespace waypost::people {

inline constexpr size_t kMaxStructure = 10'000;  // of roles, and of organisations
inline constexpr size_t kMaxDepth = 16;          // of the tree
inline constexpr size_t kMaxRows = 4'096;        // bytes of a rule

struct Organisation {
  std::string id;
  std::string zh, en;
  std::string parent;  // empty: stands at the top
  std::string rows;    // EQL; empty: everyone
};

bool IsBuiltIn(std::string_view role);

// One way to write a rule about rows, so that it can stand in brackets beside others.
Result<std::string> NormalRows(std::string_view rows);

class Structure {
 public:
  // `catalog` and `clock` must outlive it.
  Structure(catalog::Catalog& catalog, const Clock& clock) : catalog_(catalog), clock_(clock) {}
  Result<> Load();

  std::vector<Role> AllRoles() const;                  // built in, then by id
  std::vector<Organisation> AllOrganisations() const;  // by id

  // What the roles allow together. Errors: "unknown_role", "two_duties".
  Result<RightSet> RightsOf(const std::vector<std::string>& roles) const;
  // EQL that selects whom these may see under a right; empty: everyone. Nobody when a role or the
  // organisation is not known.
  std::string RowsOf(const std::vector<std::string>& roles, std::string_view organisation,
                     Right right) const;
  // The same of an organisation alone.
  std::string RowsOf(std::string_view organisation) const;
  bool HasOrganisation(std::string_view id) const;

  // Makes it, or replaces what had the id.
  Result<> PutRole(Role role);
  Result<> PutOrganisation(Organisation organisation);
  Result<> RemoveRole(std::string_view id);
  Result<> RemoveOrganisation(std::string_view id);

 private:
  // The rules of the organisation and those above, added to `all`; false when one is not known.
  bool AddRows(std::string_view organisation, std::vector<std::string>* all) const;
  const Role* FindRole(std::string_view id) const;  // under mutex_
  Result<> Write(catalog::Definition definition);
  Result<> CheckParent(const Organisation& organisation) const;

  catalog::Catalog& catalog_;
  const Clock& clock_;
  std::mutex writing_;
  mutable std::mutex mutex_;
  std::map<std::string, Role, std::less<>> roles_;  // made by people
  std::map<std::string, Organisation, std::less<>> organisations_;
};

}  // namespace waypost::people
