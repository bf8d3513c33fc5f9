// Connections moved by hand, on one thread: tests play the peer.
//
//   SimNetwork network;
//   auto listener = TRY(network.Listen({}, factory));
//   auto peer = network.Connect();
//   peer->Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
//   network.Run();                       // posted work, e.g. late answers
//   EXPECT_EQ(peer->received(), "HTTP/1.1 200 OK...");
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "io/network.h"

namespace waypost::io {

class SimStream;

// The peer's end of one connection.
class SimPeer {
 public:
  explicit SimPeer(std::shared_ptr<SimStream> stream) : stream_(std::move(stream)) {}
  ~SimPeer();
  // Arrives at once, in one piece, unless the stream is paused: then on ResumeReading.
  void Send(std::string_view bytes);
  // Sends no more, goes on reading.
  void End();
  void Close();
  // What our side wrote so far. While the peer does not read, bytes stay unsent.
  const std::string& received() const;
  void StopReading();
  // Reads up to `size` bytes of what waits.
  void Read(size_t size);
  // Our side has closed, and everything it sent was received.
  bool closed() const;

 private:
  std::shared_ptr<SimStream> stream_;
};

// One listener at a time. Only Stream::Post may be called from other threads.
class SimNetwork final : public Network {
 public:
  SimNetwork();
  ~SimNetwork() override;
  Result<std::unique_ptr<Listener>> Listen(const ListenOptions& options,
                                           HandlerFactory make_handler) override;
  // The whole exchange happens inside the call, for handlers that answer at once.
  Result<std::string> Exchange(const std::string& address, uint16_t port,
                               std::string_view bytes) override;
  // REQUIRES: a listener lives. Refused like in real life when it is full or draining.
  std::unique_ptr<SimPeer> Connect(std::string address = "192.0.2.1");
  // Runs posted work until there is none.
  void Run();
  // One sweep of every connection.
  void Sweep();

  struct State;

 private:
  std::shared_ptr<State> state_;
};

}  // namespace waypost::io
