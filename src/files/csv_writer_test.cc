#include "files/csv_writer.h"

#include <gtest/gtest.h>

namespace waypost::files {
namespace {

TEST(CsvWriterTest, NoCellIsAFormulaAndNoneIsTwo) {
  const struct {
    std::string_view text, written;
  } cases[] = {
      {"", ""},
      {"a=1", "a=1"},
      {"=1+1", "'=1+1"},
      {"-1", "'-1"},
      {"\t=1", "\"'\t=1\""},
      {"\n=1", "\"'\n=1\""},
      {"＝1+1", "'＝1+1"},
      {"＠x", "'＠x"},
      {"上海", "上海"},
      {"a,b", "\"a,b\""},
      {"a;=1+1", "\"a;=1+1\""},
      {"a\t=1+1", "\"a\t=1+1\""},
      {"say \"hi\"", "\"say \"\"hi\"\"\""},
  };
  for (const auto& one : cases) {
    std::string out;
    AppendCsvText(one.text, &out);
    EXPECT_EQ(out, one.written);
  }
}

}  // namespace
}  // namespace waypost::files
