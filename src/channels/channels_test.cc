#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <fstream>
#include <thread>

#include "channels/description.h"
#include "channels/dispatcher.h"
#include "channels/http_channel.h"
#include "channels/mail_channel.h"
#include "channels/placeholders.h"
#include "channels/sealed.h"
#include "io/sim_random.h"

namespace waypost::channels {
namespace {

using testing::HasSubstr;

constexpr std::string_view kSms = R"({"name":"sms","kind":"http","secrets":["app_key"],
  "sign":{"over":"{{time}}{{body}}","secret":"app_key"},
  "request":{"url":"https://sms.example/send?to={{address}}",
             "headers":{"Content-Type":"application/json","X-Sign":"{{sign}}","X-Ref":"{{key}}"},
             "body":"{\"text\":\"{{text}}\"}"},
  "accepted":{"status":"2xx","where":{"/code":["0","100"]}},
  "rejected":[{"status":"2xx","where":{"/code":"*"}},{"status":400}],
  "receipts":{"items":"/reports","key":"/ref","outcome":"/state",
              "outcomes":{"DELIVRD":"delivered","UNDELIV":"bounced"}}})";

io::EgressRules NoRules() { return io::EgressRules::Read("").value(); }
Description Read(std::string_view json) {
  const Result<Description> read = ReadDescription(json, NoRules());
  EXPECT_TRUE(read.ok()) << read.error().message();
  return read.value();
}
std::string FaultOf(std::string json) {
  const Result<Description> read = ReadDescription(json, NoRules());
  return read.ok() ? "" : std::string(read.error().name()) + " " + read.error().message();
}
std::string With(std::string_view what, std::string_view by) {
  std::string json(kSms);
  const size_t at = json.find(what);
  EXPECT_NE(at, json.npos) << what;
  return json.replace(at, what.size(), by);
}

// An egress that nobody calls.
class NoEgress final : public io::Egress {
 public:
  Result<io::HttpReply> Call(const io::HttpCall&) override { return Error(Code::kIo, "no"); }
  Result<int> Send(const io::MailCall&) override { return Error(Code::kIo, "no"); }
};

Message Hello(std::string text) {
  return {.key = std::string(32, 'a'),
          .channel = "sms",
          .address = "13800000000",
          .text = std::move(text),
          .journey = "j",
          .node = "n",
          .time_ms = 1'790'000'000'000};
}

TEST(PlaceholdersTest, AValueCannotBreakOutOfWhereItStands) {
  const Lookup nasty = [](std::string_view) { return "a\",\"admin\":true,\"x\":\"\n"; };
  EXPECT_EQ(Fill("{\"t\":\"{{t}}\"}", Place::kJson, nasty).value(),
            R"({"t":"a\",\"admin\":true,\"x\":\"\u000a"})");
  EXPECT_EQ(Fill("?t={{t}}", Place::kUrl, [](std::string_view) { return "a&b=c/你"; }).value(),
            "?t=a%26b%3Dc%2F%E4%BD%A0");
  EXPECT_EQ(Fill("<t>{{t}}</t>", Place::kXml, [](std::string_view) { return "</t>&\"'"; }).value(),
            "<t>&lt;/t&gt;&amp;&quot;&#39;</t>");
  EXPECT_FALSE(Fill("{{t}}", Place::kHeader, nasty).ok());
  // What a value says is not read again.
  EXPECT_EQ(Fill("{{t}}", Place::kPlain, [](std::string_view) { return "{{t}}"; }).value(),
            "{{t}}");
  EXPECT_FALSE(Fill("{{t}}", Place::kPlain, [](std::string_view) -> std::optional<std::string> {
                 return {};
               }).ok());
  EXPECT_FALSE(Fill("{{t", Place::kPlain, nasty).ok());
}

