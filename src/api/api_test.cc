#include "api/api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "api/api_fixture.h"
#include "api/openapi.h"

namespace waypost::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Ask(std::string_view method, std::string_view target, std::string_view fields = {},
                std::string_view body = {}) {
  return std::string(method) + " " + std::string(target) +
         " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         std::string(fields) + "\r\n" + std::string(body);
}

constexpr std::string_view kToken = "Authorization: Bearer secret\r\n";

// A path that matches the route's pattern.
std::string Concrete(std::string_view path) {
  std::string made;
  for (size_t i = 0; i < path.size(); ++i) {
    if (path[i] != '{') {
      made += path[i];
      continue;
    }
    made += "known";
    i = path.find('}', i);
  }
  return made;
}

TEST(ApiTest, EveryRouteIsFoundAndItsPathIsItsOwn) {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  std::set<std::string_view> operations;
  for (const Route& route : Routes()) {
    EXPECT_TRUE(seen.emplace(route.method, route.path).second) << route.path;
    EXPECT_TRUE(operations.insert(route.operation).second) << route.operation;
    EXPECT_EQ(FindRoute(route.method, Concrete(route.path)).route, &route) << route.path;
  }
}

bool NeedsCaller(const Route& route) {
  return route.right.door == Right::Door::kRight || route.right == Right::kSignedIn;
}

TEST(ApiTest, EveryRouteThatNeedsTheTokenRefusesWithoutIt) {
  int guarded = 0;
  for (const Route& route : Routes()) {
    if (!NeedsCaller(route)) continue;
    ++guarded;
    ApiFixture server;
    for (const std::string_view fields :
         {"", "Authorization: Bearer wrong\r\n", "Authorization: Bearer secre\r\n",
          "Authorization: Basic secret\r\n", "Authorization: Bearer \r\n"}) {
      const std::string answer =
          server.Exchange(Ask(route.method, Concrete(route.path), fields, "{}"));
      EXPECT_EQ(StatusOf(answer), 401) << route.path << " " << fields;
      EXPECT_EQ(CodeOf(answer), "unauthorized");
    }
    const std::string code =
        CodeOf(server.Exchange(Ask(route.method, Concrete(route.path), kToken)));
    EXPECT_NE(code, "unauthorized") << route.path;
    EXPECT_NE(code, "not_found") << route.path;
  }
  EXPECT_GE(guarded, 8);
}

// What anybody may call is a short list, kept here by hand.
TEST(ApiTest, NobodyCallsAnythingButWhatIsOpen) {
  const std::set<std::string_view> open = {"/healthz",
                                           "/readyz",
                                           "/metrics",
                                           "/v1/openapi.json",
                                           "/v1/projects/{key}/settings",
                                           "/",
                                           "/console",
                                           "/console/{page...}",
                                           "/v1/session",
                                           "/v1/session/provider"};
  ApiFixture server;
  for (const Route& route : Routes()) {
    if (route.right == Right::kCollect) continue;  // the collector asks for the write key
    const int status = StatusOf(server.Exchange(Ask(route.method, Concrete(route.path))));
    if (!open.contains(route.path)) {
      EXPECT_EQ(status, 401) << route.path;
    } else if (route.method == "GET") {
      EXPECT_TRUE(status == 200 || status == 302 || status == 404) << route.path << status;
    } else {
      EXPECT_EQ(status, 403) << route.path;  // no page of ours
    }
  }
}

TEST(ApiTest, EveryRoleCallsJustWhatItsRightsAllow) {
  constexpr std::string_view kPage = "X-Waypost: console\r\nOrigin: http://h\r\n";
  int refused = 0, allowed = 0;
  for (const people::Role& role : people::BuiltInRoles()) {
    ApiFixture server;
    ASSERT_TRUE(server.people
                    ->Create({.name = "li",
                              .roles = {role.id},
                              .password = "three green horses",
                              .own_password = true})
                    .ok());
    const std::string opened = server.Exchange(
        Ask("POST", "/v1/session", kPage, R"({"name":"li","password":"three green horses"})"));
    const size_t at = opened.find("waypost=");
    ASSERT_NE(at, opened.npos);
    const std::string fields =
        "Cookie: " + opened.substr(at, opened.find(';', at) - at) + "\r\n" + std::string(kPage);
    for (const Route& route : Routes()) {
      if (route.right.door != Right::Door::kRight) continue;
      const std::string answer = server.Exchange(Ask(route.method, Concrete(route.path), fields));
      const bool may = role.rights.Has(route.right.needs);
      EXPECT_EQ(StatusOf(answer) != 403, may) << role.id << " " << route.method << route.path;
      if (!may) EXPECT_EQ(CodeOf(answer), "forbidden");
      EXPECT_NE(StatusOf(answer), 401) << route.path;
      ++(may ? allowed : refused);
    }
  }
  EXPECT_GT(refused, 100);
  EXPECT_GT(allowed, 50);
}

