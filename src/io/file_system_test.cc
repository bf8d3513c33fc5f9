// What both file systems promise, on both; and what only the simulated one does.
#include "io/file_system.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_folder.h"
#include "io/real_file_system.h"
#include "io/sim_file_system.h"

namespace waypost::io {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

void Write(FileSystem& files, const std::string& path, std::string_view text) {
  const auto file = files.Create(path).value();
  ASSERT_TRUE(file->Append(AsBytes(text)).ok());
  ASSERT_TRUE(file->Sync().ok());
  ASSERT_TRUE(file->Close().ok());
}

std::string Read(FileSystem& files, const std::string& path) {
  const auto bytes = ReadFile(files, path, 1 << 20);
  return bytes.ok() ? std::string(AsText(bytes.value())) : "(" + bytes.error().name() + ")";
}

class FileSystemTest : public ::testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (GetParam()) {
      files_ = MakeRealFileSystem();
      directory_ = folder_.path();
    } else {
      files_ = std::make_unique<SimFileSystem>();
      directory_ = "/d";
      ASSERT_TRUE(files_->CreateDirectory(directory_).ok());
    }
  }
  std::string Path(const std::string& name) const { return directory_ + "/" + name; }

  const TestFolder folder_;
  std::unique_ptr<FileSystem> files_;
  std::string directory_;
};
INSTANTIATE_TEST_SUITE_P(Disks, FileSystemTest, ::testing::Values(false, true),
                         [](const auto& test) { return test.param ? "Real" : "Simulated"; });

TEST_P(FileSystemTest, AppendsWhereTheFileEnds) {
  Write(*files_, Path("a"), "one ");
  const auto file = files_->OpenAppend(Path("a")).value();
  EXPECT_EQ(file->size(), 4u);
  ASSERT_TRUE(file->Append(AsBytes("twothree")).ok());
  ASSERT_TRUE(file->Truncate(7).ok());
  ASSERT_TRUE(file->Append(AsBytes("!")).ok());
  EXPECT_EQ(file->size(), 8u);
  EXPECT_EQ(Read(*files_, Path("a")), "one two!");
  EXPECT_EQ(files_->FileSize(Path("a")).value(), 8u);
}

TEST_P(FileSystemTest, ReadsFromAnywhereAndStopsAtTheEnd) {
  Write(*files_, Path("a"), "0123456789");
  const auto file = files_->OpenRead(Path("a")).value();
  Bytes out(4);
  EXPECT_EQ(file->ReadAt(8, out).value(), 2u);
  EXPECT_EQ(out[1], '9');
  EXPECT_EQ(file->ReadAt(99, out).value(), 0u);
}

TEST_P(FileSystemTest, EightBytesAfterAMappedFileCanBeRead) {
  for (const size_t size : {0u, 1u, 4088u, 4089u, 4096u, 8192u}) {
    const std::string path = Path("m" + std::to_string(size));
    Write(*files_, path, std::string(size, 'x'));
    const MappedFile map = files_->Map(path).value();
    ASSERT_TRUE(files_->Remove(path).ok());
    ASSERT_EQ(map.bytes().size(), size);
    for (size_t i = 0; i < size + 8; ++i) {
      ASSERT_EQ(map.bytes().data()[i], i < size ? 'x' : 0) << size << " " << i;
    }
  }
}

TEST_P(FileSystemTest, ListsByName) {
  Write(*files_, Path("b"), "22");
  Write(*files_, Path("a"), "1");
  ASSERT_TRUE(files_->CreateDirectory(Path("c")).ok());
  std::vector<std::string> seen;
  const auto entries = files_->List(directory_).value();
  for (const auto& entry : entries) {
    seen.push_back(entry.name + (entry.is_directory ? "/" : std::to_string(entry.size)));
  }
  EXPECT_THAT(seen, ElementsAre("a1", "b2", "c/"));
}

TEST_P(FileSystemTest, RenameReplacesAndRemoveRemoves) {
  Write(*files_, Path("a"), "new");
  Write(*files_, Path("b"), "old");
  ASSERT_TRUE(files_->Rename(Path("a"), Path("b")).ok());
  EXPECT_EQ(Read(*files_, Path("b")), "new");
  EXPECT_EQ(Read(*files_, Path("a")), "(not_found)");
  ASSERT_TRUE(files_->Remove(Path("b")).ok());
  EXPECT_EQ(Read(*files_, Path("b")), "(not_found)");
}

TEST_P(FileSystemTest, ErrorsSayWhatAndWhere) {
  const auto missing = files_->OpenRead(Path("missing"));
  EXPECT_EQ(missing.error().code(), Code::kNotFound);
  EXPECT_THAT(missing.error().message(), HasSubstr(Path("missing")));
  Write(*files_, Path("a"), "");
  EXPECT_EQ(files_->Create(Path("a")).error().code(), Code::kConflict);
  EXPECT_EQ(files_->Create(Path("no/where")).error().code(), Code::kNotFound);
  EXPECT_EQ(files_->Remove(Path("missing")).error().code(), Code::kNotFound);
  EXPECT_TRUE(files_->CreateDirectory(directory_).ok());
  EXPECT_EQ(ReadFile(*files_, Path("a"), 0).value(), Bytes());
  Write(*files_, Path("b"), "xx");
  EXPECT_EQ(ReadFile(*files_, Path("b"), 1).error().code(), Code::kTooLarge);
}

