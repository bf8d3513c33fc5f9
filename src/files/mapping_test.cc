#include "files/mapping.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waypost::files {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

Result<std::string> ReadNothing(const std::string& path) {
  return Error(Code::kNotFound, path + " is not there");
}

Result<std::string> ReadEventTypes(const std::string& path) {
  EXPECT_EQ(path, "event_types.csv");
  return std::string("1,app_start\n35,push_receive\n");
}

// The mapping read from `text`; the test fails when it is not one.
Mapping Parsed(std::string_view text, const ReadText& read = ReadNothing) {
  auto mapping = ParseMapping(text, "m.toml", read);
  if (!mapping.ok()) ADD_FAILURE() << mapping.error().message();
  return mapping.ok() ? std::move(mapping).value() : Mapping();
}

std::string Refused(std::string_view text) {
  const auto mapping = ParseMapping(text, "m.toml", ReadNothing);
  return mapping.ok() ? "accepted" : mapping.error().message();
}

constexpr std::string_view kBank = R"(kind = "events"
message_id = "id"
[table]
delimiter = ";"
header = false
columns = ["who", "when", "what", "amount_cents", "tags", "id"]
encoding = "gbk"
null = ["", "\\N"]
zone = "Asia/Shanghai"
[[identity]]
key = "login"
column = "who"
[event]
column = "what"
names_file = "event_types.csv"
[time]
column = "when"
format = "yyyy-MM-dd HH:mm:ss"
[properties]
amount = { column = "amount_cents", type = "int", null = ["0"] }
tags = { type = "list", separator = "," }
[constants]
bank = "BCB"
version = 2
)";

TEST(MappingTest, ReadsEverythingSaid) {
  const Mapping mapping = Parsed(kBank, ReadEventTypes);
  EXPECT_EQ(mapping.kind, Mapping::Kind::kEvents);
  EXPECT_EQ(mapping.table.csv.delimiter, ';');
  EXPECT_FALSE(mapping.table.csv.header);
  EXPECT_EQ(mapping.table.csv.columns.size(), 6u);
  EXPECT_EQ(mapping.table.encoding, Encoding::kGbk);
  EXPECT_EQ(mapping.table.nulls, (std::vector<std::string>{"", "\\N"}));
  EXPECT_EQ(mapping.table.zone, "Asia/Shanghai");
  ASSERT_EQ(mapping.identities.size(), 1u);
  EXPECT_EQ(mapping.identities[0].column, "who");
  EXPECT_EQ(mapping.event_names.at("35"), "push_receive");
  EXPECT_EQ(mapping.time->format, "yyyy-MM-dd HH:mm:ss");
  EXPECT_EQ(mapping.message_id_column, "id");
  ASSERT_EQ(mapping.properties.size(), 2u);
  EXPECT_EQ(mapping.properties[0].column, "amount_cents");
  EXPECT_EQ(mapping.properties[0].type, ValueType::kInt);
  EXPECT_EQ(mapping.properties[1].separator, ",");
  ASSERT_EQ(mapping.constants.size(), 2u);
  EXPECT_EQ(mapping.constants[1].type, ValueType::kInt);
}

TEST(MappingTest, WrittenMappingsReadBackTheSame) {
  const Mapping mapping = Parsed(kBank, ReadEventTypes);
  const std::string text = MappingText(mapping);
  EXPECT_EQ(MappingText(Parsed(text)), text);
  EXPECT_THAT(text, HasSubstr("push_receive"));
}

TEST(MappingTest, ProfilesNeedNoEventAndItemsNoIdentity) {
  const Mapping profiles =
      Parsed("kind='profiles'\n[[identity]]\nkey='login'\ncolumn='id'\n[properties]\ncity='int'\n");
  EXPECT_EQ(profiles.properties[0].type, ValueType::kInt);
  EXPECT_EQ(Parsed("kind='items'\n[item]\ntype='product'\ncolumn='id'\n").item_type, "product");
}

TEST(MappingTest, MistakesNameFileLineAndKey) {
  const std::pair<std::string, std::string> cases[] = {
      {"kind = 'events", "m.toml:1: TOML:"},
      {"kind='items'\n[+item]", "m.toml:2: TOML:"},
      {"kind = 'evnts'", "m.toml:1: kind: must be one of events, profiles, items"},
      {"", "m.toml:1: kind: is missing"},
      {"kind='rows'", "m.toml:1: rows: is missing"},
      {"kind='rows'\n[rows]\nmode='upsert'\n", "m.toml:2: rows.table: is missing"},
      {"kind='rows'\n[rows]\ntable='a'\nmode='merge'\n",
       "m.toml:4: rows.mode: must be one of upsert, delete, replace"},
      {"kind='rows'\n[rows]\ntable='a'\nname='id'\n", "m.toml:4: rows.name: is \"$row\""},
      {"kind='events'", "m.toml:1: identity: is missing"},
      {"kind='profiles'\n[[identity]]\nkey='login'\n", "m.toml:2: identity.column: is missing"},
      {"kind='profiles'\n[[identity]]\nkey='login'\ncolumn='id'\ncolour='x'\n",
       "m.toml:5: identity.colour: there is no such key"},
      {"kind='items'\n[item]\ntype='p'\ncolumn='id'\n[table]\n\ndelimiter=',,'\n",
       "m.toml:7: table.delimiter: must be one character"},
      {"kind='items'\n[item]\ntype='p'\ncolumn='id'\n[table]\nencoding='latin1'\n",
       "m.toml:6: table.encoding: must be one of utf-8, gbk"},
      {"kind='items'\n[item]\ntype='p'\ncolumn='id'\n[table]\ncolumns=['a']\n",
       "m.toml:6: table.columns: are named by the header"},
      {"kind='items'\n[item]\ntype='p'\ncolumn='id'\n[table]\nheader='no'\n",
       "m.toml:6: table.header: must be true or false"},
      {"kind='items'\n[item]\ntype='p'\ncolumn='id'\n[properties]\nprice='money'\n",
       "m.toml:6: properties.price: must be one of bool, int"},
      {"kind='items'\n[item]\ntype='p'\ncolumn='id'\n[properties]\nOneId='string'\n",
       "m.toml:6: properties.OneId: is protected"},
      {"kind='items'\n[item]\ntype='p'\ncolumn='id'\n[constants]\nx=[1]\n",
       "m.toml:6: constants.x: must be a text"},
      {"kind='items'\n[item]\ntype='p'\ncolumn='id'\n[table]\nnull=[1]\n",
       "m.toml:6: table.null: must be a list of texts"},
  };
  for (const auto& [text, message] : cases) EXPECT_THAT(Refused(text), StartsWith(message)) << text;
}

TEST(MappingTest, AnEventIsNamedOneWay) {
  const std::string begin =
      "kind='events'\n[[identity]]\nkey='login'\ncolumn='id'\n[time]\ncolumn='t'\n[event]\n";
  EXPECT_EQ(Refused(begin + "name='a'\n"), "accepted");
  EXPECT_THAT(Refused(begin + "name='a'\ncolumn='b'\n"), HasSubstr("event.name: say either"));
  EXPECT_THAT(Refused(begin), HasSubstr("event.name: say either"));
  EXPECT_THAT(Refused(begin + "column='b'\nnames_file='gone.csv'\n"),
              HasSubstr("event.names_file: cannot be read: gone.csv"));
  EXPECT_THAT(Refused("kind='events'\n[[identity]]\nkey='login'\ncolumn='id'\n[event]\nname='a'\n"),
              HasSubstr("time: is missing"));
}

}  // namespace
}  // namespace waypost::files