TEST(ApiTest, SomeRoleThatIsThereFromTheStartMayCallEveryRoute) {
  for (const Route& route : Routes()) {
    if (route.right.door != Right::Door::kRight) continue;
    EXPECT_TRUE(std::ranges::any_of(
        people::BuiltInRoles(),
        [&](const people::Role& role) { return role.rights.Has(route.right.needs); }))
        << people::RightName(route.right.needs) << " " << route.path;
  }
}

TEST(ApiTest, AKeyMayWhatItsRightsSayUntilItExpiresOrIsRemoved) {
  ApiFixture server;
  const std::string made = server.Exchange(
      Ask("POST", "/v1/keys", kToken, R"({"id":"etl","rights":["plan.view"],"days":1})"));
  const size_t at = made.find("wpk_etl_");
  ASSERT_NE(at, made.npos);
  const std::string secret = made.substr(at, made.find('"', at) - at);
  const auto code = [&](std::string_view method, std::string_view path, const std::string& key) {
    const std::string answer =
        server.Exchange(Ask(method, path, "Authorization: Bearer " + key + "\r\n"));
    return StatusOf(answer) == 200 ? "ok" : CodeOf(answer);
  };
  EXPECT_EQ(code("GET", "/v1/plan", secret), "ok");
  EXPECT_EQ(code("PATCH", "/v1/plan", secret), "forbidden");
  EXPECT_EQ(code("GET", "/v1/keys", secret), "forbidden");
  std::string wrong = secret;
  wrong.back() = wrong.back() == '0' ? '1' : '0';
  for (const std::string& none : {wrong, secret.substr(1), secret + "0", std::string("wpk_etl_"),
                                  std::string("wpk_"), std::string("wpk__") + std::string(64, '0')})
    EXPECT_EQ(code("GET", "/v1/plan", none), "unauthorized") << none;
  EXPECT_EQ(server.Exchange(Ask("GET", "/v1/keys", kToken)).find(secret.substr(8)), made.npos);
  server.clock.Advance(86'400'000);
  EXPECT_EQ(code("GET", "/v1/plan", secret), "unauthorized");
  for (const std::string_view body :
       {R"({"id":"b","rights":["plan.view"],"days":0})",
        R"({"id":"b","rights":["plan.view"],"days":367})",
        R"({"id":"b","rights":["plan.fly"],"days":1})",
        R"({"id":"b","rights":["audit.view","users.change"],"days":1})",
        R"({"id":"b c","rights":[],"days":1})", R"({"id":"b","rights":[],"days":1,"x":1})"}) {
    EXPECT_GE(StatusOf(server.Exchange(Ask("POST", "/v1/keys", kToken, body))), 400) << body;
  }
}

TEST(ApiTest, WhoSeesSomeCustomersIsGivenTheRuleOrRefused) {
  ApiFixture server;
  ASSERT_TRUE(server.people->structure().PutOrganisation({.id = "east", .rows = "city = E"}).ok());
  const std::string made = server.Exchange(
      Ask("POST", "/v1/keys", kToken,
          R"({"id":"east","rights":["questions.view","events.view","segments.view","plan.view",)"
          R"("journeys.view","sources.view"],"organisation":"east","days":1})"));
  const size_t at = made.find("wpk_east_");
  ASSERT_NE(at, made.npos);
  const std::string fields =
      "Authorization: Bearer " + made.substr(at, made.find('"', at) - at) + "\r\n";
  EXPECT_THAT(server.Exchange(Ask("POST", "/v1/query", fields, "{}")),
              HasSubstr("\"rows\":\"(city = 'E')\""));
  server.Exchange(Ask("GET", "/v1/segments/a/members", fields));
  ASSERT_FALSE(server.segments.calls.empty());
  EXPECT_EQ(server.segments.calls.back().sight.rows, "(city = 'E')");
  for (const std::string_view path : {"/v1/quarantine", "/v1/plan/report", "/v1/approvals"}) {
    EXPECT_EQ(CodeOf(server.Exchange(Ask("GET", path, fields))), "rows_bounded") << path;
  }
  EXPECT_EQ(StatusOf(server.Exchange(Ask("GET", "/v1/sources", fields))), 200);
}

