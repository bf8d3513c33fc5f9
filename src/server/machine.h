// What the commands reach of the world.
#pragma once

#include "api/console_files.h"
#include "base/clock.h"
#include "io/file_system.h"
#include "io/network.h"
#include "io/random.h"

namespace waypost::server {

struct Machine {
  io::FileSystem& files;
  io::Network& network;
  io::Random& random;
  const Clock& clock;
  std::span<const api::ConsoleFile> console = {};
};

}  // namespace waypost::server
