#include <gtest/gtest.h>

#include <algorithm>
#include <future>

#include "engine/engine.h"
#include "engine/timeline.h"
#include "io/sim_file_system.h"
#include "io/sim_random.h"

namespace waypost::engine {
namespace {

constexpr int64_t kErasedMs = 1'790'000'000'000;

class ErasureTest : public testing::Test {
 protected:
  ErasureTest() { Open(); }

  void Open(const std::string& directory = "/data") {
    engine_ = nullptr;
    engine_ =
        Engine::Open(disk_, clock_, random_, {.directory = directory, .erasure_list = "/erasures"})
            .value();
  }

  void Append(Bytes batch) {
    std::promise<bool> answer;
    engine_->Append(std::move(batch),
                    [&](const Result<LogPosition>& done) { answer.set_value(done.ok()); });
    ASSERT_TRUE(answer.get_future().get());
  }

  // Two events and an attribute, on a device.
  void Live(const std::string& who, const std::string& device, int64_t time_ms) {
    BatchWriter out({"default", "test", kErasedMs, {}});
    for (const char* event : {"view", "pay"}) {
      out.BeginEvent(event, {.time_ms = time_ms});
      out.AddIdentity("login", who);
      out.AddIdentity("device", device);
      out.AddProperty("note", Value::String("note of " + who));
      out.EndItem();
    }
    out.BeginEvent("view", {.time_ms = time_ms + 1});  // alone
    out.AddIdentity("device", device);
    out.AddProperty("note", Value::String("note of " + who));
    out.EndItem();
    out.BeginItem(ItemKind::kProfile, kProfileSet, {}, {.time_ms = time_ms});
    out.AddIdentity("login", who);
    out.AddProperty("name", Value::String("name of " + who));
    out.EndItem();
    Append(out.Finish());
  }

  // Events of the customer, or -1 when nobody has the identity.
  int EventsOf(std::string_view key, std::string_view value) {
    const Reading reading = engine_->Read().value();
    std::vector<Ordinal> members;
    engine_->Look([&](const Applier& applier) {
      const auto found = applier.identities().Find(key, value);
      if (found) members = applier.identities().Members(*found);
    });
    if (members.empty()) return -1;
    uint64_t events = 0;
    for (const auto& [type, count] : CountEvents(reading.snapshot->view(), members)) {
      events += count.count;
    }
    return static_cast<int>(events);
  }

  // Rows that an answer may read.
  uint64_t RowsSeen() {
    const Reading reading = engine_->Read().value();
    uint64_t rows = 0;
    for (const column::BlockView& block : reading.snapshot->view().blocks) {
      for (const column::EventBlock* part : block.parts) {
        part->timeline.persons.ForEach([&](uint32_t local, column::RowRange range) {
          if (!reading.snapshot->view().IsErased(block.block << kBlockBits | local)) {
            rows += range.size();
          }
        });
      }
    }
    return rows;
  }

  // Whether any file below `directory` holds the text.
  bool IsOnDisk(const std::string& text, const std::string& directory = "/data") {
    for (const io::DirectoryEntry& entry : disk_.List(directory).value()) {
      const std::string path = directory + "/" + entry.name;
      if (entry.is_directory ? IsOnDisk(text, path) : IsInFile(text, path)) return true;
    }
    return false;
  }

  bool IsInFile(const std::string& text, const std::string& path) {
    const auto file = disk_.Map(path);
    if (!file.ok()) return false;
    const auto bytes = file.value().bytes();
    return std::search(bytes.begin(), bytes.end(), text.begin(), text.end()) != bytes.end();
  }