TEST_P(FileSystemTest, ALockIsHeldOnceUntilItIsDestroyed) {
  auto lock = files_->Lock(Path("LOCK"));
  ASSERT_TRUE(lock.ok());
  EXPECT_EQ(files_->Lock(Path("LOCK")).error().name(), "locked");
  lock.value().reset();
  EXPECT_TRUE(files_->Lock(Path("LOCK")).ok());
}

TEST_P(FileSystemTest, ReplaceFileIgnoresWhatACrashLeft) {
  Write(*files_, Path("a.tmp"), "half");
  ASSERT_TRUE(ReplaceFile(*files_, Path("a"), AsBytes("1")).ok());
  ASSERT_TRUE(ReplaceFile(*files_, Path("a"), AsBytes("2")).ok());
  EXPECT_EQ(Read(*files_, Path("a")), "2");
  EXPECT_EQ(Read(*files_, Path("a.tmp")), "(not_found)");
}

TEST_P(FileSystemTest, AFolderIsCheckedAndCopiedWithoutWhatWasCutShort) {
  for (const char* name : {"from", "to", "less"})
    ASSERT_TRUE(files_->CreateDirectory(Path(name)).ok());
  Write(*files_, Path("from/a"), "good a");
  Write(*files_, Path("from/b"), "good b");
  Write(*files_, Path("from/c.tmp"), "half");
  const CheckFile check = [&](const std::string& path) -> Result<> {
    if (!Read(*files_, path).starts_with("good")) return Error(Code::kCorrupt, path + " is bad");
    return {};
  };
  EXPECT_EQ(FindDamage(*files_, Path("from"), check).value(), std::vector<std::string>{});
  ASSERT_TRUE(CopyChecked(*files_, Path("from"), Path("to"), check).ok());
  EXPECT_EQ(Read(*files_, Path("to/a")) + Read(*files_, Path("to/b")), "good agood b");
  EXPECT_EQ(files_->List(Path("to")).value().size(), 2u);

  ASSERT_TRUE(ReplaceFile(*files_, Path("from/b"), AsBytes("bad")).ok());
  EXPECT_EQ(FindDamage(*files_, Path("from"), check).value(),
            std::vector<std::string>{Path("from/b") + " is bad"});
  EXPECT_EQ(CopyChecked(*files_, Path("from"), Path("less"), check).error().message(),
            Path("from/b") + " is bad");
}

TEST(ParentDirectoryTest, IsWhereTheLastNameIs) {
  EXPECT_EQ(ParentDirectory("/a/b"), "/a");
  EXPECT_EQ(ParentDirectory("/a/b//"), "/a");
  EXPECT_EQ(ParentDirectory("/a"), "/");
  EXPECT_EQ(ParentDirectory("/"), "/");
  EXPECT_EQ(ParentDirectory("a"), ".");
  EXPECT_EQ(ParentDirectory("a/"), ".");
  EXPECT_EQ(ParentDirectory("a/b"), "a");
}

TEST(RealFileSystemTest, AFullDeviceIsStorageFull) {
  const auto file = MakeRealFileSystem()->OpenAppend("/dev/full").value();
  EXPECT_EQ(file->Append(AsBytes("x")).error().name(), "storage_full");
}

// ---- The simulated disk ----

TEST(SimFileSystemTest, SyncedBytesUnderSyncedNamesAlwaysSurvive) {
  for (uint64_t seed = 0; seed < 500; ++seed) {
    SimFileSystem disk;
    Write(disk, "/a", "kept");
    ASSERT_TRUE(disk.SyncDirectory("/").ok());
    ASSERT_TRUE(disk.OpenAppend("/a").value()->Append(AsBytes(" lost?")).ok());
    disk.Crash(seed);
    EXPECT_THAT(Read(disk, "/a"), ::testing::StartsWith("kept"));
  }
}

// How often each outcome was seen over many crashes.
std::map<std::string, int> Outcomes(const std::function<void(SimFileSystem&)>& prepare,
                                    const std::string& path) {
  std::map<std::string, int> seen;
  for (uint64_t seed = 0; seed < 500; ++seed) {
    SimFileSystem disk;
    prepare(disk);
    disk.Crash(seed);
    ++seen[Read(disk, path)];
  }
  return seen;
}

TEST(SimFileSystemTest, ANameIsLostWithoutADirectorySync) {
  const auto seen = Outcomes([](SimFileSystem& disk) { Write(disk, "/a", "x"); }, "/a");
  EXPECT_GT(seen.at("(not_found)"), 50);
  EXPECT_GT(seen.at("x"), 50);
}

