// PostgreSQL through libpq.
#pragma once

#include <memory>

#include "io/egress.h"
#include "io/sql.h"

namespace waypost::io {

std::unique_ptr<SqlServers> MakeRealSqlServers(EgressRules rules);

}  // namespace waypost::io