  // The keeper does it by and by.
  bool GoesFromDisk(const std::string& text) {
    for (int i = 0; i < 100 && IsOnDisk(text, "/data/store"); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return !IsOnDisk(text, "/data/store");
  }

  io::SimFileSystem disk_;
  ManualClock clock_{kErasedMs};
  io::SimRandom random_{1};
  std::unique_ptr<Engine> engine_;
};

TEST_F(ErasureTest, TheLogAndWhatCameLastHoldNothingOfWhoWasErased) {
  Live("ann", "phone 1", kErasedMs);
  Live("bob", "phone 2", kErasedMs);
  ASSERT_TRUE(engine_->EraseCustomer("login", "ann").ok());
  EXPECT_FALSE(IsOnDisk("note of ann", "/data/log"));
  EXPECT_TRUE(engine_->RecentBatches().empty());
  Live("eve", "phone 3", kErasedMs);
  Open();
  EXPECT_EQ(EventsOf("login", "ann"), -1);
  EXPECT_EQ(EventsOf("login", "bob"), 3);
  EXPECT_EQ(EventsOf("login", "eve"), 3);
}

TEST_F(ErasureTest, AnErasedCustomerIsInNoAnswerAndSeenAgainIsSomebodyNew) {
  Live("ann", "phone 1", kErasedMs);
  Live("bob", "phone 1", kErasedMs + 10);
  EXPECT_EQ(EventsOf("login", "ann"), 3);
  EXPECT_EQ(RowsSeen(), 6u);
  ASSERT_TRUE(engine_->EraseCustomer("login", "ann").ok());
  EXPECT_EQ(EventsOf("login", "ann"), -1);
  EXPECT_EQ(EventsOf("login", "bob"), 3);
  EXPECT_EQ(RowsSeen(), 3u);
  Live("ann", "phone 2", kErasedMs + 20);
  EXPECT_EQ(EventsOf("login", "ann"), 3);
  EXPECT_EQ(RowsSeen(), 6u);
  ASSERT_TRUE(engine_->EraseCustomer("login", "nobody").ok());
  EXPECT_EQ(RowsSeen(), 6u);
}

TEST_F(ErasureTest, WhatAnErasedCustomerDidGoesFromTheDiskAndNothingElseDoes) {
  Live("ann", "tablet of ann", kErasedMs);
  Live("bob", "phone of bob", kErasedMs + 10);
  ASSERT_TRUE(engine_->Flush().ok());
  ASSERT_TRUE(IsOnDisk("note of ann", "/data/store") && IsOnDisk("name of ann", "/data/store"));
  ASSERT_TRUE(engine_->EraseCustomer("login", "ann").ok());
  for (const char* text : {"note of ann", "name of ann", "tablet of ann"}) {
    EXPECT_TRUE(GoesFromDisk(text)) << text;
  }
  EXPECT_TRUE(IsOnDisk("note of bob") && IsOnDisk("name of bob") && IsOnDisk("phone of bob"));
  for (int restart = 0; restart < 2; ++restart) {
    ASSERT_TRUE(engine_->Stop().ok());
    Open();
    EXPECT_EQ(EventsOf("login", "ann"), -1);
    EXPECT_EQ(EventsOf("login", "bob"), 3);
    EXPECT_EQ(engine_->status().rows, 3u);
    EXPECT_EQ(RowsSeen(), 3u);
  }
}

TEST_F(ErasureTest, AnErasureIsReplayedFromTheLogAsItWas) {
  Live("ann", "phone 1", kErasedMs);
  ASSERT_TRUE(engine_->EraseCustomer("device", "phone 1").ok());
  Live("ann", "phone 1", kErasedMs + 20);
  ASSERT_TRUE(engine_->Read().ok());
  io::SimFileSystem& disk = disk_;
  engine_ = nullptr;
  disk.Crash(3);
  Open();
  EXPECT_EQ(EventsOf("login", "ann"), 3);
  EXPECT_EQ(RowsSeen(), 3u);
}

TEST_F(ErasureTest, OneOfManyCustomersGoesAndTheOthersEventsAreKeptInOrder) {
  for (int i = 0; i < 40; ++i) {
    Live("user " + std::to_string(i % 8), "device " + std::to_string(i % 8),
         kErasedMs + i / 16 * 1'000);
    if (i % 10 == 9) {
      ASSERT_TRUE(engine_->Flush().ok());
    }
  }
  ASSERT_TRUE(engine_->EraseCustomer("login", "user 3").ok());
  EXPECT_TRUE(GoesFromDisk("note of user 3"));
  EXPECT_EQ(RowsSeen(), 7u * 15);
  for (const char* who : {"user 0", "user 4", "user 7"}) EXPECT_EQ(EventsOf("login", who), 15);
}

TEST_F(ErasureTest, ABackupFromBeforeForgetsTheErasedWhenItIsRestored) {
  Live("ann", "phone 1", kErasedMs);
  Live("bob", "phone 2", kErasedMs + 10);
  ASSERT_TRUE(engine_->Backup("/backup").ok());
  clock_.SetNowMs(kErasedMs + 1'000);
  ASSERT_TRUE(engine_->EraseCustomer("login", "ann").ok());
  EXPECT_FALSE(IsInFile("ann", "/erasures"));
  Live("ann", "phone 3", kErasedMs + 2'000);
  ASSERT_TRUE(engine_->Backup("/later").ok());
  Open("/backup");
  EXPECT_EQ(EventsOf("login", "ann"), -1);
  EXPECT_EQ(EventsOf("login", "bob"), 3);
  EXPECT_EQ(RowsSeen(), 3u);
  Open("/later");  // somebody new
  EXPECT_EQ(EventsOf("login", "ann"), 3);
}

}  // namespace
}  // namespace waypost::engine
