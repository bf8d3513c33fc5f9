#include "people/people.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/clock.h"

namespace waypost::people {
namespace {

namespace json = boost::json;

constexpr std::string_view kKind = "user";
constexpr std::string_view kActive = "active", kDisabled = "disabled";
// What whoever holds the server's own token is called (api/sign_in.h), who may do everything.
constexpr std::string_view kOfTheToken = "token";

catalog::Reference ReferenceOf(std::string_view name) {
  return {std::string(kKind), std::string(name)};
}

bool IsName(std::string_view name) {
  return !name.empty() && name.size() <= catalog::kMaxId && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

// Where a user stands: {"roles":[...],"organisation","rows"}.
std::string BodyOf(const User& user) {
  return json::serialize(json::value{{"roles", json::value_from(user.roles)},
                                     {"organisation", user.organisation},
                                     {"rows", user.rows}});
}

// What cannot be removed while the user has it.
std::vector<catalog::Reference> UsesOf(const User& user) {
  std::vector<catalog::Reference> uses;
  for (const std::string& role : user.roles) uses.push_back({"role", role});
  if (!user.organisation.empty()) uses.push_back({"organisation", user.organisation});
  return uses;
}

std::vector<std::string> Sorted(std::vector<std::string> texts) {
  std::ranges::sort(texts);
  const auto repeated = std::ranges::unique(texts);
  texts.erase(repeated.begin(), repeated.end());
  return texts;
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
  const json::object fields = TRY(ReadKept(text));
  KeptPassword kept{.hash = KeptText(fields, "hash"), .history = KeptTexts(fields, "history")};
  if (const auto* set = fields.if_contains("set_ms"); set && set->is_int64())
    kept.set_ms = set->get_int64();
  if (const auto* must = fields.if_contains("must_change"); must && must->is_bool())
    kept.must_change = must->get_bool();
  return kept;
}

Result<> CheckOrganisation(const Structure& structure, std::string_view id) {
  if (id.empty() || structure.HasOrganisation(id)) return {};
  return Error(Code::kNotFound, "unknown_organisation",
               fmt::format("There is no organisation '{}'.", id));
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
      structure_(*catalog_, clock),
      keys_(*catalog_, clock, random),
      spent_tokens_(*catalog_),
      decoy_(DecoyHash(random, rules.cost)) {}

Result<> People::Load() {
  TRY(structure_.Load());
  TRY(keys_.Load());
  TRY(spent_tokens_.Load());
  for (const catalog::Definition& definition : TRY(catalog_->List(kKind))) {
    const json::object body = TRY(ReadKept(definition.body));
    Account account{.user = {.name = definition.id,
                             .title = definition.name_zh,
                             .roles = KeptTexts(body, "roles"),
                             .organisation = KeptText(body, "organisation"),
                             .rows = KeptText(body, "rows"),
                             .disabled = definition.state == kDisabled,
                             .created_ms = definition.created_ms}};
    for (const auto& [name, value] : TRY(catalog_->Kept(ReferenceOf(definition.id)))) {
      if (name == "second_factor") account.factor = TRY(SecondFactor::Read(value));
      if (name != "password") continue;
      KeptPassword kept = TRY(ReadPassword(value));
      account.hash = std::move(kept.hash);
      account.history = std::move(kept.history);
      account.user.password_ms = kept.set_ms;
      account.user.must_change = kept.must_change;
    }
    account.user.second_factor = account.factor.active();
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
  Result<RightSet> rights = structure_.RightsOf(user.roles);
  return rights.ok() ? std::move(rights).value() : RightSet();
}

RightSet People::RightsOf(std::string_view caller) const {
  if (caller.starts_with(kKeyCaller)) return keys_.RightsOf(caller.substr(kKeyCaller.size()));
  const std::optional<User> user = Find(caller);
  return user && !user->disabled ? RightsOf(*user) : RightSet();
}

std::string People::RowsOf(const User& user, Right right) const {
  const std::string rows = structure_.RowsOf(user.roles, user.organisation, right);
  if (user.rows.empty() || rows.empty()) return rows + user.rows;
  return fmt::format("({}) AND ({})", rows, user.rows);
}

RightSet People::BoundedOf(const User& user) const {
  RightSet bounded;
  for (const Right right : RightsOf(user).Rights()) {
    if (!RowsOf(user, right).empty()) bounded.Add(right);
  }
  return bounded;
}

Result<std::string> People::Create(const NewUser& asked) {
  User user{.name = asked.name, .title = asked.title};
  if (!IsName(user.name) || user.name == kOfTheToken) {
    return Error(
        Code::kInvalid, "bad_user_name",
        fmt::format("A user's name is 1 to {} lower-case letters, digits, '_' and '-', and "
                    "not '{}'.",
                    catalog::kMaxId, kOfTheToken));
  }
  TRY(CheckTitle(user.title));
  TRY(Place(user, {asked.roles, asked.organisation, asked.rows}));
  std::string password = asked.password.empty() ? NewPassword(random_, user.name) : asked.password;
  TRY(CheckPassword(rules_.passwords, password, user.name));

  const std::lock_guard lock(writing_);
  if (accounts_.size() >= kMaxUsers)
    return Error(Code::kTooLarge, "too_large", fmt::format("There are {} users.", kMaxUsers));
  const catalog::Definition made = TRY(catalog_->Create({.kind = std::string(kKind),
                                                         .id = user.name,
                                                         .name_zh = user.title,
                                                         .state = std::string(kActive),
                                                         .body = BodyOf(user),
                                                         .uses = UsesOf(user)},
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

Result<> People::SetStanding(std::string_view name, Standing standing) {
  const std::lock_guard lock(writing_);
  Account account = TRY(FindAccount(name));
  TRY(Place(account.user, std::move(standing)));
  return ChangeDefinition(std::move(account));
}

Result<> People::Place(User& user, Standing standing) const {
  if (standing.roles) {
    user.roles = Sorted(std::move(*standing.roles));
    TRY(structure_.RightsOf(user.roles));
  }
  if (standing.organisation) {
    user.organisation = std::move(*standing.organisation);
    TRY(CheckOrganisation(structure_, user.organisation));
  }
  if (standing.rows) user.rows = TRY(NormalRows(*standing.rows));
  return {};
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

Result<std::string> People::Reset(std::string_view name, bool must_change) {
  std::string password = NewPassword(random_, name);
  const std::lock_guard lock(writing_);
  TRY(KeepPassword(TRY(FindAccount(name)), password, must_change));
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

Result<std::string> People::BeginSecondFactor(std::string_view name) {
  const std::lock_guard lock(writing_);
  Account account = TRY(FindAccount(name));
  account.begun = SecondFactor::Make(random_);
  std::string secret = Base32(account.begun.secret);
  Put(std::move(account));
  return secret;
}

Result<std::vector<std::string>> People::ConfirmSecondFactor(std::string_view name,
                                                             std::string_view code) {
  const std::lock_guard lock(writing_);
  Account account = TRY(FindAccount(name));
  if (account.begun.secret.empty() || !account.begun.Use(code, clock_.NowMs())) {
    return Error(Code::kInvalid, "wrong_code",
                 "This is not the code that the app shows now: check the clock of both.");
  }
  account.factor = std::exchange(account.begun, {});
  account.factor.confirmed = true;
  std::vector<std::string> codes = account.factor.NewRecovery(random_);
  TRY(KeepFactor(std::move(account)));
  return codes;
}

Result<> People::RemoveSecondFactor(std::string_view name) {
  const std::lock_guard lock(writing_);
  Account account = TRY(FindAccount(name));
  account.factor = account.begun = {};
  ++account.user.epoch;
  return KeepFactor(std::move(account));
}

bool People::UseCode(std::string_view name, std::string_view code) {
  const std::lock_guard lock(writing_);
  Result<Account> account = FindAccount(name);
  return account.ok() && account.value().factor.active() &&
         account.value().factor.Use(code, clock_.NowMs()) &&
         KeepFactor(std::move(account).value()).ok();  // what is not on disk could count again
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

Result<User> People::Admit(std::string_view name,
                           const std::optional<std::vector<std::string>>& roles) {
  const auto refused = [&](std::string_view why) {
    return Error(Code::kNotFound, "not_a_user",
                 fmt::format("The user '{}' {}: ask a system administrator.", name, why));
  };
  std::optional<User> user = Find(name);
  if (!user) return refused("does not exist here");
  if (user->disabled) return refused("is disabled");
  if (!roles || Sorted(*roles) == user->roles) return *std::move(user);
  TRY(SetStanding(name, {.roles = *roles}));
  user = Find(name);
  return user ? Result<User>(*std::move(user)) : Result<User>(refused("does not exist here"));
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
  definition.uses = UsesOf(account.user);
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

Result<> People::KeepFactor(Account account) {
  account.user.second_factor = account.factor.active();
  TRY(catalog_->Keep(ReferenceOf(account.user.name), "second_factor", account.factor.Json()));
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
