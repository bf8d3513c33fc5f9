// Connections as an interface: io/real_network.h asks the machine, io/sim_network.h is moved by
// hand.
//
// A Listener accepts connections and deals them to its reactor threads. Each connection is a Stream
// and lives on one thread: its handler is called there, one call at a time, and must not block.
//
//   auto listener = TRY(network.Listen({.port = 8123}, [](std::shared_ptr<Stream> stream) {
//     return std::make_shared<Echo>(std::move(stream));
//   }));
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace waypost::io {

// Our end of one connection. Every method but Post belongs to the stream's own thread: call them
// inside a StreamHandler call or a function given to Post. After the connection is closed they do
// nothing, so a late answer needs no care.
class Stream {
 public:
  virtual ~Stream() = default;

  // Queues bytes to send. Never blocks; unsent_bytes() says how much waits.
  virtual void Write(std::string bytes) = 0;
  // Sends what is queued, then closes so that the peer can still read it: what the peer goes on
  // sending is thrown away for up to two seconds. No more OnBytes.
  virtual void Finish() = 0;
  // Closes at once; what is queued is lost.
  virtual void Cut() = 0;

  // Between the two, the peer's bytes wait in the kernel and OnBytes is not called.
  virtual void PauseReading() = 0;
  virtual void ResumeReading() = 0;

  // Runs `work` on the stream's thread, later. Any thread may call it while the Listener lives;
  // work posted to a closed stream still runs.
  virtual void Post(std::function<void()> work) = 0;

  virtual size_t unsent_bytes() const = 0;
  // The other side's address, without the port.
  virtual const std::string& peer() const = 0;
};

// What happens to one connection. The stream owns its handler and lets it go after OnClosed.
class StreamHandler {
 public:
  virtual ~StreamHandler() = default;
  // `bytes` is valid during the call only.
  virtual void OnBytes(std::string_view bytes) = 0;
  // The peer will send no more, but still reads. Comes at most once.
  virtual void OnEnd() = 0;
  // Some queued bytes have left.
  virtual void OnWritten() = 0;
  // About once a second: the moment to give up on a peer that is too slow.
  virtual void OnSweep() = 0;
  // The listener is draining: finish what is begun, then close.
  virtual void OnDrain() = 0;
  // The last call, whoever closed.
  virtual void OnClosed() = 0;
};

using HandlerFactory = std::function<std::shared_ptr<StreamHandler>(std::shared_ptr<Stream>)>;

struct ListenOptions {
  std::string address = "127.0.0.1";
  uint16_t port = 0;  // 0: any free one
  int threads = 2;
  size_t max_connections = 10'000;
  // What a connection over the limit is told before it is closed.
  std::string refusal = {};
};

// Accepts until drained. The destructor cuts what is still open and joins the threads.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual uint16_t port() const = 0;
  virtual size_t connection_count() const = 0;
  // Stops accepting and calls OnDrain of every handler. Returns at once.
  virtual void Drain() = 0;
};

class Network {
 public:
  virtual ~Network() = default;
  // Errors: kIo when the address cannot be bound, naming it. `make_handler` is called on the
  // connection's thread and must be safe to call from several.
  virtual Result<std::unique_ptr<Listener>> Listen(const ListenOptions& options,
                                                   HandlerFactory make_handler) = 0;
  // Connects, sends all of `bytes`, and returns what comes until the other side closes. Blocks.
  // Errors: kUnavailable "cannot_connect"; kIo.
  virtual Result<std::string> Exchange(const std::string& address, uint16_t port,
                                       std::string_view bytes) = 0;
};

}  // namespace waypost::io
