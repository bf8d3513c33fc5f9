#include "api/api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <set>

#include "api/api_fixture.h"
#include "api/json_body.h"
#include "api/openapi.h"

namespace waypost::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(ApiTest, TheCollectorGetsWhatWasSent) {
  ApiFixture server;
  server.Exchange(Ask("POST", "/sa?project=default", "Authorization: Basic a2V5Og==\r\n", "data="));
  ASSERT_EQ(server.collector.requests.size(), 1u);
  const Request& request = server.collector.requests[0];
  EXPECT_EQ(request.path, "/sa");
  EXPECT_EQ(request.query, "project=default");
  EXPECT_EQ(request.authorization, "Basic a2V5Og==");
  EXPECT_EQ(request.body, "data=");
  EXPECT_EQ(request.peer, "192.0.2.1");
}

TEST(ApiTest, WhoMayImportEventsNeedsNoKeyAndSeesNone) {
  ApiFixture server;
  const auto import = [&](std::string_view query, std::string_view as) {
    return server.Exchange(
        Ask("POST", "/v1/events/import" + std::string(query), as, "[{\"event\":\"pay\"}]"));
  };
  EXPECT_EQ(StatusOf(import("", "")), 401);
  EXPECT_EQ(StatusOf(import("?source=none", kToken)), 404);
  EXPECT_TRUE(server.collector.requests.empty());
  const std::string answer = import("?source=web&write_key=other", kToken);
  EXPECT_THAT(answer, HasSubstr("\"accepted\":1"));
  EXPECT_THAT(answer, Not(HasSubstr("key of")));
  ASSERT_EQ(server.collector.requests.size(), 1u);
  const Request& request = server.collector.requests[0];
  EXPECT_EQ(request.path, "/v1/events");
  EXPECT_EQ(request.query, "");
  EXPECT_EQ(request.authorization, "Bearer key of web");
  EXPECT_EQ(request.body, "[{\"event\":\"pay\"}]");
}

TEST(ApiTest, ACustomerWhoIsFoundAtOnceNeedsNoWorker) {
  ApiFixture server;
  server.workers.Stop();
  const auto ask = [&](std::string_view who) {
    return server.Exchange(Ask("GET", "/v1/customers/login/" + std::string(who), kToken));
  };
  EXPECT_THAT(ask("ann"), HasSubstr("\"asked\":\"login ann\""));
  EXPECT_EQ(CodeOf(ask("nobody")), "unknown_customer");
  server.customers.busy = true;
  EXPECT_EQ(CodeOf(ask("ann")), "overloaded");
}

TEST(ApiTest, AProfileIsOfTheTagsAndEventsThatAreAskedFor) {
  ApiFixture server;
  const auto ask = [&](std::string_view more) {
    return server.Exchange(
        Ask("GET", "/v1/customers/login/ann/profile" + std::string(more), kToken));
  };
  EXPECT_THAT(ask(""), HasSubstr(R"(["",100])"));
  EXPECT_THAT(ask("?tags=tier,,mood&events=3"), HasSubstr(R"(["+tier+mood",3])"));
  EXPECT_THAT(ask("?events=5000"), HasSubstr(R"(["",1000])"));
}

TEST(ApiTest, ThePixelIsAGifAndPostsAreJson) {
  ApiFixture server;
  const std::string pixel = server.Exchange(Ask("GET", "/sa.gif?data=x"));
  EXPECT_THAT(pixel, HasSubstr("Content-Type: image/gif\r\n"));
  EXPECT_THAT(pixel, HasSubstr("GIF89a"));
  EXPECT_THAT(server.Exchange(Ask("POST", "/sa.gif")), HasSubstr("\"accepted\":1"));
}

