// Who a caller is, and whether a call is allowed: a tool that holds the API token, or a browser
// with a session of a person.
//
// A browser sends its cookie by itself, also when another site makes it call. So a call that may
// change something counts only with proof that our own page made it: the header X-Waypost, which
// other sites cannot send, and an Origin that is our own address.
#pragma once

#include <string>

#include "api/http_message.h"
#include "api/sessions.h"
#include "api/tries.h"
#include "people/people.h"
#include "people/provider.h"

namespace waypost::api {

// What a route asks of its caller.
struct Right {
  enum class Door : uint8_t {
    kPublic,    // nothing: anyone who reaches the port
    kCollect,   // a write key; the collector checks, because the key may be in the body
    kEnter,     // a page of ours: the call itself checks who it is
    kSigned,    // what somebody we know has signed; the call itself checks it
    kSignedIn,  // to be signed in: it concerns the caller alone, or everybody
    kRight,     // `needs`
  };
  // Whether people may call who see some of the customers only. A route that does not say is for
  // those who see everyone.
  enum class Rows : uint8_t {
    kWhole,    // refused to others: the answer is about all customers
    kBounded,  // the handler gives Call::sight() on, and answers as if the others were not there
    kNone,     // it is about no customer
  };
  Door door = Door::kRight;
  people::Right needs{};
  Rows rows = Rows::kWhole;

  static const Right kPublic, kCollect, kEnter, kSigned, kSignedIn;
  static constexpr Right View(people::Object object) {
    return {.needs = {object, people::Action::kView}};
  }
  static constexpr Right Change(people::Object object) {
    return {.needs = {object, people::Action::kChange}};
  }
  static constexpr Right Export(people::Object object) {
    return {.needs = {object, people::Action::kExport}};
  }
  static constexpr Right Approve(people::Object object) {
    return {.needs = {object, people::Action::kApprove}};
  }
  constexpr Right Bounded() const { return {door, needs, Rows::kBounded}; }
  constexpr Right WithoutRows() const { return {door, needs, Rows::kNone}; }
  friend bool operator==(const Right&, const Right&) = default;
};
inline constexpr Right Right::kPublic{.door = Door::kPublic};
inline constexpr Right Right::kCollect{.door = Door::kCollect};
inline constexpr Right Right::kEnter{.door = Door::kEnter};
inline constexpr Right Right::kSigned{.door = Door::kSigned};
inline constexpr Right Right::kSignedIn{.door = Door::kSignedIn};

struct Access {
  // As "Authorization: Bearer", the key of whoever runs the machine: it allows everything.
  std::string token;
  // Anyone on this machine counts as a holder of the token, unless the call comes from a page.
  bool open_on_loopback = false;
  people::Provider* provider = nullptr;  // null: names and passwords alone. Outlives the SignIn
};

inline constexpr std::string_view kTokenHolder = "token";
// Who ended sessions by a logout token, in the audit log; no user's name has a blank.
inline constexpr std::string_view kProviderCaller = "identity provider";
// What it takes to be shown values that are a person's, and for how long at a time.
inline constexpr people::Right kReveal{people::Object::kCustomers, people::Action::kReveal};
inline constexpr int64_t kClearMs = 15 * 60'000;

struct Caller {
  std::string name;  // of the user, as People::RightsOf takes it, or kTokenHolder; empty: nobody
  people::RightSet rights;
  std::string rows;          // EQL: whom the caller may see in this call; empty: everyone
  bool must_change = false;  // the password, before anything else
  bool by_session = false;   // a browser sends it by itself
  bool clear = false;        // is shown values that are a person's
};

struct Credentials {
  std::string name, password;
  std::string code;  // of the second factor; empty: not given
};

// Thread-safe. What is given by reference must outlive it.
class SignIn {
 public:
  SignIn(const Access& access, people::People& people, const Clock& clock, io::Random& random)
      : access_(access),
        people_(people),
        clock_(clock),
        sessions_(clock, random),
        by_name_(clock, Tries::kMostOfName),
        by_address_(clock, Tries::kMostOfAddress) {}

  // Who calls what asks for `right`. Calls of the page with "X-Waypost: background" do not keep a
  // session alive.
  Caller WhoIs(const Right& right, const Request& request);

