#include "people/structure.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "eql/text.h"
#include "people/people_json.h"

namespace waypost::people {
namespace {

namespace json = boost::json;

constexpr std::string_view kRole = "role", kOrganisation = "organisation";
constexpr std::string_view kNobody = "DID(ANY EVENT) AND NOT DID(ANY EVENT)";

Error Unknown(std::string_view kind, std::string_view id) {
  return Error(Code::kNotFound, fmt::format("unknown_{}", kind),
               fmt::format("There is no {} '{}'.", kind, id));
}

std::string AllOf(const std::vector<std::string>& rules, std::string_view joint) {
  std::string text;
  for (const std::string& rule : rules) {
    if (!text.empty()) text += joint;
    text += "(" + rule + ")";
  }
  return text;
}

catalog::Definition DefinitionOf(const Role& role) {
  return {.kind = std::string(kRole),
          .id = role.id,
          .name_zh = role.zh,
          .name_en = role.en,
          .body = json::serialize(
              json::value{{"rights", json::value_from(role.rights.Names())}, {"rows", role.rows}})};
}

catalog::Definition DefinitionOf(const Organisation& organisation) {
  catalog::Definition definition{
      .kind = std::string(kOrganisation),
      .id = organisation.id,
      .name_zh = organisation.zh,
      .name_en = organisation.en,
      .body = json::serialize(
          json::value{{"parent", organisation.parent}, {"rows", organisation.rows}})};
  if (!organisation.parent.empty())
    definition.uses = {{std::string(kOrganisation), organisation.parent}};
  return definition;
}

}  // namespace

bool IsBuiltIn(std::string_view role) {
  return std::ranges::find(BuiltInRoles(), role, &Role::id) != BuiltInRoles().end();
}

Result<std::string> NormalRows(std::string_view rows) {
  if (rows.size() > kMaxRows)
    return Error(Code::kTooLarge, "too_large", fmt::format("A rule has up to {} bytes.", kMaxRows));
  if (rows.empty()) return std::string();
  const eql::Query query = TRY(eql::ParseQuery(rows));
  if (query.where.size() != 1 || query.limit != 0 || !query.at.empty()) {
    return Error(Code::kInvalid, "eql_forbidden",
                 "A rule about rows has no FIND, no AT and no LIMIT.");
  }
  return eql::FormatRule(query.where[0]);
}

Result<> Structure::Load() {
  for (const catalog::Definition& definition : TRY(catalog_.List(kRole))) {
    const json::object body = TRY(ReadKept(definition.body));
    roles_[definition.id] = {.id = definition.id,
                             .zh = definition.name_zh,
                             .en = definition.name_en,
                             .rights = TRY(people::RightsOf(KeptTexts(body, "rights"))),
                             .rows = KeptText(body, "rows")};
  }
  for (const catalog::Definition& definition : TRY(catalog_.List(kOrganisation))) {
    const json::object body = TRY(ReadKept(definition.body));
    organisations_[definition.id] = {.id = definition.id,
                                     .zh = definition.name_zh,
                                     .en = definition.name_en,
                                     .parent = KeptText(body, "parent"),
                                     .rows = KeptText(body, "rows")};
  }
  return {};
}

std::vector<Role> Structure::AllRoles() const {
  std::vector<Role> all(BuiltInRoles().begin(), BuiltInRoles().end());
  const std::lock_guard lock(mutex_);
  for (const auto& [id, role] : roles_) all.push_back(role);
  return all;
}

std::vector<Organisation> Structure::AllOrganisations() const {
  std::vector<Organisation> all;
  const std::lock_guard lock(mutex_);
  for (const auto& [id, organisation] : organisations_) all.push_back(organisation);
  return all;
}

const Role* Structure::FindRole(std::string_view id) const {
  const auto built_in = std::ranges::find(BuiltInRoles(), id, &Role::id);
  if (built_in != BuiltInRoles().end()) return &*built_in;
  const auto made = roles_.find(id);
  return made == roles_.end() ? nullptr : &made->second;
}

Result<RightSet> Structure::RightsOf(const std::vector<std::string>& roles) const {
  RightSet rights;
  const std::lock_guard lock(mutex_);
  for (const std::string& id : roles) {
    const Role* role = FindRole(id);
    if (role == nullptr) return Unknown(kRole, id);
    rights.Add(role->rights);
  }
  TRY(CheckDuties(rights));
  return rights;
}

std::string Structure::RowsOf(const std::vector<std::string>& roles, std::string_view organisation,
                              Right right) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> all, any;
  bool open = false;  // some role bounds nothing
  for (const std::string& id : roles) {
    const Role* role = FindRole(id);
    if (role == nullptr || !role->rights.Has(right)) continue;
    role->rows.empty() ? void(open = true) : any.push_back(role->rows);
  }
  if (!open && any.empty()) return std::string(kNobody);
  if (!open) all.push_back(AllOf(any, " OR "));
  return AddRows(organisation, &all) ? AllOf(all, " AND ") : std::string(kNobody);
}

