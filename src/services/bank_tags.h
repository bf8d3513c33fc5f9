// Makes the demo bank's tags: each created, certified, live, with the values of the last days.
#pragma once

#include <string_view>

#include "api/services.h"

namespace waypost::services {

// `tags`: src/demo/bank_tags.json. Stops at the first error, naming the tag.
Result<> MakeBankTags(api::TagShelf& shelf, std::string_view tags, int64_t now_ms);

}  // namespace waypost::services
