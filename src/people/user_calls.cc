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
          {"disabled", user.disabled},
          {"must_change", user.must_change},
          {"locked", locked},
          {"created", DateTimeText(user.created_ms)},
          {"password_set", DateTimeText(user.password_ms)}};
}

// An object that has no fields but `names`.
Result<json::object> ReadFields(std::string_view body,
                                std::initializer_list<std::string_view> names) {
  boost::system::error_code error;
  json::value value = json::parse(body, error);
  if (error || !value.is_object())
    return Error(Code::kInvalid, "bad_json", "Send a JSON object: " + error.message());
  for (const auto& field : value.get_object()) {
    if (std::ranges::find(names, std::string_view(field.key())) == names.end()) {
      return Error(Code::kInvalid, "bad_request",
                   fmt::format("'{}': there is no such field.", std::string_view(field.key())));
    }
  }
  return std::move(value.get_object());
}

Error WrongKind(std::string_view name, std::string_view kind) {
  return Error(Code::kInvalid, "bad_request", fmt::format("'{}' has to be {}.", name, kind));
}

Result<std::string> TextOf(const json::object& fields, std::string_view name) {
  const json::value* value = fields.if_contains(name);
  if (value == nullptr || !value->is_string()) return WrongKind(name, "a text");
  return std::string(value->get_string());
}

Result<std::vector<std::string>> TextsOf(const json::object& fields, std::string_view name) {
  const json::value* value = fields.if_contains(name);
  if (value == nullptr || !value->is_array()) return WrongKind(name, "a list of texts");
  std::vector<std::string> texts;
  for (const json::value& text : value->get_array()) {
    if (!text.is_string()) return WrongKind(name, "a list of texts");
    texts.emplace_back(text.get_string());
  }
  return texts;
}

Result<> Change(People& people, const UserCall& call) {
  const json::object fields = TRY(ReadFields(call.body, {"title", "disabled"}));
  if (fields.contains("title")) TRY(people.SetTitle(call.name, TRY(TextOf(fields, "title"))));
  if (const json::value* disabled = fields.if_contains("disabled")) {
    if (!disabled->is_bool()) return WrongKind("disabled", "true or false");
    TRY(people.SetDisabled(call.name, disabled->get_bool()));
  }
  return {};
}

std::string PasswordJson(std::string_view name, std::string_view password) {
  return json::serialize(json::value{{"name", name}, {"password", password}});
}

std::string RolesJson() {
  json::array items;
  for (const Role& role : BuiltInRoles()) {
    items.push_back({{"id", role.id},
                     {"name_zh", role.zh},
                     {"name_en", role.en},
                     {"rights", json::value_from(role.rights.Names())}});
  }
  return json::serialize(json::object{{"items", std::move(items)}});
}

}  // namespace

std::string UserJson(const User& user, bool locked) { return json::serialize(Shown(user, locked)); }

Result<std::string> Answer(People& people, const UserCall& call,
                           const std::function<bool(std::string_view name)>& locked) {
  switch (call.verb) {
    case Verb::kRoles:
      return RolesJson();
    case Verb::kList: {
      json::array items;
      for (const User& user : people.All()) items.push_back(Shown(user, locked(user.name)));
      return json::serialize(json::object{{"items", std::move(items)}});
    }
    case Verb::kCreate: {
      const json::object fields = TRY(ReadFields(call.body, {"name", "title"}));
      const std::string name = TRY(TextOf(fields, "name"));
      const std::string title =
          fields.contains("title") ? TRY(TextOf(fields, "title")) : std::string();
      return PasswordJson(name, TRY(people.Create({.name = name, .title = title})));
    }
    case Verb::kReset:
      return PasswordJson(call.name, TRY(people.Reset(call.name)));
    case Verb::kChange:
      TRY(Change(people, call));
      break;
    case Verb::kSetRoles: {
      const json::object fields = TRY(ReadFields(call.body, {"roles"}));
      TRY(people.SetRoles(call.name, TRY(TextsOf(fields, "roles"))));
      break;
    }
    case Verb::kShow:
      break;
  }
  const auto user = people.Find(call.name);
  if (!user)
    return Error(Code::kNotFound, "unknown_user", fmt::format("There is no user '{}'.", call.name));
  return UserJson(*user, locked(user->name));
}

}  // namespace waypost::people
