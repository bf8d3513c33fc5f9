#include "ingest/decoder.h"

#include <date/tz.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/decoder_fixture.h"
#include "ingest/limits.h"
#include "ingest/wire_text.h"

namespace waypost::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr int64_t kNow = 1'800'000'000'000;
constexpr int64_t kHour = 3'600'000;

struct DecoderTest : testing::Test {
  Result<Decoded> Decode(std::string_view path, std::string_view body, WireRequest request = {}) {
    request.method = "POST";
    request.path = path;
    request.body = body;
    request.now_ms = kNow;
    if (request.query.empty()) request.query = "project=default&token=TOKEN";
    return decoder.Decode(request);
  }
  // The batch as text, or "error: name".
  std::string Text(std::string_view path, std::string_view body, WireRequest request = {}) {
    const Result<Decoded> decoded = Decode(path, body, request);
    return decoded.ok() ? BatchText(decoded.value().payload) : "error: " + decoded.error().name();
  }
  std::string Own(std::string_view body, WireRequest request = {}) {
    return Text("/v1/events", body, request);
  }
  // The reason one record of our own format is refused for, or "".
  std::string Refusal(std::string_view record) {
    const Decoded decoded = Decode("/v1/events", record).value();
    EXPECT_EQ(decoded.accepted + decoded.quarantined, 1u) << record;
    return decoded.refusals.empty() ? "" : std::string(decoded.refusals[0].reason);
  }

  FixtureKeys keys;
  Decoder decoder{keys};
};

TEST_F(DecoderTest, ReadsOurOwnEvents) {
  EXPECT_EQ(
      Own(R"([{"event":"pay","distinct_id":"u1","time":1799999999000,
                     "properties":{"n":3,"x":1.5,"ok":true,"s":"中","none":null,"tags":["a",1,true]}},
                    {"event":"view","user_id":42,"anonymous_id":"d1","time":"2027-01-15T08:00:00+08:00"}])"),
      "event pay @1799999999000 distinct=u1 | n=3 x=1.500000 ok=true s='中' tags=[a;1;true;]\n"
      "event view @1799971200000 login=42 device=d1\n");
  EXPECT_EQ(Own(R"({"event":"one","identities":{"phone":"138","wechat":["w1","w2"]},"amount":5})"),
            "event one @1800000000000 phone=138 wechat=w1 wechat=w2 | amount=5\n");
  EXPECT_EQ(Own("[]"), "");
}

TEST_F(DecoderTest, ReadsOneDocumentALine) {
  const std::string two = "event a @1800000000000 distinct=u\nevent b @1800000000000 distinct=u\n";
  EXPECT_EQ(
      Own("{\"event\":\"a\",\"distinct_id\":\"u\"}\r\n\n{\"event\":\"b\",\"distinct_id\":\"u\"}\n"),
      two);
  EXPECT_EQ(
      Own("[{\"event\":\"a\",\"distinct_id\":\"u\"}]\n{\"event\":\"b\",\"distinct_id\":\"u\"}",
          {.content_type = "application/x-ndjson"}),
      two);
  EXPECT_EQ(Own("{\n\"event\":\"a\",\n\"distinct_id\":\"u\"}"),
            "event a @1800000000000 distinct=u\n");
  const auto broken = Decode("/v1/events", "{\"event\":\"a\",\"distinct_id\":\"u\"}\n{\"event\":}");
  EXPECT_EQ(broken.error().name(), "bad_json");
  EXPECT_THAT(broken.error().message(), HasSubstr("byte 41:"));
}

