#include "io/real_network.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio.hpp>
#include <chrono>
#include <deque>
#include <thread>
#include <unordered_set>
#include <vector>

namespace waypost::io {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto kSweepEvery = std::chrono::seconds(1);
constexpr auto kAcceptPause = std::chrono::milliseconds(100);  // after EMFILE and its like
constexpr int kLingerSweeps = 2;
constexpr size_t kReadSize = 64 * 1024;

class RealStream;

// One thread, its event loop and the connections that live on it.
struct Reactor {
  asio::io_context loop{1};
  asio::steady_timer sweep_timer{loop};
  std::unordered_set<std::shared_ptr<RealStream>> streams;
  std::array<char, kReadSize> read_buffer;  // shared: a stream reads only when bytes are there
  std::atomic<size_t>* connection_count = nullptr;
  bool draining = false;
};

class RealStream final : public Stream, public std::enable_shared_from_this<RealStream> {
 public:
  RealStream(Reactor& reactor, tcp::socket socket) : reactor_(reactor), socket_(std::move(socket)) {
    error_code ignored;
    socket_.non_blocking(true, ignored);
    socket_.set_option(tcp::no_delay(true), ignored);
    const auto remote = socket_.remote_endpoint(ignored);
    peer_ = remote.address().to_string();
  }

  void Start(const HandlerFactory& make_handler) {
    reactor_.streams.insert(shared_from_this());
    handler_ = make_handler(shared_from_this());
    WaitForBytes();
    if (reactor_.draining && handler_) handler_->OnDrain();
  }

  // Tells and closes, without ever having a handler.
  void Refuse(const std::string& refusal) {
    reactor_.streams.insert(shared_from_this());
    Write(refusal);
    Finish();
    WaitForBytes();
  }

  void Write(std::string bytes) override {
    if (closed_ || finishing_ || bytes.empty()) return;
    unsent_bytes_ += bytes.size();
    queue_.push_back(std::move(bytes));
    if (!sending_) Send();
  }

  void Finish() override {
    if (closed_ || finishing_) return;
    finishing_ = true;
    ResumeReading();
    if (!sending_) ShutDownSending();
  }

  void Cut() override { Close(); }

  void PauseReading() override { paused_ = true; }

  void ResumeReading() override {
    if (!paused_) return;
    paused_ = false;
    WaitForBytes();
  }

  void Post(std::function<void()> work) override { asio::post(reactor_.loop, std::move(work)); }
  size_t unsent_bytes() const override { return unsent_bytes_; }
  const std::string& peer() const override { return peer_; }

  void Sweep() {
    if (shut_down_ && ++lingered_ > kLingerSweeps) return Close();
    if (const auto handler = handler_) handler->OnSweep();
  }

  void Drain() {
    if (const auto handler = handler_) handler->OnDrain();
  }

  void Close() {
    if (closed_) return;
    closed_ = true;
    error_code ignored;
    socket_.close(ignored);
    --*reactor_.connection_count;
    const auto self = shared_from_this();
    reactor_.streams.erase(self);
    if (const auto handler = std::exchange(handler_, nullptr)) handler->OnClosed();
  }

 private:
  void WaitForBytes() {
    if (closed_ || paused_ || waiting_ || ended_) return;
    waiting_ = true;
    socket_.async_wait(tcp::socket::wait_read, [self = shared_from_this()](error_code error) {
      self->waiting_ = false;
      if (self->closed_ || self->paused_) return;
      error ? self->Close() : self->ReadSome();
    });
  }

  void ReadSome() {
    error_code error;
    const size_t size = socket_.read_some(asio::buffer(reactor_.read_buffer), error);
    if (error == asio::error::would_block || error == asio::error::try_again) return WaitForBytes();
    if (error == asio::error::eof && !shut_down_ && handler_) return EndReading();
    if (error) return Close();
    const auto handler = handler_;
    if (handler && !finishing_) handler->OnBytes({reactor_.read_buffer.data(), size});
    WaitForBytes();
  }

  // The socket stays readable for ever after the peer's end, so nobody may wait for it again.
  void EndReading() {
    ended_ = true;
    const auto handler = handler_;
    handler->OnEnd();
  }

  void Send() {
    sending_ = true;
    const auto left = asio::buffer(queue_.front()) + sent_of_front_;
    socket_.async_write_some(left, [self = shared_from_this()](error_code error, size_t size) {
      self->Sent(error, size);
    });
  }

  void Sent(error_code error, size_t size) {
    sending_ = false;
    if (closed_) return;
    if (error) return Close();
    unsent_bytes_ -= size;
    sent_of_front_ += size;
    if (sent_of_front_ == queue_.front().size()) {
      queue_.pop_front();
      sent_of_front_ = 0;
    }
    if (!queue_.empty()) Send();
    if (const auto handler = handler_) handler->OnWritten();
    if (finishing_ && !sending_ && !closed_) ShutDownSending();
  }

  void ShutDownSending() {
    shut_down_ = true;
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    if (ended_) Close();
  }

  Reactor& reactor_;
  tcp::socket socket_;
  std::shared_ptr<StreamHandler> handler_;
  std::string peer_;
  std::deque<std::string> queue_;
  size_t unsent_bytes_ = 0, sent_of_front_ = 0;
  int lingered_ = 0;
  bool waiting_ = false, paused_ = false, ended_ = false, sending_ = false;
  bool finishing_ = false, shut_down_ = false, closed_ = false;
};

class RealListener final : public Listener {
 public:
  RealListener(const ListenOptions& options, HandlerFactory make_handler)
      : options_(options), make_handler_(std::move(make_handler)) {}

