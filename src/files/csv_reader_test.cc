#include "files/csv_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waypost::files {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Every record as "field|field", a problem as "line N: problem", a bad file as "bad file: message".
std::vector<std::string> Lines(std::string text, CsvOptions options = {}, size_t step = SIZE_MAX) {
  std::vector<std::string> out;
  auto reader = CsvReader::Open(MakeTextSource(std::move(text), step), std::move(options));
  if (!reader.ok()) return {"bad file: " + reader.error().message()};
  for (;;) {
    auto next = reader.value()->Next();
    if (!next.ok()) {
      out.push_back("bad file: " + next.error().message());
      return out;
    }
    const Record* record = next.value();
    if (!record) return out;
    std::string line;
    for (const Field& field : record->fields) {
      if (!line.empty() || &field != &record->fields[0]) line += '|';
      line += field.value.text;
    }
    if (!record->problem.empty())
      line = "line " + std::to_string(record->line) + ": " + std::string(record->problem);
    out.push_back(line);
  }
}

TEST(CsvReaderTest, ReadsFieldsAsTheyAre) {
  EXPECT_THAT(Lines("id,a\n00123,+86\n,=1\n"), ElementsAre("00123|+86", "|=1"));
}
TEST(CsvReaderTest, LinesMayEndWithCrLfOrNothing) {
  EXPECT_THAT(Lines("id,a\r\n1,x\r\n2,\r\n3,z"), ElementsAre("1|x", "2|", "3|z"));
}
TEST(CsvReaderTest, QuotedFieldsHoldDelimitersQuotesAndLineBreaks) {
  EXPECT_THAT(Lines("id,a\n1,\"x,y\"\n2,\"say \"\"hi\"\"\"\n3,\"two\r\nlines\"\n\"\",\"\"\"\"\n"),
              ElementsAre("1|x,y", "2|say \"hi\"", "3|two\r\nlines", "|\""));
}
TEST(CsvReaderTest, AQuoteInsideAnUnquotedFieldIsText) {
  EXPECT_THAT(Lines("a,b\n5\" pipe,x\n"), ElementsAre("5\" pipe|x"));
}
TEST(CsvReaderTest, EmptyLinesArePassedOver) {
  EXPECT_THAT(Lines("a\n\n1\n\r\n2\n\n"), ElementsAre("1", "2"));
}
TEST(CsvReaderTest, DelimiterAndQuoteAreChosen) {
  EXPECT_THAT(Lines("a;b\n'1;2';3\n", {.delimiter = ';', .quote = '\''}), ElementsAre("1;2|3"));
  EXPECT_THAT(Lines("a,b\n\"1,2\n", {.quote = '\0'}), ElementsAre("\"1|2"));
}
TEST(CsvReaderTest, BlanksCanSeparate) {
  EXPECT_THAT(Lines(" id  date\n 1   2 \n", {.delimiter = ' ', .merge_delimiters = true}),
              ElementsAre("1|2"));
}
TEST(CsvReaderTest, HeaderlessFilesKeepTheirFirstRecord) {
  EXPECT_THAT(Lines("1,x\n2,y\n", {.header = false}), ElementsAre("1|x", "2|y"));
}
TEST(CsvReaderTest, ColumnsAreNamedByHeaderOptionOrNumber) {
  const auto names = [](std::string text, CsvOptions options) {
    const auto reader =
        CsvReader::Open(MakeTextSource(std::move(text)), std::move(options)).value();
    const auto columns = reader->columns();
    return std::vector<std::string>(columns.begin(), columns.end());
  };
  EXPECT_THAT(names("code ;\"na;me\" \n", {.delimiter = ';'}), ElementsAre("code", "na;me"));
  EXPECT_THAT(names("1,2\n", {.header = false}), ElementsAre("column_1", "column_2"));
  EXPECT_THAT(names("1,2\n", {.header = false, .columns = {"a", "b"}}), ElementsAre("a", "b"));
}

TEST(CsvReaderTest, ARecordOfAnotherWidthIsAProblemOfThatLineOnly) {
  EXPECT_THAT(Lines("a,b\n1\n1,2\n1,2,3\n"),
              ElementsAre("line 2: the line has 1 fields, but there are 2 columns", "1|2",
                          "line 4: the line has 3 fields, but there are 2 columns"));
}
TEST(CsvReaderTest, TextAfterAClosingQuoteIsAProblem) {
  EXPECT_THAT(Lines("a,b\n\"x\"y,1\n\"x\",2\n"),
              ElementsAre(HasSubstr("line 2: there is text after"), "x|2"));
}
TEST(CsvReaderTest, BytesThatAreNotUtf8AreAProblemOfThatLineOnly) {
  EXPECT_THAT(Lines("a\nok\n\xD5\xC5\nok\n"),
              ElementsAre("ok", "line 3: the line is not UTF-8", "ok"));
}
TEST(CsvReaderTest, LinesAreCountedThroughQuotedBreaksAndEmptyLines) {
  EXPECT_THAT(Lines("a,b\n\n\"x\ny\",1\nshort\n"), ElementsAre("x\ny|1", HasSubstr("line 5:")));
}

