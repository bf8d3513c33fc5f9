// Who may call which route, and that whatever changes something is on record.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "api/api_fixture.h"

namespace waypost::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

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

TEST(RightsTest, EveryRouteIsFoundAndItsPathIsItsOwn) {
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

TEST(RightsTest, EveryRouteThatNeedsTheTokenRefusesWithoutIt) {
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
TEST(RightsTest, NobodyCallsAnythingButWhatIsOpen) {
  const std::set<std::string_view> open = {"/healthz",
                                           "/readyz",
                                           "/metrics",
                                           "/v1/openapi.json",
                                           "/v1/projects/{key}/settings",
                                           "/",
                                           "/console",
                                           "/console/{page...}",
                                           "/v1/session",
                                           "/v1/session/provider",
                                           "/v1/session/provider/logout",
                                           "/v1/approvals/externals/{project}/{name}/{kind}/{id}"};
  ApiFixture server;
  for (const Route& route : Routes()) {
    if (route.right == Right::kCollect) continue;  // the collector asks for the write key
    const int status = StatusOf(server.Exchange(Ask(route.method, Concrete(route.path))));
    if (!open.contains(route.path)) {
      EXPECT_EQ(status, 401) << route.path;
    } else if (route.method == "GET") {
      EXPECT_TRUE(status == 200 || status == 302 || status == 404) << route.path << status;
    } else if (route.right == Right::kSigned) {
      // Nobody is known here who could sign.
      EXPECT_TRUE(status == 404 || status == 503) << route.path << status;
    } else {
      EXPECT_EQ(status, 403) << route.path;  // no page of ours
    }
  }
}

TEST(RightsTest, EveryRoleCallsJustWhatItsRightsAllow) {
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
      if (!may) {
        EXPECT_EQ(CodeOf(answer), "forbidden");
      }
      EXPECT_NE(StatusOf(answer), 401) << route.path;
      ++(may ? allowed : refused);
    }
  }
  EXPECT_GT(refused, 100);
  EXPECT_GT(allowed, 50);
}

TEST(RightsTest, SomeRoleThatIsThereFromTheStartMayCallEveryRoute) {
  for (const Route& route : Routes()) {
    if (route.right.door != Right::Door::kRight) continue;
    EXPECT_TRUE(std::ranges::any_of(
        people::BuiltInRoles(),
        [&](const people::Role& role) { return role.rights.Has(route.right.needs); }))
        << people::RightName(route.right.needs) << " " << route.path;
  }
}

// The secret of a new key.
std::string KeyMade(ApiFixture& server, std::string_view description) {
  const std::string made = server.Exchange(Ask("POST", "/v1/keys", kToken, description));
  const size_t at = made.find("wpk_");
  EXPECT_NE(at, made.npos) << made;
  return at == made.npos ? "" : made.substr(at, made.find('"', at) - at);
}

