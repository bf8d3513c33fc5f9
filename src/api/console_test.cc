// The console's files, and who is signed in to it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/api_fixture.h"

namespace waypost::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Call(std::string_view method, std::string_view target, std::string_view fields = {},
                 std::string_view body = {}) {
  return std::string(method) + " " + std::string(target) +
         " HTTP/1.1\r\nHost: bank\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         std::string(fields) + "\r\n" + std::string(body);
}

constexpr std::string_view kOwnPage = "X-Waypost: console\r\nOrigin: http://bank\r\n";
constexpr std::string_view kPassword = "three green horses";
constexpr std::string_view kRight = R"({"name":"li","password":"three green horses"})";
constexpr std::string_view kWrong = R"({"name":"li","password":"three green horsez"})";
constexpr int64_t kMinuteMs = 60'000;

// What a browser would send back: the "Cookie:" line of an answer.
std::string CookieLine(std::string_view answer) {
  constexpr std::string_view kSet = "Set-Cookie: ";
  const size_t at = answer.find(kSet);
  if (at == answer.npos) return {};
  const std::string_view rest = answer.substr(at + kSet.size());
  return "Cookie: other=1; " + std::string(rest.substr(0, rest.find(';'))) + "\r\n";
}

// A server that li, with these roles, may sign in to.
struct Staffed : ApiFixture {
  explicit Staffed(std::vector<std::string> roles = {"data_engineer"}) {
    const auto made = people->Create({.name = "li",
                                      .title = "李娜",
                                      .roles = std::move(roles),
                                      .password = std::string(kPassword),
                                      .own_password = true});
    CHECK(made.ok());
  }
};

std::string SignedIn(ApiFixture& server, std::string_view fields = kOwnPage) {
  return CookieLine(server.Exchange(Call("POST", "/v1/session", fields, kRight)));
}

int PlanStatus(ApiFixture& server, const std::string& cookie) {
  return StatusOf(server.Exchange(Call("GET", "/v1/plan", cookie)));
}

TEST(ConsoleTest, TheRootLeadsToTheConsole) {
  ApiFixture server;
  const std::string answer = server.Exchange(Call("GET", "/"));
  EXPECT_EQ(StatusOf(answer), 302);
  EXPECT_THAT(answer, HasSubstr("Location: /console/\r\n"));
}

TEST(ConsoleTest, EveryPageIsTheIndexAndUnknownFilesAndCallsAreNot) {
  ApiFixture server;
  for (const std::string_view page :
       {"/console", "/console/", "/console/index.html", "/console/analysis/funnel?q=1",
        "/console/customers/email/li@bank.example"}) {
    const std::string answer = server.Exchange(Call("GET", page));
    EXPECT_EQ(StatusOf(answer), 200) << page;
    EXPECT_THAT(answer, HasSubstr("<p nonce=")) << page;
    EXPECT_THAT(answer, HasSubstr("Cache-Control: no-store\r\n"));
  }
  for (const std::string_view target :
       {"/console/assets/b-2.js", "/console/.git/config.x", "/console/../../etc/passwd.txt",
        "/v1/nothing", "/consoles"}) {
    const std::string answer = server.Exchange(Call("GET", target));
    EXPECT_EQ(StatusOf(answer), 404) << target;
    EXPECT_EQ(CodeOf(answer), "not_found") << target;
  }
}

TEST(ConsoleTest, ThePageRunsOurScriptsOnlyAndEachHasANonceOfItsOwn) {
  ApiFixture server;
  const auto nonce = [&] {
    const std::string answer = server.Exchange(Call("GET", "/console/"));
    const size_t at = answer.find("'nonce-") + 7;
    const std::string found = answer.substr(at, 32);
    EXPECT_THAT(answer, HasSubstr("<p nonce=" + found + ">"));
    EXPECT_THAT(answer, HasSubstr("default-src 'none'; script-src 'self'; "));
    EXPECT_THAT(answer, HasSubstr("frame-ancestors 'none'"));
    EXPECT_THAT(answer, Not(HasSubstr("unsafe-")));
    EXPECT_THAT(answer, HasSubstr("Cross-Origin-Opener-Policy: same-origin\r\n"));
    return found;
  };
  EXPECT_NE(nonce(), nonce());
}

