// Bytes to requests: HTTP/1.1 framing, read strictly. Anything two servers could read in two ways
// is refused, because behind a proxy that is how one request smuggles another.
//
// Refused with 400 bad_request_framing: what Boost.Beast refuses (bare LF, NUL and control bytes,
// bad names, versions other than 1.0 and 1.1, broken chunks), and also: folded lines, no or two
// Host fields, two Content-Length, Content-Length beside Transfer-Encoding, Transfer-Encoding other
// than one "chunked" in HTTP/1.1, a target that is not a path. Limits: head 64 KiB and 100 fields
// (431), target 8 KiB (414), body as AcceptBody says (413).
//
//   reader.Append(bytes);
//   switch (reader.Advance()) { ... }
//
// Belongs to one connection; no threads. After kBad the connection must be closed: where the next
// request begins is unknown.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "api/http_message.h"
#include "api/problem.h"

namespace waypost::api {

inline constexpr size_t kMaxHeadBytes = 64 * 1024;
inline constexpr size_t kMaxTargetBytes = 8 * 1024;
inline constexpr size_t kMaxFields = 100;

class RequestReader {
 public:
  enum class Step {
    kNeedMore,  // Append more
    kHead,      // a head is read: look at request(), then AcceptBody
    kRequest,   // a request is whole: TakeRequest
    kBad,       // problem() says why
  };

  RequestReader();
  ~RequestReader();

  void Append(std::string_view bytes);
  // Reads on. Comes back with kHead once for each request, even when it has no body.
  Step Advance();

  // Sets the request's id and peer. REQUIRES: the last step was kHead.
  void Name(std::string id, std::string peer);
  // REQUIRES: the last step was kHead. The body may have `limit` bytes; Advance goes on with it.
  void AcceptBody(uint64_t limit);

  // REQUIRES: kHead or kRequest. Without the body until kRequest.
  const Request& request() const { return request_; }
  // REQUIRES: the last step was kRequest. The next Advance begins the next request.
  Request TakeRequest();
  const Problem& problem() const { return problem_; }

  // Nothing of a request has come yet.
  bool idle() const;
  // Bytes held: not yet read, and body so far.
  size_t held_bytes() const;
  // Body bytes read so far, for judging how fast they come.
  uint64_t body_bytes() const;
  bool in_body() const;

 private:
  struct Parser;

  Step Bad(std::string_view name, std::string where);
  Step ReadHead();
  void CopyHead();
  Step ReadBody();

  std::unique_ptr<Parser> parser_;
  std::string buffer_;
  size_t taken_ = 0;       // bytes of buffer_ the parser has consumed
  bool accepted_ = false;  // the head is read and AcceptBody was called
  uint64_t body_limit_ = 0;
  Request request_;
  Problem problem_;
};

}  // namespace waypost::api
