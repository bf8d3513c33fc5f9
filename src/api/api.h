// The HTTP side of the server: names each request, checks its right, finds its route, counts it.
#pragma once

#include <atomic>
#include <string>

#include "api/http_session.h"
#include "api/routes.h"
#include "base/clock.h"

namespace waypost::api {

struct Access {
  std::string token;  // for Right::kRead and kChange, as "Authorization: Bearer"
  // Anyone on this machine counts as a holder of the token, unless the call comes from a page.
  bool open_on_loopback = false;
};

// Thread-safe. Everything given by reference must outlive it.
class Api final : public RequestHandler {
 public:
  // `seed` tells the request ids of one run from another's.
  Api(const Backend& backend, const Access& access, const Clock& clock, uint64_t seed);

  Verdict Admit(const Request& head) override;
  void Handle(Request request, Respond respond) override;
  Response Refuse(const Problem& problem, const std::string& request_id) override;
  std::string NewRequestId() override;

 private:
  bool Allows(Right right, const Request& head) const;

  const Backend backend_;
  const Access access_;
  const Clock& clock_;
  const uint64_t seed_;
  std::atomic<uint64_t> requests_{0};
};

}  // namespace waypost::api
