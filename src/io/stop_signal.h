// SIGTERM and SIGINT as something to wait for.
#pragma once

namespace waypost::io {

// Make one at the start of main, before any thread: threads started later do not get the signals.
// After the first Wait returns, a second signal ends the process at once.
class StopSignal {
 public:
  StopSignal();
  // Returns the signal's number. One thread.
  int Wait();
};

}  // namespace waypost::io
