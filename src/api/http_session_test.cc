#include "api/http_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <map>
#include <random>

#include "api/api_fixture.h"

namespace waypost::api {
namespace {

constexpr std::string_view kGet = "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n";

std::string Post(std::string_view fields, std::string_view body = {}) {
  return "POST /v1/events HTTP/1.1\r\nHost: h\r\n" + std::string(fields) + "\r\n" +
         std::string(body);
}

int CountOf(std::string_view text, std::string_view part) {
  int count = 0;
  for (size_t at = text.find(part); at != text.npos; at = text.find(part, at + part.size()))
    ++count;
  return count;
}

TEST(HttpSessionTest, OneConnectionAnswersManyRequests) {
  ApiFixture server;
  const auto peer = server.network.Connect();
  peer->Send(kGet);
  peer->Send(kGet);
  EXPECT_EQ(CountOf(peer->received(), "HTTP/1.1 200 OK\r\n"), 2);
  EXPECT_FALSE(peer->closed());
}

TEST(HttpSessionTest, PipelinedRequestsAreAnsweredInOrder) {
  ApiFixture server;
  server.collector.hold = true;
  const auto peer = server.network.Connect();
  peer->Send(Post("Content-Length: 2\r\n", "[]") + std::string(kGet));
  EXPECT_EQ(peer->received(), "") << "the second waits for the first";
  server.collector.held.at(0)(Receipt{.accepted = 7, .quarantined = 0, .issues = {}});
  server.Settle();
  const size_t first = peer->received().find("\"accepted\":7");
  const size_t second = peer->received().find("\"status\":\"ok\"");
  ASSERT_NE(first, std::string::npos);
  ASSERT_NE(second, std::string::npos);
  EXPECT_LT(first, second);
}

TEST(HttpSessionTest, AThousandPipelinedRequestsDoNotRecurse) {
  ApiFixture server;
  const auto peer = server.network.Connect();
  std::string many;
  for (int i = 0; i < 1'000; ++i) many += kGet;
  peer->Send(many);
  server.Settle();
  EXPECT_EQ(CountOf(peer->received(), "HTTP/1.1 200"), 1'000);
}

TEST(HttpSessionTest, ARequestMayComeByteByByte) {
  ApiFixture server;
  const auto peer = server.network.Connect();
  for (const char byte :
       Post("Transfer-Encoding: chunked\r\n", "2\r\n[{\r\n2;x=y\r\n}]\r\n0\r\n\r\n")) {
    peer->Send({&byte, 1});
  }
  ASSERT_EQ(server.collector.requests.size(), 1u);
  EXPECT_EQ(server.collector.requests[0].body, "[{}]");
  EXPECT_EQ(StatusOf(peer->received()), 200);
}

TEST(HttpSessionTest, ContinueIsSaidWhenAsked) {
  ApiFixture server;
  const auto peer = server.network.Connect();
  peer->Send(Post("Content-Length: 2\r\nExpect: 100-continue\r\n"));
  EXPECT_EQ(peer->received(), "HTTP/1.1 100 Continue\r\n\r\n");
  peer->Send("[]");
  EXPECT_EQ(CountOf(peer->received(), "HTTP/1.1 200"), 1);
}

TEST(HttpSessionTest, ARefusedExpectationGetsNoContinue) {
  ApiFixture server;
  const auto peer = server.network.Connect();
  peer->Send(
      "POST /nowhere HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(StatusOf(peer->received()), 404);
  EXPECT_TRUE(peer->closed());
}

TEST(HttpSessionTest, HeadAnswersWithoutABody) {
  ApiFixture server;
  const std::string answer = server.Exchange("HEAD /healthz HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_NE(answer.find("Content-Length: 15\r\n"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST(HttpSessionTest, Http10AndConnectionCloseAreClosedAfterTheAnswer) {
  for (const std::string_view request :
       {"GET /healthz HTTP/1.0\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"}) {
    ApiFixture server;
    const auto peer = server.network.Connect();
    peer->Send(request);
    EXPECT_EQ(StatusOf(peer->received()), 200);
    EXPECT_TRUE(peer->closed());
  }
}

TEST(HttpSessionTest, APeerThatEndsStillGetsItsAnswer) {
  ApiFixture server;
  server.collector.hold = true;
  const auto peer = server.network.Connect();
  peer->Send(Post("Content-Length: 2\r\n", "[]"));
  peer->End();
  EXPECT_FALSE(peer->closed());
  server.collector.held.at(0)(Receipt{});
  server.Settle();
  EXPECT_EQ(StatusOf(peer->received()), 200);
  EXPECT_TRUE(peer->closed());
}

TEST(HttpSessionTest, ALateAnswerToAClosedConnectionIsDropped) {
  ApiFixture server;
  server.collector.hold = true;
  auto peer = server.network.Connect();
  peer->Send(Post("Content-Length: 2\r\n", "[]"));
  peer.reset();
  server.collector.held.at(0)(Receipt{});
  server.Settle();
  EXPECT_EQ(server.totals.requests_in_flight, 0u);
  server.collector.held.clear();
  EXPECT_EQ(server.totals.held_bytes, 0u);
}

// --- slow peers --------------------------------------------------------------------------------

TEST(HttpSessionTest, SlowHeadersAreCutAndOthersAreNot) {
  ApiFixture server;
  const auto slow = server.network.Connect();
  const auto fast = server.network.Connect();
  slow->Send("GET /healthz HTTP/1.1\r\n");
  for (int second = 0; second < 11; ++second) {
    server.clock.Advance(1'000);
    slow->Send("X");
    fast->Send(kGet);
    server.network.Sweep();
  }
  EXPECT_EQ(StatusOf(slow->received()), 408);
  EXPECT_EQ(CodeOf(slow->received()), "timeout");
  EXPECT_TRUE(slow->closed());
  EXPECT_EQ(CountOf(fast->received(), "HTTP/1.1 200"), 11);
  EXPECT_FALSE(fast->closed());
}

TEST(HttpSessionTest, ASlowBodyIsCutAndASteadyOneIsNot) {
  ApiFixture server;
  const auto slow = server.network.Connect();
  const auto steady = server.network.Connect();
  slow->Send(Post("Content-Length: 1000000\r\n"));
  steady->Send(Post("Content-Length: 1000000\r\n"));
  for (int second = 0; second < 15; ++second) {
    server.clock.Advance(1'000);
    slow->Send("x");
    steady->Send(std::string(4'096, 'x'));
    server.network.Sweep();
  }
  EXPECT_EQ(StatusOf(slow->received()), 408);
  EXPECT_TRUE(slow->closed());
  EXPECT_EQ(steady->received(), "");
  EXPECT_FALSE(steady->closed());
}

TEST(HttpSessionTest, APeerThatReadsNothingIsCut) {
  ApiFixture server;
  const auto peer = server.network.Connect();
  peer->StopReading();
  peer->Send(kGet);
  server.clock.Advance(14'000);
  server.network.Sweep();
  EXPECT_FALSE(peer->closed());
  peer->Read(1);
  server.network.Run();
  server.clock.Advance(14'000);
  server.network.Sweep();
  EXPECT_FALSE(peer->closed()) << "it took a byte";
  server.clock.Advance(2'000);
  server.network.Sweep();
  EXPECT_TRUE(peer->closed());
}

TEST(HttpSessionTest, ManyUnreadAnswersStopTheReading) {
  ApiFixture server({.token = "secret"}, {.unsent_bytes = 1'000});
  const auto peer = server.network.Connect();
  peer->StopReading();
  for (int i = 0; i < 100; ++i) peer->Send(kGet);
  peer->Read(1 << 20);
  const int before = CountOf(peer->received(), "HTTP/1.1 200");
  EXPECT_LT(before, 10);
  for (int i = 0; i < 100; ++i) {
    server.network.Run();
    peer->Read(1 << 20);
  }
  EXPECT_EQ(CountOf(peer->received(), "HTTP/1.1 200"), 100);
}

TEST(HttpSessionTest, AnIdleConnectionIsClosedWithoutAWord) {
  ApiFixture server;
  const auto peer = server.network.Connect();
  server.clock.Advance(61'000);
  server.network.Sweep();
  EXPECT_TRUE(peer->closed());
  EXPECT_EQ(peer->received(), "");
}

TEST(HttpSessionTest, BodiesOverTheCommonMemoryAreRefused) {
  ApiFixture server({.token = "secret"}, {.held_bytes = 1'000});
  const auto first = server.network.Connect();
  first->Send(Post("Content-Length: 5000\r\n", std::string(2'000, 'x')));
  EXPECT_EQ(StatusOf(server.Exchange(Post("Content-Length: 2\r\n", "[]"))), 429);
  first->Close();
  EXPECT_EQ(StatusOf(server.Exchange(Post("Content-Length: 2\r\n", "[]"))), 200);
}

TEST(HttpSessionTest, DrainingClosesIdleConnectionsAndFinishesOthers) {
  ApiFixture server;
  server.collector.hold = true;
  const auto idle = server.network.Connect();
  const auto busy = server.network.Connect();
  busy->Send(Post("Content-Length: 2\r\n", "[]"));
  server.listener->Drain();
  EXPECT_TRUE(idle->closed());
  EXPECT_FALSE(busy->closed());
  server.collector.held.at(0)(Receipt{});
  server.Settle();
  EXPECT_NE(busy->received().find("Connection: close"), std::string::npos);
  EXPECT_TRUE(busy->closed());
}

// --- hostile bytes -----------------------------------------------------------------------------

struct BadInput {
  std::string id, bytes;
  std::vector<int> statuses;
  std::string code;
};

std::string Noise() {
  std::mt19937 random(7);
  std::string noise(65'536, '\0');
  for (char& c : noise) c = static_cast<char>(random());
  return noise;
}

std::string ManyFields(int count) {
  std::string fields;
  for (int i = 0; i < count; ++i) fields += "X-" + std::to_string(i) + ": 1\r\n";
  return fields;
}

std::string Get(std::string_view target) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: h\r\n\r\n";
}

// Each row is one connection's bytes. `id` is the row of the shared catalogue, where it has one.
std::vector<BadInput> BadInputs() {
  using namespace std::string_literals;
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  const std::string framing = "bad_request_framing";
  const std::string smuggled = "GET /admin HTTP/1.1\r\nHost: h\r\n\r\n";
  return {
      {"", "POST /v1/events HTTP/1.1\r\nContent-Length: 0\r\n\r\n", {400}, framing},
      {"", Post("Content-Length: 34\r\nContent-Length: 34\r\n", smuggled), {400}, framing},
      {"", Post("Content-Length: 5\r\n" + chunked, "0\r\n\r\n" + smuggled), {400}, framing},
      {"", Post("Content-Length: 5, 5\r\n", "hello"), {400}, framing},
      {"", Post("Content-Length:\r\n"), {400}, framing},
      {"", Post("Content-Length : 5\r\n", "hello"), {400}, framing},
      {"", Post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), {400}, framing},
      {"", Post(chunked + chunked, "0\r\n\r\n"), {400}, framing},
      {"", "POST /v1/events HTTP/1.0\r\nHost: h\r\n" + chunked + "\r\n0\r\n\r\n", {400}, framing},
      {"", "GET http://evil/healthz HTTP/1.1\r\nHost: h\r\n\r\n", {400}, framing},
      {"", "GET /healthz HTTP/2.0\r\nHost: h\r\n\r\n", {400}, framing},
      {"", "FOO /healthz HTTP/1.1\r\nHost: h\r\n\r\n", {501}, "not_implemented"},
      {"", "TRACE /healthz HTTP/1.1\r\nHost: h\r\n\r\n", {405}, "method_not_allowed"},
      {"", "DELETE /v1/events HTTP/1.1\r\nHost: h\r\n\r\n", {405}, "method_not_allowed"},
      {"", Post(chunked, "1\r\nx\r\n0\r\nX: a\nb\r\n\r\n"), {400}, framing},
      {"", Post(chunked, "-1\r\nx\r\n0\r\n\r\n"), {400}, framing},
      {"", Post(chunked, "0x1\r\nx\r\n0\r\n\r\n"), {400}, framing},
      {"", Post("X-A:" + std::string(70'000, ' ') + "\r\n"), {431}, "header_too_large"},
      {"H06", Post("Content-Length: 34\r\nContent-Length: 0\r\n", smuggled), {400}, framing},
      {"H08", Post("Content-Length: +5\r\n", "hello"), {400}, framing},
      {"H09", Post("Content-Length: -1\r\n"), {400}, framing},
      {"H10", Post("Content-Length: 0x10\r\n", std::string(16, 'a')), {400}, framing},
      {"H11", Post("Content-Length: 18446744073709551616\r\n"), {400}, framing},
      {"H13", Post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), {400}, framing},
      {"H15",
       Post("Transfer-Encoding:\x0b"
            "chunked\r\n",
            "0\r\n\r\n"),
       {400},
       framing},
      {"H16", Post(chunked, "5\nhello\r\n0\r\n\r\n"), {400}, framing},
      {"H17", Post(chunked, "FFFFFFFFFFFFFFFFF\r\nx"), {400}, framing},
      {"H18", Post(chunked, "5\r\nAAAAAXXX\r\n0\r\n\r\n"), {400}, framing},
      {"H19",
       Post(chunked, "1;" + std::string(65'536, 'a') + "\r\nx\r\n0\r\n\r\n"),
       {400},
       framing},
      {"H20",
       Post(chunked,
            "1;a\x0a"
            "b\r\nx\r\n0\r\n\r\n"),
       {400},
       framing},
      {"H21", "POST /v1/events HTTP/1.1\nHost: h\nContent-Length: 0\n\n", {400}, framing},
      {"H23", Post("X-A: a\r\n b\r\nContent-Length: 0\r\n"), {400}, framing},
      {"H24", Post("X-A: a\0b\r\n"s), {400}, framing},
      {"H25", Post("X A: b\r\n"), {400}, framing},
      {"H27", Post("Host: evil\r\nContent-Length: 0\r\n"), {400}, framing},
      {"H28", "GET /\r\n\r\n", {400}, framing},
      {"H31", Noise(), {400}, framing},
      {"H32", Get("/" + std::string(9'216, 'a')), {414, 431}, ""},
      {"H33", Post(ManyFields(101)), {414, 431}, "header_too_large"},
      {"H34",
       "POST /v1/events HTTP/1.1\r\nX: " + std::string(1'048'576, 'a'),
       {414, 431},
       "header_too_large"},
      {"H36",
       "POST /api/journeys/1 HTTP/1.1\r\nHost: h\r\nX-HTTP-Method-Override: DELETE\r\n"
       "Content-Length: 0\r\n\r\n",
       {405, 501},
       "method_not_allowed"},
      {"H38", Get("/%2e%2e%2f%2e%2e%2fetc/passwd"), {404, 400}, "not_found"},
      {"", Get("/..%5c..%5c"), {404}, "not_found"},
      {"", Get("/%c0%ae%c0%ae/"), {404}, "not_found"},
      {"", Get("/v1/projects/%zz/settings"), {404}, "not_found"},
      {"H41", Post("Content-Length: 10737418240\r\n"), {413}, "too_large"},
      {"H42", Post(chunked, "400001\r\n"), {413}, "too_large"},
      {"I55", Get("/sa.gif?data=" + std::string(65'536, 'A')), {414, 431}, ""},
  };
}

TEST(HttpSessionTest, HostileBytesGetTheStatedAnswerAndNothingBehindThemIsRead) {
  for (const BadInput& input : BadInputs()) {
    ApiFixture server;
    const auto peer = server.network.Connect();
    peer->Send(input.bytes);
    SCOPED_TRACE(input.id + " " + input.bytes.substr(0, 80));
    EXPECT_THAT(input.statuses, ::testing::Contains(StatusOf(peer->received())));
    EXPECT_THAT(CodeOf(peer->received()), ::testing::StartsWith(input.code));
    EXPECT_TRUE(peer->closed());
    EXPECT_EQ(CountOf(peer->received(), "\r\nX-Request-Id: "), 1) << "smuggled";
    EXPECT_TRUE(server.collector.requests.empty());
    const size_t body = peer->received().find("\r\n\r\n") + 4;
    EXPECT_LE(peer->received().size() - body, 1'024u);
  }
}

TEST(HttpSessionTest, HostileBytesGetTheSameAnswerInSmallPieces) {
  for (const BadInput& input : BadInputs()) {
    ApiFixture server;
    const auto peer = server.network.Connect();
    const size_t piece = input.bytes.size() > 4'096 ? 1'460 : 1;
    for (size_t at = 0; at < input.bytes.size() && !peer->closed(); at += piece) {
      peer->Send(std::string_view(input.bytes).substr(at, piece));
      EXPECT_LE(server.totals.held_bytes, kMaxHeadBytes + 16 * 1024);
    }
    SCOPED_TRACE(input.id + " " + input.bytes.substr(0, 80));
    EXPECT_THAT(input.statuses, ::testing::Contains(StatusOf(peer->received())));
    EXPECT_TRUE(peer->closed());
  }
}

// The catalogue beside the checkout, when it is there, must say the same as the table above.
TEST(HttpSessionTest, TheTableAgreesWithTheCatalogue) {
  const char* shared = std::getenv("WAYPOST_SHARED");
  std::ifstream catalogue(std::string(shared ? shared : "../shared") + "/cases/bad_inputs.jsonl");
  if (!catalogue) GTEST_SKIP() << "no catalogue of bad inputs: set WAYPOST_SHARED";
  std::map<std::string, boost::json::object> rows;
  for (std::string line; std::getline(catalogue, line);) {
    const auto row = boost::json::parse(line).as_object();
    rows[std::string(row.at("id").as_string())] = row;
  }
  for (const BadInput& input : BadInputs()) {
    if (input.id.empty()) continue;
    SCOPED_TRACE(input.id);
    ASSERT_TRUE(rows.contains(input.id));
    EXPECT_EQ(boost::json::value_to<std::vector<int>>(rows[input.id].at("status")), input.statuses);
    EXPECT_THAT(std::string(rows[input.id].at("code").as_string()),
                ::testing::StartsWith(input.code));
  }
}

}  // namespace
}  // namespace waypost::api
