// Answers that take too long are not given, and their threads are free again.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace waypost::services {

// What `answer` gives. After `seconds` its parallel work stops (exec/limit.h), and the answer is
// kInvalid `limit`, whatever it would have been.
Result<std::string> AnswerWithin(unsigned seconds, const Clock& clock, std::string_view limit,
                                 const std::function<Result<std::string>()>& answer);

}  // namespace waypost::services
