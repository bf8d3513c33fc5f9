#include "services/batch_feed.h"

namespace waypost::services {

void BatchFeed::Append(Bytes payload, std::function<void(Result<>)> done) {
  const size_t size = payload.size();
  engine_.AwaitApplied(kMaxBytesUnapplied);
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return in_flight_ == 0 || in_flight_ + size <= kMaxBytesInFlight; });
    in_flight_ += size;
  }
  engine_.Append(std::move(payload),
                 [this, size, done = std::move(done)](Result<LogPosition> position) {
                   done(position.ok() ? Result<>() : Result<>(position.error()));
                   // Under the lock to the end: the feed may go as soon as nothing is in flight.
                   const std::lock_guard lock(mutex_);
                   if (!position.ok() && !error_) error_ = position.error();
                   in_flight_ -= size;
                   changed_.notify_all();
                 });
}

Result<> BatchFeed::Append(Bytes payload) {
  Append(std::move(payload), [](Result<>) {});
  const std::lock_guard lock(mutex_);
  if (error_) return *error_;
  return {};
}

Result<> BatchFeed::Finish() {
  Wait();
  if (error_) return *error_;
  return {};
}

void BatchFeed::Wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return in_flight_ == 0; });
}

}  // namespace waypost::services
