// Who is signed in at a browser. Sessions live in memory: a restart signs everyone out.
//
// A session ends when its secret was not used for `idle_ms`, when it is `absolute_ms` old, when it
// is closed, or when the epoch of its person changes (people::User), which who asks has to look at.
// Its secret, 256 random bits, is known to the browser alone and never logged.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/hash.h"
#include "io/random.h"

namespace waypost::api {

struct SessionAge {
  int64_t idle_ms = 30 * 60'000;
  int64_t absolute_ms = 12 * 3'600'000;
  size_t count = 1'000;  // of sessions; one more ends the one used least lately
};

// Of whom an identity provider said who it is, and no password did: its names for them and for
// their session there, which may be empty.
struct ProviderSession {
  std::string subject, id;
};

struct Session {
  std::string person;
  uint64_t epoch = 0;  // of the person, when it was opened
  int64_t opened_ms = 0;
  int64_t used_ms = 0;
  int64_t clear_until_ms = 0;  // values that are a person's are shown
  std::optional<ProviderSession> provider = {};
};

// Thread-safe.
class Sessions {
 public:
  // `clock` and `random` must outlive this.
  Sessions(const Clock& clock, io::Random& random, const SessionAge& age = {})
      : clock_(clock), random_(random), age_(age) {}

  // Begins a session; returns its secret, 64 hexadecimal digits.
  std::string Open(std::string person, uint64_t epoch = 0,
                   std::optional<ProviderSession> provider = {});
  // The session of a secret, when it has not ended. `use` counts as being there.
  std::optional<Session> Find(std::string_view secret, bool use);
  void Close(std::string_view secret);
  // All that belong to a session at the provider or, without its name, to its subject. Returns
  // whose they were.
  std::vector<std::string> CloseOf(const ProviderSession& ended);
  // Does nothing when it has ended.
  void ShowClear(std::string_view secret, int64_t until_ms);

  const SessionAge& age() const { return age_; }

 private:
  bool Ended(const Session& session) const;
  void MakeRoom();

  const Clock& clock_;
  io::Random& random_;
  const SessionAge age_;
  std::mutex mutex_;
  std::unordered_map<std::string, Session, TextHash, std::equal_to<>> sessions_;  // by secret
};

}  // namespace waypost::api