TEST_F(DecoderTest, RecordsOfEveryTypeBecomeItems) {
  const struct {
    const char *record, *items;
  } cases[] = {
      {R"({"type":"track_signup","distinct_id":"B","original_id":"A"})",
       "event $SignUp @1800000000000 login=B\n"
       "link signup @1800000000000 login=B distinct=B distinct=A\n"},
      {R"({"type":"track_id_bind","identities":{"$identity_login_id":"u","$identity_mobile":"138"}})",
       "event $BindID @1800000000000 login=u phone=138\nlink bind @1800000000000 login=u "
       "phone=138\n"},
      {R"({"type":"track_id_unbind","identities":{"$identity_mobile":"138"}})",
       "event $UnbindID @1800000000000 phone=138\nunlink unbind @1800000000000 phone=138\n"},
      {R"({"type":"profile_set","distinct_id":"u","properties":{"city":"沪","age":3}})",
       "profile set @1800000000000 distinct=u | city='沪' age=3\n"},
      {R"({"type":"profile_set_once","distinct_id":"u","properties":{"a":1}})",
       "profile set_once @1800000000000 distinct=u | a=1\n"},
      {R"({"type":"profile_increment","distinct_id":"u","properties":{"n":1,"x":0.5}})",
       "profile increment @1800000000000 distinct=u | n=1 x=0.500000\n"},
      {R"({"type":"profile_append","distinct_id":"u","properties":{"l":["a","b"],"m":"c"}})",
       "profile append @1800000000000 distinct=u | l=[a;b;] m=[c;]\n"},
      {R"({"type":"profile_unset","distinct_id":"u","properties":{"a":null,"b":""}})",
       "profile unset @1800000000000 distinct=u | a=true b=true\n"},
      // What tells the kind of the distinct_id is not about the customer.
      {R"({"type":"profile_set","distinct_id":"u","properties":{"$is_login_id":true,"age":3}})",
       "profile set @1800000000000 login=u | age=3\n"},
      {R"({"type":"profile_increment","distinct_id":"u","properties":{"$is_login_id":true,"n":1}})",
       "profile increment @1800000000000 login=u | n=1\n"},
      {R"({"type":"profile_append","distinct_id":"u","properties":{"l":["a"],"$is_login_id":true}})",
       "profile append @1800000000000 login=u | l=[a;]\n"},
      {R"({"type":"profile_delete","distinct_id":"u"})",
       "profile delete @1800000000000 distinct=u\n"},
      {R"({"type":"item_set","item_type":"book","item_id":"i1","properties":{"price":1}})",
       "item book i1 @1800000000000 | price=1\n"},
      {R"({"type":"item_delete","item_type":"book","item_id":"i1"})",
       "item_delete book i1 @1800000000000\n"},
  };
  for (const auto& c : cases) EXPECT_EQ(Own(c.record), c.items);
}

