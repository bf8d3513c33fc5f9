// What is read back after files were cut, damaged, mixed up, or the power went.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "log/log_fixture.h"
#include "log/log_scan.h"

namespace waypost::log {
namespace {

using ::testing::HasSubstr;

std::string PathOf(LogPosition first) { return kLogPath + "/" + LogFileName(first); }

// True when record i of `seen` is the one written at position i.
bool IsPrefix(const std::vector<std::string>& seen, size_t max_size = 300) {
  for (size_t i = 0; i < seen.size(); ++i) {
    if (seen[i] != PayloadOf(i, max_size)) return false;
  }
  return true;
}

class LogRecoveryTest : public ::testing::Test {
 protected:
  // Opens the log, writes groups of `group_size` records up to position `end`, closes it.
  void Write(LogPosition end, size_t group_size, uint64_t max_file_bytes = 1 << 20) {
    auto log = BareLog::Open(disk_, random_, max_file_bytes).value();
    while (log->writer->end() < end) {
      const size_t count = std::min<size_t>(group_size, end - log->writer->end());
      ASSERT_TRUE(log->writer->Write(GroupFrom(log->writer->end(), count)).ok());
    }
  }
  Bytes FileBytes(LogPosition first) { return io::ReadFile(disk_, PathOf(first), 1 << 30).value(); }
  void SetFile(LogPosition first, const Bytes& bytes) {
    disk_.Damage(PathOf(first), [&](Bytes* file) { *file = bytes; });
  }
  // Everything the log holds after opening it, or the error on the way.
  Result<std::vector<std::string>> Recovered() {
    const auto log = TRY(BareLog::Open(disk_, random_, 1 << 20));
    return log->ReadAll();
  }
  std::vector<LogPosition> Files() {
    const auto entries = disk_.List(kLogPath).value();
    std::vector<LogPosition> firsts;
    for (const auto& entry : entries) firsts.push_back(ParseLogFileName(entry.name).value());
    return firsts;
  }

