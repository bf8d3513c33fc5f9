// What the commands reach of the world.
#pragma once

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
};

}  // namespace waypost::server