  ~RealListener() override {
    for (auto& reactor : reactors_) {
      asio::post(reactor->loop, [this, r = reactor.get()] {
        if (r == reactors_.front().get()) acceptor_.close();
        for (const auto& stream : Streams(*r)) stream->Close();
        r->loop.stop();
      });
    }
    for (std::thread& thread : threads_) thread.join();
  }

  Result<> Bind() {
    const std::string where = options_.address + ":" + std::to_string(options_.port);
    error_code error;
    const auto address = asio::ip::make_address(options_.address, error);
    if (error) return Error(Code::kIo, "bad_address", "listen: not an IP address: " + where);
    const tcp::endpoint endpoint(address, options_.port);
    if (!error) acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(4096, error);
    if (error)
      return Error(Code::kIo, "cannot_listen", "listen on " + where + ": " + error.message());
    port_ = acceptor_.local_endpoint().port();
    return {};
  }

  void Start() {
    Accept();
    for (auto& reactor : reactors_) {
      Sweep(*reactor);
      threads_.emplace_back([r = reactor.get()] { r->loop.run(); });
    }
  }

  uint16_t port() const override { return port_; }
  size_t connection_count() const override { return connection_count_; }

  void Drain() override {
    for (auto& reactor : reactors_) {
      asio::post(reactor->loop, [this, r = reactor.get()] {
        if (r == reactors_.front().get()) acceptor_.close();
        r->draining = true;
        for (const auto& stream : Streams(*r)) stream->Drain();
      });
    }
  }

 private:
  std::vector<std::unique_ptr<Reactor>> MakeReactors() {
    std::vector<std::unique_ptr<Reactor>> reactors;
    for (int i = 0; i < std::max(1, options_.threads); ++i) {
      reactors.push_back(std::make_unique<Reactor>());
      reactors.back()->connection_count = &connection_count_;
    }
    return reactors;
  }

  // A copy, since what a handler does may close streams.
  static std::vector<std::shared_ptr<RealStream>> Streams(const Reactor& reactor) {
    return {reactor.streams.begin(), reactor.streams.end()};
  }

  // One acceptor deals connections out in turn: with few connections the kernel's own hashing
  // (SO_REUSEPORT) would leave a thread idle.
  void Accept() {
    Reactor& reactor = *reactors_[next_reactor_++ % reactors_.size()];
    acceptor_.async_accept(reactor.loop, [this, &reactor](error_code error, tcp::socket socket) {
      if (!acceptor_.is_open()) return;
      if (error) return AcceptLater();
      Admit(reactor, std::move(socket));
      Accept();
    });
  }

  void Admit(Reactor& reactor, tcp::socket socket) {
    const bool full = connection_count_++ >= options_.max_connections;
    auto stream = std::make_shared<RealStream>(reactor, std::move(socket));
    asio::post(reactor.loop, [this, full, stream = std::move(stream)] {
      full ? stream->Refuse(options_.refusal) : stream->Start(make_handler_);
    });
  }

  // Out of file descriptors, most likely: connections wait in the kernel's queue meanwhile.
  void AcceptLater() {
    accept_timer_.expires_after(kAcceptPause);
    accept_timer_.async_wait([this](error_code error) {
      if (!error && acceptor_.is_open()) Accept();
    });
  }

  void Sweep(Reactor& reactor) {
    reactor.sweep_timer.expires_after(kSweepEvery);
    reactor.sweep_timer.async_wait([this, &reactor](error_code error) {
      if (error) return;
      for (const auto& stream : Streams(reactor)) stream->Sweep();
      Sweep(reactor);
    });
  }

  const ListenOptions options_;
  const HandlerFactory make_handler_;
  std::atomic<size_t> connection_count_{0};
  const std::vector<std::unique_ptr<Reactor>> reactors_ = MakeReactors();
  tcp::acceptor acceptor_{reactors_.front()->loop};
  asio::steady_timer accept_timer_{reactors_.front()->loop};
  size_t next_reactor_ = 0;  // belongs to the first reactor's thread, as the acceptor does
  uint16_t port_ = 0;
  std::vector<std::thread> threads_;
};

class RealNetwork final : public Network {
 public:
  Result<std::unique_ptr<Listener>> Listen(const ListenOptions& options,
                                           HandlerFactory make_handler) override {
    auto listener = std::make_unique<RealListener>(options, std::move(make_handler));
    TRY(listener->Bind());
    listener->Start();
    return std::unique_ptr<Listener>(std::move(listener));
  }

  Result<std::string> Exchange(const std::string& address, uint16_t port,
                               std::string_view bytes) override {
    const std::string where = address + ":" + std::to_string(port);
    error_code error;
    asio::io_context loop;
    tcp::socket socket(loop);
    const auto ip = asio::ip::make_address(address, error);
    if (!error) socket.connect({ip, port}, error);
    if (error) {
      return Error(Code::kUnavailable, "cannot_connect",
                   "connect to " + where + ": " + error.message());
    }
    asio::write(socket, asio::buffer(bytes), error);
    std::string received;
    if (!error) asio::read(socket, asio::dynamic_buffer(received), error);
    if (error != asio::error::eof)
      return Error(Code::kIo, "talk to " + where + ": " + error.message());
    return received;
  }
};

}  // namespace

std::unique_ptr<Network> MakeRealNetwork() { return std::make_unique<RealNetwork>(); }

}  // namespace waypost::io