TEST(RightsTest, AKeyMayWhatItsRightsSayUntilItExpiresOrIsRemoved) {
  ApiFixture server;
  const std::string secret = KeyMade(server, R"({"id":"etl","rights":["plan.view"],"days":1})");
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
  EXPECT_EQ(server.Exchange(Ask("GET", "/v1/keys", kToken)).find(secret.substr(8)),
            std::string::npos);
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

TEST(RightsTest, WhoMakesUsersAlonePlacesNobody) {
  ApiFixture server;
  const std::string maker = "Authorization: Bearer " +
                            KeyMade(server, R"({"id":"it","rights":["users.change"],"days":1})") +
                            "\r\n";
  constexpr std::string_view kPlaced[] = {R"({"name":"li","roles":["lead"]})",
                                          R"({"name":"li","organisation":"east"})",
                                          R"({"name":"li","rows":"city = E"})"};
  for (const std::string_view body : kPlaced) {
    EXPECT_EQ(CodeOf(server.Exchange(Ask("POST", "/v1/users", maker, body))), "forbidden") << body;
  }
  EXPECT_TRUE(server.people->All().empty());
  EXPECT_EQ(StatusOf(server.Exchange(Ask("POST", "/v1/users", maker, R"({"name":"li"})"))), 200);
  const std::string answer = server.Exchange(
      Ask("POST", "/v1/users", kToken, R"({"name":"wu","roles":["lead"],"rows":"city = E"})"));
  EXPECT_EQ(StatusOf(answer), 200) << answer;
  EXPECT_EQ(server.people->Find("wu")->rows, "city = 'E'");
}

TEST(RightsTest, WhoSeesSomeCustomersIsGivenTheRuleOrRefused) {
  ApiFixture server;
  ASSERT_TRUE(server.people->structure().PutOrganisation({.id = "east", .rows = "city = E"}).ok());
  const std::string fields =
      "Authorization: Bearer " +
      KeyMade(server,
              R"({"id":"east","rights":["questions.view","events.view","segments.view",)"
              R"("plan.view","journeys.view","sources.view"],"organisation":"east","days":1})") +
      "\r\n";
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
TEST(RightsTest, FewRoutesAnswerWhoSeesSomeCustomersOnly) {
  std::set<std::string> bounded;
  for (const Route& route : Routes()) {
    if (route.right.rows == Right::Rows::kBounded)
      bounded.insert(std::string(route.method) + " " + std::string(route.path));
  }
  EXPECT_THAT(
      bounded,
      testing::ElementsAre(
          "GET /v1/customers", "GET /v1/customers/{key}/{value}",
          "GET /v1/customers/{key}/{value}/profile", "GET /v1/customers/{key}/{value}/segments",
          "GET /v1/customers/{key}/{value}/tables/{table}",
          "GET /v1/customers/{key}/{value}/timeline", "GET /v1/events/recent",
          "GET /v1/identity/conflicts", "GET /v1/identity/links",
          "GET /v1/identity/why/{key}/{value}/{other_key}/{other_value}", "GET /v1/journeys",
          "GET /v1/journeys/customers/{key}/{value}", "GET /v1/journeys/messages/consent",
          "GET /v1/journeys/messages/consent/{key}/{value}", "GET /v1/journeys/messages/sandbox",
          "GET /v1/journeys/templates", "GET /v1/journeys/templates/{id}",
          "GET /v1/journeys/{journey}", "GET /v1/journeys/{journey}/nodes/{node}",
          "GET /v1/journeys/{journey}/nodes/{node}/customers",
          "GET /v1/journeys/{journey}/why/{key}/{value}", "GET /v1/lists", "GET /v1/plan",
          "GET /v1/segments", "GET /v1/segments/{id}", "GET /v1/segments/{id}/members",
          "GET /v1/tags", "GET /v1/tags/report", "GET /v1/tags/{id}", "GET /v1/tags/{id}/health",
          "GET /v1/tasks", "POST /v1/eql/check", "POST /v1/eql/estimate", "POST /v1/journeys/check",
          "POST /v1/journeys/templates/{id}/journeys", "POST /v1/query", "POST /v1/query/explain",
          "POST /v1/segments/overlap", "POST /v1/segments/{id}/download",
          "POST /v1/segments/{id}/export", "POST /v1/segments/{id}/run", "POST /v1/tags/check",
          "POST /v1/tags/lookup", "POST /v1/tags/{id}/distribution",
          "POST /v1/tags/{id}/transitions", "POST /v1/tasks/{task}"));
}

// Each by hand, so that a right given to the wrong route shows.
TEST(RightsTest, RoutesThatHurtNeedTheirOwnRight) {
  constexpr struct {
    std::string_view method, path, right;
  } kCases[] = {
      {"POST", "/v1/backup", "server.change"},
      {"GET", "/v1/sources", "sources.view"},
      {"GET", "/v1/audit", "audit.view"},
      {"POST", "/v1/users", "users.change"},
      {"PUT", "/v1/users/{name}/roles", "roles.change"},
      {"POST", "/v1/segments/{id}/download", "segments.export"},
      {"POST", "/v1/segments/{id}/export", "segments.export"},
      {"GET", "/v1/segments/{id}/members", "segments.view"},
      {"GET", "/v1/customers/{key}/{value}", "customers.view"},
      {"GET", "/v1/events/recent", "events.view"},
      {"POST", "/v1/events/import", "events.change"},
      {"GET", "/v1/tables/{id}/rows", "customers.view"},
      {"POST", "/v1/tables/{id}/rows", "customers.change"},
      {"PUT", "/v1/tables/{id}", "plan.change"},
      {"DELETE", "/v1/tables/{id}", "plan.change"},
      {"GET", "/v1/quarantine", "events.view"},
      {"PATCH", "/v1/plan", "plan.change"},
      {"POST", "/v1/query", "questions.view"},
      {"PUT", "/v1/journeys/messages/policy", "journeys.change"},
      {"PUT", "/v1/journeys/messages/consent", "journeys.change"},
      {"POST", "/v1/journeys/{journey}/experiments/{node}", "journeys.change"},
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

TEST(RightsTest, AChangeIsRecordedWithWhoDidItAndHowItEnded) {
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

TEST(RightsTest, WhatCannotBeRecordedIsNotDone) {
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

TEST(RightsTest, AChangeWhoseRecordWasLostIsNotCalledDone) {
  ApiFixture server;
  server.audit.recorded = Error(Code::kUnavailable, "audit_failed", "disk gone");
  const std::string answer = server.Exchange(
      "PATCH /v1/plan HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer secret\r\n"
      "Content-Length: 2\r\n\r\n{}");
  EXPECT_EQ(StatusOf(answer), 503);
  EXPECT_EQ(CodeOf(answer), "audit_failed");
}

TEST(RightsTest, WritesAreGuardedAndAudited) {
  for (const Route& route : Routes()) {
    const people::Action action = route.right.needs.action;
    if (route.right.door == Right::Door::kRight) {
      EXPECT_EQ(action != people::Action::kView, !route.audit.empty()) << route.path;
    } else if (route.method != "GET") {
      const bool audited = route.right == Right::kEnter || route.right == Right::kSignedIn ||
                           route.right == Right::kSigned;
      EXPECT_EQ(audited, !route.audit.empty()) << route.path;
      EXPECT_TRUE(audited || route.right == Right::kCollect) << route.path;
    }
  }
}

TEST(RightsTest, LoopbackIsOpenOnlyWhenToldAndNeverForPages) {
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

}  // namespace
}  // namespace waypost::api
