// TCP of the machine, through Boost.Asio.
#pragma once

#include <memory>

#include "io/network.h"

namespace waypost::io {

// Stateless; may go before the listeners it made.
std::unique_ptr<Network> MakeRealNetwork();

}  // namespace waypost::io