TEST(ConsoleTest, AssetsAreCompressedAheadAndKeptForEver) {
  const struct {
    std::string_view accepted, body, encoding;
  } kCases[] = {{"Accept-Encoding: gzip, deflate, br\r\n", "brotlied", "br"},
                {"Accept-Encoding: gzip\r\n", "gzipped", "gzip"},
                {"", "plain", ""}};
  for (const auto& [accepted, body, encoding] : kCases) {
    ApiFixture server;
    const std::string answer = server.Exchange(Call("GET", "/console/assets/a-1.js", accepted));
    EXPECT_TRUE(answer.ends_with("\r\n\r\n" + std::string(body))) << answer;
    EXPECT_THAT(answer, HasSubstr("Cache-Control: public, max-age=31536000, immutable\r\n"));
    EXPECT_EQ(answer.find("Content-Encoding: " + std::string(encoding)) != answer.npos,
              !encoding.empty());
  }
}

TEST(ConsoleTest, ANameAndAPasswordOpenASessionThatMayWhatTheRolesSay) {
  Staffed server;
  const std::string cookie = SignedIn(server);
  EXPECT_EQ(PlanStatus(server, cookie), 200);
  EXPECT_EQ(
      StatusOf(server.Exchange(Call("PATCH", "/v1/plan", cookie + std::string(kOwnPage), "{}"))),
      200);
  EXPECT_EQ(PlanStatus(server, ""), 401);
  EXPECT_EQ(PlanStatus(server, "Cookie: waypost=\r\n"), 401);
  EXPECT_EQ(PlanStatus(server, "Cookie: waypost=0000\r\n"), 401);
}

TEST(ConsoleTest, TheCookieIsOutOfReachOfScriptsAndOtherSites) {
  Staffed server;
  const std::string plain = server.Exchange(Call("POST", "/v1/session", kOwnPage, kRight));
  EXPECT_THAT(plain, testing::ContainsRegex(
                         "Set-Cookie: waypost=[0-9a-f]+; Path=/; HttpOnly; SameSite=Strict\r\n"));
  const std::string secure = server.Exchange(
      Call("POST", "/v1/session",
           "X-Waypost: console\r\nOrigin: https://bank\r\nX-Forwarded-Proto: https\r\n", kRight));
  EXPECT_THAT(secure, HasSubstr("Set-Cookie: __Host-waypost="));
  EXPECT_THAT(secure, HasSubstr("; SameSite=Strict; Secure\r\n"));
  EXPECT_EQ(CookieLine(plain).size(), CookieLine(secure).size() - 7);
  EXPECT_NE(CookieLine(plain), SignedIn(server));  // 256 bits anew
}

TEST(ConsoleTest, AWriteOfASessionNeedsProofThatOurPageMadeIt) {
  Staffed server;
  const std::string cookie = SignedIn(server);
  for (const std::string_view fields : {"", "X-Waypost: console\r\n", "Origin: http://bank\r\n",
                                        "X-Waypost: console\r\nOrigin: http://evil\r\n",
                                        "X-Waypost: console\r\nOrigin: https://bank\r\n",
                                        "X-Waypost: console\r\nOrigin: null\r\n"}) {
    for (const auto& [method, path] : {std::pair("PATCH", "/v1/plan"), {"POST", "/v1/query"}}) {
      const std::string answer =
          server.Exchange(Call(method, path, cookie + std::string(fields), "{}"));
      EXPECT_EQ(StatusOf(answer), 403) << path << " " << fields;
      EXPECT_EQ(CodeOf(answer), "cross_site");
    }
    EXPECT_EQ(StatusOf(server.Exchange(Call("POST", "/v1/session", fields, kRight))), 403);
  }
}

