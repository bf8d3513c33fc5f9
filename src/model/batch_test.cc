#include "model/batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace waypost {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr BatchHeader kHeader = {
    .project = "default", .source = "web", .ingest_ms = 1'800'000'000'000, .import_chunk = "f:7"};

Bytes TwoEvents() {
  BatchWriter out(kHeader);
  out.BeginEvent("view", {.time_ms = -5, .message_id = "m1", .dedup_key = "k1", .library = "js/1"});
  out.AddIdentity("login", "u1");
  out.AddProperty("price", Value::Double(9.5));
  out.AddIdentity("device", "d1");
  out.AddProperty("count", Value::Int(std::numeric_limits<int64_t>::min()));
  out.EndItem();
  out.BeginEvent("buy", {.time_ms = 7, .time_fixed = true});
  out.AddProperty("price", Value::Double(10));
  out.EndItem();
  return out.Finish();
}

// "price=..., count=..." of an item.
std::vector<std::pair<std::string, Value>> Named(const BatchReader& in, const ItemView& item) {
  std::vector<std::pair<std::string, Value>> named;
  for (const PropertyView& property : item.properties) {
    named.emplace_back(in.names()[property.name], property.value);
  }
  return named;
}

TEST(BatchTest, ReadsBackWhatWasWritten) {
  const Bytes payload = TwoEvents();
  BatchReader in = BatchReader::Open(payload).value();
  EXPECT_EQ(in.header().project, "default");
  EXPECT_EQ(in.header().source, "web");
  EXPECT_EQ(in.header().ingest_ms, 1'800'000'000'000);
  EXPECT_EQ(in.header().import_chunk, "f:7");
  EXPECT_EQ(in.item_count(), 2u);

  const ItemView view = *in.Next().value();
  EXPECT_EQ(view.kind, ItemKind::kEvent);
  EXPECT_EQ(view.what, "view");
  EXPECT_EQ(in.names()[view.what_name], "view");
  EXPECT_EQ(view.meta.time_ms, -5);
  EXPECT_EQ(view.meta.message_id, "m1");
  EXPECT_EQ(view.meta.dedup_key, "k1");
  EXPECT_EQ(view.meta.library, "js/1");
  EXPECT_FALSE(view.meta.time_fixed);
  EXPECT_THAT(view.identities,
              ElementsAre(IdentityView{"login", "u1"}, IdentityView{"device", "d1"}));
  EXPECT_THAT(Named(in, view),
              ElementsAre(std::pair("price", Value::Double(9.5)),
                          std::pair("count", Value::Int(std::numeric_limits<int64_t>::min()))));

  const ItemView buy = *in.Next().value();
  EXPECT_EQ(buy.what, "buy");
  EXPECT_TRUE(buy.meta.time_fixed);
  EXPECT_THAT(buy.identities, IsEmpty());
  EXPECT_THAT(Named(in, buy), ElementsAre(std::pair("price", Value::Double(10))));
  EXPECT_FALSE(in.Next().value().has_value());
}

