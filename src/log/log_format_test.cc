#include "log/log_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waypost::log {
namespace {

const FileHeader kHeader{.file_id = 7, .first = 42};

TEST(LogFormatTest, ARecordIsReadBackWhereItWasWritten) {
  Bytes file = EncodeFileHeader(kHeader);
  EncodeRecord(7, 0, {.position = 44, .place_in_group = 2, .kind = RecordKind::kPlan},
               AsBytes("payload"), &file);
  const RecordView record = DecodeRecord(7, file, kFileHeaderSize).value();
  EXPECT_EQ(record.header.position, 44u);
  EXPECT_EQ(record.header.group_begin(), 42u);
  EXPECT_EQ(record.header.kind, RecordKind::kPlan);
  EXPECT_EQ(AsText(record.payload), "payload");
}

TEST(LogFormatTest, RightBytesInAnotherPlaceOrAnotherFileAreWrong) {
  Bytes record;
  EncodeRecord(7, 1000, {.position = 1}, AsBytes("payload"), &record);
  Bytes file(1000);
  file.insert(file.end(), record.begin(), record.end());
  EXPECT_TRUE(DecodeRecord(7, file, 1000));
  EXPECT_FALSE(DecodeRecord(8, file, 1000));
  file.insert(file.begin(), 0);
  EXPECT_FALSE(DecodeRecord(7, file, 1001));
}

TEST(LogFormatTest, EveryFlippedBitOfARecordIsSeen) {
  Bytes record;
  EncodeRecord(7, 0, {.position = 1}, AsBytes("payload"), &record);
  for (size_t bit = 0; bit < record.size() * 8; ++bit) {
    Bytes flipped = record;
    flipped[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    EXPECT_FALSE(DecodeRecord(7, flipped, 0)) << bit;
  }
}

TEST(LogFormatTest, FileHeadersSayWhatIsWrongWithThem) {
  const Bytes header = EncodeFileHeader(kHeader);
  EXPECT_EQ(DecodeFileHeader(header).value().file_id, 7u);
  EXPECT_EQ(DecodeFileHeader(header).value().first, 42u);
  const auto message = [&](size_t size, size_t flipped_byte) {
    Bytes bytes(header.begin(), header.begin() + static_cast<ptrdiff_t>(size));
    if (flipped_byte < size) bytes[flipped_byte] ^= 1;
    return DecodeFileHeader(bytes).error().message();
  };
  EXPECT_EQ(message(39, 99), "the file header is cut at byte 39");
  EXPECT_EQ(message(40, 0), "byte 0: this is not a log file");
  EXPECT_EQ(message(40, 9), "byte 8: log version 257, this program reads 1");
  EXPECT_EQ(message(40, 16), "byte 0: the checksum of the file header is wrong");
}

TEST(LogFormatTest, FileNamesSortAsPositionsDo) {
  EXPECT_EQ(LogFileName(42), "log-00000000000000000042.wal");
  EXPECT_EQ(ParseLogFileName("log-18446744073709551615.wal"), UINT64_MAX);
  for (const char* name :
       {"log-42.wal", "log-0000000000000000004x.wal", "lag-00000000000000000042.wal",
        "log-00000000000000000042.tmp", "log-99999999999999999999.wal", ""}) {
    EXPECT_FALSE(ParseLogFileName(name)) << name;
  }
}

}  // namespace
}  // namespace waypost::log