TEST(ConsoleTest, ASessionEndsWhenUnusedForHalfAnHourAndAfterTwelveHours) {
  Staffed server;
  std::string cookie = SignedIn(server);
  server.clock.Advance(30 * kMinuteMs - 1);
  EXPECT_EQ(PlanStatus(server, cookie), 200);
  server.clock.Advance(30 * kMinuteMs);
  EXPECT_EQ(PlanStatus(server, cookie), 401);

  cookie = SignedIn(server);
  for (int i = 0; i < 12 * 60 / 20 - 1; ++i) {
    server.clock.Advance(20 * kMinuteMs);
    EXPECT_EQ(PlanStatus(server, cookie), 200);
  }
  server.clock.Advance(20 * kMinuteMs);
  EXPECT_EQ(PlanStatus(server, cookie), 401);
}

TEST(ConsoleTest, WhatThePageDoesByItselfKeepsNoSessionAlive) {
  Staffed server;
  const std::string cookie = SignedIn(server);
  server.clock.Advance(20 * kMinuteMs);
  EXPECT_EQ(PlanStatus(server, cookie + "X-Waypost: background\r\n"), 200);
  server.clock.Advance(10 * kMinuteMs);
  EXPECT_EQ(PlanStatus(server, cookie), 401);
}

TEST(ConsoleTest, SigningOutEndsTheSessionForEveryHolderOfItsCookie) {
  Staffed server;
  const std::string cookie = SignedIn(server);
  const std::string other = SignedIn(server);
  const std::string answer =
      server.Exchange(Call("DELETE", "/v1/session", cookie + std::string(kOwnPage)));
  EXPECT_EQ(StatusOf(answer), 200);
  EXPECT_THAT(answer, HasSubstr("Set-Cookie: waypost=; "));
  EXPECT_THAT(answer, HasSubstr("Max-Age=0"));
  EXPECT_EQ(PlanStatus(server, cookie), 401);
  EXPECT_EQ(PlanStatus(server, other), 200);
}

TEST(ConsoleTest, SigningInAgainEndsTheSessionBefore) {
  Staffed server;
  const std::string before = SignedIn(server);
  const std::string after = SignedIn(server, before + std::string(kOwnPage));
  EXPECT_EQ(PlanStatus(server, before), 401);
  EXPECT_EQ(PlanStatus(server, after), 200);
}

std::string SignInFrom(ApiFixture& server, std::string_view body, const std::string& address) {
  const auto peer = server.network.Connect(address);
  peer->Send(Call("POST", "/v1/session", kOwnPage, body));
  server.Settle();
  return peer->received();
}

TEST(ConsoleTest, WhateverIsWrongTheAnswerIsTheSame) {
  Staffed server;
  ASSERT_TRUE(server.people->Create({.name = "wu", .password = std::string(kPassword)}).ok());
  ASSERT_TRUE(server.people->SetDisabled("wu", true).ok());
  std::string first;
  for (const std::string_view body :
       {kWrong, std::string_view(R"({"name":"nobody","password":"three green horses"})"),
        std::string_view(R"({"name":"wu","password":"three green horses"})"),
        std::string_view("{}"), std::string_view("["),
        std::string_view(R"({"name":"li","password":["three green horses"]})")}) {
    std::string answer = server.Exchange(Call("POST", "/v1/session", kOwnPage, body));
    EXPECT_EQ(StatusOf(answer), 401) << body;
    EXPECT_EQ(CodeOf(answer), "sign_in_failed") << body;
    answer = answer.substr(answer.find("{\"error\""));
    answer = answer.substr(0, answer.find("request_id"));
    if (first.empty()) first = answer;
    EXPECT_EQ(answer, first);
  }
}

