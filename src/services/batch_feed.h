// Many batches into an engine as fast as its log takes them, with only so many bytes in flight.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>

#include "engine/engine.h"
#include "files/sink.h"

namespace waypost::services {

// Any thread may call. Remembers the first error and refuses everything after it.
class BatchFeed final : public files::Sink {
 public:
  explicit BatchFeed(engine::Engine& engine) : engine_(engine) {}
  ~BatchFeed() override { Wait(); }

  // Waits while too much is in flight, or waits to be applied: whoever makes batches leaves the
  // processor to what applies them. Then appends. `done` when the batch is on disk.
  void Append(Bytes payload, std::function<void(Result<>)> done) override;
  // The same for callers that only want to know at the end. Errors: the first one so far.
  Result<> Append(Bytes payload);
  // Waits until nothing is in flight. Errors: the first one.
  Result<> Finish();

 private:
  static constexpr size_t kMaxBytesInFlight = 32 << 20, kMaxBytesUnapplied = 16 << 20;
  void Wait();

  engine::Engine& engine_;
  std::mutex mutex_;
  std::condition_variable changed_;
  size_t in_flight_ = 0;        // bytes, under mutex_
  std::optional<Error> error_;  // under mutex_
};

}  // namespace waypost::services