TEST(ApiTest, AReceiptSaysWhatWasQuarantinedAndWhy) {
  ApiFixture server;
  server.collector.answer = Receipt{.accepted = 0, .quarantined = 1, .issues = {{0, "bad_time"}}};
  const std::string answer = server.Exchange(Ask("POST", "/v1/events", "", "[{}]"));
  EXPECT_EQ(StatusOf(answer), 200);
  EXPECT_EQ(CodeOf(answer), "quarantined");
  EXPECT_THAT(answer, HasSubstr("\"accepted\":0,\"quarantined\":1"));
  EXPECT_THAT(answer, HasSubstr("{\"index\":0,\"reason\":\"bad_time\"}"));
}

TEST(ApiTest, EveryErrorOfTheCollectorBecomesItsStatus) {
  const struct {
    Error error;
    int status;
    std::string code;
  } kCases[] = {
      {Error(Code::kInvalid, "bad_json", "byte 7: a value is missing"), 400, "bad_json"},
      {Error(Code::kInvalid, "bad_encoding", "byte 7: not UTF-8"), 400, "bad_encoding"},
      {Error(Code::kInvalid, "unsupported", "send JSON"), 415, "unsupported"},
      {Error(Code::kInvalid, "unauthorized", "unknown key"), 401, "unauthorized"},
      {Error(Code::kTooLarge, "too_large", "over 10 MiB"), 413, "too_large"},
      {Error(Code::kTooLarge, "over"), 413, "too_large"},
      {Error(Code::kUnavailable, "overloaded", "full"), 429, "overloaded"},
      {Error(Code::kUnavailable, "storage_full", "no space"), 503, "storage_full"},
      {Error(Code::kUnavailable, "later"), 503, "unavailable"},
      {Error(Code::kIo, "secret path"), 500, "internal"},
      {Error(Code::kCorrupt, "secret path"), 500, "corrupt"},
  };
  for (const auto& [error, status, code] : kCases) {
    ApiFixture server;
    server.collector.answer = error;
    const std::string answer = server.Exchange(Ask("POST", "/v1/events", "", "[]"));
    EXPECT_EQ(StatusOf(answer), status) << code;
    EXPECT_EQ(CodeOf(answer), code);
    EXPECT_THAT(answer, Not(HasSubstr("secret")));
    EXPECT_EQ(answer.find("Retry-After") != answer.npos, status == 429 || status == 503);
    EXPECT_THAT(answer, HasSubstr("\"message_zh\""));
  }
}

TEST(ApiTest, ABadQuestionIs422WithItsPath) {
  ApiFixture server;
  const std::string answer = server.Exchange(Ask("POST", "/v1/query", kToken, "bad"));
  EXPECT_EQ(StatusOf(answer), 422);
  EXPECT_EQ(CodeOf(answer), "bad_question");
  EXPECT_THAT(answer, HasSubstr("steps[0]: name an event"));
}

TEST(ApiTest, QuestionsAreAskedOrExplained) {
  ApiFixture server;
  EXPECT_THAT(server.Exchange(Ask("POST", "/v1/query?project=bank", kToken, "{}")),
              HasSubstr("{\"asked\":\"bank\",\"rows\":\"\"}"));
  EXPECT_THAT(server.Exchange(Ask("POST", "/v1/query?explain=1", kToken, "{}")),
              HasSubstr("explained"));
  EXPECT_THAT(server.Exchange(Ask("POST", "/v1/query/explain", kToken, "{}")),
              HasSubstr("explained"));
}

