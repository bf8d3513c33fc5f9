// Answers that take too long are not given, and their threads are free again.
#pragma once

#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "exec/limit.h"

namespace waypost::services {

// kInvalid `limit`.
Error TookTooLong(unsigned seconds, std::string_view limit);

// What `answer` gives, a Result. After `seconds` its work stops (exec/limit.h), and the answer is
// TookTooLong(), whatever it would have been.
template <typename Answer>
auto AnswerWithin(unsigned seconds, const Clock& clock, std::string_view limit, Answer answer)
    -> decltype(answer()) {
  const int64_t until_ns = clock.MonotonicNs() + int64_t{seconds} * 1'000'000'000;
  const exec::Limit time([&] { return clock.MonotonicNs() > until_ns; });
  auto answered = answer();
  if (time.hit()) return TookTooLong(seconds, limit);
  return answered;
}

}  // namespace waypost::services