TEST(DescriptionTest, SaysWhereItIsWrong) {
  EXPECT_EQ(FaultOf(std::string(kSms)), "");
  EXPECT_THAT(FaultOf(With(R"("sms")", R"("SMS!")")), HasSubstr("name: use 1 to 64"));
  EXPECT_THAT(FaultOf(With("https://sms.example", "http://10.0.0.1")), HasSubstr("egress_denied"));
  EXPECT_THAT(FaultOf(With("sms.example", "{{address}}")),
              HasSubstr("the host cannot be a variable"));
  EXPECT_THAT(FaultOf(With("{{text}}", "{{texxt}}")),
              HasSubstr("request.body: there is no variable texxt"));
  EXPECT_THAT(FaultOf(With("{{key}}", "{{secret.other}}")), HasSubstr("request.headers.X-Ref"));
  EXPECT_THAT(FaultOf(With(R"("2xx")", R"("9xx")")), HasSubstr("accepted.status"));
  EXPECT_THAT(FaultOf(With(R"("/code")", R"("code")")), HasSubstr("must be a JSON pointer"));
  EXPECT_THAT(FaultOf(With(R"("delivered")", R"("arrived")")),
              HasSubstr("receipts.outcomes.DELIVRD"));
  EXPECT_THAT(FaultOf(With(R"("kind")", R"("colour":1,"kind")")),
              HasSubstr("colour: is not known"));
  EXPECT_THAT(FaultOf(With(R"("https://sms.example/send?to={{address}}")", R"("")")),
              HasSubstr("request.url: is missing"));
  EXPECT_THAT(FaultOf("{"), HasSubstr("bad_json"));
  EXPECT_THAT(FaultOf("[]"), HasSubstr("channel_invalid"));
  EXPECT_THAT(FaultOf(std::string(kMaxDescriptionBytes + 1, ' ')), HasSubstr("too_large"));
}

TEST(DescriptionTest, AnswersAreUnderstoodAsItSays) {
  const Description sms = Read(kSms);
  EXPECT_TRUE(FitsOne(sms.accepted, {200, R"({"code":0})"}));
  EXPECT_TRUE(FitsOne(sms.accepted, {200, R"({"code":"100"})"}));
  EXPECT_FALSE(FitsOne(sms.accepted, {200, R"({"code":7})"}));
  EXPECT_TRUE(FitsOne(sms.rejected, {200, R"({"code":7})"}));
  EXPECT_TRUE(FitsOne(sms.rejected, {400, ""}));
  EXPECT_TRUE(FitsOne(sms.busy, {429, ""}));
  for (const io::HttpReply& unknown :
       {io::HttpReply{500, ""}, {200, "<html>"}, {200, "{}"}, {302, ""}}) {
    EXPECT_FALSE(FitsOne(sms.accepted, unknown) || FitsOne(sms.rejected, unknown) ||
                 FitsOne(sms.busy, unknown));
  }
}

TEST(DescriptionTest, ReceiptsAreReadAndWhatIsNoneIsCounted) {
  size_t strange = 0;
  const auto receipts = ReadReceipts(
      Read(kSms).receipts,
      R"({"reports":[{"ref":"k1","state":"DELIVRD"},{"ref":"k2","state":"?"},{"state":"DELIVRD"},
                     {"ref":"k3","state":"UNDELIV"},5]})",
      &strange);
  ASSERT_TRUE(receipts.ok());
  ASSERT_EQ(receipts.value().size(), 2u);
  EXPECT_EQ(receipts.value()[0].key + receipts.value()[0].outcome, "k1delivered");
  EXPECT_EQ(receipts.value()[1].key + receipts.value()[1].outcome, "k3bounced");
  EXPECT_EQ(strange, 3u);
}

TEST(HttpChannelTest, MakesTheCallThatIsDescribed) {
  NoEgress egress;
  const HttpChannel channel(Read(kSms), {{"app_key", "k"}}, egress);
  const Result<io::HttpCall> call = channel.Make(Read(kSms).send, Hello("说\"好\""));
  ASSERT_TRUE(call.ok()) << call.error().message();
  EXPECT_EQ(call.value().url, "https://sms.example/send?to=13800000000");
  EXPECT_EQ(call.value().body, R"({"text":"说\"好\""})");
  // printf '1790000000{"text":"说\\"好\\""}' | openssl dgst -sha256 -hmac k
  EXPECT_EQ(call.value().headers[1].second,
            "c38a3a5af4da75837e19deb2de16ea0f9d057992709a852662f11ab61f288e4c");
  EXPECT_EQ(call.value().headers[2].second, std::string(32, 'a'));
}