TEST_F(DecoderTest, ARecordThatBreaksARuleIsQuarantinedWithItsReason) {
  const auto event = [](std::string_view properties) {
    return R"({"event":"a","distinct_id":"u","properties":)" + std::string(properties) + "}";
  };
  const auto list = [](size_t size) {
    std::string text = "[0";
    for (size_t i = 1; i < size; ++i) text += ",0";
    return text + "]";
  };
  std::string many = "{\"p0\":0";
  for (int i = 1; i < 1'001; ++i) many += ",\"p" + std::to_string(i) + "\":0";
  std::string big = "{\"p0\":0";
  for (int i = 1; i < 150; ++i)
    big += ",\"p" + std::to_string(i) + "\":\"" + std::string(8'000, 'x') + "\"";
  const struct {
    std::string record, reason;
  } cases[] = {
      {"[1]", "bad_record"},
      {R"({"event":"a","distinct_id":"u","properties":[]})", "bad_record"},
      {R"({"event":"","distinct_id":"u"})", "bad_event_name"},
      {R"({"distinct_id":"u"})", "bad_event_name"},
      {R"({"event":5,"distinct_id":"u"})", "bad_event_name"},
      {R"({"event":")" + std::string(129, 'e') + R"(","distinct_id":"u"})", "bad_event_name"},
      {R"({"event":")" + std::string(128, 'e') + R"(","distinct_id":"u"})", ""},
      {R"({"event":"$internal_merge","distinct_id":"u"})", "reserved_name"},
      {R"({"event":"$waypost_x","distinct_id":"u"})", "reserved_name"},
      {R"({"event":"$pageview","distinct_id":"u"})", ""},
      {R"({"event":"a"})", "bad_id"},
      {R"({"event":"a","distinct_id":""})", "bad_id"},
      {R"({"event":"a","distinct_id":{}})", "bad_id"},
      {R"({"event":"a","distinct_id":")" + std::string(256, 'u') + R"("})", "bad_id"},
      {R"({"event":"a","distinct_id":")" + std::string(255, 'u') + R"("})", ""},
      {R"({"event":"a","distinct_id":"null"})", "id_quarantined"},
      {R"({"event":"a","distinct_id":"NULL"})", "id_quarantined"},
      {R"({"event":"a","distinct_id":"0000-0000"})", "id_quarantined"},
      {R"({"event":"a","distinct_id":0})", "id_quarantined"},
      {R"({"event":"a","distinct_id":"nullable"})", ""},
      {R"({"event":"a","distinct_id":"u","time":0})", "bad_time"},
      {R"({"event":"a","distinct_id":"u","time":-1})", "bad_time"},
      {R"({"event":"a","distinct_id":"u","time":1790000000})", "bad_time"},
      {R"({"event":"a","distinct_id":"u","time":32472144000000})", "bad_time"},
      {R"({"event":"a","distinct_id":"u","time":"yesterday"})", "bad_time"},
      {R"({"event":"a","distinct_id":"u","time":1.5})", "bad_time"},
      {R"({"type":"trak","distinct_id":"u"})", "unknown_type"},
      {R"({"type":"item_set","item_type":"","item_id":"i"})", "bad_id"},
      {R"({"type":"profile_increment","distinct_id":"u","properties":{"n":"1"}})", "bad_increment"},
      {event(R"({"x":1e999})"), "bad_number"},
      {event(R"({"x":[1e999]})"), "bad_number"},
      {event(R"({"x":18446744073709551615})"), "bad_number"},
      {event(R"({"x":18446744073709551616})"), "bad_number"},
      {event(R"({"x":9223372036854775807})"), ""},
      {event(R"({"x":")" + std::string(8'193, 'x') + R"("})"), "value_too_long"},
      {event(R"({"x":")" + std::string(8'192, 'x') + R"("})"), ""},
      {event(R"({"x":)" + list(1'001) + "}"), "list_too_long"},
      {event(R"({"x":)" + list(1'000) + "}"), ""},
      {event(R"({"x":{"y":{"z":1}}})"), "nested_object"},
      {event(R"({"x":[{"y":1}]})"), "nested_object"},
      {event(R"({"":1})"), "bad_name"},
      {event("{\"" + std::string(129, 'p') + "\":1}"), "bad_name"},
      {event(many + "}"), "too_many_properties"},
      {event(big + "}"), "event_too_large"},
      {event(R"({"x":1,"x":2})"), "duplicate_property"},
      {event(R"({"$internal_x":1})"), "reserved_name"},
      {event(R"({"d":"2026-02-30"})"), "bad_time"},
      {event(R"({"d":"2026-02-03 25:00:00"})"), "bad_time"},
      {event(R"({"d":"2026-02-03"})"), ""},
      {event(R"({"sms_otp":"845201"})"), "sensitive"},
  };
  for (const auto& c : cases) EXPECT_EQ(Refusal(c.record), c.reason) << c.record.substr(0, 80);
}

TEST_F(DecoderTest, QuarantineShowsWhatCameButNoSecrets) {
  EXPECT_EQ(
      Own(R"([{"type":"profile_set","distinct_id":"u","token":"t0k","properties":{"password":"x","cvv":[1],"n":1e999}}])"),
      "quarantine sensitive "
      "{\"type\":\"profile_set\",\"distinct_id\":\"u\",\"token\":\"***\",\"properties\":"
      "{\"password\":\"***\",\"cvv\":\"***\",\"n\":\"number out of range\"}}\n");
  const std::string long_text =
      Own(R"({"event":"","distinct_id":")" + std::string(100'000, 'x') + R"("})");
  EXPECT_LT(long_text.size(), 400u);
  const std::string many = Own(R"({"event":"","x":[)" + std::string(20'000, '1') + "]}");
  EXPECT_LT(many.size(), 9'000u);
}

TEST_F(DecoderTest, ARefusedRecordLeavesItsNeighboursWhole) {
  const Decoded decoded = Decode("/v1/events",
                                 R"([{"event":"a","distinct_id":"u"},
                                     {"type":"track_signup","distinct_id":"B","original_id":"null"},
                                     {"event":"b","distinct_id":"u"}])")
                              .value();
  EXPECT_EQ(decoded.accepted, 2u);
  EXPECT_EQ(decoded.quarantined, 1u);
  ASSERT_EQ(decoded.refusals.size(), 1u);
  EXPECT_EQ(decoded.refusals[0].index, 1u);
  EXPECT_EQ(BatchText(decoded.payload),
            "event a @1800000000000 distinct=u\n"
            "quarantine id_quarantined "
            "{\"type\":\"track_signup\",\"distinct_id\":\"B\",\"original_id\":\"null\"}\n"
            "event b @1800000000000 distinct=u\n");
}

TEST_F(DecoderTest, APlaceholderBesideAnIdentityNamesNobodyAndCostsNothing) {
  EXPECT_EQ(Own(R"({"event":"a","distinct_id":"u","identities":{"phone":"000000"}})"),
            "event a @1800000000000 distinct=u\n");
  EXPECT_EQ(Own(R"({"event":"a","distinct_id":"null","identities":{"$identity_login_id":"u"}})"),
            "event a @1800000000000 login=u\n");
  EXPECT_EQ(Own(R"({"type":"track_id_bind","identities":{"login":"u","phone":"000000"}})"),
            "quarantine id_quarantined {\"type\":\"track_id_bind\",\"identities\":{\"login\":\"u\","
            "\"phone\":\"000000\"}}\n");
}

TEST_F(DecoderTest, ClocksThatAreWrongAreClampedAndSaidSo) {
  keys.late_limit_ms = 30 * 24 * kHour;
  const auto at = [&](int64_t time) {
    return Own(R"({"event":"a","distinct_id":"u","time":)" + std::to_string(time) + "}");
  };
  const auto clamped = [](int64_t time) {
    return "event a @1800000000000! distinct=u | $original_time=@" + std::to_string(time) + "\n";
  };
  EXPECT_EQ(at(kNow + kHour), "event a @" + std::to_string(kNow + kHour) + " distinct=u\n");
  EXPECT_EQ(at(kNow + kHour + 1), clamped(kNow + kHour + 1));
  EXPECT_EQ(at(kNow + 24 * kHour), clamped(kNow + 24 * kHour));
  EXPECT_THAT(at(kNow + 24 * kHour + 1), HasSubstr("quarantine bad_time"));
  EXPECT_EQ(at(kNow - 30 * 24 * kHour),
            "event a @" + std::to_string(kNow - 30 * 24 * kHour) + " distinct=u\n");
  EXPECT_EQ(at(kNow - 30 * 24 * kHour - 1), clamped(kNow - 30 * 24 * kHour - 1));
}

TEST_F(DecoderTest, TimesWithoutOffsetAreOfTheSourcesZone) {
  keys.time_zone = date::locate_zone("Asia/Shanghai");
  EXPECT_EQ(
      Own(R"({"event":"a","distinct_id":"u","time":"2027-01-15 08:00:00","properties":{"d":"2027-01-15 08:00:00"}})"),
      "event a @1799971200000 distinct=u | d='2027-01-15 08:00:00'\n");
  EXPECT_EQ(
      Text(
          "/sa",
          R"([{"type":"track","event":"a","distinct_id":"u","properties":{"d":"2027-01-15 08:00:00.000"}},
                            {"type":"track","event":"b","distinct_id":"u",
                             "properties":{"d":"2027-01-15 08:00:00.000","$timezone_offset":0}}])"),
      "event a @1800000000000 distinct=u | d=@1799971200000\n"
      "event b @1800000000000 distinct=u | d=@1800000000000 $timezone_offset=0\n");
}

TEST_F(DecoderTest, SaysWhoSentIt) {
  EXPECT_EQ(
      Own(R"([{"event":"a","distinct_id":"u"},{"event":"a","distinct_id":"u","properties":{"$ip":"1.2.3.4"}}])",
          {.peer_ip = "10.0.0.9"}),
      "event a @1800000000000 distinct=u | $ip='10.0.0.9'\n"
      "event a @1800000000000 distinct=u | $ip='1.2.3.4'\n");
}

TEST_F(DecoderTest, MessagesWithAnIdHaveOneKeyHoweverOftenSent) {
  const auto key = [&](std::string_view path, std::string_view body) {
    const Decoded decoded = Decode(path, body).value();
    BatchReader in = BatchReader::Open(decoded.payload).value();
    const ItemView item = *in.Next().value();
    return std::string(item.meta.message_id) + "|" + std::string(item.meta.dedup_key);
  };
  EXPECT_EQ(key("/v1/events", R"({"event":"a","distinct_id":"u","$insert_id":"k1"})"),
            "k1|web\nk1");
  EXPECT_EQ(
      key("/v1/events", R"({"event":"b","distinct_id":"u","properties":{"$insert_id":"k1"}})"),
      "k1|web\nk1");
  EXPECT_EQ(key("/v1/events", R"({"event":"b","distinct_id":"u"})"), "|");
  EXPECT_EQ(key("/v1/track", R"({"event":"a","userId":"u","messageId":"m"})"), "m|web\nm");
  EXPECT_EQ(
      key("/sa",
          R"({"type":"track","event":"a","distinct_id":"u","_track_id":7,"time":1799999999999})"),
      "7|web\n7\nu\ntrack\na\n1799999999999");
}

TEST_F(DecoderTest, WhatAMessageMakesIsTakenOncePieceByPiece) {
  const auto keys = [&](std::string_view path, std::string_view body) {
    const Decoded decoded = Decode(path, body).value();
    BatchReader in = BatchReader::Open(decoded.payload).value();
    std::vector<std::string> all;
    while (const std::optional<ItemView> item = in.Next().value())
      all.emplace_back(item->meta.dedup_key);
    return all;
  };
  EXPECT_THAT(keys("/v1/events",
                   R"({"type":"track_id_unbind","identities":{"login":"u","device":"d"},
                       "message_id":"m"})"),
              ElementsAre("web\nm", "\nlink\nweb\nm"));
  EXPECT_THAT(keys("/v1/identify", R"({"userId":"u","anonymousId":"d","messageId":"m"})"),
              ElementsAre("web\nm", "\nprofile\nweb\nm", "\nlink\nweb\nm"));
  EXPECT_THAT(keys("/v1/g", R"({"userId":"u","groupId":"g","messageId":"m"})"),
              ElementsAre("web\nm", "\ngroup\nweb\nm"));
  EXPECT_THAT(keys("/v1/alias", R"({"userId":"u","previousId":"d"})"), ElementsAre("", ""));
}

TEST_F(DecoderTest, ReadsEverySegmentMessage) {
  const struct {
    const char *path, *body, *items;
  } cases[] = {
      {"/v1/t",
       R"({"event":"Buy","userId":"u","properties":{"a":{"b":1},"l":[{"s":"G","n":9}]},"writeKey":"KEY"})",
       "event Buy @1800000000000 login=u | a.b=1 l=[{\"s\":\"G\",\"n\":9};]\n"},
      {"/v1/page",
       R"({"name":"Home","category":"Docs","anonymousId":"d","userId":null,"properties":{"url":"x"}})",
       "event $page @1800000000000 device=d | url='x' $name='Home' $category='Docs'\n"},
      {"/v1/s", R"({"type":"screen","name":"Main","anonymousId":"d"})",
       "event $screen @1800000000000 device=d | $name='Main'\n"},
      {"/v1/identify",
       R"({"userId":"u","anonymousId":"d","traits":{"age":3,"address":{"city":"沪"}},"context":{"ip":"9"}})",
       "event $identify @1800000000000 login=u device=d | $traits.age=3 $traits.address.city='沪' "
       "$context.ip='9'\n"
       "profile set @1800000000000 login=u device=d | age=3 address.city='沪'\n"
       "link link @1800000000000 login=u device=d\n"},
      {"/v1/g", R"({"userId":"u","groupId":"g1","traits":{"name":"Acme"}})",
       "event $group @1800000000000 login=u | $traits.name='Acme' $groupId='g1'\n"
       "item group g1 @1800000000000 | name='Acme'\n"},
      {"/v1/alias", R"({"userId":"u","previousId":"d"})",
       "event $alias @1800000000000 login=u | $previousId='d'\nlink alias @1800000000000 login=u "
       "device=d\n"},
      {"/v1/a", R"({"userId":"u","previousId":"u"})",
       "event $alias @1800000000000 login=u | $previousId='u'\n"},
      {"/v1/b",
       R"({"batch":[{"type":"track","event":"a","userId":1},{"type":"oops","userId":"u"}],"context":{"os":"x"}})",
       "event a @1800000000000 login=1 | $context.os='x'\n"
       "quarantine unknown_type {\"type\":\"oops\",\"userId\":\"u\"}\n"},
  };
  for (const auto& c : cases)
    EXPECT_EQ(Text(c.path, c.body, {.query = "write_key=KEY"}), c.items) << c.path;
}

TEST_F(DecoderTest, WhatIsRefusedIsKeptWithoutItsIdentitiesWhereSomeAreHashed) {
  keys.hashed_keys = std::make_shared<const std::vector<std::string>>(1, "phone");
  for (const auto& [path, body] : {
           std::pair("/v1/events", R"({"event":"","identities":{"phone":"138000"}})"),
           {"/v1/events", R"({"event":"","distinct_id":"138000","properties":{"phone":138000}})"},
           {"/v1/events", R"({"event":"","login_id":"138000","$identity_mobile":["138000"]})"},
           {"/v1/track", R"({"event":"","userId":"138000","context":{"phone":"138000"}})"},
       }) {
    const std::string text = Text(path, body, {.query = "write_key=KEY"});
    EXPECT_THAT(text, HasSubstr("quarantine")) << body;
    EXPECT_THAT(text, HasSubstr("***")) << body;
    EXPECT_EQ(text.find("138000"), std::string::npos) << text;
  }
}

TEST_F(DecoderTest, SegmentClocksAreCorrectedBySentAt) {
  const auto sent = [&](std::string_view timestamp, std::string_view sent_at) {
    return Text("/v1/track", R"({"event":"a","userId":"u","timestamp":")" + std::string(timestamp) +
                                 R"(","sentAt":")" + std::string(sent_at) + R"("})");
  };
  // now is 2027-01-15T08:00:00Z
  EXPECT_EQ(sent("2026-01-01T00:00:00.000Z", "2027-01-15T07:59:59.500Z"),
            "event a @1767225600000 login=u | $sentAt=@1799999999500\n");
  EXPECT_EQ(
      sent("2027-01-15T10:59:50Z", "2027-01-15T11:00:00Z"),
      "event a @1799999990000 login=u | $sentAt=@1800010800000 $original_time=@1800010790000\n");
}

TEST_F(DecoderTest, KeysAreReadWhereSdksPutThem) {
  const std::string_view body = R"({"event":"a","userId":"u","distinct_id":"u"})";
  const auto answer = [&](std::string_view path, WireRequest request, std::string_view text) {
    if (request.query.empty()) request.query = "x=y";
    return Text(path, text, request).substr(0, 7);
  };
  EXPECT_EQ(answer("/v1/track", {.authorization = "Basic S0VZOg=="}, body), "event a");
  EXPECT_EQ(answer("/v1/track", {.authorization = "Basic S0VZ"}, body), "event a");
  EXPECT_EQ(answer("/v1/track", {}, R"({"event":"a","userId":"u","writeKey":"KEY"})"), "event a");
  EXPECT_EQ(answer("/v1/b", {},
                   R"({"batch":[{"type":"track","event":"a","userId":"u"}],"writeKey":"KEY"})"),
            "event a");
  EXPECT_EQ(answer("/v1/b", {},
                   R"({"batch":[{"type":"track","event":"a","userId":"u","writeKey":"KEY"}]})"),
            "event a");
  EXPECT_EQ(answer("/v1/events", {.authorization = "Bearer KEY"}, body), "event a");
  EXPECT_EQ(answer("/v1/events", {.query = "write_key=KEY"}, body), "event a");
  EXPECT_EQ(answer("/sa", {.query = "project=default"}, body), "event a");
  for (const WireRequest& request :
       {WireRequest{}, WireRequest{.query = "project=default&token=guess"},
        WireRequest{.authorization = "Basic bm9uZTo="}, WireRequest{.authorization = "Basic ?"},
        WireRequest{.query = "project=other"}}) {
    for (const char* path : {"/v1/track", "/v1/events", "/sa"}) {
      WireRequest copy = request;
      if (copy.query.empty()) copy.query = "x=y";
      EXPECT_EQ(Text(path, body, copy), "error: unauthorized")
          << path << copy.query << copy.authorization;
    }
  }
}

TEST_F(DecoderTest, SensorsDataIsReadHoweverWrapped) {
  const std::string body = R"({"type":"track","event":"a","distinct_id":"u"})";
  const std::string base64 = "eyJ0eXBlIjoidHJhY2siLCJldmVudCI6ImEiLCJkaXN0aW5jdF9pZCI6InUifQ==";
  const std::string event = "event a @1800000000000 distinct=u\n";
  const std::string crc = std::to_string(JavaHash(base64));
  EXPECT_EQ(*DecodeBase64(base64), body);
  EXPECT_EQ(Text("/sa.gif", "", {.query = "project=default&data=" + base64}), event);
  EXPECT_EQ(Text("/sa", "data=" + base64 + "&ext=crc%3D" + crc), event);
  EXPECT_EQ(Text("/sa", "data_list=" + base64 + "&gzip=0&crc=" + crc), event);
  EXPECT_EQ(Text("/debug", "[" + body + "]"), event);
  EXPECT_EQ(Text("/sa", "data=" + base64 + "&crc=1"), "error: bad_encoding");
  EXPECT_EQ(Text("/sa", "data=" + base64 + "&gzip=1"), "error: bad_encoding");
  EXPECT_EQ(Text("/sa", "data=!!!"), "error: bad_encoding");
  EXPECT_EQ(Text("/sa", "data=e30+"), "error: bad_encoding");  // an unescaped '+' and no checksum
  EXPECT_EQ(Text("/sa", "data=e3s="), "error: bad_json");
  EXPECT_EQ(Text("/sa", "x=1"), "error: bad_json");
  EXPECT_EQ(Text("/sa", ""), "error: bad_json");
}

TEST_F(DecoderTest, BodiesThatAreNoRequestAreRefusedWhole) {
  const struct {
    WireRequest request;
    std::string body, error;
  } cases[] = {
      {{.content_type = "application/xml"}, "<a/>", "unsupported"},
      {{.content_type = "text/XML; charset=utf-8"}, "[]", "unsupported"},
      {{.content_type = "multipart/form-data; boundary=x"}, "[]", "unsupported"},
      {{.content_type = "application/json; charset=gbk"}, "[]", "unsupported"},
      {{.content_encoding = "br"}, "[]", "unsupported"},
      {{.content_encoding = "gzip"}, "[]", "bad_encoding"},
      {{}, "", "bad_json"},
      {{}, "5", "bad_json"},
      {{}, "{}{}", "bad_json"},
      {{}, "[{\"event\":\"a\xff\",\"distinct_id\":\"u\"}]", "bad_encoding"},
      {{}, std::string(kMaxBodySize + 1, ' '), "too_large"},
  };
  for (const auto& c : cases)
    EXPECT_EQ(Own(c.body, c.request), "error: " + c.error) << c.body.substr(0, 30);
  EXPECT_EQ(Own("[]", {.content_type = "application/json; charset=\"UTF-8\""}), "");
  EXPECT_EQ(Own("[]", {.content_type = "application/x-www-form-urlencoded"}), "");

  std::string many = "[{}";
  for (size_t i = 0; i < kMaxRecords; ++i) many += ",{}";
  EXPECT_EQ(Own(many + "]"), "error: too_large");
}

}  // namespace
}  // namespace waypost::ingest