TEST(ApiTest, EachCallAboutSegmentsReachesTheBookWithWhatWasAsked) {
  using Verb = SegmentCall::Verb;
  struct Case {
    std::string_view method, target, id;
    Verb verb;
    int64_t run = 0;
    size_t limit = 100;
  };
  const Case cases[] = {
      {"POST", "/v1/eql/check", "", Verb::kCheck},
      {"POST", "/v1/eql/estimate", "", Verb::kEstimate},
      {"GET", "/v1/segments", "", Verb::kList},
      {"POST", "/v1/segments", "", Verb::kCreate},
      {"POST", "/v1/segments/overlap", "", Verb::kOverlap},
      {"GET", "/v1/segments/vip", "vip", Verb::kShow},
      {"PUT", "/v1/segments/vip", "vip", Verb::kChange},
      {"DELETE", "/v1/segments/vip", "vip", Verb::kRemove},
      {"POST", "/v1/segments/vip/run", "vip", Verb::kRun},
      {"GET", "/v1/segments/vip/members", "vip", Verb::kMembers},
      {"GET", "/v1/segments/vip/members?run=3&limit=7", "vip", Verb::kMembers, 3, 7},
      {"POST", "/v1/segments/vip/download", "vip", Verb::kDownload},
      {"POST", "/v1/segments/vip/export", "vip", Verb::kExport},
      {"POST", "/v1/lists", "", Verb::kUpload},
      {"GET", "/v1/lists", "", Verb::kLists},
  };
  ApiFixture server;
  for (const Case& c : cases) {
    const int status = StatusOf(server.Exchange(Ask(c.method, c.target, kToken)));
    EXPECT_EQ(status, 200) << c.method << " " << c.target;
    const SegmentCall& got = server.segments.calls.back();
    EXPECT_EQ(got.verb, c.verb) << c.method << " " << c.target;
    EXPECT_EQ(got.id, c.id) << c.target;
    EXPECT_EQ(got.run, c.run) << c.target;
    EXPECT_EQ(got.limit, c.limit) << c.target;
  }
  EXPECT_EQ(server.segments.calls.size(), std::size(cases));
}

TEST(ApiTest, EachCallAboutTagsReachesTheShelfWithWhatWasAskedAndWhoAsks) {
  using Verb = TagCall::Verb;
  struct Case {
    std::string_view method, target, id;
    Verb verb;
    std::string_view step;
  };
  const Case cases[] = {
      {"GET", "/v1/tags", "", Verb::kList, ""},
      {"POST", "/v1/tags", "", Verb::kCreate, ""},
      {"POST", "/v1/tags/check", "", Verb::kCheck, ""},
      {"POST", "/v1/tags/lookup", "", Verb::kLookUp, ""},
      {"GET", "/v1/tags/tier", "tier", Verb::kShow, ""},
      {"PUT", "/v1/tags/tier", "tier", Verb::kChange, ""},
      {"DELETE", "/v1/tags/tier", "tier", Verb::kRemove, ""},
      {"POST", "/v1/tags/tier/run", "tier", Verb::kRun, ""},
      {"POST", "/v1/tags/tier/backfill", "tier", Verb::kBackfill, ""},
      {"POST", "/v1/tags/tier/values", "tier", Verb::kUpload, ""},
      {"POST", "/v1/tags/tier/distribution", "tier", Verb::kDistribution, ""},
      {"POST", "/v1/tags/tier/transitions", "tier", Verb::kTransitions, ""},
      {"GET", "/v1/tags/tier/health", "tier", Verb::kHealth, ""},
      {"GET", "/v1/tags/report", "", Verb::kReport, ""},
      {"PUT", "/v1/tags/places", "", Verb::kNamePlaces, ""},
      {"POST", "/v1/tags/tier/steps/launch", "tier", Verb::kStep, "launch"},
      {"POST", "/v1/tags/tier/certify", "tier", Verb::kStep, "certify"},
      {"POST", "/v1/tags/tier/reject", "tier", Verb::kStep, "reject"},
  };
  ApiFixture server;
  for (const Case& c : cases) {
    const int status = StatusOf(server.Exchange(Ask(c.method, c.target, kToken)));
    EXPECT_EQ(status, 200) << c.method << " " << c.target;
    const TagCall& got = server.tags.calls.back();
    EXPECT_EQ(got.verb, c.verb) << c.method << " " << c.target;
    EXPECT_EQ(got.id, c.id) << c.target;
    EXPECT_EQ(got.step, c.step) << c.target;
    EXPECT_EQ(got.who, "token") << c.target;
  }
  EXPECT_EQ(StatusOf(server.Exchange(Ask("POST", "/v1/tags/tier/steps/certify", kToken))), 422);
  EXPECT_EQ(server.tags.calls.size(), std::size(cases));
  server.Exchange(Ask("GET", "/v1/tags?q=zichan&state=live&category=a/b&album=c", kToken));
  const TagCall& listed = server.tags.calls.back();
  EXPECT_EQ(listed.query + listed.state + listed.category + listed.album, "zichanlivea/bc");
}

