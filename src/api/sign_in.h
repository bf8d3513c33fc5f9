// Who a caller is: a tool that holds the API token, or a browser with a session.
//
// A browser sends its cookie by itself, also when another site makes it call. So a call that may
// change something counts only with proof that our own page made it: the header X-Waypost, which
// other sites cannot send, and an Origin that is our own address.
#pragma once

#include <string>

#include "api/http_message.h"
#include "api/problem.h"
#include "api/sessions.h"
#include "api/tries.h"

namespace waypost::api {

struct Access {
  std::string token;  // for Right::kRead and kChange, as "Authorization: Bearer"
  // Anyone on this machine counts as a holder of the token, unless the call comes from a page.
  bool open_on_loopback = false;
};

// Thread-safe. `clock` and `random` must outlive it.
class SignIn {
 public:
  SignIn(const Access& access, const Clock& clock, io::Random& random)
      : access_(access), sessions_(clock, random), tries_(clock) {}

  // Empty when the caller may ask and change; otherwise "unauthorized", or "cross_site" for a
  // session without the proof above. Calls of the page with "X-Waypost: background" do not keep a
  // session alive.
  std::string_view Refusal(const Request& head);

  // The proof above. GET and HEAD need none.
  static bool IsOwnPage(const Request& head);

  // Checks what a person gives, and begins a session. Returns the Set-Cookie of its secret. Errors:
  // kInvalid "wrong_token"; kUnavailable "too_many_tries" after Tries::kMost failures of one peer.
  Result<std::string> Open(std::string_view token, const Request& request);
  // Ends the caller's session, if any. Returns the Set-Cookie that forgets it.
  std::string Close(const Request& request);

  // The person of the session, or "token" for who holds that; empty for anybody else.
  std::string WhoIs(const Request& request);
  // Of the caller's cookie.
  std::optional<Session> SessionOf(const Request& request);
  const SessionAge& age() const { return sessions_.age(); }

 private:
  const Access access_;
  Sessions sessions_;
  Tries tries_;
};

}  // namespace waypost::api