  io::SimFileSystem disk_;
  io::SimRandom random_{1};
};

TEST_F(LogRecoveryTest, ReadsBackWhatWasWrittenAcrossFiles) {
  Write(200, 7, 4000);
  EXPECT_GT(Files().size(), 5u);
  const auto log = BareLog::Open(disk_, random_, 4000).value();
  EXPECT_EQ(log->writer->end(), 200u);
  EXPECT_EQ(log->ReadAll().value().size(), 200u);
  EXPECT_TRUE(IsPrefix(log->ReadAll().value()));
  EXPECT_EQ(log->ReadAll(150).value().front(), PayloadOf(150));
  EXPECT_TRUE(log->ReadAll(200).value().empty());
}

TEST_F(LogRecoveryTest, AtEveryCutTheWholeRecordsBeforeItRemainAndMoreCanBeWritten) {
  Write(60, 4);
  const Bytes whole = FileBytes(0);
  const FileHeader header = DecodeFileHeader(whole).value();
  for (size_t size = 0; size <= whole.size(); ++size) {
    const Bytes cut(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size));
    size_t expected = 0;
    for (LogScan scan(cut, header); size >= kFileHeaderSize && scan.Next();) ++expected;
    SetFile(0, cut);
    auto log = BareLog::Open(disk_, random_, 1 << 20).value();
    ASSERT_EQ(log->writer->end(), expected) << "cut at " << size;
    ASSERT_TRUE(log->writer->Write(GroupFrom(expected, 1)).ok());
    const auto seen = Recovered().value();
    ASSERT_EQ(seen.size(), expected + 1);
    ASSERT_TRUE(IsPrefix(seen));
  }
}

// One way to damage bytes; false when it changed nothing.
bool DamageSomewhere(io::Random& random, Bytes* bytes) {
  const Bytes before = *bytes;
  const size_t at = random.Below(bytes->size());
  const size_t sector = at / 512 * 512;
  const auto size = static_cast<ptrdiff_t>(std::min<size_t>(512, bytes->size() - sector));
  const auto begin = bytes->begin() + static_cast<ptrdiff_t>(sector);
  switch (random.Below(4)) {
    case 0:
      (*bytes)[at] ^= static_cast<uint8_t>(1 << random.Below(8));
      break;
    case 1:
      (*bytes)[at] = static_cast<uint8_t>(random.Next());
      break;
    case 2:
      std::fill(begin, begin + size, 0);
      break;
    default:
      std::swap_ranges(begin, begin + size,
                       bytes->begin() + static_cast<ptrdiff_t>(random.Below(
                                            bytes->size() - static_cast<size_t>(size) + 1)));
  }
  return *bytes != before;
}

TEST_F(LogRecoveryTest, EveryFlipSwapAndZeroedSectorIsFoundOrOnlyCostsTheLastWrite) {
  // Groups larger than any damage below: what wipes out a whole last group leaves no trace of it.
  Write(300, 20, 16'000);
  const std::vector<LogPosition> files = Files();
  std::map<LogPosition, Bytes> whole;
  for (const LogPosition first : files) whole[first] = FileBytes(first);
  std::map<std::string, int> outcomes;
  for (int round = 0; round < 6000; ++round) {
    const LogPosition hit = files[random_.Below(files.size())];
    Bytes damaged = whole[hit];
    if (!DamageSomewhere(random_, &damaged)) continue;
    SetFile(hit, damaged);
    const auto seen = Recovered();
    if (seen.ok()) {
      ASSERT_EQ(hit, files.back()) << round;
      ASSERT_GE(seen.value().size(), 280u) << round;  // the last group may look torn
      ASSERT_LT(seen.value().size(), 300u) << round;
      ASSERT_TRUE(IsPrefix(seen.value())) << round;
      ++outcomes["cut"];
    } else {
      ASSERT_EQ(seen.error().name(), "log_corrupt") << seen.error().message();
      ASSERT_THAT(seen.error().message(), HasSubstr(LogFileName(hit) + " byte "));
      ++outcomes["named"];
    }
    SetFile(hit, whole[hit]);
  }
  EXPECT_GT(outcomes["named"], 4000);
  EXPECT_GT(outcomes["cut"], 10);
  EXPECT_EQ(Recovered().value().size(), 300u);
}

TEST_F(LogRecoveryTest, ATornGroupIsCutEvenWhenALaterRecordOfItIsWhole) {
  Write(10, 10);
  Bytes bytes = FileBytes(0);
  bytes[kFileHeaderSize + kRecordHeaderSize] ^= 1;  // the first record of ten
  SetFile(0, bytes);
  EXPECT_TRUE(Recovered().value().empty());
}

TEST_F(LogRecoveryTest, AHoleBeforeALaterGroupIsANamedError) {
  Write(10, 5);
  Bytes bytes = FileBytes(0);
  bytes[kFileHeaderSize + kRecordHeaderSize] ^= 1;
  SetFile(0, bytes);
  EXPECT_THAT(Recovered().error().message(),
              HasSubstr("log-00000000000000000000.wal byte 40: record 0 is damaged"));
}

TEST_F(LogRecoveryTest, AMissingFileInTheMiddleOrAtTheEndIsANamedError) {
  Write(100, 3, 3000);
  const std::vector<LogPosition> files = Files();
  ASSERT_GT(files.size(), 3u);
  const Bytes middle = FileBytes(files[1]);
  ASSERT_TRUE(disk_.Remove(PathOf(files[1])).ok());
  EXPECT_THAT(Recovered().error().message(), HasSubstr(LogFileName(files[2]) + " byte 0: records"));
  ASSERT_TRUE(disk_.Create(PathOf(files[1])).value()->Append(middle).ok());
  ASSERT_TRUE(disk_.Remove(PathOf(files.back())).ok());
  const auto log = BareLog::Open(disk_, random_, 3000).value();
  EXPECT_THAT(log->ReadAll(100).error().message(), HasSubstr("its last files are missing"));
}

TEST_F(LogRecoveryTest, AFileInTheWrongPlaceIsANamedError) {
  Write(100, 3, 3000);
  const std::vector<LogPosition> files = Files();
  SetFile(files[2], FileBytes(files[1]));
  EXPECT_THAT(Recovered().error().message(), HasSubstr("not what its name says"));
}

TEST_F(LogRecoveryTest, AHalfStartedFileIsForgottenButNotTheRecordsBeforeIt) {
  Write(20, 4);
  for (const size_t size : {0u, 1u, 39u}) {
    ASSERT_TRUE(disk_.Create(PathOf(20)).value()->Append(Bytes(size, 0)).ok());
    EXPECT_EQ(Recovered().value().size(), 20u);
    EXPECT_EQ(Files().size(), 1u);
  }
  ASSERT_TRUE(disk_.Create(PathOf(20)).ok());
  Bytes bytes = FileBytes(0);
  bytes.back() ^= 1;  // surely on disk before the next file was started
  SetFile(0, bytes);
  EXPECT_EQ(Recovered().error().name(), "log_corrupt");
}

TEST_F(LogRecoveryTest, OldFilesAreDroppedWholeAndTheLastOneStays) {
  Write(100, 3, 3000);
  const std::vector<LogPosition> files = Files();
  const auto log = BareLog::Open(disk_, random_, 3000).value();
  ASSERT_TRUE(log->directory.DropBefore(files[2] + 1).ok());
  EXPECT_EQ(Files().front(), files[2]);
  EXPECT_EQ(log->directory.first(), files[2]);
  EXPECT_EQ(log->ReadAll(files[2]).value().size(), 100 - files[2]);
  EXPECT_EQ(log->ReadAll(0).error().name(), "log_dropped");
  ASSERT_TRUE(log->directory.DropBefore(1000).ok());
  EXPECT_THAT(Files(), ::testing::ElementsAre(files.back()));
}

TEST_F(LogRecoveryTest, AFullDiskRefusesTheGroupWholeAndTakesItLater) {
  Write(3, 3);
  auto log = BareLog::Open(disk_, random_, 2000).value();
  for (uint64_t capacity = 0; capacity < 6000;
       capacity += 7) {  // also in the middle of starting a file
    disk_.SetCapacity(capacity);
    const LogPosition end = log->writer->end();
    const auto refused = log->writer->Write(GroupFrom(end, 5));
    if (!refused.ok()) {
      ASSERT_EQ(refused.error().name(), "storage_full");
      ASSERT_EQ(log->writer->end(), end);
      ASSERT_EQ(log->ReadAll().value().size(), end);
    }
  }
  EXPECT_GT(log->writer->end(), 20u);
  disk_.Crash(1);
  EXPECT_EQ(Recovered().value().size(), log->writer->end());
  EXPECT_TRUE(IsPrefix(Recovered().value()));
}

TEST_F(LogRecoveryTest, AfterOneFailedSyncNothingIsAcknowledgedAgain) {
  Write(3, 3);
  auto log = BareLog::Open(disk_, random_, 1 << 20).value();
  disk_.InjectFault({.at = 2, .kind = io::FaultKind::kIoError});  // the sync, once
  EXPECT_EQ(log->writer->Write(GroupFrom(3, 2)).error().name(), "log_failed");
  EXPECT_EQ(log->writer->Write(GroupFrom(3, 2)).error().name(), "log_failed");
  EXPECT_EQ(log->ReadAll().value().size(), 3u);
  disk_.Crash(5);
  EXPECT_EQ(Recovered().value().size(), 3u);
}

// Opens the log, writes groups and drops old files until `steps` are done or the disk fails;
// returns the acknowledged end, and in *written the end including the group that failed.
LogPosition RunScript(io::SimFileSystem& disk, io::Random& random, int steps,
                      LogPosition* written) {
  auto log = BareLog::Open(disk, random, 4096);
  if (!log.ok()) return 0;
  LogWriter& writer = *log.value()->writer;
  for (int step = 0; step < steps; ++step) {
    const size_t count = 1 + random.Below(6);
    *written = std::max(*written, writer.end() + count);
    (void)writer.Write(GroupFrom(writer.end(), count, 900));
    if (random.Below(20) == 0) (void)log.value()->directory.DropBefore(writer.end() / 2);
  }
  return writer.end();
}

// Opens the log after a crash and checks that it holds all that was acknowledged, in order, and
// nothing that was never written.
void ExpectRecovers(io::SimFileSystem& disk, io::Random& random, LogPosition acknowledged,
                    LogPosition written) {
  const auto log = BareLog::Open(disk, random, 4096);
  ASSERT_TRUE(log.ok()) << log.error().message();
  const LogPosition end = log.value()->writer->end();
  ASSERT_GE(end, acknowledged);
  ASSERT_LE(end, written);
  LogPosition at = log.value()->directory.first();
  const auto seen = log.value()->ReadAll(at);
  ASSERT_TRUE(seen.ok()) << seen.error().message();
  for (const std::string& payload : seen.value()) ASSERT_EQ(payload, PayloadOf(at++, 900));
  ASSERT_EQ(at, end);
}

TEST(LogCrashTest, WhateverTheDiskForgetsEveryAcknowledgedRecordSurvives) {
  for (uint64_t seed = 0; seed < 800; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    io::SimFileSystem disk;
    io::SimRandom random(seed);
    LogPosition written = 0;
    for (int life = 0; life < 3; ++life) {
      disk.InjectFault({.at = 1 + random.Below(60), .kind = io::FaultKind::kPowerOff});
      const LogPosition acknowledged = RunScript(disk, random, 20, &written);
      disk.Crash(random.Next());
      ASSERT_NO_FATAL_FAILURE(ExpectRecovers(disk, random, acknowledged, written));
    }
  }
}

struct FaultCase {
  io::FaultKind kind;
  bool sticky;
};

TEST(LogCrashTest, WhicheverOperationFailsNoAcknowledgedRecordIsLost) {
  for (const FaultCase& fault : {FaultCase{io::FaultKind::kIoError, false},
                                 {io::FaultKind::kIoError, true},
                                 {io::FaultKind::kNoSpace, false},
                                 {io::FaultKind::kNoSpace, true},
                                 {io::FaultKind::kShortWrite, false},
                                 {io::FaultKind::kShortWrite, true}}) {
    for (uint64_t at = 1;; ++at) {
      SCOPED_TRACE("operation " + std::to_string(at));
      io::SimFileSystem disk;
      io::SimRandom random(7);
      LogPosition written = 0;
      disk.InjectFault({.at = at, .kind = fault.kind, .sticky = fault.sticky});
      const LogPosition acknowledged = RunScript(disk, random, 40, &written);
      const bool clean = disk.operation_count() < at;
      disk.Crash(at);
      ASSERT_NO_FATAL_FAILURE(ExpectRecovers(disk, random, acknowledged, written));
      if (clean) break;
    }
  }
}

}  // namespace
}  // namespace waypost::log
