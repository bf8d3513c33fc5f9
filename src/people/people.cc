#include "people/people.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

namespace waypost::people {
namespace {

namespace json = boost::json;

constexpr std::string_view kKind = "user";
constexpr std::string_view kActive = "active", kDisabled = "disabled";
constexpr int64_t kDayMs = 86'400'000;

catalog::Reference ReferenceOf(std::string_view name) {
  return {std::string(kKind), std::string(name)};
}

bool IsName(std::string_view name) {
  return !name.empty() && name.size() <= catalog::kMaxId && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

Result<> CheckTitle(std::string_view title) {
  const bool control = std::ranges::any_of(title, [](char c) { return c >= 0 && c < ' '; });
  if (title.size() <= kMaxTitle && !control) return {};
  return Error(Code::kInvalid, "bad_title",
               fmt::format("A title is one line of at most {} bytes.", kMaxTitle));
}

// A user's roles: {"roles":[...]}.
std::string BodyOf(const User& user) {
  return json::serialize(json::value{{"roles", json::value_from(user.roles)}});
}

std::vector<std::string> Texts(const json::object& fields, std::string_view name) {
  std::vector<std::string> texts;
  const json::value* value = fields.if_contains(name);
  if (value == nullptr || !value->is_array()) return texts;
  for (const json::value& text : value->get_array()) {
    if (text.is_string()) texts.emplace_back(text.get_string());
  }
  return texts;
}

std::vector<std::string> Sorted(std::vector<std::string> texts) {
  std::ranges::sort(texts);
  const auto repeated = std::ranges::unique(texts);
  texts.erase(repeated.begin(), repeated.end());
  return texts;
}

Result<json::object> ReadObject(const std::string& text) {
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  if (error || !value.is_object())
    return Error(Code::kCorrupt, "a user in people.db cannot be read");
  return std::move(value.get_object());
}

// What is kept of a password: {"hash","set_ms","must_change","history":[...]}.
struct KeptPassword {
  std::string hash;
  int64_t set_ms = 0;
  bool must_change = false;
  std::vector<std::string> history;
};

std::string Written(const KeptPassword& kept) {
  return json::serialize(json::value{{"hash", kept.hash},
                                     {"set_ms", kept.set_ms},
                                     {"must_change", kept.must_change},
                                     {"history", json::value_from(kept.history)}});
}

Result<KeptPassword> ReadPassword(const std::string& text) {
  const json::object fields = TRY(ReadObject(text));
  KeptPassword kept{.history = Texts(fields, "history")};
  if (const auto* hash = fields.if_contains("hash"); hash && hash->is_string())
    kept.hash = hash->get_string();
  if (const auto* set = fields.if_contains("set_ms"); set && set->is_int64())
    kept.set_ms = set->get_int64();
  if (const auto* must = fields.if_contains("must_change"); must && must->is_bool())
    kept.must_change = must->get_bool();
  return kept;
}

}  // namespace

Result<std::unique_ptr<People>> People::Open(std::unique_ptr<catalog::Catalog> catalog,
                                             const Clock& clock, io::Random& random,
                                             const Rules& rules) {
  std::unique_ptr<People> people(new People(std::move(catalog), clock, random, rules));
  TRY(people->Load());
  return people;
}

People::People(std::unique_ptr<catalog::Catalog> catalog, const Clock& clock, io::Random& random,
               const Rules& rules)
    : catalog_(std::move(catalog)),
      clock_(clock),
      random_(random),
      rules_(rules),
      decoy_(HashPassword(NewPassword(random), random, rules.cost)) {}

Result<> People::Load() {
  for (const catalog::Definition& definition : TRY(catalog_->List(kKind))) {
    Account account{.user = {.name = definition.id,
                             .title = definition.name_zh,
                             .roles = Texts(TRY(ReadObject(definition.body)), "roles"),
                             .disabled = definition.state == kDisabled,
                             .created_ms = definition.created_ms}};
    for (const auto& [name, value] : TRY(catalog_->Kept(ReferenceOf(definition.id)))) {
      if (name != "password") continue;
      KeptPassword kept = TRY(ReadPassword(value));
      account.hash = std::move(kept.hash);
      account.history = std::move(kept.history);
      account.user.password_ms = kept.set_ms;
      account.user.must_change = kept.must_change;
    }
    accounts_.emplace(definition.id, std::move(account));
  }
  return {};
}

std::optional<User> People::Find(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto found = accounts_.find(name);
  if (found == accounts_.end()) return std::nullopt;
  return Seen(found->second);
}

std::vector<User> People::All() const {
  const std::lock_guard lock(mutex_);
  std::vector<User> users;
  for (const auto& [name, account] : accounts_) users.push_back(Seen(account));
  return users;
}

RightSet People::RightsOf(const User& user) const {
  Result<RightSet> rights = RightsOfRoles(user.roles);
  return rights.ok() ? std::move(rights).value() : RightSet();
}

Result<RightSet> People::RightsOfRoles(const std::vector<std::string>& roles) const {
  RightSet rights;
  for (const std::string& id : roles) {
    const auto role = std::ranges::find(BuiltInRoles(), id, &Role::id);
    if (role == BuiltInRoles().end())
      return Error(Code::kInvalid, "unknown_role", fmt::format("There is no role '{}'.", id));
    rights.Add(role->rights);
  }
  TRY(CheckDuties(rights));
  return rights;
}

Result<std::string> People::Create(const NewUser& asked) {
  User user{.name = asked.name, .title = asked.title, .roles = Sorted(asked.roles)};
  if (!IsName(user.name)) {
    return Error(Code::kInvalid, "bad_user_name",
                 fmt::format("A user's name is 1 to {} lower-case letters, digits, '_' and '-'.",
                             catalog::kMaxId));
  }
  TRY(CheckTitle(user.title));
  TRY(RightsOfRoles(user.roles));
  std::string password = asked.password.empty() ? NewPassword(random_) : asked.password;
  TRY(CheckPassword(rules_.passwords, password, user.name));

  const std::lock_guard lock(writing_);
  if (accounts_.size() >= kMaxUsers)
    return Error(Code::kTooLarge, "too_large", fmt::format("There are {} users.", kMaxUsers));
  const catalog::Definition made = TRY(catalog_->Create({.kind = std::string(kKind),
                                                         .id = user.name,
                                                         .name_zh = user.title,
                                                         .state = std::string(kActive),
                                                         .body = BodyOf(user)},
                                                        clock_.NowMs()));
  user.created_ms = made.created_ms;
  TRY(KeepPassword({.user = user}, password, !asked.own_password));
  return password;
}

Result<> People::SetTitle(std::string_view name, std::string_view title) {
  TRY(CheckTitle(title));
  const std::lock_guard lock(writing_);
  Account account = TRY(FindAccount(name));
  account.user.title = title;
  return ChangeDefinition(std::move(account));
}

Result<> People::SetRoles(std::string_view name, std::vector<std::string> roles) {
  const std::lock_guard lock(writing_);
  Account account = TRY(FindAccount(name));
  account.user.roles = Sorted(std::move(roles));
  TRY(RightsOfRoles(account.user.roles));
  return ChangeDefinition(std::move(account));
}

Result<> People::SetDisabled(std::string_view name, bool disabled) {
  const std::lock_guard lock(writing_);
  Account account = TRY(FindAccount(name));
  TRY(catalog_->SetState(ReferenceOf(name), disabled ? kDisabled : kActive));
  account.user.disabled = disabled;
  ++account.user.epoch;
  Put(std::move(account));
  return {};
}

Result<std::string> People::Reset(std::string_view name) {
  std::string password = NewPassword(random_);
  const std::lock_guard lock(writing_);
  TRY(KeepPassword(TRY(FindAccount(name)), password, true));
  return password;
}

Result<> People::SetPassword(std::string_view name, std::string_view password) {
  TRY(CheckPassword(rules_.passwords, password, name));
  const std::lock_guard lock(writing_);
  Account account = TRY(FindAccount(name));
  const auto fits = [&](const std::string& hash) { return PasswordFits(hash, password); };
  if (fits(account.hash) || std::ranges::any_of(account.history, fits)) {
    return Error(Code::kInvalid, "password_used",
                 "This password was used lately: choose one that is new.");
  }
  return KeepPassword(std::move(account), password, false);
}

Result<User> People::Prove(std::string_view name, std::string_view password) const {
  std::string hash = decoy_;
  std::optional<User> user;
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = accounts_.find(name); found != accounts_.end()) {
      user = Seen(found->second);
      hash = found->second.hash;
    }
  }
  const bool fits = PasswordFits(hash, password);  // before all else, so that no reason is quicker
  if (fits && user && !user->disabled) return *std::move(user);
  return Error(Code::kInvalid, "sign_in_failed", "The name or the password is wrong.");
}