// The routes that answer about customers to who sees some of them only, kept here by hand: each has
// a case in tests/e2e/row_scope.test.mjs.
TEST(ApiTest, FewRoutesAnswerWhoSeesSomeCustomersOnly) {
  std::set<std::string> bounded;
  for (const Route& route : Routes()) {
    if (route.right.rows == Right::Rows::kBounded)
      bounded.insert(std::string(route.method) + " " + std::string(route.path));
  }
  EXPECT_THAT(
      bounded,
      testing::ElementsAre(
          "GET /v1/customers", "GET /v1/customers/{key}/{value}",
          "GET /v1/customers/{key}/{value}/segments",
          "GET /v1/customers/{key}/{value}/tables/{table}",
          "GET /v1/customers/{key}/{value}/timeline", "GET /v1/events/recent",
          "GET /v1/identity/conflicts", "GET /v1/identity/links",
          "GET /v1/identity/why/{key}/{value}/{other_key}/{other_value}", "GET /v1/journeys",
          "GET /v1/journeys/customers/{key}/{value}", "GET /v1/journeys/messages/consent",
          "GET /v1/journeys/messages/consent/{key}/{value}", "GET /v1/journeys/messages/sandbox",
          "GET /v1/journeys/templates", "GET /v1/journeys/templates/{id}",
          "GET /v1/journeys/{journey}", "GET /v1/journeys/{journey}/nodes/{node}/customers",
          "GET /v1/journeys/{journey}/why/{key}/{value}", "GET /v1/lists", "GET /v1/plan",
          "GET /v1/segments", "GET /v1/segments/{id}", "GET /v1/segments/{id}/members",
          "GET /v1/tags", "GET /v1/tags/report", "GET /v1/tags/{id}", "GET /v1/tags/{id}/health",
          "GET /v1/tasks", "POST /v1/eql/check", "POST /v1/eql/estimate", "POST /v1/journeys/check",
          "POST /v1/journeys/templates/{id}/journeys", "POST /v1/query", "POST /v1/query/explain",
          "POST /v1/segments/overlap", "POST /v1/segments/{id}/export",
          "POST /v1/segments/{id}/run", "POST /v1/tags/check", "POST /v1/tags/lookup",
          "POST /v1/tags/{id}/distribution", "POST /v1/tags/{id}/transitions",
          "POST /v1/tasks/{task}"));
}

// Each by hand, so that a right given to the wrong route shows.
TEST(ApiTest, RoutesThatHurtNeedTheirOwnRight) {
  constexpr struct {
    std::string_view method, path, right;
  } kCases[] = {
      {"POST", "/v1/backup", "server.change"},
      {"GET", "/v1/sources", "sources.view"},
      {"GET", "/v1/audit", "audit.view"},
      {"POST", "/v1/users", "users.change"},
      {"PUT", "/v1/users/{name}/roles", "roles.change"},
      {"POST", "/v1/segments/{id}/export", "segments.export"},
      {"GET", "/v1/segments/{id}/members", "segments.view"},
      {"GET", "/v1/customers/{key}/{value}", "customers.view"},
      {"GET", "/v1/events/recent", "events.view"},
      {"GET", "/v1/tables/{id}/rows", "customers.view"},
      {"POST", "/v1/tables/{id}/rows", "customers.change"},
      {"PUT", "/v1/tables/{id}", "plan.change"},
      {"DELETE", "/v1/tables/{id}", "plan.change"},
      {"GET", "/v1/quarantine", "events.view"},
      {"PATCH", "/v1/plan", "plan.change"},
      {"POST", "/v1/query", "questions.view"},
      {"PUT", "/v1/journeys/messages/policy", "journeys.change"},
      {"PUT", "/v1/journeys/messages/consent", "journeys.change"},
      {"GET", "/v1/journeys/messages/consent/{key}/{value}", "customers.view"},
      {"POST", "/v1/tasks/{task}", "tasks.change"},
  };
  for (const auto& [method, path, right] : kCases) {
    const auto route = std::ranges::find_if(
        Routes(), [&](const Route& r) { return r.method == method && r.path == path; });
    ASSERT_NE(route, Routes().end()) << path;
    EXPECT_EQ(people::RightName(route->right.needs), right) << path;
  }
}

