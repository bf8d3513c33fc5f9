#include "api/http_session.h"

#include <thread>

namespace waypost::api {
namespace {

class HttpSession final : public io::StreamHandler,
                          public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(std::shared_ptr<io::Stream> stream, RequestHandler& handler, const Clock& clock,
              SessionTotals& totals, const SessionLimits& limits)
      : stream_(std::move(stream)),
        handler_(handler),
        clock_(clock),
        totals_(totals),
        limits_(limits) {
    Enter(Phase::kIdle);
  }
  ~HttpSession() override { Hold(0); }

  void OnBytes(std::string_view bytes) override {
    if (phase_ == Phase::kIdle) Enter(Phase::kHead);
    reader_.Append(bytes);
    Pump();
  }

  void OnEnd() override {
    ended_ = true;
    if (phase_ != Phase::kBusy) Close();
  }

  void OnWritten() override {
    sent_at_ms_ = NowMs();
    Pump();
  }

  void OnSweep() override {
    const int64_t elapsed = NowMs() - entered_ms_;
    if (stream_->unsent_bytes() > 0 && NowMs() - sent_at_ms_ > limits_.stall_ms)
      return stream_->Cut();
    if (phase_ == Phase::kIdle && elapsed > limits_.idle_ms) return Close();
    if (phase_ == Phase::kHead && elapsed > limits_.head_ms)
      return Reject(ProblemOf("timeout", "head"));
    if (phase_ == Phase::kBody && BodyIsSlow(elapsed)) return Reject(ProblemOf("timeout", "body"));
  }

  void OnDrain() override {
    draining_ = true;
    if (phase_ == Phase::kIdle) Close();
  }

  void OnClosed() override { phase_ = Phase::kClosed; }

 private:
  enum class Phase { kIdle, kHead, kBody, kBusy, kClosed };

  int64_t NowMs() const { return clock_.MonotonicNs() / 1'000'000; }

  void Enter(Phase phase) {
    phase_ = phase;
    entered_ms_ = NowMs();
  }

  bool BodyIsSlow(int64_t elapsed_ms) const {
    return elapsed_ms > limits_.body_grace_ms &&
           reader_.body_bytes() * 1000 <
               limits_.body_bytes_per_second * static_cast<uint64_t>(elapsed_ms);
  }

  // Reads on until more bytes, an answer or a reading peer is needed. A handler may answer inside
  // Handle; that comes back here, hence a loop and not a recursion.
  void Pump() {
    if (pumping_) return;
    pumping_ = true;
    while (Step()) {
    }
    pumping_ = false;
    if (phase_ == Phase::kClosed) return;
    if (phase_ != Phase::kBusy) Hold(reader_.held_bytes());
    const bool wait = phase_ == Phase::kBusy || stream_->unsent_bytes() > limits_.unsent_bytes;
    wait ? stream_->PauseReading() : stream_->ResumeReading();
  }

  bool Step() {
    if (phase_ == Phase::kBusy || phase_ == Phase::kClosed) return false;
    if (stream_->unsent_bytes() > limits_.unsent_bytes) return false;
    switch (reader_.Advance()) {
      case RequestReader::Step::kNeedMore:
        return false;
      case RequestReader::Step::kHead:
        return Admit();
      case RequestReader::Step::kRequest:
        Handle();
        return true;
      case RequestReader::Step::kBad:
        Reject(reader_.problem());
        return false;
    }
    return false;
  }

  bool Admit() {
    request_id_ = handler_.NewRequestId();
    reader_.Name(request_id_, stream_->peer());
    head_only_ = reader_.request().method == "HEAD";
    RequestHandler::Verdict verdict = handler_.Admit(reader_.request());
    if (!verdict.refusal && totals_.held_bytes > limits_.held_bytes) {
      verdict.refusal = handler_.Refuse(ProblemOf("overloaded"), request_id_);
    }
    if (verdict.refusal) {
      Send(*verdict.refusal, false);
      return false;
    }
    reader_.AcceptBody(verdict.body_limit);
    Enter(Phase::kBody);
    if (reader_.request().expects_continue) stream_->Write("HTTP/1.1 100 Continue\r\n\r\n");
    return true;
  }

  void Handle() {
    Hold(reader_.held_bytes());
    Request request = reader_.TakeRequest();
    const bool keep_alive = request.keep_alive;
    Enter(Phase::kBusy);
    ++totals_.requests_in_flight;
    handler_.Handle(std::move(request), [self = shared_from_this(), keep_alive,
                                         thread = std::this_thread::get_id()](Response response) {
      if (std::this_thread::get_id() == thread) {
        --self->totals_.requests_in_flight;
        return self->Answer(response, keep_alive);
      }
      self->stream_->Post(
          [self, keep_alive, moved = std::move(response)] { self->Answer(moved, keep_alive); });
      --self->totals_.requests_in_flight;  // whoever waits for none finds every answer posted
    });
  }

  void Answer(const Response& response, bool keep_alive) {
    if (phase_ == Phase::kClosed) return;
    Send(response, keep_alive && !draining_ && !ended_);
    if (phase_ == Phase::kClosed) return;
    Enter(reader_.idle() ? Phase::kIdle : Phase::kHead);
    Pump();
  }

  void Reject(const Problem& problem) {
    if (request_id_.empty()) request_id_ = handler_.NewRequestId();
    Send(handler_.Refuse(problem, request_id_), false);
  }

  void Send(const Response& response, bool keep_alive) {
    if (stream_->unsent_bytes() == 0) sent_at_ms_ = NowMs();
    stream_->Write(Serialize(response, request_id_, keep_alive, head_only_));
    request_id_.clear();
    head_only_ = false;
    if (!keep_alive) Close();
  }

  void Close() {
    Enter(Phase::kClosed);
    Hold(0);
    stream_->Finish();
  }

  // Tells the totals how many bytes of requests this session holds now.
  void Hold(size_t bytes) {
    totals_.held_bytes += bytes - held_;
    held_ = bytes;
  }

  const std::shared_ptr<io::Stream> stream_;
  RequestHandler& handler_;
  const Clock& clock_;
  SessionTotals& totals_;
  const SessionLimits limits_;

  RequestReader reader_;
  Phase phase_ = Phase::kIdle;
  int64_t entered_ms_ = 0;
  int64_t sent_at_ms_ = 0;
  size_t held_ = 0;
  std::string request_id_;
  bool head_only_ = false, pumping_ = false, draining_ = false, ended_ = false;
};

}  // namespace

io::HandlerFactory MakeHttpSessions(RequestHandler& handler, const Clock& clock,
                                    SessionTotals& totals, const SessionLimits& limits) {
  return [&handler, &clock, &totals, limits](std::shared_ptr<io::Stream> stream) {
    return std::make_shared<HttpSession>(std::move(stream), handler, clock, totals, limits);
  };
}

}  // namespace waypost::api
