#include "services/answer_within.h"

#include <string>

namespace waypost::services {

Error TookTooLong(unsigned seconds, std::string_view limit) {
  return Error(Code::kInvalid, std::string(limit),
               "it took longer than " + std::to_string(seconds) +
                   " s (question.seconds): ask of fewer customers, events or days");
}

}  // namespace waypost::services
