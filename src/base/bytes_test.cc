#include "base/bytes.h"

#include <gtest/gtest.h>

#include <limits>

namespace waypost {
namespace {

TEST(BytesTest, ReadsBackWhatWasWritten) {
  ByteWriter out;
  out.U16(513);
  out.Varint(std::numeric_limits<uint64_t>::max());
  out.Signed(std::numeric_limits<int64_t>::min());
  out.Text("路标");
  out.F64(-0.5);
  ByteReader in(out.bytes());
  EXPECT_EQ(in.U16(), 513);
  EXPECT_EQ(in.Varint(), std::numeric_limits<uint64_t>::max());
  EXPECT_EQ(in.Signed(), std::numeric_limits<int64_t>::min());
  EXPECT_EQ(in.Text(), "路标");
  EXPECT_EQ(in.F64(), -0.5);
  EXPECT_TRUE(in.ok() && in.done());
}

TEST(BytesTest, EveryCutMakesTheReaderBadAndNeverReadsOn) {
  ByteWriter out;
  out.U32(7);
  out.Varint(300);
  out.Text("abc");
  for (size_t size = 0; size < out.size(); ++size) {
    ByteReader in(std::span(out.bytes()).first(size));
    in.U32();
    in.Varint();
    in.Text();
    EXPECT_FALSE(in.ok()) << size;
    EXPECT_EQ(in.U64(), 0u);
  }
}

TEST(BytesTest, AVarintOfElevenBytesIsRefused) {
  const Bytes endless(11, 0xFF);
  ByteReader in(endless);
  in.Varint();
  EXPECT_FALSE(in.ok());
}

}  // namespace
}  // namespace waypost