TEST(CsvReaderTest, AnOpenQuoteNamesTheLineWhereItOpened) {
  EXPECT_THAT(
      Lines("a,b\n1,2\n3,\"never\n4,5\n"),
      ElementsAre("1|2", HasSubstr("bad file: the quote opened on line 3 is never closed")));
  EXPECT_THAT(
      Lines("a,b\n1,2\n3,\"" + std::string(64 << 20, 'x')),
      ElementsAre("1|2",
                  HasSubstr("the quote opened on line 3 is not closed within 1048576 bytes")));
}
TEST(CsvReaderTest, ALineWithoutEndIsRefused) {
  EXPECT_THAT(Lines("a,b\n" + std::string(3 << 20, 'x')),
              ElementsAre(HasSubstr("bad file: line 2 is longer than 1048576 bytes")));
}
TEST(CsvReaderTest, ALongLineIsRefusedWhereverItStands) {
  const std::string longest(1 << 20, 'x');  // with its comma and line feed three bytes too many
  const auto refused = HasSubstr("is longer than 1048576 bytes");
  EXPECT_THAT(Lines("a,b\n1," + longest + "\n2,3\n"), ElementsAre(refused));
  EXPECT_THAT(Lines("a,b\n1,\"" + longest + "\"\n2,3\n"), ElementsAre(refused));
  EXPECT_THAT(Lines("a,b\n1," + longest.substr(3) + "\n2,3\n"),
              ElementsAre("1|" + longest.substr(3), "2|3"));
}
TEST(CsvReaderTest, AnEmptyFileIsRefused) {
  EXPECT_THAT(Lines(""), ElementsAre("bad file: the file is empty"));
}
TEST(CsvReaderTest, OneNameTwiceIsRefused) {
  EXPECT_THAT(Lines("a,a\n"), ElementsAre(HasSubstr("\"a\"")));
}
TEST(CsvReaderTest, TooManyColumnsAreRefused) {
  std::string header = "c0";
  for (int i = 1; i <= 1000; ++i) header += ",c" + std::to_string(i);
  EXPECT_THAT(Lines(header + "\n"), ElementsAre(HasSubstr("1001 columns")));
}

// Text with every construct, over several windows, where each may be cut anywhere.
std::string LongText() {
  std::string text = "id,text\n";
  for (int i = 0; i < 60'001; ++i) {
    text += std::to_string(i) + (i % 3 ? ",plain \xE5\xBC\xA0\n" : ",\"a \"\"b\"\",\r\nc\"\r\n");
  }
  return text;
}

TEST(CsvReaderTest, WindowsAndShortReadsDoNotShow) {
  const std::vector<std::string> whole = Lines(LongText());
  ASSERT_EQ(whole.size(), 60'001u);
  EXPECT_EQ(whole[0], "0|a \"b\",\r\nc");
  EXPECT_EQ(whole[60'000], "60000|a \"b\",\r\nc");
  EXPECT_TRUE(Lines(LongText(), {}, 4099) == whole);
}

TEST(CsvReaderTest, GoesOnFromAnyPosition) {
  const auto open = [] { return CsvReader::Open(MakeTextSource(LongText()), {}).value(); };
  auto whole = open();
  for (int stop : {0, 1, 1000, 40'000, 59'999}) {
    while (whole->position().records < static_cast<uint64_t>(stop)) ASSERT_TRUE(whole->Next().ok());
    const Position position = whole->position();
    auto rest = open();
    ASSERT_TRUE(rest->Seek(position).ok());
    const Record expected = *whole->Next().value();
    const Record* got = rest->Next().value();
    ASSERT_NE(got, nullptr);
    EXPECT_EQ(got->raw, expected.raw);
    EXPECT_EQ(got->line, expected.line);
    EXPECT_EQ(got->number, expected.number);
    EXPECT_EQ(rest->position(), whole->position());
  }
}

TEST(CsvReaderTest, APositionBeyondTheEndIsAnError) {
  auto reader = CsvReader::Open(MakeTextSource("a\n1\n"), {}).value();
  EXPECT_FALSE(reader->Seek({.offset = 99, .records = 1, .lines = 2}).ok());
}

}  // namespace
}  // namespace waypost::files
