#include "people/user_calls.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "model/time_text.h"

namespace waypost::people {
namespace {

namespace json = boost::json;
using Verb = UserCall::Verb;

json::object Shown(const User& user, bool locked) {
  return {{"name", user.name},
          {"title", user.title},
          {"roles", json::value_from(user.roles)},
          {"organisation", user.organisation},
          {"rows", user.rows},
          {"disabled", user.disabled},
          {"must_change", user.must_change},
          {"second_factor", user.second_factor},
          {"locked", locked},
          {"created", DateTimeText(user.created_ms)},
          {"password_set", DateTimeText(user.password_ms)}};
}

json::object Shown(const Role& role) {
  return {{"id", role.id},      {"name_zh", role.zh},
          {"name_en", role.en}, {"rights", json::value_from(role.rights.Names())},
          {"rows", role.rows},  {"built_in", IsBuiltIn(role.id)}};
}

json::object Shown(const Organisation& organisation) {
  return {{"id", organisation.id},
          {"name_zh", organisation.zh},
          {"name_en", organisation.en},
          {"parent", organisation.parent},
          {"rows", organisation.rows}};
}

json::object Shown(const Key& key) {
  return {{"id", key.id},
          {"title", key.title},
          {"rights", json::value_from(key.rights.Names())},
          {"organisation", key.organisation},
          {"created", DateTimeText(key.created_ms)},
          {"expires", DateTimeText(key.expires_ms)}};
}

template <typename Things>
std::string ListJson(const Things& things) {
  json::array items;
  for (const auto& thing : things) items.push_back(Shown(thing));
  return json::serialize(json::object{{"items", std::move(items)}});
}

std::string PasswordJson(std::string_view name, std::string_view password) {
  return json::serialize(json::value{{"name", name}, {"password", password}});
}

Result<std::string> Create(People& people, const UserCall& call) {
  const json::object fields =
      TRY(ReadSent(call.body, {"name", "title", "roles", "organisation", "rows"}));
  People::NewUser user{.name = TRY(SentText(fields, "name")),
                       .title = TRY(SentTextOr(fields, "title", "")),
                       .organisation = TRY(SentTextOr(fields, "organisation", "")),
                       .rows = TRY(SentTextOr(fields, "rows", ""))};
  if (fields.contains("roles")) user.roles = TRY(SentTexts(fields, "roles"));
  const bool stands = !user.roles.empty() || !user.organisation.empty() || !user.rows.empty();
  if (stands && !call.may_place) {
    return Error(Code::kInvalid, "forbidden",
                 "What a user may do and see is said by those who may change roles.");
  }
  return PasswordJson(user.name, TRY(people.Create(user)));
}

Result<> Change(People& people, const UserCall& call) {
  const json::object fields = TRY(ReadSent(call.body, {"title", "disabled"}));
  if (fields.contains("title")) TRY(people.SetTitle(call.name, TRY(SentText(fields, "title"))));
  if (fields.contains("disabled"))
    TRY(people.SetDisabled(call.name, TRY(SentFlag(fields, "disabled"))));
  return {};
}

Result<> SetRoles(People& people, const UserCall& call) {
  const json::object fields = TRY(ReadSent(call.body, {"roles", "organisation", "rows"}));
  People::Standing standing{.roles = TRY(SentTexts(fields, "roles"))};
  if (fields.contains("organisation"))
    standing.organisation = TRY(SentText(fields, "organisation"));
  if (fields.contains("rows")) standing.rows = TRY(SentText(fields, "rows"));
  return people.SetStanding(call.name, std::move(standing));
}

Result<> PutRole(Structure& structure, const UserCall& call) {
  const json::object fields = TRY(ReadSent(call.body, {"name_zh", "name_en", "rights", "rows"}));
  return structure.PutRole({.id = call.name,
                            .zh = TRY(SentTextOr(fields, "name_zh", "")),
                            .en = TRY(SentTextOr(fields, "name_en", "")),
                            .rights = TRY(RightsOf(TRY(SentTexts(fields, "rights")))),
                            .rows = TRY(SentTextOr(fields, "rows", ""))});
}

Result<> PutOrganisation(Structure& structure, const UserCall& call) {
  const json::object fields = TRY(ReadSent(call.body, {"name_zh", "name_en", "parent", "rows"}));
  return structure.PutOrganisation({.id = call.name,
                                    .zh = TRY(SentTextOr(fields, "name_zh", "")),
                                    .en = TRY(SentTextOr(fields, "name_en", "")),
                                    .parent = TRY(SentTextOr(fields, "parent", "")),
                                    .rows = TRY(SentTextOr(fields, "rows", ""))});
}

Result<std::string> CreateKey(People& people, const std::string& body) {
  const json::object fields =
      TRY(ReadSent(body, {"id", "title", "rights", "organisation", "days"}));
  const json::value* days = fields.if_contains("days");
  if (days == nullptr || !days->is_int64() || days->get_int64() < 1 || days->get_int64() > 366)
    return Error(Code::kInvalid, "bad_expiry", "'days' has to be a whole number from 1 to 366.");
  Key key{.id = TRY(SentText(fields, "id")),
          .title = TRY(SentTextOr(fields, "title", "")),
          .rights = TRY(RightsOf(TRY(SentTexts(fields, "rights")))),
          .organisation = TRY(SentTextOr(fields, "organisation", "")),
          .expires_ms = people.now_ms() + days->get_int64() * 86'400'000};
  if (!key.organisation.empty() && !people.structure().HasOrganisation(key.organisation))
    return Error(Code::kNotFound, "unknown_organisation", "There is no such organisation.");
  const std::string secret = TRY(people.keys().Create(key));
  return json::serialize(json::value{{"id", key.id}, {"key", secret}});
}

using Locked = std::function<bool(std::string_view name)>;

std::string UsersJson(const People& people, const Locked& locked) {
  json::array items;
  for (const User& user : people.All()) items.push_back(Shown(user, locked(user.name)));
  return json::serialize(json::object{{"items", std::move(items)}});
}

Result<std::string> Show(const People& people, std::string_view name, const Locked& locked) {
  const auto user = people.Find(name);
  if (!user)
    return Error(Code::kNotFound, "unknown_user", fmt::format("There is no user '{}'.", name));
  return json::serialize(Shown(*user, locked(name)));
}

}  // namespace

Result<std::string> Answer(People& people, const UserCall& call, const Locked& locked) {
  Structure& structure = people.structure();
  switch (call.verb) {
    case Verb::kList:
      return UsersJson(people, locked);
    case Verb::kShow:
      return Show(people, call.name, locked);
    case Verb::kCreate:
      return Create(people, call);
    case Verb::kReset:
      return PasswordJson(call.name, TRY(people.Reset(call.name)));
    case Verb::kChange:
      TRY(Change(people, call));
      return Show(people, call.name, locked);
    case Verb::kSetRoles:
      TRY(SetRoles(people, call));
      return Show(people, call.name, locked);
    case Verb::kPutRole:
      TRY(PutRole(structure, call));
      return ListJson(structure.AllRoles());
    case Verb::kRemoveRole:
      TRY(structure.RemoveRole(call.name));
      return ListJson(structure.AllRoles());
    case Verb::kRoles:
      return ListJson(structure.AllRoles());
    case Verb::kPutOrganisation:
      TRY(PutOrganisation(structure, call));
      return ListJson(structure.AllOrganisations());
    case Verb::kRemoveOrganisation:
      TRY(structure.RemoveOrganisation(call.name));
      return ListJson(structure.AllOrganisations());
    case Verb::kKeys:
      return ListJson(people.keys().All());
    case Verb::kCreateKey:
      return CreateKey(people, call.body);
    case Verb::kRemoveKey:
      TRY(people.keys().Remove(call.name));
      return ListJson(people.keys().All());
    case Verb::kRemoveFactor:
      TRY(people.RemoveSecondFactor(call.name));
      return Show(people, call.name, locked);
    case Verb::kOrganisations:
      return ListJson(structure.AllOrganisations());
  }
  return std::string();
}

}  // namespace waypost::people