TEST(ApiTest, ARuleThatCannotBeReadIs400WithItsPlace) {
  ApiFixture server;
  const std::string answer = server.Exchange(Ask("POST", "/v1/eql/check", kToken, "bad"));
  EXPECT_EQ(StatusOf(answer), 400);
  EXPECT_THAT(answer,
              HasSubstr("\"message\":\"line 1, column 1: expected a condition\",\"message_zh\":"
                        "\"第 1 行第 1 列：这里应为条件\""));
  EXPECT_THAT(answer, HasSubstr(R"("line":1,"column":1)"));
  EXPECT_THAT(answer, HasSubstr(R"("values":{"what":"a condition"})"));
  EXPECT_EQ(CodeOf(answer), "eql_syntax");
}

TEST(ApiTest, AMemberThatIsThereTwiceIsRefusedWithItsPlaceAndNothingIsDone) {
  struct {
    std::string_view body, place;
  } cases[] = {
      {R"({"eql":"a","eql":"b"})", "eql"},
      {R"({"rule":{"all":[{"a":1},{"b":[1,"x"]},{"x":1,"x\u0031":2,"x":3}]}})", "rule.all[2].x"},
      {R"([[{}],{"k":{"":1,"":2}}])", "[1].k."},
      {R"({"a":{"x":1},"b":{"x":1},"c":["x","x"]})", ""},
      {R"({"eql":"a","eql)", ""},
  };
  for (const auto& [body, place] : cases) EXPECT_EQ(TwiceNamed(body), place) << body;
  ApiFixture server;
  const std::string answer =
      server.Exchange(Ask("POST", "/v1/segments", kToken, R"({"id":"a","eql":"x","eql":"y"})"));
  EXPECT_EQ(StatusOf(answer), 400);
  EXPECT_EQ(CodeOf(answer), "member_twice");
  EXPECT_THAT(answer, HasSubstr(R"("where":"eql")"));
  EXPECT_TRUE(server.audit.entries.empty());
}

TEST(ApiTest, ACallWithoutABodyTakesAnEmptyOneAndSaysSoOfAnother) {
  ApiFixture server;
  for (const std::string_view body : {"", "{}", " { }\n"})
    EXPECT_EQ(StatusOf(server.Exchange(Ask("POST", "/v1/segments/a/run", kToken, body))), 200);
  const std::string answer =
      server.Exchange(Ask("POST", "/v1/segments/a/run", kToken, R"({"day":"2026-01-01"})"));
  EXPECT_EQ(StatusOf(answer), 400);
  EXPECT_EQ(CodeOf(answer), "body_unwanted");
}

TEST(ApiTest, ABackupGoesToAnAbsolutePathOnly) {
  ApiFixture server;
  for (const std::string_view body :
       {"", "{}", "[]", "{\"directory\":1}", "{\"directory\":\"b\"}"}) {
    EXPECT_EQ(StatusOf(server.Exchange(Ask("POST", "/v1/backup", kToken, body))), 400) << body;
  }
  const std::string_view good = "{\"directory\":\"/backups/1\"}";
  EXPECT_EQ(StatusOf(server.Exchange(Ask("POST", "/v1/backup", kToken, good))), 200);
  EXPECT_EQ(server.backups.made, "/backups/1");
}