TEST(ConsoleTest, FiveFailuresLockANameKnownOrNotFromAllAddressesForAQuarterOfAnHour) {
  constexpr std::string_view kNobody = R"({"name":"nobody","password":"x"})";
  for (const auto& [wrong, then] : {std::pair(kWrong, kRight), {kNobody, kNobody}}) {
    Staffed server;
    for (int i = 0; i < 5; ++i) {
      const std::string address = "192.0.2." + std::to_string(i);
      EXPECT_EQ(StatusOf(SignInFrom(server, wrong, address)), 401);
    }
    const std::string locked = SignInFrom(server, then, "192.0.2.77");
    EXPECT_EQ(StatusOf(locked), 429);
    EXPECT_EQ(CodeOf(locked), "too_many_tries");
    EXPECT_THAT(locked, HasSubstr("Retry-After: 900\r\n"));
    server.clock.Advance(15 * kMinuteMs);
    EXPECT_NE(StatusOf(SignInFrom(server, then, "192.0.2.77")), 429);
  }
}

TEST(ConsoleTest, TryingManyNamesLocksTheAddress) {
  Staffed server;
  for (int i = 0; i < 20; ++i) {
    const std::string body = R"({"name":"user)" + std::to_string(i) + R"(","password":"x"})";
    EXPECT_EQ(StatusOf(SignInFrom(server, body, "192.0.2.1")), 401);
  }
  EXPECT_EQ(CodeOf(SignInFrom(server, kRight, "192.0.2.1")), "too_many_tries");
  EXPECT_EQ(StatusOf(SignInFrom(server, kRight, "192.0.2.2")), 200);
}

TEST(ConsoleTest, SuccessForgetsTheFailuresOfTheNameButNotOfTheAddress) {
  Staffed server;
  for (int round = 0; round < 5; ++round) {
    for (int i = 0; i < 4; ++i) EXPECT_EQ(StatusOf(SignInFrom(server, kWrong, "192.0.2.1")), 401);
    EXPECT_EQ(StatusOf(SignInFrom(server, kRight, "192.0.2.1")), round < 4 ? 200 : 429);
  }
}

TEST(ConsoleTest, AnAdministratorUnlocksAName) {
  Staffed server;
  for (int i = 0; i < 5; ++i) SignInFrom(server, kWrong, "192.0.2.1");
  constexpr std::string_view kAdministrator = "Authorization: Bearer secret\r\n";
  EXPECT_THAT(server.Exchange(Call("GET", "/v1/users", kAdministrator)),
              HasSubstr("\"locked\":true"));
  EXPECT_THAT(server.Exchange(Call("POST", "/v1/users/li/unlock", kAdministrator)),
              HasSubstr("\"locked\":false"));
  EXPECT_EQ(StatusOf(SignInFrom(server, kRight, "192.0.2.1")), 200);
}

TEST(ConsoleTest, TheAuditLogNamesWhoSignedInAndNeverWhatWasTypedElse) {
  Staffed server;
  SignedIn(server);
  SignInFrom(server, kWrong, "192.0.2.1");
  SignInFrom(server, R"({"name":"my secret password","password":""})", "192.0.2.1");
  ASSERT_EQ(server.audit.entries.size(), 3u);
  EXPECT_EQ(server.audit.entries[0].who, "li");
  EXPECT_EQ(server.audit.entries[0].status, 200);
  EXPECT_EQ(server.audit.entries[1].who, "li");
  EXPECT_EQ(server.audit.entries[1].status, 401);
  EXPECT_EQ(server.audit.entries[2].who, "");
}

TEST(ConsoleTest, DisablingOrResettingAUserEndsEverySessionAtOnce) {
  for (const auto& [method, path, body] :
       {std::tuple("PATCH", "/v1/users/li", "{\"disabled\":true}"),
        {"POST", "/v1/users/li/password", ""}}) {
    Staffed server;
    const std::string cookie = SignedIn(server), other = SignedIn(server);
    EXPECT_EQ(
        StatusOf(server.Exchange(Call(method, path, "Authorization: Bearer secret\r\n", body))),
        200);
    EXPECT_EQ(PlanStatus(server, cookie), 401);
    EXPECT_EQ(PlanStatus(server, other), 401);
  }
}

