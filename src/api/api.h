// The HTTP side of the server: names each request, checks its right, finds its route, counts it.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "api/http_session.h"
#include "api/routes.h"
#include "base/clock.h"

namespace waypost::api {

// Thread-safe. Everything given by reference must outlive it.
class Api final : public RequestHandler {
 public:
  // `seed` tells the request ids of one run from another's.
  Api(const Backend& backend, const Clock& clock, uint64_t seed);

  Verdict Admit(const Request& head) override;
  void Handle(Request request, Respond respond) override;
  Response Refuse(const Problem& problem, const std::string& request_id) override;
  std::string NewRequestId() override;

 private:
  // Records what the answer says before giving it on.
  Respond Audited(std::shared_ptr<AuditEntry> entry, Respond respond);

  const Backend backend_;
  const Clock& clock_;
  const uint64_t seed_;
  std::atomic<uint64_t> requests_{0};
};

}  // namespace waypost::api
