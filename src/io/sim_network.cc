#include "io/sim_network.h"

#include <algorithm>
#include <deque>

namespace waypost::io {

struct SimNetwork::State {
  ListenOptions options;
  HandlerFactory make_handler;
  bool listening = false;
  std::vector<std::shared_ptr<SimStream>> streams;
  std::mutex mutex;  // guards `posted`
  std::deque<std::function<void()>> posted;
};

class SimStream final : public Stream, public std::enable_shared_from_this<SimStream> {
 public:
  SimStream(std::shared_ptr<SimNetwork::State> network, std::string peer)
      : network_(std::move(network)), peer_(std::move(peer)) {}

  void Start(const HandlerFactory& make_handler) { handler_ = make_handler(shared_from_this()); }

  void Write(std::string bytes) override {
    if (closed_ || finishing_) return;
    unsent_ += bytes;
    if (peer_reads_) Deliver(unsent_.size());
  }
  void Finish() override {
    finishing_ = true;
    if (unsent_.empty()) Close();
  }
  void Cut() override { Close(); }
  void PauseReading() override { paused_ = true; }
  void ResumeReading() override {
    paused_ = false;
    Arrive(std::exchange(waiting_, {}));
  }
  void Post(std::function<void()> work) override {
    const std::lock_guard lock(network_->mutex);
    network_->posted.push_back(std::move(work));
  }
  size_t unsent_bytes() const override { return unsent_.size(); }
  const std::string& peer() const override { return peer_; }

  void Arrive(std::string_view bytes) {
    if (closed_ || finishing_ || bytes.empty()) return;
    if (paused_) {
      waiting_ += bytes;
    } else if (const auto handler = handler_) {
      handler->OnBytes(bytes);
    }
  }
  void Deliver(size_t size) {
    size = std::min(size, unsent_.size());
    if (size == 0) return;
    received_ += unsent_.substr(0, size);
    unsent_.erase(0, size);
    // As on a real network, the handler hears of it in a call of its own.
    Post([self = shared_from_this()] {
      if (const auto handler = self->handler_) handler->OnWritten();
    });
    if (finishing_ && unsent_.empty()) Close();
  }
  void End() {
    if (const auto handler = handler_) handler->OnEnd();
  }
  void Sweep() {
    if (const auto handler = handler_) handler->OnSweep();
  }
  void Drain() {
    if (const auto handler = handler_) handler->OnDrain();
  }
  void Close() {
    if (closed_) return;
    closed_ = true;
    std::erase(network_->streams, shared_from_this());
    if (const auto handler = std::exchange(handler_, nullptr)) handler->OnClosed();
  }

  const std::string& received() const { return received_; }
  bool closed() const { return closed_; }
  void set_peer_reads(bool reads) { peer_reads_ = reads; }

 private:
  const std::shared_ptr<SimNetwork::State> network_;
  const std::string peer_;
  std::shared_ptr<StreamHandler> handler_;
  std::string waiting_, unsent_, received_;
  bool peer_reads_ = true, paused_ = false, finishing_ = false, closed_ = false;
};

SimPeer::~SimPeer() { stream_->Close(); }
void SimPeer::Send(std::string_view bytes) { stream_->Arrive(bytes); }
void SimPeer::End() { stream_->End(); }
void SimPeer::Close() { stream_->Close(); }
const std::string& SimPeer::received() const { return stream_->received(); }
void SimPeer::StopReading() { stream_->set_peer_reads(false); }
void SimPeer::Read(size_t size) { stream_->Deliver(size); }
bool SimPeer::closed() const { return stream_->closed(); }

namespace {

class SimListener final : public Listener {
 public:
  explicit SimListener(std::shared_ptr<SimNetwork::State> state) : state_(std::move(state)) {
    state_->listening = true;
  }
  ~SimListener() override {
    state_->listening = false;
    for (const auto& stream : std::vector(state_->streams)) stream->Close();
  }
  uint16_t port() const override { return state_->options.port; }
  size_t connection_count() const override { return state_->streams.size(); }
  void Drain() override {
    state_->listening = false;
    for (const auto& stream : std::vector(state_->streams)) stream->Drain();
  }

 private:
  const std::shared_ptr<SimNetwork::State> state_;
};

}  // namespace

SimNetwork::SimNetwork() : state_(std::make_shared<State>()) {}

// Posted work holds streams, and streams hold the state.
SimNetwork::~SimNetwork() { state_->posted.clear(); }

Result<std::unique_ptr<Listener>> SimNetwork::Listen(const ListenOptions& options,
                                                     HandlerFactory make_handler) {
  if (state_->listening) return Error(Code::kIo, "cannot_listen", "listen: the address is in use");
  state_->options = options;
  state_->make_handler = std::move(make_handler);
  return std::unique_ptr<Listener>(std::make_unique<SimListener>(state_));
}

Result<std::string> SimNetwork::Exchange(const std::string& address, uint16_t,
                                         std::string_view bytes) {
  if (!state_->listening)
    return Error(Code::kUnavailable, "cannot_connect", "connect to " + address);
  const auto peer = Connect();
  peer->Send(bytes);
  Run();
  return peer->received();
}

std::unique_ptr<SimPeer> SimNetwork::Connect(std::string address) {
  auto stream = std::make_shared<SimStream>(state_, std::move(address));
  auto peer = std::make_unique<SimPeer>(stream);
  if (!state_->listening) {
    stream->Close();
    return peer;
  }
  const bool full = state_->streams.size() >= state_->options.max_connections;
  state_->streams.push_back(stream);
  if (full) {
    stream->Write(state_->options.refusal);
    stream->Finish();
  } else {
    stream->Start(state_->make_handler);
  }
  return peer;
}

void SimNetwork::Run() {
  for (;;) {
    std::function<void()> work;
    {
      const std::lock_guard lock(state_->mutex);
      if (state_->posted.empty()) return;
      work = std::move(state_->posted.front());
      state_->posted.pop_front();
    }
    work();
  }
}

void SimNetwork::Sweep() {
  for (const auto& stream : std::vector(state_->streams)) stream->Sweep();
}

}  // namespace waypost::io