TEST(ConsoleTest, ARoleThatIsTakenAwayCountsNoMoreInTheOpenSession) {
  Staffed server;
  const std::string cookie = SignedIn(server);
  EXPECT_EQ(PlanStatus(server, cookie), 200);
  EXPECT_EQ(
      StatusOf(server.Exchange(Call("PUT", "/v1/users/li/roles", "Authorization: Bearer secret\r\n",
                                    "{\"roles\":[\"auditor\"]}"))),
      200);
  EXPECT_EQ(server.audit.entries.back().detail, "{\"roles\":[\"auditor\"]}");
  const std::string answer = server.Exchange(Call("GET", "/v1/plan", cookie));
  EXPECT_EQ(StatusOf(answer), 403);
  EXPECT_EQ(CodeOf(answer), "forbidden");
  EXPECT_THAT(answer, HasSubstr("\"where\":\"plan.view\""));
  EXPECT_EQ(StatusOf(server.Exchange(Call("GET", "/v1/audit", cookie))), 200);
}

TEST(ConsoleTest, APasswordOfSomebodyElsesChoiceIsChangedBeforeAnythingElse) {
  Staffed server;
  const std::string given = server.people->Reset("li").value();
  const std::string cookie = CookieLine(server.Exchange(
      Call("POST", "/v1/session", kOwnPage, R"({"name":"li","password":")" + given + "\"}")));
  EXPECT_EQ(CodeOf(server.Exchange(Call("GET", "/v1/plan", cookie))), "password_change_needed");
  EXPECT_THAT(server.Exchange(Call("GET", "/v1/session", cookie)),
              HasSubstr("\"must_change\":true"));
  const auto change = [&](const std::string& before, const std::string& password) {
    return server.Exchange(
        Call("POST", "/v1/session/password", cookie + std::string(kOwnPage),
             R"({"before":")" + before + R"(","password":")" + password + "\"}"));
  };
  EXPECT_EQ(CodeOf(change("wrong", "four red foxes run")), "sign_in_failed");
  EXPECT_EQ(CodeOf(change(given, "short")), "weak_password");
  const std::string changed = change(given, "four red foxes run");
  EXPECT_EQ(StatusOf(changed), 200);
  EXPECT_EQ(PlanStatus(server, CookieLine(changed)), 200);
  EXPECT_EQ(PlanStatus(server, cookie), 401);
}

TEST(ConsoleTest, TheSessionSaysWhoIsThere) {
  Staffed server;
  EXPECT_THAT(server.Exchange(Call("GET", "/v1/session")),
              HasSubstr("{\"signed_in\":false,\"environment\":\"production\",\"provider\":false}"));
  EXPECT_THAT(
      server.Exchange(Call("GET", "/v1/session", SignedIn(server))),
      testing::AllOf(
          HasSubstr("\"signed_in\":true,\"environment\":\"production\",\"provider\":false,"
                    "\"person\":\"li\",\"rights\":["),
          HasSubstr(
              "\"must_change\":false,\"title\":\"李娜\",\"second_factor\":false,\"bounded\":[],"
              "\"idle_ms\":1800000,\"ends_ms\":1750043200000")));
}

TEST(ConsoleTest, TheSessionSaysUnderWhichRightsOneSeesSomeCustomersOnly) {
  Staffed server;
  people::Structure& structure = server.people->structure();
  const auto viewing = [](auto... objects) {
    return people::RightSet{people::Right{objects, people::Action::kView}...};
  };
  using enum people::Object;
  ASSERT_TRUE(
      structure.PutRole({.id = "gold", .rights = viewing(kJourneys, kTags), .rows = "vip = 1"})
          .ok());
  ASSERT_TRUE(structure.PutRole({.id = "open", .rights = viewing(kEvents, kTags)}).ok());
  ASSERT_TRUE(
      server.people->SetStanding("li", {.roles = std::vector<std::string>{"gold", "open"}}).ok());
  const std::string cookie = SignedIn(server);
  const auto code = [&](std::string_view path) {
    return CodeOf(server.Exchange(Call("GET", path, cookie)));
  };
  EXPECT_THAT(server.Exchange(Call("GET", "/v1/session", cookie)),
              HasSubstr("\"bounded\":[\"journeys.view\"],"));
  EXPECT_EQ(code("/v1/approvals"), "rows_bounded");
  EXPECT_NE(code("/v1/quarantine"), "rows_bounded");
}