Result<People::Account> People::FindAccount(std::string_view name) const {
  const auto found = accounts_.find(name);
  if (found == accounts_.end())
    return Error(Code::kNotFound, "unknown_user", fmt::format("There is no user '{}'.", name));
  return found->second;
}

Result<> People::ChangeDefinition(Account account) {
  catalog::Definition definition = TRY(catalog_->Get(ReferenceOf(account.user.name)));
  definition.name_zh = account.user.title;
  definition.body = BodyOf(account.user);
  TRY(catalog_->Change(std::move(definition), clock_.NowMs()));
  Put(std::move(account));
  return {};
}

Result<> People::KeepPassword(Account account, std::string_view password, bool must_change) {
  if (!account.hash.empty()) account.history.insert(account.history.begin(), account.hash);
  account.history.resize(std::min(account.history.size(), rules_.passwords.history - 1));
  account.hash = HashPassword(password, random_, rules_.cost);
  account.user.password_ms = clock_.NowMs();
  account.user.must_change = must_change;
  ++account.user.epoch;
  TRY(catalog_->Keep(ReferenceOf(account.user.name), "password",
                     Written({.hash = account.hash,
                              .set_ms = account.user.password_ms,
                              .must_change = must_change,
                              .history = account.history})));
  Put(std::move(account));
  return {};
}

void People::Put(Account account) {
  const std::lock_guard lock(mutex_);
  accounts_[account.user.name] = std::move(account);
}

User People::Seen(const Account& account) const {
  User user = account.user;
  const int64_t most_ms = rules_.passwords.max_age_days * kDayMs;
  if (most_ms > 0 && clock_.NowMs() - user.password_ms >= most_ms) user.must_change = true;
  return user;
}

}  // namespace waypost::people
