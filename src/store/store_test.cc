#include "store/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <random>
#include <set>

#include "io/sim_file_system.h"
#include "store/seen_messages.h"

namespace waypost::store {
namespace {

constexpr int64_t kNow = 1'790'000'000'000;
constexpr PropertyId kAmount = 20, kName = 30;

// One record of a pretended log: an event and a change of an attribute.
struct LogRecord {
  Ordinal ordinal;
  EventTypeId event;
  int64_t time_ms;
  int64_t amount;
};

// What a snapshot holds, as text: one line an event with its place in the customer's timeline, one
// line an attribute.
std::multiset<std::string> Contents(const Snapshot& snapshot) {
  std::multiset<std::string> lines;
  for (const column::BlockView& block : snapshot.view().blocks) {
    for (const column::EventBlock* part : block.parts) {
      for (const column::EventSlice& slice : part->slices) {
        slice.persons.ForEach([&](uint32_t local, column::RowRange rows) {
          for (uint32_t row = rows.begin; row < rows.end; ++row) {
            lines.insert("event " + std::to_string(block.block << 16 | local) + " " +
                         std::to_string(slice.event_type) + " " +
                         std::to_string(part->base_ms + slice.times[row]) + " " +
                         std::to_string(slice.Find(kAmount)->Whole(row)));
          }
        });
      }
    }
    for (const column::Column& column : block.attributes) {
      for (uint32_t row = 0; row < column.row_count(); ++row) {
        if (column.IsNull(row)) continue;
        lines.insert("attribute " + std::to_string(block.block << 16 | row) + " " +
                     std::string(column.Text(row)));
      }
    }
  }
  return lines;
}

std::multiset<std::string> Expected(const std::deque<LogRecord>& log) {
  std::multiset<std::string> lines;
  std::map<Ordinal, std::pair<int64_t, int64_t>> latest;
  for (const LogRecord& r : log) {
    lines.insert("event " + std::to_string(r.ordinal) + " " + std::to_string(r.event) + " " +
                 std::to_string(r.time_ms) + " " + std::to_string(r.amount));
    if (!latest.contains(r.ordinal) || r.time_ms >= latest[r.ordinal].first) {
      latest[r.ordinal] = {r.time_ms, r.amount};
    }
  }
  for (const auto& [ordinal, value] : latest) {
    lines.insert("attribute " + std::to_string(ordinal) + " n" + std::to_string(value.second));
  }
  return lines;
}

std::multiset<std::string> OfCustomers(const std::multiset<std::string>& lines,
                                       const std::vector<Ordinal>& customers) {
  std::multiset<std::string> found;
  for (const std::string& line : lines) {
    const std::string ordinal = line.substr(line.find(' ') + 1);
    if (std::ranges::find(customers, std::stoul(ordinal)) != customers.end()) found.insert(line);
  }
  return found;
}

// A store over a simulated disk, and a log that never forgets.
class StoreTest : public testing::Test {
 protected:
  Result<> Open() {
    store_ = nullptr;
    store_ = TRY(Store::Open(*disk_, "/store"));
    seen_records_ = 0;
    TRY(store_->ReadJournal("count", [&](std::span<const uint8_t> bytes) -> Result<> {
      seen_records_ += ByteReader(bytes).Varint();
      return {};
    }));
    // Every journal holds what was before the position, no more and no less.
    EXPECT_EQ(seen_records_, store_->position());
    for (LogPosition at = store_->position(); at < log_.size(); ++at) Apply(at);
    return {};
  }

  void Apply(LogPosition at) {
    const std::lock_guard lock(store_->mutex());
    const LogRecord& r = log_[at];
    const column::Cell cell{kAmount, column::ColumnType::kInt, r.amount, 0, {}};
    store_->Append(r.ordinal, r.event, r.time_ms, std::span(&cell, 1));
    const std::string name = "n" + std::to_string(r.amount);
    store_->AttributesOf(r.ordinal).Apply(at, r.ordinal & 0xFFFF, AttributeOp::kSet, kName,
                                          Value::String(name), r.time_ms);
    store_->Applied(at + 1);
  }

