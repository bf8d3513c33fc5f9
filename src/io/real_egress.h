// Calls through libcurl.
#pragma once

#include <memory>

#include "io/egress.h"

namespace waypost::io {

std::unique_ptr<Egress> MakeRealEgress(EgressRules rules);

}  // namespace waypost::io
