#include "io/network.h"

#include <gtest/gtest.h>

#include <boost/asio.hpp>
#include <thread>

#include "io/real_network.h"
#include "io/sim_network.h"

namespace waypost::io {
namespace {

using boost::asio::ip::tcp;

// Sends back what comes. "bye" ends the connection, "later" is answered from another thread.
class Echo final : public StreamHandler {
 public:
  explicit Echo(std::shared_ptr<Stream> stream) : stream_(std::move(stream)) {}
  void OnBytes(std::string_view bytes) override {
    if (bytes == "later") {
      std::thread([stream = stream_] {
        stream->Post([stream] { stream->Write("now"); });
      }).detach();
      return;
    }
    stream_->Write(std::string(bytes));
    if (bytes == "bye") stream_->Finish();
  }
  void OnEnd() override { stream_->Write("end"), stream_->Finish(); }
  void OnWritten() override {}
  void OnSweep() override {}
  void OnDrain() override { stream_->Write("drain"), stream_->Finish(); }
  void OnClosed() override {}

 private:
  const std::shared_ptr<Stream> stream_;
};

std::shared_ptr<StreamHandler> MakeEcho(std::shared_ptr<Stream> stream) {
  return std::make_shared<Echo>(std::move(stream));
}

// A blocking client on a real socket.
class Client {
 public:
  explicit Client(uint16_t port) {
    socket_.connect({boost::asio::ip::make_address("127.0.0.1"), port});
  }
  void Send(std::string_view bytes) { boost::asio::write(socket_, boost::asio::buffer(bytes)); }
  void End() { socket_.shutdown(tcp::socket::shutdown_send); }
  std::string Read(size_t size) {
    std::string bytes(size, '\0');
    boost::system::error_code error;
    bytes.resize(boost::asio::read(socket_, boost::asio::buffer(bytes), error));
    return bytes;
  }
  std::string ReadAll() {
    std::string bytes;
    boost::system::error_code error;
    boost::asio::read(socket_, boost::asio::dynamic_buffer(bytes), error);
    EXPECT_EQ(error, boost::asio::error::eof);
    return bytes;
  }

 private:
  boost::asio::io_context loop_;
  tcp::socket socket_{loop_};
};

std::unique_ptr<Listener> ListenReal(ListenOptions options = {}) {
  auto listener = MakeRealNetwork()->Listen(options, MakeEcho);
  EXPECT_TRUE(listener.ok());
  return std::move(listener).value();
}

TEST(RealNetworkTest, BytesGoBothWaysOnManyConnections) {
  const auto listener = ListenReal();
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 20; ++i) clients.push_back(std::make_unique<Client>(listener->port()));
  for (auto& client : clients) client->Send("hello");
  for (auto& client : clients) EXPECT_EQ(client->Read(5), "hello");
  EXPECT_EQ(listener->connection_count(), 20u);
}

TEST(RealNetworkTest, ALargeWriteArrivesWhole) {
  const auto listener = ListenReal();
  Client client(listener->port());
  const std::string sent(8 << 20, 'x');
  std::thread sender([&] { client.Send(sent); });
  EXPECT_EQ(client.Read(sent.size()), sent);
  sender.join();
}

TEST(RealNetworkTest, AnotherThreadAnswersThroughPost) {
  const auto listener = ListenReal();
  Client client(listener->port());
  client.Send("later");
  EXPECT_EQ(client.Read(3), "now");
}

TEST(RealNetworkTest, FinishSendsWhatIsQueuedThenCloses) {
  const auto listener = ListenReal();
  Client client(listener->port());
  client.Send("bye");
  EXPECT_EQ(client.ReadAll(), "bye");
}

TEST(RealNetworkTest, APeerThatStopsSendingStillReads) {
  const auto listener = ListenReal();
  Client client(listener->port());
  client.End();
  EXPECT_EQ(client.ReadAll(), "end");
}

TEST(RealNetworkTest, AConnectionOverTheLimitIsToldAndClosed) {
  const auto listener = ListenReal({.max_connections = 1, .refusal = "full"});
  Client first(listener->port());
  first.Send("a");
  EXPECT_EQ(first.Read(1), "a");
  Client second(listener->port());
  EXPECT_EQ(second.ReadAll(), "full");
}

TEST(RealNetworkTest, DrainTellsHandlersAndAcceptsNoMore) {
  const auto listener = ListenReal();
  Client client(listener->port());
  client.Send("a");
  EXPECT_EQ(client.Read(1), "a");
  listener->Drain();
  EXPECT_EQ(client.ReadAll(), "drain");
  EXPECT_THROW(Client late(listener->port()), boost::system::system_error);
}

TEST(RealNetworkTest, AnExchangeSendsAndReturnsWhatComes) {
  const auto network = MakeRealNetwork();
  auto listener = ListenReal();
  EXPECT_EQ(network->Exchange("127.0.0.1", listener->port(), "bye").value(), "bye");
  const uint16_t port = listener->port();
  listener.reset();
  const auto refused = network->Exchange("127.0.0.1", port, "bye");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().name(), "cannot_connect");
}

TEST(RealNetworkTest, AnAddressInUseIsNamed) {
  const auto listener = ListenReal();
  const auto second = MakeRealNetwork()->Listen({.port = listener->port()}, MakeEcho);
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.error().message().find(std::to_string(listener->port())), std::string::npos);
}

TEST(SimNetworkTest, BehavesLikeTheRealOne) {
  SimNetwork network;
  auto listener = network.Listen({.max_connections = 1, .refusal = "full"}, MakeEcho);
  ASSERT_TRUE(listener.ok());
  const auto first = network.Connect();
  first->Send("a");
  EXPECT_EQ(first->received(), "a");
  EXPECT_EQ(network.Connect()->received(), "full");
  listener.value()->Drain();
  EXPECT_EQ(first->received(), "adrain");
  EXPECT_TRUE(first->closed());
  EXPECT_TRUE(network.Connect()->closed());
}

TEST(SimNetworkTest, BytesStayUnsentWhileThePeerDoesNotRead) {
  SimNetwork network;
  auto listener = network.Listen({}, MakeEcho);
  ASSERT_TRUE(listener.ok());
  const auto peer = network.Connect();
  peer->StopReading();
  peer->Send("bye");
  EXPECT_EQ(peer->received(), "");
  EXPECT_FALSE(peer->closed());
  peer->Read(2);
  EXPECT_EQ(peer->received(), "by");
  peer->Read(2);
  EXPECT_TRUE(peer->closed());
}

}  // namespace
}  // namespace waypost::io