  void Record(int count) {
    for (int i = 0; i < count; ++i) {
      log_.push_back({Draw(3) * kBlockSize + Draw(40), Draw(4),
                      kNow + int64_t{Draw(90)} * 86'400'000, static_cast<int64_t>(Draw(1000))});
      Apply(log_.size() - 1);
    }
  }

  Result<> Flush() {
    {
      const std::lock_guard lock(store_->mutex());
      ByteWriter counted;
      counted.Varint(store_->applied() - flushed_);
      store_->BeginFlush({store_->applied(), {{"count", counted.Take()}}, {{"blob", {1, 2, 3}}}});
    }
    flushed_ = TRY(store_->Flush());
    return {};
  }

  std::shared_ptr<const Snapshot> Take() {
    const std::lock_guard lock(store_->mutex());
    return store_->TakeSnapshot({4 * kBlockSize, {}});
  }

  void ExpectNear(const std::vector<Ordinal>& members) {
    const std::lock_guard lock(store_->mutex());
    const auto near = store_->TakeSnapshotOf({members.front(), members}, {});
    EXPECT_EQ(OfCustomers(Contents(*near), members), OfCustomers(Expected(log_), members));
    for (const column::BlockView& block : near->view().blocks) {
      EXPECT_TRUE(std::ranges::is_sorted(block.parts, {}, &column::EventBlock::base_ms));
    }
  }

  void NewDisk() {
    store_ = nullptr;
    disk_ = std::make_unique<io::SimFileSystem>();
    log_.clear();
    flushed_ = 0;
  }

  uint32_t Draw(uint32_t below) { return static_cast<uint32_t>(random_() % below); }

