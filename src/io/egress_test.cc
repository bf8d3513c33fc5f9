#include "io/egress.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <functional>

#include "io/real_egress.h"
#include "io/real_network.h"

namespace waypost::io {
namespace {

// A server on this machine that answers requests with the same bytes, or cuts them off.
class Answering final : public StreamHandler {
 public:
  // Cuts off all requests but the first when `answers_once`.
  Answering(std::shared_ptr<Stream> stream, std::string answer, bool answers_once,
            std::atomic<int>* requests)
      : stream_(std::move(stream)),
        answer_(std::move(answer)),
        answers_once_(answers_once),
        requests_(*requests) {}
  void OnBytes(std::string_view bytes) override {
    got_ += bytes;
    if (got_.find("\r\n\r\n") == std::string::npos) return;
    got_.clear();
    if (++requests_ > 1 && answers_once_) return stream_->Cut();
    stream_->Write(answer_);
  }
  void OnEnd() override { stream_->Finish(); }
  void OnWritten() override {}
  void OnSweep() override {}
  void OnDrain() override {}
  void OnClosed() override {}

 private:
  const std::shared_ptr<Stream> stream_;
  const std::string answer_;
  const bool answers_once_;
  std::atomic<int>& requests_;
  std::string got_;
};

class EgressTest : public testing::Test {
 protected:
  std::string Serve(std::string answer, bool answers_once = false) {
    listener_ = network_
                    ->Listen({},
                             [this, answer, answers_once](std::shared_ptr<Stream> stream) {
                               ++connections_;
                               return std::make_shared<Answering>(std::move(stream), answer,
                                                                  answers_once, &requests_);
                             })
                    .value();
    return "http://127.0.0.1:" + std::to_string(listener_->port()) + "/";
  }
  static std::string NameOf(const Result<HttpReply>& reply) {
    return reply.ok() ? "status " + std::to_string(reply.value().status) : reply.error().name();
  }
  static std::unique_ptr<Egress> Open(std::string_view allowed) {
    return MakeRealEgress(EgressRules::Read(allowed).value());
  }

