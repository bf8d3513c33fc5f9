// The people who may sign in, and how each proves who they are.
//
//   auto people = TRY(People::Open(TRY(Catalog::Open(data + "/people.db")), clock, random, rules));
//   std::string password = TRY(people->Create({.name = "li", .title = "李娜"}));  // shown once
//   const User user = TRY(people->Prove("li", password));
//
// Everything is in memory and, before a call returns as done, in the catalog. Nobody is there from
// the start: there is no default password. Any thread may call any method; only Find, All and
// RightsOf never wait: Create, SetPassword, Reset and Prove hash, which takes some 0.1 s each time,
// and every change waits for the disk.
//
// Errors: kNotFound "unknown_user"; kConflict "exists"; kInvalid "bad_user_name", "bad_title",
// "weak_password", "password_used", "wrong_code"; Structure's; the catalog's.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/hash.h"
#include "catalog/catalog.h"
#include "io/random.h"
#include "people/keys.h"
#include "people/password.h"
#include "people/people_json.h"
#include "people/second_factor.h"
#include "people/spent_tokens.h"
#include "people/structure.h"

namespace waypost::people {

inline constexpr size_t kMaxUsers = 10'000;

struct User {
  std::string name;   // signs in with it: 1..64 lower-case letters, digits, '_' and '-'
  std::string title;  // what others call them: "李娜"
  std::vector<std::string> roles;  // sorted
  std::string organisation;        // empty: the whole
  std::string rows;                // EQL: of those, the user's own customers; empty: all
  bool disabled = false;
  bool must_change = false;    // somebody else chose the password, or it is too old
  bool second_factor = false;  // asked for when signing in
  int64_t created_ms = 0;
  int64_t password_ms = 0;  // when it was set
  // A session begun under another epoch is over: the password, the second factor or the right to
  // sign in has changed since. Not kept across restarts, as sessions are not.
  uint64_t epoch = 0;
};

struct Rules {
  PasswordProfile passwords = *FindPasswordProfile("asvs");
  HashCost cost;
};

class People {
 public:
  // `clock` and `random` must outlive it.
  static Result<std::unique_ptr<People>> Open(std::unique_ptr<catalog::Catalog> catalog,
                                              const Clock& clock, io::Random& random,
                                              const Rules& rules);

  std::optional<User> Find(std::string_view name) const;
  std::vector<User> All() const;  // by name
  // What all roles of the user allow.
  RightSet RightsOf(const User& user) const;
  // What the caller of this name may do now: a user, or kKeyCaller and the id of a key. Nothing
  // when there is none, or it is disabled or expired.
  RightSet RightsOf(std::string_view caller) const;
  // EQL that selects whom the user may see under a right; empty: everyone.
  std::string RowsOf(const User& user, Right right) const;
  // Of all the user may do, what is about some of the customers only.
  RightSet BoundedOf(const User& user) const;
  Structure& structure() { return structure_; }
  Keys& keys() { return keys_; }
  SpentTokens& spent_tokens() { return spent_tokens_; }
  int64_t now_ms() const { return clock_.NowMs(); }

  // A new user who has to change the password at the first signing in, unless `password` is the
  // user's own. Returns the password: `password`, or a new one when that is empty.
  struct NewUser {
    std::string name, title;
    std::vector<std::string> roles;
    std::string password;
    bool own_password = false;
    std::string organisation, rows;
  };
  Result<std::string> Create(const NewUser& user);
  Result<> SetTitle(std::string_view name, std::string_view title);
  // Where a user stands, as far as it is given: all of that, or an error and nothing.
  struct Standing {
    std::optional<std::vector<std::string>> roles;
    std::optional<std::string> organisation, rows;  // as in User
  };
  Result<> SetStanding(std::string_view name, Standing standing);
  Result<> SetDisabled(std::string_view name, bool disabled);
  // A new password, which the user has to change when `must_change`; returns it. Costs one hash;
  // nobody had it before, so it is not compared with those.
  Result<std::string> Reset(std::string_view name, bool must_change = true);
  // The user's own new password. Kept ones of before may not come again: "password_used".
  Result<> SetPassword(std::string_view name, std::string_view password);

  // Begins a second factor, which counts when a first code of it came; returns its secret, in base
  // 32, for the app. One that counts already stays until then.
  Result<std::string> BeginSecondFactor(std::string_view name);
  // Makes it count; returns the recovery codes. Errors: kInvalid "wrong_code".
  Result<std::vector<std::string>> ConfirmSecondFactor(std::string_view name,
                                                       std::string_view code);
  Result<> RemoveSecondFactor(std::string_view name);
  // Whether it is a code that counts now; it counts no more then. REQUIRES: who calls limits tries.
  bool UseCode(std::string_view name, std::string_view code);

  // Whoever signs in with a name and a password. Takes as long when there is no such user. Errors:
  // kInvalid "sign_in_failed" for every reason alike.
  Result<User> Prove(std::string_view name, std::string_view password) const;
  // Whoever an identity provider vouches for; `roles` that are given are the user's from now on.
  // Errors: kNotFound "not_a_user" for one who is not known or disabled; SetStanding's.
  Result<User> Admit(std::string_view name, const std::optional<std::vector<std::string>>& roles);

  // Of the catalog all of them are in: as Catalog's.
  Result<> CopyTo(const std::string& path) const { return catalog_->CopyTo(path); }
  Result<> Verify() const { return catalog_->Verify(); }

 private:
  struct Account {
    User user;
    std::string hash;                  // of the password
    std::vector<std::string> history;  // of passwords before, newest first
    SecondFactor factor;
    SecondFactor begun;  // not confirmed; in memory alone
  };

  People(std::unique_ptr<catalog::Catalog> catalog, const Clock& clock, io::Random& random,
         const Rules& rules);
  Result<> Load();
  Result<> ChangeDefinition(Account account);
  // Below, under writing_.
  Result<Account> FindAccount(std::string_view name) const;
  Result<> KeepPassword(Account account, std::string_view password, bool must_change);
  Result<> KeepFactor(Account account);
  Result<> Place(User& user, Standing standing) const;
  void Put(Account account);
  User Seen(const Account& account) const;

  const std::unique_ptr<catalog::Catalog> catalog_;
  const Clock& clock_;
  io::Random& random_;
  const Rules rules_;
  Structure structure_;
  Keys keys_;
  SpentTokens spent_tokens_;
  const std::string decoy_;  // tried for who is not there
  std::mutex writing_;       // one change at a time: hashing and the disk take long
  mutable std::mutex mutex_;
  std::map<std::string, Account, std::less<>> accounts_;  // by name; under mutex_ for a moment
};

}  // namespace waypost::people