TEST(HttpChannelTest, WithoutItsSecretMessagesWait) {
  NoEgress egress;
  HttpChannel channel(Read(kSms), {}, egress);
  EXPECT_EQ(channel.Send(Hello("a")).what, HandOff::kBusy);
}

// Several messages in a call: what is answered, and what each came to.
constexpr std::string_view kHook = R"({"name":"hook","kind":"http","address":"login",
  "repeatable":true,"secrets":["app_key"],"sign":{"over":"{{body}}","secret":"app_key"},
  "request":{"url":"https://hook.example/in",
             "headers":{"Content-Type":"application/json","X-Sign":"{{sign}}"},
             "body":"{\"to\":\"{{address}}\",\"ref\":\"{{key}}\"}"},
  "batch":{"most":3,"results":"/results","body":"{\"list\":[{{entries}}]}"},
  "accepted":{"where":{"":"ok"}},"busy":[{"status":429},{"where":{"":"later"}}],
  "rejected":[{"where":{"":"*"}},{"status":400}]})";

// An egress that answers as it is told to, and remembers what it was called with.
class ToldEgress final : public io::Egress {
 public:
  Result<io::HttpReply> Call(const io::HttpCall& call) override {
    bodies.push_back(call.body);
    return reply;
  }
  Result<int> Send(const io::MailCall&) override { return Error(Code::kIo, "no"); }
  io::HttpReply reply;
  std::vector<std::string> bodies;
};

struct Answered {
  std::string_view id;
  int status;
  std::string_view body, came_to;  // '+' accepted, '-' rejected, 'b' busy, '?' unknown
};
constexpr Answered kAnswered[] = {
    {"J085 in part", 200, R"({"results":["ok","fail","ok"]})", "+-+"},
    {"J085 nothing", 200, "", "+++"},
    {"J085 nothing to read", 204, " \n", "+++"},
    {"J085 not done", 500, R"({"results":["ok","fail","ok"]})", "???"},
    {"J085 refused", 400, R"({"results":["ok","fail","ok"]})", "bbb"},
    {"J085 moved", 302, "", "???"},
    {"too many", 429, "", "bbb"},
    {"one later", 200, R"({"results":["ok","later",{}]})", "+b?"},
    {"too few", 200, R"({"results":["ok","ok"]})", "???"},
    {"too many results", 200, R"({"results":["ok","ok","ok","ok"]})", "???"},
    {"no list", 200, R"({"results":"ok"})", "???"},
    {"no JSON", 200, "<html>", "???"},
};

TEST(HttpChannelTest, ACallOfSeveralSaysWhatBecameOfEach) {
  ToldEgress egress;
  HttpChannel channel(Read(kHook), {{"app_key", "k"}}, egress);
  std::vector<Message> some(4, Hello("hi"));
  for (size_t i = 0; i < some.size(); ++i) {
    some[i].key = std::string(1, static_cast<char>('a' + i));
    some[i].address = "login:\"u" + std::to_string(i);
  }
  some[1].address = "phone:138";  // who has none: it is not in the call, and hurts no other
  for (const Answered& one : kAnswered) {
    SCOPED_TRACE(one.id);
    egress.reply = {one.status, std::string(one.body)};
    const std::vector<Answer> answers = channel.SendAll(some);
    ASSERT_EQ(answers.size(), 4u);
    EXPECT_EQ(answers[1].what, HandOff::kRejected);
    std::string came_to;
    for (const size_t i : {0, 2, 3}) came_to += "+-b?"[static_cast<int>(answers[i].what)];
    EXPECT_EQ(came_to, one.came_to);
  }
  EXPECT_EQ(
      egress.bodies.back(),
      R"({"list":[{"to":"\"u0","ref":"a"},{"to":"\"u2","ref":"c"},{"to":"\"u3","ref":"d"}]})");
  EXPECT_EQ(egress.bodies.size(), std::size(kAnswered)) << "one call for all";
  egress.reply = {200, R"({"results":["fail"]})"};
  EXPECT_EQ(channel.Send(some[0]).what, HandOff::kRejected) << "a call of one is a list of one";
}

