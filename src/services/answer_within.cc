#include "services/answer_within.h"

#include "exec/limit.h"

namespace waypost::services {

Result<std::string> AnswerWithin(unsigned seconds, const Clock& clock, std::string_view limit,
                                 const std::function<Result<std::string>()>& answer) {
  const int64_t until_ns = clock.MonotonicNs() + int64_t{seconds} * 1'000'000'000;
  exec::Limit time([&] { return clock.MonotonicNs() > until_ns; });
  Result<std::string> answered = answer();
  if (!time.hit()) return answered;
  return Error(Code::kInvalid, std::string(limit),
               "it took longer than " + std::to_string(seconds) +
                   " s (question.seconds): ask of fewer customers, events or days");
}

}  // namespace waypost::services
