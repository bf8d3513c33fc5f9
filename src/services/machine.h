// What the commands reach of the world.
#pragma once

#include "api/console_files.h"
#include "base/clock.h"
#include "io/egress.h"
#include "io/file_system.h"
#include "io/guarded_clock.h"
#include "io/network.h"
#include "io/random.h"
#include "io/sql.h"

namespace waypost::services {

struct Machine {
  io::FileSystem& files;
  io::Network& network;
  io::Random& random;
  const Clock& clock;
  io::GuardedClock* guard = nullptr;  // for servers: what `clock` is
  std::span<const api::ConsoleFile> console = {};
  std::unique_ptr<io::Egress> (*make_egress)(io::EgressRules) = nullptr;  // for servers
  std::unique_ptr<io::SqlServers> (*make_sql_servers)(io::EgressRules) = nullptr;
};

}  // namespace waypost::services
