#include "files/json_lines_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "files/cell_reader.h"

namespace waypost::files {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Every record as "type:text|type:text", an absent cell as "-", a problem as itself.
std::vector<std::string> Lines(std::string text, std::vector<std::string> columns) {
  std::vector<std::string> out;
  auto reader = JsonLinesReader::Open(MakeTextSource(std::move(text)), std::move(columns)).value();
  while (const Record* record = reader->Next().value()) {
    std::string line(record->problem);
    for (const Field& field : record->fields) {
      std::string scratch;
      if (!line.empty()) line += '|';
      line +=
          field.kind == Field::Kind::kAbsent
              ? "-"
              : std::string(field.kind == Field::Kind::kText ? "text"
                                                             : ValueTypeName(field.value.type)) +
                    ":" + std::string(CellText(field.value, &scratch));
    }
    out.push_back(line);
  }
  return out;
}

TEST(JsonLinesReaderTest, ReadsMembersWithTheirTypes) {
  EXPECT_THAT(Lines("{\"a\":1,\"b\":\"x\\ny\",\"c\":1.5,\"d\":true,\"e\":null,\"f\":[\"p\",2],"
                    "\"g\":{\"h\":1}}\n",
                    {"a", "b", "c", "d", "e", "f", "g", "gone"}),
              ElementsAre("int:1|text:x\ny|double:1.5|bool:true|-|list:p|2|text:{\"h\":1}|-"));
}
TEST(JsonLinesReaderTest, PathsReachIntoObjects) {
  EXPECT_THAT(Lines("{\"a\":{\"b\":{\"c\":7}}}\n{\"a.b.c\":8}\n{\"a\":{\"b\":1}}\n", {"a.b.c"}),
              ElementsAre("int:7", "int:8", "-"));
}
TEST(JsonLinesReaderTest, ALineThatIsNoObjectIsAProblemOfThatLineOnly) {
  EXPECT_THAT(Lines("{\"a\":1}\n{\"a\":\n[1]\n\n{\"a\":2}", {"a"}),
              ElementsAre("int:1", HasSubstr("JSON"), HasSubstr("no object"), "int:2"));
}
TEST(JsonLinesReaderTest, WholeNumbersTooLargeStayText) {
  EXPECT_THAT(Lines("{\"a\":18446744073709551615}\n", {"a"}),
              ElementsAre("text:18446744073709551615"));
}
TEST(JsonLinesReaderTest, FindsThePathsOfAllMembers) {
  const auto text =
      MakeTextSource("{\"b\":1,\"a\":{\"x\":1,\"y\":{\"z\":2}}}\n{\"c\":1,\"b\":2,\"e\":{}}\n");
  EXPECT_THAT(FindJsonColumns(*text, 10).value(), ElementsAre("b", "a.x", "a.y.z", "c", "e"));
  EXPECT_FALSE(FindJsonColumns(*MakeTextSource("1\n"), 10).ok());
}

}  // namespace
}  // namespace waypost::files
