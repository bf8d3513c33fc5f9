#include "files/cell_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/batch.h"

namespace waypost::files {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// The value as text, or "no: " and why.
std::string Read(ValueType type, const Field& field, std::string_view format = "iso",
                 const std::string& zone = "UTC") {
  CellReader reader = CellReader::Make(type, format, "|", zone).value();
  std::string_view reason;
  const auto value = reader.Read(field, &reason);
  if (!value) return "no: " + std::string(reason);
  EXPECT_EQ(value->type, type);
  std::string scratch;
  return std::string(CellText(*value, &scratch));
}

std::string Read(ValueType type, std::string_view text, std::string_view format = "iso",
                 const std::string& zone = "UTC") {
  Field field;
  field.SetText(text);
  return Read(type, field, format, zone);
}

std::string Read(ValueType type, const Value& value) {
  Field field;
  field.SetTyped(value);
  return Read(type, field);
}

TEST(CellReaderTest, ReadsNumbersWhoseThousandsAreSetApart) {
  EXPECT_EQ(Read(ValueType::kDecimal, "1,234,567.5", "1,234.5"), "1234567.5");
  EXPECT_EQ(Read(ValueType::kDecimal, "-1.234,56", "1.234,5"), "-1234.56");
  EXPECT_EQ(Read(ValueType::kDouble, "1 234,25", "1 234,5"), "1234.25");
  EXPECT_EQ(Read(ValueType::kInt, "12,345", "1,234.5"), "12345");
  EXPECT_EQ(Read(ValueType::kInt, "12,345", "1.234,5"), "no: is not a whole number");
  EXPECT_EQ(Read(ValueType::kDouble, "1.5", "1 234,5"), "no: is not a number");
  EXPECT_EQ(CellReader::Make(ValueType::kInt, "#,##0", "|", "UTC").error().message(),
            "\"#,##0\" is no format of numbers: use \"1,234.5\", \"1.234,5\" or \"1 234,5\"");
}

TEST(CellReaderTest, ReadsEveryType) {
  EXPECT_EQ(Read(ValueType::kInt, "-7"), "-7");
  EXPECT_EQ(Read(ValueType::kInt, "+7"), "7");
  EXPECT_EQ(Read(ValueType::kDouble, "1e3"), "1000");
  EXPECT_EQ(Read(ValueType::kDecimal, "-0.05"), "-0.05");
  EXPECT_EQ(Read(ValueType::kDecimal, "12.340000"), "12.34");
  EXPECT_EQ(Read(ValueType::kDecimal, "922337203685477.5807"), "922337203685477.5807");
  EXPECT_EQ(Read(ValueType::kBool, "Yes"), "true");
  EXPECT_EQ(Read(ValueType::kBool, "否"), "false");
  EXPECT_EQ(Read(ValueType::kString, " 007 "), " 007 ");
  EXPECT_EQ(Read(ValueType::kList, "a|b||c"), "a|b||c");
  EXPECT_EQ(Read(ValueType::kDate, "1988-06-01"), "1988-06-01");
  EXPECT_EQ(Read(ValueType::kDateTime, "2026-03-02T10:00:00+08:00"), "2026-03-02T02:00:00.000Z");
}

TEST(CellReaderTest, RefusesWhatIsNotOfTheType) {
  const std::pair<ValueType, std::string> cases[] = {
      {ValueType::kInt, "1.5"},
      {ValueType::kInt, "9223372036854775808"},
      {ValueType::kInt, "7 "},
      {ValueType::kDouble, "nan"},
      {ValueType::kDouble, "1,5"},
      {ValueType::kDecimal, "1.23456"},
      {ValueType::kDecimal, "."},
      {ValueType::kDecimal, "1e3"},
      {ValueType::kDecimal, "922337203685477.5808"},
      {ValueType::kDecimal, "--1"},
      {ValueType::kBool, "2"},
      {ValueType::kDate, "2026-02-30"},
      {ValueType::kDateTime, "now"},
      {ValueType::kDateTime, "2026-03-02T25:00"},
  };
  for (const auto& [type, text] : cases)
    EXPECT_THAT(Read(type, text), HasSubstr("no: is not")) << text;
}

TEST(CellReaderTest, TypedValuesAreConvertedWhenNothingIsLost) {
  EXPECT_EQ(Read(ValueType::kInt, Value::Double(3)), "3");
  EXPECT_EQ(Read(ValueType::kInt, Value::Double(3.5)), "no: is not a whole number");
  EXPECT_EQ(Read(ValueType::kDecimal, Value::Double(12.34)), "12.34");
  EXPECT_EQ(Read(ValueType::kString, Value::Int(7)), "7");
  EXPECT_EQ(Read(ValueType::kDouble, Value::Int(7)), "7");
  EXPECT_EQ(Read(ValueType::kDateTime, Value::DateTime(0)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(Read(ValueType::kDate, Value::DateTime(0)), "1970-01-01");
  EXPECT_EQ(Read(ValueType::kList, Value::String("a")), "a");
}

TEST(CellReaderTest, FullWidthDigitsBecomePlain) {
  std::string out;
  EXPECT_TRUE(PlainDigits("＋８６－１３８", &out));
  EXPECT_EQ(out, "+86-138");
  for (const std::string_view text : {"138", "", "１a", "中", "Ａ"})
    EXPECT_FALSE(PlainDigits(text, &out)) << text;
}

std::string Time(std::string_view format, std::string_view text, const std::string& zone = "UTC") {
  return Read(ValueType::kDateTime, text, format, zone);
}

TEST(TimeReaderTest, ReadsTheFormItIsTold) {
  EXPECT_EQ(Time("epoch_ms", "1767196800000"), "2025-12-31T16:00:00.000Z");
  EXPECT_EQ(Time("epoch_s", "1767196800"), "2025-12-31T16:00:00.000Z");
  EXPECT_EQ(Time("epoch_s", "1.5"), "1970-01-01T00:00:01.500Z");
  EXPECT_EQ(Time("yyyy-MM-dd HH:mm:ss", "2026-01-02 03:04:05"), "2026-01-02T03:04:05.000Z");
  EXPECT_EQ(Time("yyMMdd HH:mm:ss", "931107 00:00:00"), "1993-11-07T00:00:00.000Z");
  EXPECT_EQ(Time("dd.MM.yyyy 'at' HH'h'mm", "31.12.2025 at 23h59"), "2025-12-31T23:59:00.000Z");
  EXPECT_EQ(Time("yyyyMMddHHmmssSSS", "20240229000000007"), "2024-02-29T00:00:00.007Z");
}

TEST(TimeReaderTest, RefusesOtherForms) {
  for (const std::string_view text :
       {"2026-01-02 03:04", "2026-01-02 03:04:05 ", "2026-13-02 03:04:05", "2023-02-29 00:00:00",
        "2026-01-02 24:00:00", "+026-01-02 00:00:00", ""}) {
    EXPECT_THAT(Time("yyyy-MM-dd HH:mm:ss", text), HasSubstr("no:")) << text;
  }
  for (const std::string_view text : {"", "1.", "1.x", "1e9", "99999999999999"}) {
    EXPECT_THAT(Time("epoch_s", text), HasSubstr("no:")) << text;
  }
}

TEST(TimeReaderTest, LocalTimesAreThoseOfTheZone) {
  EXPECT_EQ(Time("iso", "2026-01-01", "Asia/Shanghai"), "2025-12-31T16:00:00.000Z");
  EXPECT_EQ(Time("iso", "1988-06-01T00:00", "Asia/Shanghai"),
            "1988-05-31T15:00:00.000Z");  // summer time
  EXPECT_EQ(Time("iso", "1988-04-17T02:30", "Asia/Shanghai"),
            "no: is a time that did not exist: clocks were put forward over it");
  EXPECT_EQ(Time("iso", "2025-11-02T01:30", "America/New_York"),
            "2025-11-02T05:30:00.000Z");  // the first of two
  EXPECT_EQ(Time("epoch_ms", "0", "Asia/Shanghai"), "1970-01-01T00:00:00.000Z");
}

TEST(TimeReaderTest, RememberedPeriodsDoNotChangeAnswers) {
  TimeReader kept = TimeReader::Make("iso", "America/New_York").value();
  for (int day = 0; day < 800; ++day) {
    for (const char* hour : {"00:30", "01:30", "02:30", "03:30"}) {
      const int64_t days = 20'000 + (day * 397) % 800;  // jumping about
      const std::string text = [&] {
        std::string scratch;
        return std::string(CellText(Value::Date(days), &scratch)) + " " + hour;
      }();
      TimeReader fresh = TimeReader::Make("iso", "America/New_York").value();
      std::string_view reason;
      EXPECT_EQ(kept.DateTime(text, &reason), fresh.DateTime(text, &reason)) << text;
    }
  }
}

TEST(TimeReaderTest, DatesAreWhatIsWrittenInAnyZone) {
  EXPECT_EQ(Read(ValueType::kDate, "1988-06-01 00:00:00", "iso", "Asia/Shanghai"), "1988-06-01");
  EXPECT_EQ(Read(ValueType::kDate, "930101", "yyMMdd", "Asia/Shanghai"), "1993-01-01");
  EXPECT_EQ(Read(ValueType::kDate, "1969-12-31"), "1969-12-31");
}

TEST(TimeReaderTest, ImpossibleFormatsAndZonesAreRefused) {
  for (const std::string_view format : {"HH:mm", "yyyy-MM-dd hh", "yyyy-MM-dd 'x", "", "epoch"}) {
    EXPECT_FALSE(TimeReader::Make(format, "UTC").ok()) << format;
  }
  EXPECT_THAT(TimeReader::Make("iso", "Mars/Olympus").error().message(), HasSubstr("Mars/Olympus"));
}

}  // namespace
}  // namespace waypost::files