std::string Structure::RowsOf(std::string_view organisation) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> all;
  return AddRows(organisation, &all) ? AllOf(all, " AND ") : std::string(kNobody);
}

bool Structure::AddRows(std::string_view organisation, std::vector<std::string>* all) const {
  for (size_t depth = 0; !organisation.empty(); ++depth) {
    const auto found = organisations_.find(organisation);
    if (found == organisations_.end() || depth > kMaxDepth) return false;
    if (!found->second.rows.empty()) all->push_back(found->second.rows);
    organisation = found->second.parent;
  }
  return true;
}

bool Structure::HasOrganisation(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  return organisations_.contains(id);
}

Result<> Structure::PutRole(Role role) {
  if (IsBuiltIn(role.id)) {
    return Error(Code::kConflict, "built_in",
                 fmt::format("The role '{}' is built in: make another one.", role.id));
  }
  TRY(CheckTitle(role.zh));
  TRY(CheckTitle(role.en));
  TRY(CheckDuties(role.rights));
  role.rows = TRY(NormalRows(role.rows));
  const std::lock_guard writing(writing_);
  TRY(Write(DefinitionOf(role)));
  const std::lock_guard lock(mutex_);
  roles_.insert_or_assign(role.id, role);
  return {};
}

Result<> Structure::PutOrganisation(Organisation organisation) {
  TRY(CheckTitle(organisation.zh));
  TRY(CheckTitle(organisation.en));
  organisation.rows = TRY(NormalRows(organisation.rows));
  const std::lock_guard writing(writing_);
  TRY(CheckParent(organisation));
  TRY(Write(DefinitionOf(organisation)));
  const std::lock_guard lock(mutex_);
  organisations_.insert_or_assign(organisation.id, organisation);
  return {};
}

Result<> Structure::RemoveRole(std::string_view id) {
  const std::lock_guard writing(writing_);
  if (!roles_.contains(id)) return Unknown(kRole, id);
  TRY(catalog_.Remove({std::string(kRole), std::string(id)}));
  const std::lock_guard lock(mutex_);
  roles_.erase(roles_.find(id));
  return {};
}

Result<> Structure::RemoveOrganisation(std::string_view id) {
  const std::lock_guard writing(writing_);
  if (!organisations_.contains(id)) return Unknown(kOrganisation, id);
  TRY(catalog_.Remove({std::string(kOrganisation), std::string(id)}));
  const std::lock_guard lock(mutex_);
  organisations_.erase(organisations_.find(id));
  return {};
}

Result<> Structure::Write(catalog::Definition definition) {
  const Result<catalog::Definition> newest = catalog_.Get({definition.kind, definition.id});
  if (newest.ok()) {
    definition.version = newest.value().version;
    TRY(catalog_.Change(std::move(definition), clock_.NowMs()));
    return {};
  }
  if (newest.error().code() != Code::kNotFound) return newest.error();
  if (roles_.size() + organisations_.size() >= kMaxStructure) {
    return Error(Code::kTooLarge, "too_large",
                 fmt::format("There are {} roles and organisations.", kMaxStructure));
  }
  TRY(catalog_.Create(std::move(definition), clock_.NowMs()));
  return {};
}

Result<> Structure::CheckParent(const Organisation& organisation) const {
  std::string above = organisation.parent;
  for (size_t depth = 0; !above.empty(); ++depth) {
    if (above == organisation.id || depth >= kMaxDepth) {
      return Error(Code::kInvalid, "organisation_loop",
                   fmt::format("'{}' would stand above itself, or deeper than {}.", organisation.id,
                               kMaxDepth));
    }
    const auto found = organisations_.find(above);
    if (found == organisations_.end()) return Unknown(kOrganisation, above);
    above = found->second.parent;
  }
  return {};
}

}  // namespace waypost::people