// As a Sensors Analytics server takes events: in a form, whatever signs they hold.
TEST(HttpChannelTest, TheExampleOfSensorsEventsHandsOverTheTextItIsGiven) {
  std::ifstream file(WAYPOST_SOURCE_DIR "/examples/channels/sensors_events.json");
  const std::string example{std::istreambuf_iterator<char>(file), {}};
  ToldEgress egress;
  egress.reply = {200, ""};
  HttpChannel channel(Read(example), {}, egress);
  EXPECT_EQ(channel.Send(Hello("{\"event\":\"事件 & >\"}")).what, HandOff::kAccepted);
  EXPECT_EQ(egress.bodies.back(), "gzip=0&data=eyJldmVudCI6IuS6i%2BS7tiAmID4ifQ%3D%3D");
}

// As the webhooks of Sensors Focus do: a list, whose answer is a list too, or nothing when all is
// well.
TEST(HttpChannelTest, TheExampleOfASensorsWebhookSpeaksAsSensorsDoes) {
  std::ifstream file(WAYPOST_SOURCE_DIR "/examples/channels/sensors_webhook.json");
  const std::string example{std::istreambuf_iterator<char>(file), {}};
  ToldEgress egress;
  HttpChannel channel(Read(example), {{"signing_key", "k"}}, egress);
  std::vector<Message> some(2, Hello("a \"quoted\" text"));
  some[0].address = "login:ann";
  some[1].address = "login:bob";
  for (const auto& [status, body, came_to] :
       {std::tuple(200, "", "++"),
        {200, R"([{"succeed":true},{"succeed":false,"fail_reason":"no such user"}])", "+-"},
        {500, "", "??"}}) {
    egress.reply = {status, body};
    std::string was;
    for (const Answer& answer : channel.SendAll(some)) was += "+-b?"[static_cast<int>(answer.what)];
    EXPECT_EQ(was, came_to) << body;
  }
  const boost::json::value sent = boost::json::parse(egress.bodies.back());
  ASSERT_EQ(sent.as_array().size(), 2u);
  const boost::json::value& one = sent.at(0);
  EXPECT_EQ(one.at("send_id"), "ann");
  EXPECT_EQ(one.at("user_profile").at("second_id"), "ann");
  EXPECT_EQ(one.at("params").at("text"), "a \"quoted\" text");
  const boost::json::value& receipt = one.at("receipt_properties");
  EXPECT_EQ(receipt.at("sf_msg_id"), std::string(32, 'a').c_str());
  EXPECT_EQ(receipt.at("sf_plan_id"), "j");
  EXPECT_EQ(receipt.at("sf_component_id"), "n");
  EXPECT_EQ(receipt.at("sf_send_time"), 1'790'000'000'000);
}

// J084: what the answers of a webhook come to when its description says nothing of them. How often
// it is called then: tests/e2e/channels.test.mjs.
struct Judged {
  io::HttpReply reply;
  HandOff what;
  int64_t retry_after_ms = 0;
};
const Judged kJudged[] = {
    {{500, ""}, HandOff::kUnknown},  {{200, "{}"}, HandOff::kAccepted},
    {{400, ""}, HandOff::kRejected}, {{429, "", 30'000}, HandOff::kBusy, 30'000},
    {{429, ""}, HandOff::kBusy},     {{408, ""}, HandOff::kUnknown},
    {{302, ""}, HandOff::kUnknown},  {{429, "", int64_t{1} << 40}, HandOff::kBusy, 86'400'000}};

TEST(HttpChannelTest, AnAnswerSaysWhetherAndWhenToTryAgain) {
  ToldEgress egress;
  HttpChannel channel(Read(R"({"name":"hook","kind":"http","repeatable":true,
                               "request":{"url":"https://hook.example/in","body":"{{key}}"}})"),
                      {}, egress);
  for (const Judged& one : kJudged) {
    SCOPED_TRACE(one.reply.status);
    egress.reply = one.reply;
    const Answer answer = channel.Send(Hello("hi"));
    EXPECT_EQ(answer.what, one.what);
    EXPECT_EQ(answer.retry_after_ms, one.retry_after_ms);
    EXPECT_EQ(egress.bodies.back(), std::string(32, 'a')) << "the same key each time";
  }
}