  std::unique_ptr<io::SimFileSystem> disk_ = std::make_unique<io::SimFileSystem>();
  std::unique_ptr<Store> store_;
  std::deque<LogRecord> log_;
  LogPosition flushed_ = 0;
  uint64_t seen_records_ = 0;
  std::mt19937_64 random_{11};
};

TEST_F(StoreTest, EverythingAppliedIsInTheNextSnapshot) {
  ASSERT_TRUE(Open().ok());
  for (int i = 0; i < 12; ++i) {
    Record(50);
    EXPECT_EQ(Contents(*Take()), Expected(log_));
  }
}

TEST_F(StoreTest, WhatIsNearACustomerIsAllOfItsEventsAndLeavesThemPending) {
  ASSERT_TRUE(Open().ok());
  for (int i = 0; i < 12; ++i) {
    for (int j = 0; j < 10; ++j) {
      Record(5);
      ExpectNear({Draw(3) * kBlockSize + Draw(40)});
      const Ordinal first = Draw(20), second = 20 + Draw(20);
      ExpectNear({first, second, kBlockSize + first, 2 * kBlockSize + second});
    }
    EXPECT_EQ(store_->index().memory_rows(), 0u);
    if (i % 3 == 1) {
      EXPECT_EQ(Contents(*Take()), Expected(log_));
    }
    if (i % 3 != 0) ASSERT_TRUE(Flush().ok());
  }
}

TEST_F(StoreTest, PendingEventsOfACustomerWhoHasThousandsAreNotBuiltAgainAndAgain) {
  ASSERT_TRUE(Open().ok());
  Record(30);
  for (int i = 0; i < 1'500; ++i) {
    log_.push_back({5, 1, kNow + i, i});
    Apply(log_.size() - 1);
    if (i % 100 == 0) ExpectNear({5});
  }
  ExpectNear({5});
  EXPECT_GT(store_->index().memory_rows(), 1'000u);
  EXPECT_EQ(Contents(*Take()), Expected(log_));
}

TEST_F(StoreTest, ASnapshotStaysAsItWasWhilePartsAreWrittenAndMerged) {
  ASSERT_TRUE(Open().ok());
  Record(100);
  const auto before = Take();
  const auto expected = Expected(log_);
  for (int i = 0; i < 8; ++i) {
    Record(60);
    ASSERT_TRUE(Flush().ok());
    while (store_->Compact().value()) continue;
  }
  EXPECT_EQ(Contents(*before), expected);
  EXPECT_EQ(Contents(*Take()), Expected(log_));
}

TEST_F(StoreTest, ReopeningGivesWhatWasFlushedAndTheLogTheRest) {
  ASSERT_TRUE(Open().ok());
  Record(300);
  ASSERT_TRUE(Flush().ok());
  Record(70);
  ASSERT_TRUE(Open().ok());
  EXPECT_EQ(store_->position(), 300u);
  EXPECT_EQ(*store_->Blob("blob"), (Bytes{1, 2, 3}));
  EXPECT_EQ(Contents(*Take()), Expected(log_));
}

TEST_F(StoreTest, MergingLeavesFewPartsAndNoOrphans) {
  ASSERT_TRUE(Open().ok());
  for (int i = 0; i < 20; ++i) {
    Record(120);
    ASSERT_TRUE(Flush().ok());
    while (store_->Compact().value()) continue;
  }
  for (const auto& [key, list] : store_->index().lists()) EXPECT_LE(list.size(), 6u);
  size_t parts = 0, files = 0;
  for (const auto& [key, list] : store_->index().lists()) parts += list.size();
  for (const auto& entry : disk_->List("/store").value()) files += entry.name.starts_with("part-");
  EXPECT_EQ(parts, files);
}

TEST_F(StoreTest, TwoPartsBecomeOneOnlyWhereNothingArrives) {
  ASSERT_TRUE(Open().ok());
  const auto arrive = [&](int month) {
    log_.push_back({1, 1, kNow + int64_t{month} * 31 * 86'400'000, 5});
    Apply(log_.size() - 1);
  };
  const auto parts_of_first = [&] {
    while (store_->Compact().value()) continue;
    return store_->index().lists().begin()->second.size();
  };
  for (int i = 0; i < 2; ++i) {
    arrive(0);
    ASSERT_TRUE(Flush().ok());
  }
  arrive(0);
  EXPECT_EQ(parts_of_first(), 2u);
  ASSERT_TRUE(Flush().ok());
  arrive(1);
  EXPECT_EQ(parts_of_first(), 3u);
  ASSERT_TRUE(Flush().ok());
  arrive(1);
  EXPECT_EQ(parts_of_first(), 1u);
  EXPECT_EQ(Contents(*Take()), Expected(log_));
}

TEST_F(StoreTest, ALittleThatCameLastKeepsNoLargePartsApart) {
  ASSERT_TRUE(Open().ok());
  const auto arrive = [&](int month, int rows) {
    for (int i = 0; i < rows; ++i) {
      log_.push_back({1, 1, kNow + int64_t{month} * 31 * 86'400'000 + i, 5});
      Apply(log_.size() - 1);
    }
    ASSERT_TRUE(Flush().ok());
  };
  for (const int rows : {40, 50, 1}) arrive(0, rows);
  arrive(1, 1);
  while (store_->Compact().value()) continue;
  EXPECT_EQ(store_->index().lists().begin()->second.size(), 1u);
  EXPECT_EQ(Contents(*Take()), Expected(log_));
}

TEST_F(StoreTest, RowsThatArriveDuringAFlushAreNotInItsPosition) {
  ASSERT_TRUE(Open().ok());
  Record(100);
  {
    const std::lock_guard lock(store_->mutex());
    ByteWriter counted;
    counted.Varint(100);
    store_->BeginFlush({store_->applied(), {{"count", counted.Take()}}, {}});
  }
  Record(50);
  EXPECT_EQ(Contents(*Take()), Expected(log_));
  EXPECT_EQ(store_->Flush().value(), 100u);
  EXPECT_EQ(Contents(*Take()), Expected(log_));
  ASSERT_TRUE(Open().ok());
  EXPECT_EQ(Contents(*Take()), Expected(log_));
}

TEST_F(StoreTest, ACrashAtAnyOperationLosesNothingAndDoublesNothing) {
  for (uint64_t seed = 0; seed < 60; ++seed) {
    NewDisk();
    random_.seed(seed);
    ASSERT_TRUE(Open().ok());
    for (int round = 0; round < 4; ++round) {
      Record(30);
      disk_->InjectFault({.at = 1 + Draw(60), .kind = io::FaultKind::kPowerOff, .sticky = true});
      bool alive = Flush().ok();
      for (bool merging = alive; merging;) {
        const Result<bool> merged = store_->Compact();
        alive = merged.ok();
        merging = alive && merged.value();
      }
      store_ = nullptr;
      disk_->ClearFault();
      disk_->Crash(seed * 7 + static_cast<uint64_t>(round));
      const Result<> opened = Open();
      ASSERT_TRUE(opened.ok()) << opened.error().message() << " seed " << seed;
      ASSERT_THAT(store_->damaged_parts(), testing::IsEmpty()) << "seed " << seed;
      flushed_ = store_->position();
      ASSERT_EQ(Contents(*Take()), Expected(log_)) << "seed " << seed << " round " << round;
    }
  }
}

TEST_F(StoreTest, AfterAnyFailedOperationTheNextFlushTriesAgain) {
  for (const io::FaultKind kind :
       {io::FaultKind::kIoError, io::FaultKind::kNoSpace, io::FaultKind::kShortWrite}) {
    for (uint64_t at = 1;; ++at) {
      NewDisk();
      ASSERT_TRUE(Open().ok());
      Record(40);
      ASSERT_TRUE(Flush().ok());
      Record(40);
      disk_->InjectFault({.at = at, .kind = kind});
      const uint64_t before = disk_->operation_count();
      const Result<> flushed = Flush();
      const uint64_t operations = disk_->operation_count() - before;
      disk_->ClearFault();
      EXPECT_EQ(Contents(*Take()), Expected(log_));
      if (operations < at) break;  // the whole flush went by without a fault
      Record(5);
      if (!flushed.ok()) {
        ASSERT_TRUE(store_->Flush().ok());
      }
      ASSERT_TRUE(Open().ok());
      ASSERT_EQ(Contents(*Take()), Expected(log_)) << "fault at " << at;
    }
  }
}

TEST_F(StoreTest, EveryFlippedByteOfAPartIsFoundAndTheRestGoesOn) {
  ASSERT_TRUE(Open().ok());
  Record(60);
  ASSERT_TRUE(Flush().ok());
  std::string path;
  for (const auto& entry : disk_->List("/store").value()) {
    if (entry.name.starts_with("part-")) path = "/store/" + entry.name;
  }
  const uint64_t size = disk_->FileSize(path).value();
  for (uint64_t at = 0; at < size; at += 97) {
    disk_->Damage(path, [&](Bytes* bytes) { (*bytes)[at] ^= 0x10; });
    const auto store = Store::Open(*disk_, "/store").value();
    ASSERT_EQ(store->damaged_parts().size(), 1u) << at;
    EXPECT_THAT(store->damaged_parts()[0], testing::HasSubstr(path));
    const std::lock_guard lock(store->mutex());
    const auto snapshot = store->TakeSnapshot({4 * kBlockSize, {}});
    EXPECT_EQ(snapshot->view().damaged_parts.size(), 1u);
    EXPECT_LT(Contents(*snapshot).size(), Expected(log_).size());
    disk_->Damage(path, [&](Bytes* bytes) { (*bytes)[at] ^= 0x10; });
  }
}

TEST(PartIndexTest, AMergeHasNoMoreRowsThanItMay) {
  PartList parts;
  for (const uint32_t rows : {8, 1, 1, 1, 1, 1, 1, 1, 1}) {
    column::BlockBuilder builder(0, MonthStart(kNow));
    for (uint32_t row = 0; row < rows; ++row) builder.Add({1, row, kNow, {}});
    parts.push_back(Part::InMemory(builder.Build()));
  }
  EXPECT_EQ(MergeOf(parts, 8, 1).size(), 9u);
  EXPECT_EQ(MergeOf(parts, 8, 1, 16).size(), 9u);
  EXPECT_EQ(MergeOf(parts, 8, 1, 15).size(), 8u);
  EXPECT_TRUE(MergeOf(parts, 8, 1, 7).empty());
}

TEST(AttributeBlockTest, TheLatestTimeWinsInWhateverOrder) {
  AttributeBlock block(0);
  block.Apply(1, 5, AttributeOp::kSet, kName, Value::String("new"), 200);
  block.Apply(2, 5, AttributeOp::kSet, kName, Value::String("old"), 100);
  EXPECT_EQ(block.Columns()->columns()[0].Text(5), "new");
  block.Apply(3, 5, AttributeOp::kUnset, kName, Value::String(""), 150);
  EXPECT_FALSE(block.Columns()->columns()[0].IsNull(5));
  block.Apply(4, 5, AttributeOp::kUnset, kName, Value::String(""), 300);
  EXPECT_TRUE(block.Columns()->columns()[0].IsNull(5));
}

TEST(AttributeBlockTest, SetOnceKeepsTheEarliestAndNeverBeatsASet) {
  AttributeBlock block(0);
  block.Apply(1, 0, AttributeOp::kSetOnce, kName, Value::String("later"), 200);
  block.Apply(2, 0, AttributeOp::kSetOnce, kName, Value::String("first"), 100);
  EXPECT_EQ(block.Columns()->columns()[0].Text(0), "first");
  block.Apply(3, 0, AttributeOp::kSet, kName, Value::String("set"), 50);
  block.Apply(4, 0, AttributeOp::kSetOnce, kName, Value::String("no"), 10);
  EXPECT_EQ(block.Columns()->columns()[0].Text(0), "set");
}

TEST(AttributeBlockTest, IncrementsAndAppendsSurviveEncodingAndAReplayChangesNothing) {
  ByteWriter items;
  items.Text("基金");
  AttributeBlock block(7);
  const auto apply = [&](AttributeBlock* to) {
    to->Apply(1, 3, AttributeOp::kIncrement, kAmount, Value::Int(2), 10);
    to->Apply(2, 3, AttributeOp::kIncrement, kAmount, Value::Double(0.5), 20);
    to->Apply(3, 3, AttributeOp::kAppend, kName, Value::List(AsText(items.bytes())), 20);
    to->Apply(4, 3, AttributeOp::kAppend, kName, Value::List(AsText(items.bytes())), 30);
    to->Reached(5);
  };
  apply(&block);
  auto copy = AttributeBlock::Decode(block.Encode()).value();
  apply(copy.get());
  const auto columns = copy->Columns();
  EXPECT_EQ(columns->columns()[0].Real(3), 2.5);
  EXPECT_EQ(columns->columns()[1].Items(3).size(), 1u);
  EXPECT_EQ(copy->Encode(), block.Encode());
}

std::string ValueAt(const column::Column& column, uint32_t row) {
  if (column.type() == column::ColumnType::kString) return std::string(column.Text(row));
  if (column.type() == column::ColumnType::kInt) return std::to_string(column.Whole(row));
  return std::to_string(column.Real(row));
}

// Readings between changes, so that columns are patched, against one block that is read once.
TEST(AttributeBlockTest, ColumnsThatAreReadOftenAreWhatTheyAreWhenReadOnce) {
  std::mt19937 random(5);
  AttributeBlock often(0);
  std::vector<std::shared_ptr<const AttributeColumns>> held;
  const auto same = [&] {
    const auto patched = often.Columns();
    held.push_back(patched);
    const auto anew = AttributeBlock::Decode(often.Encode()).value();
    const auto fresh = anew->Columns();
    ASSERT_EQ(patched->columns().size(), fresh->columns().size());
    for (size_t i = 0; i < fresh->columns().size(); ++i) {
      const column::Column &a = patched->columns()[i], &b = fresh->columns()[i];
      ASSERT_EQ(a.row_count(), b.row_count());
      for (uint32_t row = 0; row < a.row_count(); ++row) {
        ASSERT_EQ(a.IsNull(row), b.IsNull(row));
        if (a.IsNull(row)) continue;
        ASSERT_EQ(ValueAt(a, row), ValueAt(b, row));
      }
    }
  };
  for (LogPosition at = 1; at < 3000; ++at) {
    const auto local = static_cast<uint32_t>(random() % std::min<LogPosition>(200, at));
    const auto number = static_cast<int64_t>(random() % at);
    const auto time = static_cast<int64_t>(at);
    const AttributeOp op = random() % 9 == 0 ? AttributeOp::kUnset : AttributeOp::kSet;
    often.Apply(at, local, op, kName, Value::String("name " + std::to_string(number % 700)), time);
    often.Apply(at, local, op, kAmount, Value::Int(number), time);
    often.Apply(at, local, op, kAmount + 1, Value::Double(static_cast<double>(number)), time);
    if (at % 7 == 0) same();
  }
  const column::Dictionary& names = held.back()->columns().back().dictionary();
  ASSERT_GT(names.size(), 100u);
  for (uint32_t i = 1; i < names.size(); ++i) EXPECT_LT(names.Text(i - 1), names.Text(i));
}

TEST(AttributeBlockTest, APropertyThatIsThereTwiceIsRefused) {
  ByteWriter twice;
  for (const uint64_t head : {0, 0, 0, 2})
    twice.Varint(head);  // block, position, sources, attributes
  for (int i = 0; i < 2; ++i) {
    twice.Varint(kName);
    twice.U8(static_cast<uint8_t>(ValueType::kString));
    twice.Varint(0);
    twice.Varint(0);
  }
  EXPECT_FALSE(AttributeBlock::Decode(twice.bytes()).ok());
}

TEST(SeenMessagesTest, KnowsAKeyForTheHorizonAndForgetsItAfter) {
  constexpr int64_t kDay = 86'400'000;
  SeenMessages seen(8);
  EXPECT_TRUE(seen.Add("a", kNow));
  EXPECT_FALSE(seen.Add("a", kNow + 7 * kDay));
  EXPECT_TRUE(seen.Add("b", kNow + 20 * kDay));
  EXPECT_TRUE(seen.Add("a", kNow + 20 * kDay));
}

TEST(SeenMessagesTest, RemembersThroughItsJournal) {
  SeenMessages seen(8);
  for (int i = 0; i < 5'000; ++i) EXPECT_TRUE(seen.Add("key" + std::to_string(i), kNow));
  const Bytes first = seen.Drain();
  seen.Add("late", kNow);
  SeenMessages restored(8), whole(8);
  ASSERT_TRUE(restored.Restore(first).ok());
  ASSERT_TRUE(restored.Restore(seen.Drain()).ok());
  ASSERT_TRUE(whole.Restore(seen.EncodeAll()).ok());
  for (SeenMessages* copy : {&restored, &whole}) {
    EXPECT_EQ(copy->size(), 5'001u);
    EXPECT_FALSE(copy->Add("key77", kNow));
    EXPECT_FALSE(copy->Add("late", kNow));
  }
}

}  // namespace
}  // namespace waypost::store
