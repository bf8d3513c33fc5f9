#include "log/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <set>

#include "log/data_dir_lock.h"
#include "log/log_fixture.h"

namespace waypost::log {
namespace {

// Remembers what it hears; can hold the log's thread up.
class Recorder final : public Listener {
 public:
  void OnCommitted(LogPosition position, RecordKind,
                   std::shared_ptr<const Bytes> payload) override {
    entered_.count_down_once();
    gate_.wait();
    EXPECT_EQ(position, first_ + heard_.size());
    heard_.emplace_back(AsText(*payload));
    ++count_;
  }
  void StartAt(LogPosition first) { first_ = first; }
  void Close() { gate_ = closed_.get_future().share(); }
  void Open() { closed_.set_value(); }
  void WaitUntilEntered() { entered_.wait(); }

  const std::vector<std::string>& heard() const { return heard_; }
  size_t count() const { return count_; }

 private:
  struct Entered {
    std::promise<void> promise;
    std::once_flag once;
    void count_down_once() {
      std::call_once(once, [&] { promise.set_value(); });
    }
    void wait() { promise.get_future().wait(); }
  };
  static std::shared_future<void> OpenGate() {
    std::promise<void> open;
    open.set_value();
    return open.get_future().share();
  }
  LogPosition first_ = 0;
  std::vector<std::string> heard_;
  std::atomic<size_t> count_ = 0;
  std::promise<void> closed_;
  std::shared_future<void> gate_ = OpenGate();
  Entered entered_;
};

Bytes Payload(std::string_view text) {
  const auto bytes = AsBytes(text);
  return {bytes.begin(), bytes.end()};
}

class LogTest : public ::testing::Test {
 protected:
  std::unique_ptr<Log> Open(const Options& options = {}) {
    return Log::Open(disk_, clock_, random_, kLogPath, options, recorder_).value();
  }