TEST(DescriptionTest, WhatIsSaidOnceOfSeveralIsNotOfOne) {
  EXPECT_EQ(Read(kHook).traits.together, 3u);
  for (const auto& [what, by, wanted] :
       {std::tuple{"hook.example/in", "hook.example/{{key}}", "request.url: key is of one message"},
        {R"("X-Sign")", R"("X-To":"{{address}}","X-Sign")", "request.headers.X-To: address is of"},
        {"\"{{body}}\"", "\"{{text}}\"", "sign.over: text is of one"},
        {R"({\"list\":[{{entries}}]})", "{{key}}{{entries}}", "batch.body: key is of one"},
        {"{{entries}}", "{{entry}}", "batch.body: the variable entries must be in it"},
        {R"("/results")", R"("results")", "batch.results: must be a JSON pointer"},
        {R"("most":3)", R"("most":1)", "batch.most: must be a whole number of 2"},
        {R"("most":3)", R"("least":3)", "batch.least: is not known"}}) {
    std::string json(kHook);
    ASSERT_NE(json.find(what), json.npos) << what;
    EXPECT_THAT(FaultOf(json.replace(json.find(what), std::string_view(what).size(), by)),
                HasSubstr(wanted));
  }
}

class CountingChannel final : public Channel {
 public:
  const Traits& traits() const override { return traits_; }
  Answer Send(const Message& message) override { return {HandOff::kAccepted, message.key}; }
  std::vector<Answer> SendAll(std::span<const Message> messages) override {
    sizes.push_back(messages.size());
    return Channel::SendAll(messages);
  }
  std::optional<bool> Find(const Message&) override { return true; }
  std::vector<size_t> sizes;

 private:
  const Traits traits_{.together = 3};
};

TEST(DispatcherTest, MessagesGoInAsFewHandOffsAsTheChannelCanTake) {
  const ManualClock clock(0);
  const auto channel = std::make_shared<CountingChannel>();
  Dispatcher dispatcher(clock, std::make_shared<CountingChannel>(), [] {});
  dispatcher.Set("hook", channel);
  EXPECT_EQ(dispatcher.RoomOf("hook"), 24u);
  std::vector<Message> messages;
  for (size_t i = 0; i < 8; ++i) {
    messages.push_back(Hello("hi"));
    messages.back().channel = i == 4 ? "other" : "hook";
    messages.back().key = std::to_string(i);
  }
  dispatcher.Send(messages);
  std::vector<Report> reports;
  while (reports.size() < messages.size()) {
    for (Report& report : dispatcher.Take()) {
      EXPECT_EQ(report.answer.why, report.message.key) << "each has its own answer";
      reports.push_back(std::move(report));
    }
    std::this_thread::yield();
  }
  dispatcher.Stop();
  EXPECT_THAT(channel->sizes, testing::ElementsAre(3, 3, 1));
}

constexpr std::string_view kMail = R"({"name":"mail","kind":"mail","url":"smtp://mx.example:25",
  "from":"bank@bank.example","subject":"来自银行","unsubscribe":"https://bank.example/u/{{key}}"})";

// T16 of the bad inputs; tests/e2e/channels.test.mjs sends to one.
TEST(MailChannelTest, AnAddressCannotEndACommand) {
  NoEgress egress;
  MailChannel channel(Read(kMail), {}, egress);
  for (const char* wrong :
       {"", "a", "a@", "@b", "a@b@c", "a@b.com\r\nRCPT TO:<x@y>", "a b@c", "a@b.com, c@d.com",
        "a@b.com\nBcc: c@d.com", "<a@b>", "a@b;c", "名@b"}) {
    EXPECT_FALSE(IsMailbox(wrong)) << wrong;
    Message hello = Hello("hi");
    hello.address = wrong;
    const Answer answer = channel.Send(hello);
    EXPECT_EQ(answer.what, HandOff::kRejected);
    EXPECT_EQ(answer.why, "invalid_recipient");
  }
  EXPECT_FALSE(IsMailbox("a@" + std::string(320, 'b')));
  EXPECT_TRUE(IsMailbox("first.last+tag@mail.example"));
}