TEST(ApiTest, WhatFailsInsideStaysInside) {
  ApiFixture server;
  const std::string answer = server.Exchange(Ask("GET", "/v1/plan/report", kToken));
  EXPECT_EQ(StatusOf(answer), 500);
  EXPECT_THAT(answer, Not(HasSubstr("secret")));
}

TEST(ApiTest, ListLimitsAreClamped) {
  ApiFixture server;
  EXPECT_THAT(server.Exchange(Ask("GET", "/v1/quarantine", kToken)), HasSubstr("[100]"));
  EXPECT_THAT(server.Exchange(Ask("GET", "/v1/quarantine?limit=7", kToken)), HasSubstr("[7]"));
  EXPECT_THAT(server.Exchange(Ask("GET", "/v1/quarantine?limit=999999", kToken)),
              HasSubstr("[1000]"));
  EXPECT_THAT(server.Exchange(Ask("GET", "/v1/quarantine?limit=-1", kToken)), HasSubstr("[100]"));
}

TEST(ApiTest, BrowsersOfOtherSitesMayCollectWithCredentials) {
  ApiFixture server;
  const std::string preflight = server.Exchange(
      "OPTIONS /v1/t HTTP/1.1\r\nHost: h\r\nOrigin: https://shop.example\r\n"
      "Access-Control-Request-Headers: authorization,content-type\r\n\r\n");
  EXPECT_EQ(StatusOf(preflight), 204);
  EXPECT_THAT(preflight, HasSubstr("Access-Control-Allow-Origin: https://shop.example\r\n"));
  EXPECT_THAT(preflight, HasSubstr("Access-Control-Allow-Credentials: true\r\n"));
  EXPECT_THAT(preflight, HasSubstr("Access-Control-Allow-Headers: authorization,content-type\r\n"));
  EXPECT_THAT(server.Exchange(Ask("POST", "/v1/t", "Origin: https://shop.example\r\n", "{}")),
              HasSubstr("Access-Control-Allow-Origin: https://shop.example\r\n"));
}

TEST(ApiTest, BrowsersOfOtherSitesMayNotAsk) {
  ApiFixture server;
  EXPECT_EQ(StatusOf(server.Exchange(
                "OPTIONS /v1/query HTTP/1.1\r\nHost: h\r\nOrigin: https://evil\r\n\r\n")),
            405);
  EXPECT_THAT(server.Exchange(
                  Ask("POST", "/v1/query", std::string(kToken) + "Origin: https://evil\r\n", "{}")),
              Not(HasSubstr("Access-Control-Allow-Origin")));
}

TEST(ApiTest, EveryAnswerCarriesTheSecurityHeadersAndNoBanner) {
  ApiFixture server;
  for (const std::string& request :
       {Ask("GET", "/healthz"), Ask("GET", "/nowhere"), std::string("x\r\n\r\n")}) {
    const std::string answer = server.Exchange(request);
    EXPECT_THAT(answer, HasSubstr("X-Content-Type-Options: nosniff\r\n"));
    EXPECT_THAT(answer, HasSubstr("Content-Security-Policy: default-src 'none'"));
    EXPECT_THAT(answer, HasSubstr("Cache-Control: no-store"));
    EXPECT_THAT(answer, HasSubstr("X-Request-Id: "));
    EXPECT_THAT(answer, Not(HasSubstr("Server:")));
  }
}

TEST(ApiTest, SettingsPointTheBrowserSdkHere) {
  ApiFixture server;
  const std::string answer = server.Exchange(Ask("GET", "/v1/projects/known/settings"));
  EXPECT_THAT(answer, HasSubstr("\"apiHost\":\"h/v1\""));
  EXPECT_EQ(StatusOf(server.Exchange(Ask("GET", "/v1/projects/unknown/settings"))), 404);
}

