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
constexpr std::string_view kRight = "{\"token\":\"secret\"}";
constexpr std::string_view kWrong = "{\"token\":\"secrex\"}";
constexpr int64_t kMinuteMs = 60'000;

// What a browser would send back: the "Cookie:" line of an answer.
std::string CookieLine(std::string_view answer) {
  constexpr std::string_view kSet = "Set-Cookie: ";
  const size_t at = answer.find(kSet);
  if (at == answer.npos) return {};
  const std::string_view rest = answer.substr(at + kSet.size());
  return "Cookie: other=1; " + std::string(rest.substr(0, rest.find(';'))) + "\r\n";
}

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
       {"/console", "/console/", "/console/index.html", "/console/analysis/funnel?q=1"}) {
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

TEST(ConsoleTest, TheTokenOpensASessionThatAsksAndChanges) {
  ApiFixture server;
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
  ApiFixture server;
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
  ApiFixture server;
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
  ApiFixture server;
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
  ApiFixture server;
  const std::string cookie = SignedIn(server);
  server.clock.Advance(20 * kMinuteMs);
  EXPECT_EQ(PlanStatus(server, cookie + "X-Waypost: background\r\n"), 200);
  server.clock.Advance(10 * kMinuteMs);
  EXPECT_EQ(PlanStatus(server, cookie), 401);
}

TEST(ConsoleTest, SigningOutEndsTheSessionForEveryHolderOfItsCookie) {
  ApiFixture server;
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
  ApiFixture server;
  const std::string before = SignedIn(server);
  const std::string after = SignedIn(server, before + std::string(kOwnPage));
  EXPECT_EQ(PlanStatus(server, before), 401);
  EXPECT_EQ(PlanStatus(server, after), 200);
}

TEST(ConsoleTest, FiveWrongTokensLockAnAddressForAQuarterOfAnHour) {
  ApiFixture server;
  const auto answer = [&](std::string_view body, const std::string& address = "192.0.2.1") {
    const auto peer = server.network.Connect(address);
    peer->Send(Call("POST", "/v1/session", kOwnPage, body));
    server.Settle();
    return peer->received();
  };
  for (const std::string_view body : {kWrong, std::string_view("{}"), std::string_view("[")}) {
    EXPECT_EQ(CodeOf(answer(body)), "wrong_token") << body;
  }
  EXPECT_EQ(StatusOf(answer(kWrong)), 401);
  EXPECT_EQ(StatusOf(answer(kWrong)), 401);
  const std::string locked = answer(kRight);
  EXPECT_EQ(StatusOf(locked), 429);
  EXPECT_EQ(CodeOf(locked), "too_many_tries");
  EXPECT_THAT(locked, HasSubstr("Retry-After: 900\r\n"));
  EXPECT_EQ(StatusOf(answer(kRight, "192.0.2.2")), 200);
  server.clock.Advance(15 * kMinuteMs);
  EXPECT_EQ(StatusOf(answer(kRight)), 200);
}

TEST(ConsoleTest, TheSessionSaysWhoIsThere) {
  ApiFixture server;
  EXPECT_THAT(server.Exchange(Call("GET", "/v1/session")),
              HasSubstr("{\"signed_in\":false,\"environment\":\"production\"}"));
  EXPECT_THAT(server.Exchange(Call("GET", "/v1/session", SignedIn(server))),
              HasSubstr("\"signed_in\":true,\"environment\":\"production\",\"person\":\"token\","
                        "\"idle_ms\":1800000,\"ends_ms\":1750043200000"));
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

TEST(SessionsTest, AllOfOnePersonEndAtOnce) {
  ManualClock clock(0);
  io::SimRandom random(7);
  Sessions sessions(clock, random);
  const std::string ann = sessions.Open("ann"), too = sessions.Open("ann"),
                    bob = sessions.Open("bob");
  sessions.CloseAllOf("ann");
  EXPECT_FALSE(sessions.Find(ann, true));
  EXPECT_FALSE(sessions.Find(too, true));
  EXPECT_TRUE(sessions.Find(bob, true));
}

}  // namespace
}  // namespace waypost::api
