// HTTP/1.1 on one connection: keep-alive, pipelining (answered one after another), chunked bodies,
// 100-continue, and peers that are too slow.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "api/http_message.h"
#include "api/problem.h"
#include "api/request_reader.h"
#include "base/clock.h"
#include "io/network.h"

namespace waypost::api {

// Answers one request. Call it exactly once, from any thread.
using Respond = std::function<void(Response)>;

// What a session serves. One object serves all sessions, from several threads.
class RequestHandler {
 public:
  virtual ~RequestHandler() = default;
  struct Verdict {
    uint64_t body_limit = 0;
    std::optional<Response> refusal = {};
  };
  // Called when the head is in: how large the body may be, or an answer instead. Then the body is
  // not read and the connection closes after the answer.
  virtual Verdict Admit(const Request& head) = 0;
  // Must not block: long work answers later, from another thread.
  virtual void Handle(Request request, Respond respond) = 0;
  // The answer to bytes that are no request, or to one that came too slowly.
  virtual Response Refuse(const Problem& problem, const std::string& request_id) = 0;
  virtual std::string NewRequestId() = 0;
};

// Limits all sessions share.
struct SessionLimits {
  int64_t head_ms = 10'000;   // from a request's first byte to its head's last
  int64_t idle_ms = 60'000;   // between requests
  int64_t stall_ms = 15'000;  // the peer takes nothing of what we send
  int64_t body_grace_ms = 10'000;
  uint64_t body_bytes_per_second = 1'024;  // after the grace, on average
  size_t unsent_bytes = 1 << 20;           // more unsent: the next request waits
  size_t held_bytes = 256 << 20;           // of all sessions' requests together; over: 503
};

// What the sessions of one server hold together.
struct SessionTotals {
  std::atomic<size_t> held_bytes{0};
  std::atomic<size_t> requests_in_flight{0};
};

// All three must outlive the sessions.
io::HandlerFactory MakeHttpSessions(RequestHandler& handler, const Clock& clock,
                                    SessionTotals& totals, const SessionLimits& limits = {});

}  // namespace waypost::api