TEST(ApiTest, ReadinessNamesItsReasons) {
  ApiFixture server;
  EXPECT_EQ(StatusOf(server.Exchange(Ask("GET", "/readyz"))), 200);
  server.health.reasons = {"storage_full", "draining"};
  const std::string answer = server.Exchange(Ask("GET", "/readyz"));
  EXPECT_EQ(StatusOf(answer), 503);
  EXPECT_THAT(answer, HasSubstr("[\"storage_full\",\"draining\"]"));
}

TEST(ApiTest, AClockThatJumpedIsConfirmedOnce) {
  ApiFixture server;
  server.health.jump_ms = 3'600'000;
  const std::string confirm = Ask("POST", "/v1/clock/confirm", kToken);
  EXPECT_THAT(server.Exchange(confirm), HasSubstr("{\"moved_ms\":3600000}"));
  EXPECT_THAT(server.Exchange(confirm), HasSubstr("{\"moved_ms\":0}"));
}

TEST(ApiTest, MetricsCountRoutesAndNeverTargets) {
  ApiFixture server;
  server.Exchange(Ask("GET", "/healthz?secret=1"));
  server.Exchange(Ask("GET", "/v1/projects/known/settings"));
  const std::string text = server.Exchange(Ask("GET", "/metrics"));
  EXPECT_THAT(text, HasSubstr("waypost_http_requests_total{route=\"/healthz\",status=\"200\"} 1"));
  EXPECT_THAT(text, HasSubstr("route=\"/v1/projects/{key}/settings\""));
  EXPECT_THAT(text, HasSubstr("waypost_test 42"));
  EXPECT_THAT(text, Not(HasSubstr("secret")));
}

TEST(ApiTest, OpenApiDescribesExactlyTheRouteTable) {
  const auto document = boost::json::parse(OpenApiJson()).as_object();
  EXPECT_EQ(document.at("openapi").as_string(), "3.1.0");
  std::set<std::string> described, wanted;
  for (const auto& [path, item] : document.at("paths").as_object()) {
    for (const auto& [method, operation] : item.as_object()) {
      described.insert(std::string(method) + " " + std::string(path));
      EXPECT_FALSE(operation.as_object().at("summary").as_string().empty());
    }
  }
  for (const Route& route : Routes()) {
    std::string method(route.method);
    for (char& c : method) c = static_cast<char>(std::tolower(c));
    wanted.insert(method + " " + std::string(route.path));
  }
  EXPECT_EQ(described, wanted);
}

TEST(ApiTest, OpenApiHasEverySchemaItRefersTo) {
  const auto document = boost::json::parse(OpenApiJson());
  const auto& schemas = document.at("components").at("schemas").as_object();
  for (const Route& route : Routes()) {
    for (const std::string_view name : {route.request_schema, route.response_schema}) {
      EXPECT_TRUE(name.empty() || schemas.contains(name)) << name;
    }
  }
}

TEST(ApiTest, AFullQueueRefusesAndAStoppedOneTellsWhoWaits) {
  ManualClock clock(0);
  int late = 0;
  {
    WorkQueue queue(clock, 0, 2);
    EXPECT_TRUE(queue.Submit(1, [&](bool is_late) { late += is_late; }));
    EXPECT_TRUE(queue.Submit(1, [&](bool is_late) { late += is_late; }));
    EXPECT_FALSE(queue.Submit(1, [](bool) {}));
    EXPECT_EQ(queue.waiting(), 2u);
  }
  EXPECT_EQ(late, 2);
}

TEST(ApiTest, WorkThatWaitedTooLongIsTold) {
  ManualClock clock(0);
  WorkQueue queue(clock, 1, 10);
  std::mutex gate;
  gate.lock();
  std::atomic<int> answered{0}, late{0};
  queue.Submit(1'000, [&](bool) { const std::lock_guard wait(gate); });
  queue.Submit(1'000, [&](bool is_late) { late += is_late, ++answered; });
  clock.Advance(2'000);
  gate.unlock();
  while (answered == 0) std::this_thread::yield();
  EXPECT_EQ(late, 1);
}

}  // namespace
}  // namespace waypost::api