TEST(ApiTest, AChangeIsRecordedWithWhoDidItAndHowItEnded) {
  ApiFixture server;
  server.Exchange(
      "PATCH /v1/plan?project=bank HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer secret\r\n"
      "Content-Length: 2\r\n\r\n{}");
  ASSERT_EQ(server.audit.entries.size(), 1u);
  const AuditEntry& entry = server.audit.entries[0];
  EXPECT_EQ(entry.what, "plan.changed");
  EXPECT_EQ(entry.who, "token");
  EXPECT_EQ(entry.project, "bank");
  EXPECT_EQ(entry.target, "PATCH /v1/plan");
  EXPECT_EQ(entry.status, 200);
  server.Exchange("GET /v1/plan HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer secret\r\n\r\n");
  EXPECT_EQ(server.audit.entries.size(), 1u);
}

TEST(ApiTest, WhatCannotBeRecordedIsNotDone) {
  constexpr std::string_view kBackup =
      "POST /v1/backup HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer secret\r\n"
      "Content-Length: 22\r\n\r\n{\"directory\":\"/copies\"}";
  ApiFixture server;
  server.audit.ready = Error(Code::kUnavailable, "audit_failed", "disk gone");
  const std::string refused = server.Exchange(kBackup);
  EXPECT_EQ(StatusOf(refused), 503);
  EXPECT_EQ(CodeOf(refused), "audit_failed");
  EXPECT_EQ(server.backups.made, "");
}

TEST(ApiTest, AChangeWhoseRecordWasLostIsNotCalledDone) {
  ApiFixture server;
  server.audit.recorded = Error(Code::kUnavailable, "audit_failed", "disk gone");
  const std::string answer = server.Exchange(
      "PATCH /v1/plan HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer secret\r\n"
      "Content-Length: 2\r\n\r\n{}");
  EXPECT_EQ(StatusOf(answer), 503);
  EXPECT_EQ(CodeOf(answer), "audit_failed");
}

TEST(ApiTest, WritesAreGuardedAndAudited) {
  for (const Route& route : Routes()) {
    const people::Action action = route.right.needs.action;
    if (route.right.door == Right::Door::kRight) {
      EXPECT_EQ(action != people::Action::kView, !route.audit.empty()) << route.path;
    } else if (route.method != "GET") {
      const bool audited = route.right == Right::kEnter || route.right == Right::kSignedIn;
      EXPECT_EQ(audited, !route.audit.empty()) << route.path;
      EXPECT_TRUE(audited || route.right == Right::kCollect) << route.path;
    }
  }
}

TEST(ApiTest, LoopbackIsOpenOnlyWhenToldAndNeverForPages) {
  const std::string ask = Ask("GET", "/v1/plan");
  const auto status = [](ApiFixture& server, std::string_view address, std::string_view bytes) {
    const auto peer = server.network.Connect(std::string(address));
    peer->Send(bytes);
    server.Settle();
    return StatusOf(peer->received());
  };
  ApiFixture closed;
  EXPECT_EQ(status(closed, "127.0.0.1", ask), 401);
  ApiFixture open({.token = "secret", .open_on_loopback = true});
  EXPECT_EQ(status(open, "127.0.0.1", ask), 200);
  EXPECT_EQ(status(open, "192.0.2.1", ask), 401);
  EXPECT_EQ(status(open, "127.0.0.1", Ask("GET", "/v1/plan", "Origin: http://evil\r\n")), 401);
}

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
  EXPECT_EQ(CodeOf(answer), "eql_syntax");
  EXPECT_THAT(answer, HasSubstr("line 1, column 1"));
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