TEST(BatchTest, KeepsEveryTypeOfValue) {
  const std::string list = PackList(std::vector<std::string_view>{"a", "", "中文"});
  const std::vector<Value> values = {
      Value::Bool(true),        Value::Bool(false),    Value::Int(-1),
      Value::Double(-0.25),     Value::Decimal(12),    Value::String(std::string_view("x\0y", 3)),
      Value::DateTime(1 << 20), Value::Date(-719'162), Value::List(list)};
  BatchWriter out(kHeader);
  out.BeginItem(ItemKind::kProfile, kProfileSet, "", {});
  for (size_t i = 0; i < values.size(); ++i) out.AddProperty("p" + std::to_string(i), values[i]);
  out.EndItem();
  const Bytes payload = out.Finish();
  BatchReader in = BatchReader::Open(payload).value();
  const ItemView item = *in.Next().value();
  ASSERT_EQ(item.properties.size(), values.size());
  for (size_t i = 0; i < values.size(); ++i) EXPECT_EQ(item.properties[i].value, values[i]) << i;
  EXPECT_THAT(ListItems(item.properties.back().value.text), ElementsAre("a", "", "中文"));

  std::vector<PropertyView> again;
  EXPECT_TRUE(ReadProperties(item.property_bytes, &again));
  EXPECT_EQ(again.size(), values.size());
}

TEST(BatchTest, NamesAreKeptOnceWhateverTheirOrder) {
  BatchWriter out(kHeader);
  for (const std::vector<std::string_view>& names :
       {std::vector<std::string_view>{"a", "b", "c"}, {"a", "c", "b"}, {"c"}, {"a", "b", "c"}}) {
    out.BeginEvent("e", {});
    for (const std::string_view name : names) out.AddProperty(name, Value::String(name));
    out.EndItem();
  }
  const Bytes payload = out.Finish();
  BatchReader in = BatchReader::Open(payload).value();
  EXPECT_THAT(in.names(), ElementsAre("", "e", "a", "b", "c"));
  while (const auto item = in.Next().value()) {
    for (const auto& [name, value] : Named(in, *item)) EXPECT_EQ(name, value.text);
  }
}

TEST(BatchTest, ADroppedItemLeavesNothingBehind) {
  BatchWriter out(kHeader);
  out.BeginEvent("bad", {});
  out.AddIdentity("login", "u");
  out.AddProperty("p", Value::Int(1));
  out.DropItem();
  out.AddQuarantine("bad_time", R"({"time":0})", 3);
  const Bytes payload = out.Finish();
  BatchReader in = BatchReader::Open(payload).value();
  ASSERT_EQ(in.item_count(), 1u);
  const ItemView item = *in.Next().value();
  EXPECT_EQ(item.kind, ItemKind::kQuarantine);
  EXPECT_EQ(item.what, "bad_time");
  EXPECT_EQ(item.detail, R"({"time":0})");
  EXPECT_EQ(item.meta.time_ms, 3);
  EXPECT_THAT(item.identities, IsEmpty());
  EXPECT_THAT(item.properties, IsEmpty());
}

TEST(BatchTest, APropertyIsAddedOnceToAnItem) {
  BatchWriter out(kHeader);
  for (int item = 0; item < 2; ++item) {
    out.BeginEvent("e", {});
    out.AddIdentity("p", "an identity's key is no property");
    EXPECT_TRUE(out.AddProperty("p", Value::Int(item)));
    EXPECT_FALSE(out.AddProperty("p", Value::Int(9)));
    out.EndItem();
  }
  const Bytes payload = out.Finish();
  BatchReader in = BatchReader::Open(payload).value();
  for (int item = 0; item < 2; ++item) {
    EXPECT_THAT(Named(in, *in.Next().value()), ElementsAre(std::pair("p", Value::Int(item))));
  }
}

TEST(BatchTest, GuessesTheNameThatFollowedOnlyWhenItIsAPropertys) {
  BatchWriter out(kHeader);
  EXPECT_FALSE(out.GuessName("a"));
  for (int item = 0; item < 2; ++item) {
    out.BeginEvent("e", {.library = "lib"});
    EXPECT_EQ(out.GuessName("a").has_value(), item == 1);
    out.AddProperty("a", Value::Int(1));
    EXPECT_FALSE(out.GuessName("lib"));  // followed, but is no property
    out.EndItem();
  }
  out.BeginEvent("e", {.library = "lib"});
  EXPECT_FALSE(out.GuessName("b"));
  EXPECT_TRUE(out.AddProperty(*out.GuessName("a"), Value::Int(7)));
  EXPECT_FALSE(out.AddProperty(out.NumberName("a"), Value::Int(8)));
  out.EndItem();
  const Bytes payload = out.Finish();
  BatchReader in = BatchReader::Open(payload).value();
  for (const int value : {1, 1, 7}) {
    EXPECT_THAT(Named(in, *in.Next().value()), ElementsAre(std::pair("a", Value::Int(value))));
  }
}

TEST(BatchTest, RewindingForgetsTheItemsSince) {
  BatchWriter out(kHeader);
  out.AddQuarantine("a", "", 1);
  const BatchWriter::Place place = out.Here();
  out.AddQuarantine("b", "", 2);
  out.AddQuarantine("c", "", 3);
  out.RewindTo(place);
  out.AddQuarantine("d", "", 4);
  const Bytes payload = out.Finish();
  BatchReader in = BatchReader::Open(payload).value();
  EXPECT_EQ(in.item_count(), 2u);
  EXPECT_EQ(in.Next().value()->what, "a");
  EXPECT_EQ(in.Next().value()->what, "d");
  EXPECT_FALSE(in.Next().value().has_value());
}

// Reads everything; false at the first error.
bool Readable(std::span<const uint8_t> payload) {
  Result<BatchReader> in = BatchReader::Open(payload);
  while (in.ok()) {
    const auto item = in.value().Next();
    if (!item.ok()) return false;
    if (!item.value()) return true;
  }
  return false;
}

TEST(BatchTest, APayloadCutAnywhereIsAnError) {
  const Bytes payload = TwoEvents();
  EXPECT_TRUE(Readable(payload));
  for (size_t size = 0; size < payload.size(); ++size) {
    EXPECT_FALSE(Readable(std::span(payload).first(size))) << size;
  }
  Bytes longer = payload;
  longer.push_back(0);
  EXPECT_FALSE(Readable(longer));
}

TEST(BatchTest, ACutListGivesTheWholeItemsBeforeTheCut) {
  const std::string list = PackList(std::vector<std::string_view>{"ab", "cd"});
  EXPECT_THAT(ListItems(std::string_view(list).substr(0, 4)), ElementsAre("ab"));
  EXPECT_THAT(ListItems(""), IsEmpty());
}

}  // namespace
}  // namespace waypost