TEST(SimFileSystemTest, ARenameIsLostOrWholeButNeverHalf) {
  const auto prepare = [](SimFileSystem& disk) {
    Write(disk, "/a", "old");
    Write(disk, "/b", "new");
    ASSERT_TRUE(disk.SyncDirectory("/").ok());
    ASSERT_TRUE(disk.Rename("/b", "/a").ok());
  };
  const auto at_a = Outcomes(prepare, "/a");
  EXPECT_EQ(at_a.size(), 2u);
  EXPECT_GT(at_a.at("old"), 50);
  EXPECT_GT(at_a.at("new"), 50);
}

TEST(SimFileSystemTest, UnsyncedWritesAreLostTornOrHoled) {
  const auto prepare = [](SimFileSystem& disk) {
    const auto file = disk.Create("/a").value();
    ASSERT_TRUE(disk.SyncDirectory("/").ok());
    ASSERT_TRUE(file->Append(AsBytes(std::string(2048, 'x'))).ok());
  };
  bool holed = false, torn = false, whole = false, lost = false;
  for (const auto& [text, count] : Outcomes(prepare, "/a")) {
    const size_t xs = static_cast<size_t>(std::count(text.begin(), text.end(), 'x'));
    holed |= xs < text.size();
    torn |= xs == text.size() && xs % 512 != 0;
    whole |= xs == 2048;
    lost |= text.empty();
  }
  EXPECT_TRUE(holed && torn && whole && lost);
}

TEST(SimFileSystemTest, AfterAFailedSyncTheBytesAreReadButGone) {
  SimFileSystem disk;
  const auto file = disk.Create("/a").value();
  ASSERT_TRUE(disk.SyncDirectory("/").ok());
  ASSERT_TRUE(file->Append(AsBytes("x")).ok());
  disk.InjectFault({.at = 1, .kind = FaultKind::kIoError});
  EXPECT_EQ(file->Sync().error().code(), Code::kIo);
  EXPECT_TRUE(file->Sync().ok());
  EXPECT_EQ(Read(disk, "/a"), "x");
  disk.Crash(1);
  EXPECT_EQ(Read(disk, "/a"), "");
}

TEST(SimFileSystemTest, FaultsHitTheChosenOperationOnceOrForEver) {
  SimFileSystem disk;
  const auto file = disk.Create("/a").value();
  disk.InjectFault({.at = 2, .kind = FaultKind::kShortWrite});
  EXPECT_TRUE(file->Append(AsBytes("ab")).ok());
  EXPECT_EQ(file->Append(AsBytes("cdef")).error().name(), "storage_full");
  EXPECT_EQ(Read(disk, "/a"), "abcd");
  EXPECT_EQ(file->size(), 2u);
  EXPECT_TRUE(file->Append(AsBytes("gh")).ok());
  EXPECT_EQ(Read(disk, "/a"), "abgh");

  disk.InjectFault({.at = 1, .kind = FaultKind::kNoSpace, .sticky = true});
  EXPECT_TRUE(file->Sync().ok());
  EXPECT_EQ(file->Append(AsBytes("x")).error().name(), "storage_full");
  EXPECT_EQ(disk.Create("/b").error().name(), "storage_full");
  disk.ClearFault();
  EXPECT_TRUE(disk.Create("/b").ok());
}

TEST(SimFileSystemTest, AfterPowerOffNothingReachesTheDisk) {
  SimFileSystem disk;
  Write(disk, "/a", "before");
  ASSERT_TRUE(disk.SyncDirectory("/").ok());
  const auto file = disk.OpenAppend("/a").value();
  disk.InjectFault({.at = 1, .kind = FaultKind::kPowerOff});
  EXPECT_FALSE(file->Append(AsBytes("after")).ok());
  EXPECT_FALSE(file->Sync().ok());
  disk.Crash(1);
  EXPECT_EQ(Read(disk, "/a"), "before");
  EXPECT_EQ(file->Append(AsBytes("x")).error().code(), Code::kIo);
}

TEST(SimFileSystemTest, AFullDiskTakesWhatFits) {
  SimFileSystem disk;
  const auto file = disk.Create("/a").value();
  disk.SetCapacity(3);
  EXPECT_EQ(file->Append(AsBytes("abcd")).error().name(), "storage_full");
  EXPECT_EQ(Read(disk, "/a"), "abc");
  EXPECT_EQ(disk.FreeSpace("/").value(), 0u);
  ASSERT_TRUE(file->Truncate(0).ok());
  EXPECT_TRUE(file->Append(AsBytes("abc")).ok());
}

TEST(SimRandomTest, RepeatsItselfForASeed) {
  SimRandom a(7), b(7), c(8);
  const uint64_t first = a.Next();
  EXPECT_EQ(first, b.Next());
  EXPECT_NE(first, c.Next());
  EXPECT_NE(first, a.Next());
  EXPECT_LT(a.Below(3), 3u);
}

}  // namespace
}  // namespace waypost::io
