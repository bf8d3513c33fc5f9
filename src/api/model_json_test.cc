#include "api/model_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waypost::api {
namespace {

using ::testing::HasSubstr;

TEST(ModelJsonTest, EveryKindOfValueHasItsText) {
  const std::string_view items[] = {"a", "b\"c"};
  const std::string packed = PackList(items);
  const struct {
    Value value;
    std::string_view json;
  } kCases[] = {
      {Value::Bool(true), "true"},
      {Value::Int(-9'007'199'254'740'993), "-9007199254740993"},
      {Value::Double(0.1), "0.1"},
      {Value::Decimal(123'400), "\"12.34\""},
      {Value::Decimal(-5), "\"-0.0005\""},
      {Value::Decimal(50'000), "\"5\""},
      {Value::Decimal(INT64_MIN), "\"-922337203685477.5808\""},
      {Value::String("一\n"), "\"一\\u000a\""},
      {Value::DateTime(0), "\"1970-01-01T00:00:00.000Z\""},
      {Value::Date(1), "\"1970-01-02\""},
      {Value::List(packed), "[\"a\",\"b\\\"c\"]"},
  };
  for (const auto& [value, json] : kCases) EXPECT_EQ(ValueJson(value), json);
}

// The JSON of the only item that `write` puts into a batch.
template <typename Write>
std::string JsonOf(const Write& write, const TrackingPlan* masked_by = nullptr) {
  BatchWriter out({.project = "p", .source = "web", .ingest_ms = 9});
  write(out);
  const Bytes payload = out.Finish();
  auto reader = BatchReader::Open(payload);
  const auto item = reader.value().Next();
  return ItemJson(reader.value().header(), reader.value().names(), *item.value(), masked_by);
}

TEST(ModelJsonTest, AnEventIsShownFieldByField) {
  EXPECT_EQ(
      JsonOf([](BatchWriter& out) {
        out.BeginEvent("pay", {.time_ms = 7, .message_id = "m1", .library = "js/1"});
        out.AddIdentity("login", "u1");
        out.AddProperty("price", Value::Int(3));
        out.EndItem();
      }),
      R"({"kind":"event","event":"pay","time_ms":7,"ingest_ms":9,"project":"p","source":"web",)"
      R"("message_id":"m1","library":"js/1","identities":{"login":"u1"},"properties":{"price":3}})");
}

TEST(ModelJsonTest, WhatWasQuarantinedIsShownWithItsReason) {
  EXPECT_EQ(JsonOf([](BatchWriter& out) { out.AddQuarantine("bad_time", "{\"time\":0}", 5); }),
            R"({"kind":"quarantine","reason":"bad_time","detail":"{\"time\":0}","time_ms":5,)"
            R"("ingest_ms":9,"project":"p","source":"web"})");
}

TEST(ModelJsonTest, WhatIsAPersonsIsMasked) {
  TrackingPlan plan;
  ASSERT_TRUE(plan.Apply({.properties = {{.name = "city",
                                          .type = ValueType::kString,
                                          .data_class = DataClass::kC1}}})
                  .ok());
  const std::string event = JsonOf(
      [](BatchWriter& out) {
        out.BeginEvent("pay", {.time_ms = 7});
        out.AddIdentity("phone", "13812345678");
        out.AddProperty("city", Value::String("上海"));
        out.AddProperty("payee", Value::String("李娜"));
        out.AddProperty("price", Value::Int(3));
        out.EndItem();
      },
      &plan);
  EXPECT_THAT(event, HasSubstr(R"("identities":{"phone":"138****5678"},)"
                               R"("properties":{"city":"上海","payee":"李*","price":"****"}})"));
  EXPECT_THAT(JsonOf([](BatchWriter& out) { out.AddQuarantine("bad", "13812345678", 5); }, &plan),
              HasSubstr(R"("detail":"****")"));
}

TEST(ModelJsonTest, AShownPlanCanBeSentBack) {
  const auto change = PlanChangeOf(R"({"mode":"strict",
      "properties":[{"name":"price","type":"decimal","class":"C1","zh":"价格","en":"Price"}],
      "events":[{"name":"pay","zh":"支付","required":["price"]}]})",
                                   "p");
  ASSERT_TRUE(change.ok()) << change.error().message();
  TrackingPlan plan;
  ASSERT_TRUE(plan.Apply(change.value()).ok());
  const auto again = PlanChangeOf(PlanJson(plan), "p");
  ASSERT_TRUE(again.ok()) << again.error().message();
  TrackingPlan copy;
  ASSERT_TRUE(copy.Apply(again.value()).ok());
  EXPECT_EQ(PlanJson(copy), PlanJson(plan));
  EXPECT_THAT(PlanJson(plan), HasSubstr("\"zh\":\"价格\""));
}

TEST(ModelJsonTest, AWrongPlanIsAnErrorWithItsPath) {
  const struct {
    std::string_view json, problem;
  } kCases[] = {
      {"[]", "the plan must be an object"},
      {R"({"mode":"loose"})", "mode must be one of: open, strict"},
      {R"({"moed":"open"})", "moed is not known"},
      {R"({"properties":{}})", "properties must be a list"},
      {R"({"properties":[{"name":"a"},{"type":"int"}]})", "properties[1].name is missing"},
      {R"({"properties":[{"name":"a","type":"number"}]})",
       "properties[0].type must be one of: bool"},
      {R"({"properties":[{"name":1}]})", "properties[0].name must be a text"},
      {R"({"events":[{"name":"a","required":[1]}]})", "events[0].required[0] must be a text"},
  };
  for (const auto& [json, problem] : kCases) {
    const auto change = PlanChangeOf(json, "p");
    ASSERT_FALSE(change.ok()) << json;
    EXPECT_THAT(change.error().message(), HasSubstr(problem));
  }
  EXPECT_EQ(PlanChangeOf("{", "p").error().name(), "bad_json");
}

TEST(ModelJsonTest, TheReportShowsOnlyWhatDoesNotFit) {
  TrackingPlan plan;
  plan.ObserveEvent("fine", 1);
  plan.Observe("price", Value::Int(1), kSeenOnEvents);
  plan.Observe("price", Value::String("much"), kSeenOnEvents);
  EXPECT_EQ(
      PlanReportJson(plan),
      R"({"events":[],"properties":[{"property":"price","type":"int","count":1,"mismatches":1}],)"
      R"("undeclared":{"events":["fine"],"properties":["price"]}})");
}

}  // namespace
}  // namespace waypost::api