  io::SimFileSystem disk_;
  io::SimRandom random_{1};
  ManualClock clock_{0};
  Recorder recorder_;
};

TEST_F(LogTest, TheListenerHearsARecordBeforeTheCallerIsAnswered) {
  const auto log = Open();
  size_t heard_before_answer = 0;
  std::promise<void> answered;
  log->Append(RecordKind::kBatch, Payload("a"), [&](Result<LogPosition> done) {
    EXPECT_EQ(done.value(), 0u);
    heard_before_answer = recorder_.count();
    answered.set_value();
  });
  answered.get_future().wait();
  EXPECT_EQ(heard_before_answer, 1u);
  EXPECT_EQ(log->Append(RecordKind::kPlan, Payload("b")).value(), 1u);
  EXPECT_EQ(log->end(), 2u);
}

TEST_F(LogTest, EightThreadsAppendAndEveryRecordIsHeardOnceInTheOrderOfTheLog) {
  constexpr size_t kThreads = 8, kEach = 200;
  const auto log = Open({.max_file_bytes = 20'000});
  std::vector<std::vector<LogPosition>> positions(kThreads);
  std::vector<std::thread> threads;
  for (size_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (size_t i = 0; i < kEach; ++i) {
        const std::string text = std::to_string(t) + " " + std::to_string(i);
        positions[t].push_back(log->Append(RecordKind::kBatch, Payload(text)).value());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  ASSERT_EQ(recorder_.heard().size(), kThreads * kEach);
  for (size_t t = 0; t < kThreads; ++t) {
    EXPECT_TRUE(std::is_sorted(positions[t].begin(), positions[t].end()));
    for (size_t i = 0; i < kEach; ++i) {
      EXPECT_EQ(recorder_.heard()[positions[t][i]], std::to_string(t) + " " + std::to_string(i));
    }
  }
  std::vector<std::string> replayed;
  ASSERT_TRUE(log->Replay(0,
                          [&](LogPosition, RecordKind, std::span<const uint8_t> payload) {
                            replayed.emplace_back(AsText(payload));
                            return Result<>();
                          })
                  .ok());
  EXPECT_EQ(replayed, recorder_.heard());
  EXPECT_GT(log->stats().files, 1u);
}

TEST_F(LogTest, AnErasureEndsItsFile) {
  auto log = Open();
  ASSERT_TRUE(log->Append(RecordKind::kBatch, Payload("a")).ok());
  ASSERT_TRUE(log->Append(RecordKind::kErasure, Payload("a")).ok());
  ASSERT_TRUE(log->DropBefore(2).ok());
  EXPECT_EQ(log->stats().first, 2u);
  EXPECT_EQ(log->stats().files, 1u);
  EXPECT_EQ(log->Append(RecordKind::kBatch, Payload("b")).value(), 2u);
  log = nullptr;
  log = Open();
  EXPECT_EQ(log->end(), 3u);
  EXPECT_EQ(log->stats().first, 2u);
}

TEST_F(LogTest, WhatWaitsIsWrittenAsOneGroup) {
  recorder_.Close();
  const auto log = Open();
  std::atomic<int> answered = 0;
  const auto count = [&](Result<LogPosition> done) { answered += done.ok(); };
  log->Append(RecordKind::kBatch, Payload("first"), count);
  recorder_.WaitUntilEntered();
  for (int i = 0; i < 50; ++i) log->Append(RecordKind::kBatch, Payload("later"), count);
  recorder_.Open();
  log->Stop();
  EXPECT_EQ(answered, 51);
  EXPECT_EQ(log->stats().groups, 2u);
}

TEST_F(LogTest, AboveItsQueueItRefusesAtOnce) {
  recorder_.Close();
  const auto log = Open({.max_queue_bytes = 100});
  const auto ignore = [](Result<LogPosition>) {};
  log->Append(RecordKind::kBatch, Bytes(500), ignore);  // one record is always taken
  recorder_.WaitUntilEntered();
  log->Append(RecordKind::kBatch, Bytes(60), ignore);
  EXPECT_EQ(log->Append(RecordKind::kBatch, Bytes(60)).error().name(), "overloaded");
  recorder_.Open();
  EXPECT_EQ(log->Append(RecordKind::kBatch, Bytes(kMaxPayloadBytes + 1)).error().code(),
            Code::kTooLarge);
}

TEST_F(LogTest, StoppingWritesWhatIsQueuedAndRefusesTheRest) {
  recorder_.Close();
  const auto log = Open();
  std::atomic<int> answered = 0;
  for (int i = 0; i < 20; ++i) {
    log->Append(RecordKind::kBatch, Payload("x"),
                [&](Result<LogPosition> done) { answered += done.ok(); });
  }
  recorder_.Open();
  log->Stop();
  EXPECT_EQ(answered, 20);
  EXPECT_EQ(log->Append(RecordKind::kBatch, Payload("y")).error().name(), "stopping");
  disk_.Crash(3);
  recorder_.StartAt(20);
  EXPECT_EQ(Open()->end(), 20u);
}

TEST_F(LogTest, AFullDiskIsToldAndForgottenWhenSpaceIsBack) {
  const auto log = Open();
  ASSERT_TRUE(log->Append(RecordKind::kBatch, Payload("kept")).ok());
  disk_.SetCapacity(0);
  EXPECT_EQ(log->Append(RecordKind::kBatch, Payload("refused")).error().name(), "storage_full");
  EXPECT_EQ(log->health().error().name(), "storage_full");
  EXPECT_EQ(log->end(), 1u);
  disk_.SetCapacity(1 << 20);
  EXPECT_EQ(log->Append(RecordKind::kBatch, Payload("again")).value(), 1u);
  EXPECT_TRUE(log->health().ok());
  EXPECT_THAT(recorder_.heard(), ::testing::ElementsAre("kept", "again"));
}

TEST_F(LogTest, AFailedSyncEndsAcknowledgementsButNotReading) {
  const auto log = Open();
  ASSERT_TRUE(log->Append(RecordKind::kBatch, Payload("kept")).ok());
  disk_.InjectFault({.at = 2, .kind = io::FaultKind::kIoError});
  EXPECT_EQ(log->Append(RecordKind::kBatch, Payload("gone")).error().name(), "log_failed");
  EXPECT_EQ(log->Append(RecordKind::kBatch, Payload("never")).error().name(), "log_failed");
  EXPECT_EQ(log->health().error().name(), "log_failed");
  int read = 0;
  ASSERT_TRUE(log->Replay(0, [&](auto...) { return ++read, Result<>(); }).ok());
  EXPECT_EQ(read, 1);
  EXPECT_EQ(recorder_.heard().size(), 1u);
}

TEST_F(LogTest, ALogWithoutFilesBeginsWhereItIsTold) {
  recorder_.StartAt(77);
  EXPECT_EQ(Open({.first = 77})->Append(RecordKind::kBatch, Payload("a")).value(), 77u);
  EXPECT_EQ(Open({.first = 5})->end(), 78u);
}

TEST(DataDirLockTest, OneOwnerAtATimeEachWithALargerEpochAlsoAfterCrashes) {
  uint64_t last = 0;
  io::SimFileSystem disk;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    {
      const auto lock = DataDirLock::Acquire(disk, "/data").value();
      EXPECT_GT(lock.epoch(), last);
      last = lock.epoch();
      EXPECT_EQ(DataDirLock::Acquire(disk, "/data").error().name(), "locked");
      if (seed % 3 == 0) disk.Crash(seed);
    }
  }
}

TEST(DataDirLockTest, ADamagedEpochIsRefused) {
  io::SimFileSystem disk;
  {
    const auto lock = DataDirLock::Acquire(disk, "/data").value();
  }
  disk.Damage("/data/EPOCH", [](Bytes* bytes) { bytes->front() = 'x'; });
  EXPECT_EQ(DataDirLock::Acquire(disk, "/data").error().code(), Code::kCorrupt);
}

}  // namespace
}  // namespace waypost::log