  // Why the call of whom WhoIs names is refused: empty when it is allowed; "unauthorized",
  // "cross_site" for a session without the proof above, "forbidden", "rows_bounded",
  // "password_change_needed".
  static std::string_view Refusal(const Right& right, const Request& head, const Caller& caller);

  // The proof above. GET and HEAD need none.
  static bool IsOwnPage(const Request& head);

  // Checks what a person gives, and begins a session. Returns the Set-Cookie of its secret. Says
  // the same, and takes as long, whatever was wrong. Hashes: some 0.1 s. Errors: kInvalid
  // "sign_in_failed", "code_needed" when all was right but a code is missing, "wrong_code";
  // kUnavailable "too_many_tries" while the name, known or not, or the address
  // has failed too often.
  Result<std::string> Open(const Credentials& given, const Request& request);
  // Signing in through the identity provider. Both call it and wait. Errors: kNotFound
  // "no_provider"; people::Provider's and people::People::Admit's; kUnavailable "too_many_tries".
  struct Attempt {
    std::string url;     // for the browser to go to
    std::string cookie;  // Set-Cookie that binds the attempt to the browser
  };
  Result<Attempt> BeginAtProvider(const Request& request);
  struct Opened {
    people::User user;
    std::vector<std::string> cookies;  // Set-Cookie: of the session, and that forgets the attempt
  };
  Result<Opened> OpenFromProvider(const people::Provider::Came& came, const Request& request);
  // Ends what a logout token of the provider names; returns whose sessions these were. Errors:
  // kNotFound "no_provider"; people::Provider::ReadLogout's.
  Result<std::vector<std::string>> CloseFromProvider(const std::string& token);
  bool has_provider() const { return access_.provider != nullptr; }
  // Where to end the session of the caller at the provider too; empty: nowhere.
  std::string SignOutUrl(const Request& request);
  // Ends the caller's session, if any. Returns the Set-Cookie that forgets it.
  std::string Close(const Request& request);
  // A signed-in person's own new password. Ends all sessions of the person and begins another one;
  // returns its Set-Cookie. Errors: Open's; People::SetPassword's; kNotFound "unknown_user" for the
  // holder of the token.
  Result<std::string> ChangePassword(std::string_view before, std::string_view password,
                                     const Request& request);
  // People::ConfirmSecondFactor of the caller, whose tries count as failures to sign in.
  Result<std::vector<std::string>> ConfirmSecondFactor(std::string_view code,
                                                       const Request& request);
  // Takes the caller's second factor away, who has to prove both. Ends all sessions.
  Result<> RemoveSecondFactor(const Credentials& given, const Request& request);
  // For the next kClearMs the caller, who has a session, is shown values that are a person's.
  // `code`: of the second factor, when there is one. Returns when it ends. Errors: Open's;
  // kNotFound "unknown_user" for who has no session.
  Result<int64_t> ShowClear(std::string_view code, const Request& request);
  // Ends it.
  void HideAgain(const Request& request);
  // Forgets the failures of a name.
  void Unlock(std::string_view name) { by_name_.Succeeded(name); }
  bool Locked(std::string_view name) { return by_name_.WaitMs(name) > 0; }

  // For how long from now values are shown in clear; what a browser's clock shows does not matter.
  int64_t ClearMs(const Session& session) const { return session.clear_until_ms - clock_.NowMs(); }

  // Of the caller's cookie.
  std::optional<Session> SessionOf(const Request& request);
  const SessionAge& age() const { return sessions_.age(); }

 private:
  bool HoldsToken(const Request& request) const;
  std::string Begin(const people::User& user, const Request& request,
                    std::optional<ProviderSession> provider = {});
  Result<> CheckTries(std::string_view name, const std::string& address);
  Error Failed(Error error, std::string_view name, const std::string& address);
  Result<> CheckCode(std::string_view name, std::string_view code, const std::string& address);
  // `code`: whether to ask for the second factor.
  Result<people::User> Prove(const Credentials& given, const std::string& address,
                             bool code = true);

  const Access access_;
  people::People& people_;
  const Clock& clock_;
  Sessions sessions_;
  Tries by_name_, by_address_;
};

}  // namespace waypost::api