TEST(MailChannelTest, MailHasAnUnsubscribeLinkAndAStableId) {
  Message hello = Hello("Subject: 您好\n\n<b>理财</b>");
  hello.address = "ann@mail.example";
  const Result<std::string> mail = MakeMail(Read(kMail), hello);
  ASSERT_TRUE(mail.ok());
  EXPECT_THAT(mail.value(),
              HasSubstr("Message-ID: <" + std::string(32, 'a') + "@bank.example>\r\n"));
  EXPECT_THAT(mail.value(), HasSubstr("List-Unsubscribe: <https://bank.example/u/" +
                                      std::string(32, 'a') + ">\r\n"));
  EXPECT_THAT(mail.value(), HasSubstr("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
  EXPECT_THAT(mail.value(), HasSubstr("Subject: =?UTF-8?B?5oKo5aW9?=\r\n"));
  EXPECT_THAT(mail.value(), HasSubstr("Date: Mon, 21 Sep 2026 14:13:20 +0000\r\n"));
  EXPECT_THAT(mail.value(), HasSubstr("Content-Type: text/html"));
}

TEST(MailChannelTest, ALinkIsProvedByWhoKnowsTheSecretOnly) {
  std::string described(kMail);
  described.replace(described.find("{{key}}"), 7, "{{key}}/{{proof}}");
  Description description = Read(described);
  Message hello = Hello("您好");
  hello.address = "ann@mail.example";
  EXPECT_FALSE(MakeMail(description, hello).ok()) << "a link without its proof";
  description.prove = [](std::string_view key) { return "of-" + std::string(key.substr(0, 2)); };
  const Result<std::string> mail = MakeMail(description, hello);
  ASSERT_TRUE(mail.ok());
  EXPECT_THAT(mail.value(), HasSubstr(std::string(32, 'a') + "/of-aa>\r\n"));
  for (const char* wrong : {"https://bank.example/u/{{proof}}", "http://bank.example/{{key}}"}) {
    described = kMail;
    described.replace(described.find("https://bank"), 30, wrong);
    EXPECT_FALSE(ReadDescription(described, NoRules()).ok()) << wrong;
  }
}

TEST(SealedTest, ASecretIsReadUnderItsKeyAndNameOnly) {
  io::SimRandom random(1);
  const SealKey key = ReadSealKey(std::string(64, 'a')).value();
  const std::string sealed = Seal(key, "p/sms/app_key", "s3cret", random);
  EXPECT_EQ(sealed.find("s3cret"), sealed.npos);
  EXPECT_NE(sealed, Seal(key, "p/sms/app_key", "s3cret", random));
  EXPECT_EQ(Unseal(key, "p/sms/app_key", sealed).value(), "s3cret");
  EXPECT_EQ(Unseal(key, "n", Seal(key, "n", "", random)).value(), "");
  EXPECT_FALSE(Unseal(key, "p/sms/other", sealed).ok());
  EXPECT_FALSE(Unseal(ReadSealKey(std::string(64, 'b')).value(), "p/sms/app_key", sealed).ok());
  for (size_t i = 0; i < sealed.size(); ++i) {
    std::string wrong = sealed;
    wrong[i] = wrong[i] == 'A' ? 'B' : 'A';
    const Result<std::string> read = Unseal(key, "p/sms/app_key", wrong);
    EXPECT_FALSE(read.ok() && read.value() != "s3cret") << i;
    EXPECT_FALSE(Unseal(key, "p/sms/app_key", sealed.substr(0, i)).ok());
  }
  EXPECT_FALSE(ReadSealKey("aa").ok());
  EXPECT_FALSE(ReadSealKey(std::string(64, 'g')).ok());
}

}  // namespace
}  // namespace waypost::channels