  const std::unique_ptr<Network> network_ = MakeRealNetwork();
  std::atomic<int> connections_ = 0, requests_ = 0;
  std::unique_ptr<Listener> listener_;
};

constexpr std::string_view kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

TEST(EgressRulesTest, WhatIsNotOnThePublicInternetMayNotBeCalledHoweverItIsWritten) {
  const EgressRules none = EgressRules::Read("").value();
  for (const char* url : {"http://169.254.169.254/latest/",
                          "http://100.100.100.200/",
                          "http://10.0.0.1/",
                          "http://192.168.0.1/",
                          "http://172.16.0.1/",
                          "http://172.31.255.255/",
                          "http://100.64.0.1/",
                          "http://2130706433/",
                          "http://0x7f000001/",
                          "http://127.1/",
                          "http://0/",
                          "http://017700000001/",
                          "http://[::1]/",
                          "http://[::ffff:127.0.0.1]/",
                          "http://[fd00::1]/",
                          "http://[64:ff9b::7f00:1]/",
                          "http://[fe80::1]/",
                          "http://[2002:7f00:1::]/",
                          "http://ok.com@127.0.0.1/",
                          "http://user:pass@example.com/",
                          "http://localhost./",
                          "http://LocalHost/",
                          "http://a.localhost/",
                          "http://127。0。0。1/",
                          "http://224.0.0.1/",
                          "file:///etc/passwd",
                          "gopher://a/",
                          "dict://a/",
                          "ftp://a/",
                          "unix:/a",
                          "",
                          "http://",
                          "http:// a/",
                          "http://a\r\nb/"}) {
    const Result<> checked = none.Check(url, kHttpSchemes);
    ASSERT_FALSE(checked.ok()) << url;
    EXPECT_EQ(checked.error().name(), "egress_denied") << url;
  }
  for (const char* url : {"http://example.com/", "https://8.8.8.8:8443/a?b=c", "http://172.32.0.1/",
                          "https://[2606:4700::1111]/", "http://100.128.0.1/"}) {
    EXPECT_TRUE(none.Check(url, kHttpSchemes).ok()) << url;
  }
  EXPECT_FALSE(none.Check("http://example.com/", kMailSchemes).ok());
}

TEST(EgressRulesTest, RangesThatAreAllowedMayBeCalled) {
  const EgressRules some = EgressRules::Read("10.1.0.0/16,127.0.0.1,fd00::/8").value();
  EXPECT_TRUE(some.Check("http://10.1.255.255/", kHttpSchemes).ok());
  EXPECT_FALSE(some.Check("http://10.2.0.0/", kHttpSchemes).ok());
  EXPECT_TRUE(some.Check("http://127.1/", kHttpSchemes).ok());
  EXPECT_FALSE(some.Check("http://127.0.0.2/", kHttpSchemes).ok());
  EXPECT_TRUE(some.Check("http://[fd12::1]/", kHttpSchemes).ok());
  for (const char* wrong : {"10.0.0.0/33", "10.0.0.0/", "10.0.0", "::/129", "a", "10.0.0.0/8,"}) {
    EXPECT_EQ(EgressRules::Read(wrong).ok(), std::string_view(wrong) == "10.0.0.0/8,") << wrong;
  }
}

TEST_F(EgressTest, AnAnswerComesBackAsItIs) {
  const std::string url = Serve(std::string(kOk));
  const Result<HttpReply> reply = Open("127.0.0.1")->Call({.url = url, .headers = {}, .body = "a"});
  ASSERT_TRUE(reply.ok()) << reply.error().message();
  EXPECT_EQ(reply.value().status, 200);
  EXPECT_EQ(reply.value().body, "ok");
}

TEST_F(EgressTest, ARedirectIsAnAnswerAndLeadsNowhere) {
  const std::string url =
      Serve("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(NameOf(Open("127.0.0.1")->Call({.url = url, .headers = {}, .body = {}})), "status 302");
  EXPECT_EQ(connections_, 1);
}

TEST_F(EgressTest, ANameIsLookedAtWhereItLeadsWhenItIsConnected) {
  const std::string url = Serve(std::string(kOk));
  const std::string port = std::to_string(listener_->port());
  // This host's own name is no localhost to look at, and leads to a private address or to none.
  char name[256] = {};
  ASSERT_EQ(gethostname(name, sizeof name - 1), 0);
  const Result<HttpReply> reply = Open("")->Call(
      {.url = "http://" + std::string(name) + ":" + port + "/", .headers = {}, .body = {}});
  EXPECT_FALSE(reply.ok());
  EXPECT_EQ(connections_, 0);
}

TEST_F(EgressTest, WhatWasCutOffMayHaveBeenTakenAndIsNotSentAgain) {
  const std::string url = Serve(std::string(kOk), true);
  const auto egress = Open("127.0.0.1");
  EXPECT_EQ(NameOf(egress->Call({.url = url, .headers = {}, .body = "a"})), "status 200");
  for (int call = 2; call <= 4; ++call) {
    EXPECT_EQ(NameOf(egress->Call({.url = url, .headers = {}, .body = "a"})), "no_answer");
    EXPECT_EQ(requests_, call) << "libcurl tried again by itself";
  }
}

TEST_F(EgressTest, WhereNobodyListensNothingWasSent) {
  const std::string url = Serve(std::string(kOk));
  listener_.reset();
  EXPECT_EQ(NameOf(Open("127.0.0.1")->Call({.url = url, .headers = {}, .body = "a"})),
            "cannot_connect");
}

TEST_F(EgressTest, AnAnswerThatDoesNotEndIsNone) {
  const std::string url = Serve("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok");
  EXPECT_EQ(
      NameOf(Open("127.0.0.1")->Call({.url = url, .headers = {}, .body = "a", .timeout_ms = 200})),
      "no_answer");
}

}  // namespace
}  // namespace waypost::io
