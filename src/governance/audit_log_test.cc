#include "governance/audit_log.h"

#include <gtest/gtest.h>

#include "governance/audit_witness.h"
#include "io/sim_file_system.h"

namespace waypost::governance {
namespace {

const std::string kFolder = "/audit";
const std::string kFile = kFolder + "/000000000001.jsonl";
const std::string kSeed(64, '7');

AuditRecord RecordNumber(int number) {
  return {.what = "plan.changed",
          .who = "张伟",
          .peer = "10.0.0.1",
          .project = "default",
          .target = "event \"" + std::to_string(number) + "\"",
          .status = 200,
          .request_id = "r" + std::to_string(number)};
}

class AuditLogTest : public testing::Test {
 protected:
  // A log with `count` records, closed.
  void Write(int count) {
    const auto log = AuditLog::Open(disk_, clock_, kFolder).value();
    for (int i = 1; i <= count; ++i) {
      ASSERT_TRUE(log->Append(RecordNumber(i)).ok());
      clock_.Advance(1'000);
    }
  }
  std::vector<std::string> Lines() {
    const Bytes bytes = io::ReadFile(disk_, kFile, 1 << 20).value();
    std::vector<std::string> lines;
    std::string line;
    for (const uint8_t byte : bytes) {
      line += static_cast<char>(byte);
      if (byte != '\n') continue;
      lines.push_back(std::exchange(line, {}));
    }
    return lines;
  }
  void Replace(const std::vector<std::string>& lines) {
    disk_.Damage(kFile, [&](Bytes* bytes) {
      bytes->clear();
      for (const std::string& line : lines) bytes->insert(bytes->end(), line.begin(), line.end());
    });
  }
  Result<AuditHead> Verify() {
    return VerifyAuditLog(disk_, kFolder, [](const AuditHead&) -> Result<> { return {}; });
  }
  std::string WhatIsWrong() {
    const Result<AuditHead> verified = Verify();
    return verified.ok() ? "nothing" : verified.error().message();
  }

  io::SimFileSystem disk_;
  ManualClock clock_{1'772'416'800'000};
};

TEST_F(AuditLogTest, ARecordIsALineThatAPersonCanRead) {
  Write(2);
  EXPECT_TRUE(Lines()[1].starts_with("{\"seq\":2,\"previous\":\"")) << Lines()[1];
  EXPECT_NE(Lines()[1].find("\"time\":\"2026-03-02T02:00:01.000Z\",\"what\":\"plan.changed\","
                            "\"who\":\"张伟\",\"peer\":\"10.0.0.1\",\"project\":\"default\","
                            "\"target\":\"event \\\"2\\\"\",\"request_id\":\"r2\",\"status\":200"),
            std::string::npos)
      << Lines()[1];
}

TEST_F(AuditLogTest, TheChainGoesOnWhereItWasWhenTheLogIsOpenedAgain) {
  Write(3);
  Write(2);
  ASSERT_TRUE(Verify().ok()) << WhatIsWrong();
  EXPECT_EQ(Verify().value().seq, 5u);
  const auto log = AuditLog::Open(disk_, clock_, kFolder).value();
  EXPECT_EQ(log->head(), Verify().value());
  EXPECT_EQ(log->Newest(2).size(), 2u);
  EXPECT_EQ(log->Newest(2)[0] + "\n", Lines()[4]);
}

TEST_F(AuditLogTest, AnEditOfAnyByteIsNamed) {
  Write(4);
  const size_t size = io::ReadFile(disk_, kFile, 1 << 20).value().size();
  for (size_t at = 0; at < size; ++at) {
    disk_.Damage(kFile, [&](Bytes* bytes) { (*bytes)[at] ^= 1; });
    EXPECT_FALSE(Verify().ok()) << "byte " << at;
    disk_.Damage(kFile, [&](Bytes* bytes) { (*bytes)[at] ^= 1; });
  }
  EXPECT_EQ(WhatIsWrong(), "nothing");
}

TEST_F(AuditLogTest, TheFirstBadRecordIsNamedForEveryDropAndSwap) {
  Write(6);
  const std::vector<std::string> lines = Lines();
  for (size_t i = 0; i + 1 < lines.size(); ++i) {
    std::vector<std::string> without = lines;
    without.erase(without.begin() + static_cast<ptrdiff_t>(i));
    Replace(without);
    const std::string place = kFile + ":" + std::to_string(i + 1) + ": ";
    EXPECT_TRUE(WhatIsWrong().starts_with(place)) << WhatIsWrong();
    std::vector<std::string> swapped = lines;
    std::swap(swapped[i], swapped[i + 1]);
    Replace(swapped);
    EXPECT_TRUE(WhatIsWrong().starts_with(place)) << WhatIsWrong();
  }
}

TEST_F(AuditLogTest, ACutTailIsShownByAWitnessedHead) {
  Write(5);
  const WitnessKey key = WitnessKey::FromSeed(kSeed).value();
  const std::string witness = key.Sign(Verify().value(), clock_.NowMs());
  std::vector<std::string> lines = Lines();
  lines.pop_back();
  Replace(lines);
  const AuditHead kept = Verify().value();  // the chain alone is content
  const AuditHead witnessed = ReadWitness(witness, key.public_key()).value();
  EXPECT_EQ(kept.seq, 4u);
  EXPECT_EQ(witnessed.seq, 5u);
}

TEST_F(AuditLogTest, AWitnessOfAnotherKeyOrOfAnotherHeadIsRefused) {
  const WitnessKey key = WitnessKey::FromSeed(kSeed).value();
  const WitnessKey other = WitnessKey::FromSeed(std::string(64, '8')).value();
  const std::string line = key.Sign({12, std::string(64, 'a')}, clock_.NowMs());
  EXPECT_EQ(ReadWitness(line, key.public_key()).value(), (AuditHead{12, std::string(64, 'a')}));
  EXPECT_FALSE(ReadWitness(line, other.public_key()).ok());
  std::string forged = line;
  forged.replace(forged.find("12"), 2, "11");
  EXPECT_FALSE(ReadWitness(forged, key.public_key()).ok());
  for (size_t cut = 0; cut < line.size(); ++cut) {
    EXPECT_FALSE(ReadWitness(line.substr(0, cut), key.public_key()).ok()) << cut;
  }
}

TEST_F(AuditLogTest, ALineThatThePowerCutIsTakenBackAndTheChainGoesOn) {
  Write(2);
  disk_.Damage(kFile, [](Bytes* bytes) { bytes->resize(bytes->size() + 10, '{'); });
  EXPECT_NE(WhatIsWrong().find("half a line"), std::string::npos);
  Write(1);
  EXPECT_EQ(WhatIsWrong(), "nothing");
  EXPECT_EQ(Verify().value().seq, 3u);
}

TEST_F(AuditLogTest, WhatWasAppendedSurvivesAPowerCutAtAnyOperation) {
  for (uint64_t at = 1; at < 40; ++at) {
    for (uint64_t seed = 0; seed < 4; ++seed) {
      io::SimFileSystem disk;
      disk.InjectFault({.at = at, .kind = io::FaultKind::kPowerOff});
      uint64_t appended = 0;
      if (auto log = AuditLog::Open(disk, clock_, kFolder); log.ok()) {
        while (appended < 8 && log.value()->Append(RecordNumber(1)).ok()) ++appended;
      }
      disk.Crash(seed);
      const auto log = AuditLog::Open(disk, clock_, kFolder);
      ASSERT_TRUE(log.ok()) << log.error().message();
      EXPECT_GE(log.value()->head().seq, appended) << "cut at " << at << ", seed " << seed;
      ASSERT_TRUE(log.value()->Append(RecordNumber(2)).ok());
    }
  }
}

TEST_F(AuditLogTest, AFullDiskRefusesARecordAndLaterOnesAreKept) {
  const auto log = AuditLog::Open(disk_, clock_, kFolder).value();
  ASSERT_TRUE(log->Append(RecordNumber(1)).ok());
  disk_.InjectFault({.at = 1, .kind = io::FaultKind::kShortWrite});
  EXPECT_EQ(log->Append(RecordNumber(2)).error().name(), "storage_full");
  EXPECT_TRUE(log->Ready().ok());
  ASSERT_TRUE(log->Append(RecordNumber(3)).ok());
  EXPECT_EQ(Verify().value().seq, 2u) << WhatIsWrong();
}

TEST_F(AuditLogTest, AfterAFailedSyncNothingIsTakenUntilItIsOpenedAnew) {
  auto log = AuditLog::Open(disk_, clock_, kFolder).value();
  disk_.InjectFault({.at = 2, .kind = io::FaultKind::kIoError});
  EXPECT_EQ(log->Append(RecordNumber(1)).error().name(), "audit_failed");
  EXPECT_EQ(log->Append(RecordNumber(2)).error().name(), "audit_failed");
  EXPECT_EQ(log->Ready().error().name(), "audit_failed");
}

TEST_F(AuditLogTest, TheChainCrossesFiles) {
  {
    const auto log = AuditLog::Open(disk_, clock_, kFolder).value();
    AuditRecord large = RecordNumber(1);
    large.target = std::string(60'000, 'x');
    while (log->head().seq < 400) ASSERT_TRUE(log->Append(large).ok());
  }
  ASSERT_TRUE(Verify().ok()) << WhatIsWrong();
  EXPECT_EQ(Verify().value().seq, 400u);
  const std::string second = disk_.List(kFolder).value()[1].name;
  EXPECT_TRUE(second.ends_with(".jsonl")) << second;
  ASSERT_TRUE(disk_.Remove(kFile).ok());
  EXPECT_NE(WhatIsWrong().find(second), std::string::npos) << WhatIsWrong();
}

}  // namespace
}  // namespace waypost::governance