TEST(ConsoleTest, AProfileHasNoTagsForWhoMayNotSeeTags) {
  const auto told = [](people::Object also) {
    Staffed server;
    const people::RightSet rights{people::Right{people::Object::kCustomers, people::Action::kView},
                                  people::Right{also, people::Action::kView}};
    EXPECT_TRUE(server.people->structure().PutRole({.id = "counter", .rights = rights}).ok());
    EXPECT_TRUE(
        server.people->SetStanding("li", {.roles = std::vector<std::string>{"counter"}}).ok());
    return server.Exchange(Call("GET", "/v1/customers/login/u1/profile", SignedIn(server)));
  };
  EXPECT_THAT(told(people::Object::kTags), HasSubstr(R"(["",100])"));
  EXPECT_THAT(told(people::Object::kSegments), HasSubstr(R"(["none",100])"));
}

// What the app of li shows now.
std::string AppCode(ApiFixture& server, const std::string& base32) {
  std::string secret;
  uint32_t held = 0;
  int bits = 0;
  for (const char c : base32) {
    held = held << 5 | static_cast<uint32_t>(c >= 'A' ? c - 'A' : c - '2' + 26);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    secret += static_cast<char>(held >> bits & 0xFF);
  }
  return people::CodeOf(secret, server.clock.NowMs() / people::kStepMs);
}

std::string TextIn(const std::string& answer, const std::string& name) {
  const std::string mark = "\"" + name + "\":\"";
  const size_t at = answer.find(mark);
  if (at == answer.npos) return {};
  const std::string rest = answer.substr(at + mark.size());
  return rest.substr(0, rest.find('"'));
}

TEST(ConsoleTest, ASecondFactorIsAskedForOnceAnAppHasShownACode) {
  Staffed server;
  const std::string cookie = SignedIn(server) + std::string(kOwnPage);
  const std::string begun = server.Exchange(Call("POST", "/v1/session/second-factor", cookie));
  const std::string secret = TextIn(begun, "secret");
  EXPECT_THAT(begun, HasSubstr("otpauth://totp/Waypost:li?secret=" + secret));
  EXPECT_FALSE(SignedIn(server).empty());  // it does not count yet
  const auto confirm = [&](const std::string& code) {
    return server.Exchange(
        Call("PUT", "/v1/session/second-factor", cookie, "{\"code\":\"" + code + "\"}"));
  };
  EXPECT_EQ(CodeOf(confirm("000000")), "wrong_code");
  const std::string confirmed = confirm(AppCode(server, secret));
  const std::string recovery =
      TextIn("\"x\":\"" + confirmed.substr(confirmed.find("[\"") + 2), "x");

  EXPECT_EQ(CodeOf(server.Exchange(Call("POST", "/v1/session", kOwnPage, kRight))), "code_needed");
  const auto with = [&](const std::string& code) {
    return server.Exchange(
        Call("POST", "/v1/session", kOwnPage,
             R"({"name":"li","password":"three green horses","code":")" + code + "\"}"));
  };
  EXPECT_EQ(CodeOf(with(AppCode(server, secret))), "wrong_code");  // it was used to confirm
  server.clock.Advance(people::kStepMs);
  const std::string code = AppCode(server, secret);
  EXPECT_EQ(StatusOf(with(code)), 200);
  EXPECT_EQ(CodeOf(with(code)), "wrong_code");
  EXPECT_EQ(StatusOf(with(recovery)), 200);
  EXPECT_EQ(CodeOf(with(recovery)), "wrong_code");
  // Guessing codes locks the name as guessing passwords does.
  for (int i = 0; i < 4; ++i) EXPECT_EQ(CodeOf(with("12345" + std::to_string(i))), "wrong_code");
  EXPECT_EQ(CodeOf(with(recovery)), "too_many_tries");
}

TEST(ConsoleTest, WhoLostTheSecondFactorGetsItTakenAwayByAnAdministrator) {
  Staffed server;
  const std::string cookie = SignedIn(server) + std::string(kOwnPage);
  const std::string secret =
      TextIn(server.Exchange(Call("POST", "/v1/session/second-factor", cookie)), "secret");
  server.Exchange(Call("PUT", "/v1/session/second-factor", cookie,
                       "{\"code\":\"" + AppCode(server, secret) + "\"}"));
  EXPECT_EQ(CodeOf(server.Exchange(Call("DELETE", "/v1/session/second-factor", cookie,
                                        R"({"password":"three green horses","code":"1"})"))),
            "wrong_code");
  EXPECT_EQ(StatusOf(server.Exchange(
                Call("DELETE", "/v1/users/li/second-factor", "Authorization: Bearer secret\r\n"))),
            200);
  EXPECT_EQ(PlanStatus(server, cookie), 401);
  EXPECT_FALSE(SignedIn(server).empty());
}

TEST(ConsoleTest, ValuesThatAreAPersonsAreShownForAWhileToWhoMaySeeThemAndSaysWhy) {
  Staffed server({"lead"});
  const std::string cookie = SignedIn(server) + std::string(kOwnPage);
  const auto masked = [&] {
    server.Exchange(Call("GET", "/v1/customers/login/u1", cookie));
    return server.customers.sights.back().masked;
  };
  const auto ask = [&](std::string_view body) {
    return server.Exchange(Call("POST", "/v1/session/clear", cookie, body));
  };
  EXPECT_TRUE(masked());
  EXPECT_FALSE(server.customers.sights.back().barred);
  EXPECT_EQ(CodeOf(ask("{}")), "bad_request");
  EXPECT_EQ(CodeOf(ask(R"({"reason":" \n "})")), "bad_request");
  EXPECT_TRUE(masked());
  EXPECT_EQ(StatusOf(ask(R"({"reason":"complaint 7"})")), 200);
  EXPECT_EQ(server.audit.entries.back().what, "values.revealed");
  EXPECT_EQ(server.audit.entries.back().detail, "complaint 7");
  EXPECT_FALSE(masked());
  server.clock.Advance(kClearMs - 1);
  EXPECT_FALSE(masked());
  server.clock.Advance(1);
  EXPECT_TRUE(masked());
  ask(R"({"reason":"complaint 7"})");
  server.Exchange(Call("DELETE", "/v1/session/clear", cookie));
  EXPECT_TRUE(masked());

  Staffed other({"analyst"});
  const std::string analyst = SignedIn(other) + std::string(kOwnPage);
  EXPECT_EQ(
      CodeOf(other.Exchange(Call("POST", "/v1/session/clear", analyst, R"({"reason":"curious"})"))),
      "forbidden");
  other.Exchange(Call("GET", "/v1/customers/login/u1", analyst));
  EXPECT_TRUE(other.customers.sights.back().barred);
  other.Exchange(Call("GET", "/v1/customers/login/u1", "Authorization: Bearer secret\r\n"));
  EXPECT_FALSE(other.customers.sights.back().masked);
}

TEST(SessionsTest, TheLeastLatelyUsedMakesRoom) {
  ManualClock clock(0);
  io::SimRandom random(7);
  Sessions sessions(clock, random, {.count = 2});
  const std::string first = sessions.Open("ann");
  clock.Advance(1);
  const std::string second = sessions.Open("bob");
  clock.Advance(1);
  EXPECT_TRUE(sessions.Find(first, true));
  sessions.Open("cid");
  EXPECT_TRUE(sessions.Find(first, true));
  EXPECT_FALSE(sessions.Find(second, true));
}

}  // namespace
}  // namespace waypost::api
