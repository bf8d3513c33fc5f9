#include "governance/approval.h"

#include <gmock/gmock.h>

namespace waypost::governance {
namespace {

using testing::HasSubstr;

constexpr int64_t kNow = 1'790'000'000'000, kDay = 86'400'000;
constexpr std::string_view kTwoLevels = R"({"open_for_days":7,"levels":[
  {"name":"branch","rule":"any","people":["ann","bob","eve"]},
  {"name":"compliance","rule":"all","people":["cid","dan","eve"]}]})";

Request Asked(std::string asker = "eve", std::string_view flow = kTwoLevels) {
  return Ask(ReadFlow(flow).value(), "journey/welcome", "h1", std::move(asker), kNow).value();
}
std::string Say(Request* request, std::string person, bool yes = true, int64_t at = kNow) {
  const Result<> voted =
      Vote(request, {.person = std::move(person), .yes = yes, .comment = {}}, at);
  if (!voted.ok()) return std::string(voted.error().name()) + ": " + voted.error().message();
  return std::string(NameOf(request->state));
}

// Where everybody may still vote, but for one.
Result<> MayDo(const Request& request, std::string_view hash, int64_t at, std::string_view not_he) {
  return MayDo(request, hash, at, [&](std::string_view person) { return person != not_he; });
}
Result<> MayDo(const Request& request, std::string_view hash, int64_t at) {
  return MayDo(request, hash, at, "");
}

TEST(ApprovalTest, EveryLevelSaysYesInItsTurn) {
  Request request = Asked();
  EXPECT_THAT(Say(&request, "cid"), HasSubstr("not asked at level 'branch'"));
  EXPECT_EQ(Say(&request, "bob"), "open");
  EXPECT_THAT(Say(&request, "ann"), HasSubstr("not asked at level 'compliance'"));
  EXPECT_EQ(Say(&request, "dan"), "open");
  EXPECT_THAT(Say(&request, "dan"), HasSubstr("voted already"));
  EXPECT_FALSE(MayDo(request, "h1", kNow).ok());
  EXPECT_EQ(Say(&request, "cid"), "approved") << "all but who asked";
  EXPECT_TRUE(MayDo(request, "h1", kNow + 100 * kDay).ok());
  EXPECT_THAT(Say(&request, "ann"), HasSubstr("approval: the request is approved"));
}

TEST(ApprovalTest, NobodyApprovesWhatHeAskedFor) {
  Request request = Asked("ann");
  EXPECT_THAT(Say(&request, "ann"), HasSubstr("nobody approves what he asked for"));
  const Flow alone = ReadFlow(R"({"levels":[{"rule":"any","people":["ann"]}]})").value();
  EXPECT_FALSE(Ask(alone, "s", "h", "ann", kNow).ok());
}

TEST(ApprovalTest, OneNoEndsIt) {
  Request request = Asked();
  EXPECT_EQ(Say(&request, "ann", false), "rejected");
  EXPECT_THAT(Say(&request, "bob"), HasSubstr("the request is rejected"));
  EXPECT_FALSE(MayDo(request, "h1", kNow).ok());
}

TEST(ApprovalTest, WhatWasChangedAfterwardsIsNotApproved) {
  Request request = Asked("zoe", R"({"levels":[{"rule":2,"people":["ann","bob","cid"]}]})");
  EXPECT_EQ(Say(&request, "ann"), "open");
  EXPECT_EQ(Say(&request, "cid"), "approved") << "two of three";
  EXPECT_TRUE(MayDo(request, "h1", kNow).ok());
  EXPECT_THAT(MayDo(request, "h2", kNow).error().message(), HasSubstr("changed after"));
}

TEST(ApprovalTest, TheYesOfWhoMayNotApproveAnyMoreDoesNotCount) {
  Request request = Asked();
  for (const std::string person : {"bob", "dan", "cid"}) Say(&request, person);
  for (const std::string_view lost : {"bob", "dan", "cid"}) {
    EXPECT_THAT(MayDo(request, "h1", kNow, lost).error().message(),
                HasSubstr(std::string(lost) + ", who approved it, may not approve any more"));
  }
  EXPECT_TRUE(MayDo(request, "h1", kNow, "ann").ok()) << "who did not vote";
}

TEST(ApprovalTest, TimeEndsItAndSoDoesWhoAsked) {
  Request request = Asked();
  EXPECT_EQ(StateAt(request, kNow + 7 * kDay - 1), ApprovalState::kOpen);
  EXPECT_THAT(Say(&request, "bob", true, kNow + 7 * kDay), HasSubstr("the request is expired"));
  EXPECT_FALSE(Withdraw(&request, "bob", kNow).ok());
  EXPECT_TRUE(Withdraw(&request, "eve", kNow).ok());
  EXPECT_THAT(Say(&request, "bob"), HasSubstr("the request is withdrawn"));
}

// Published scenarios of approvals (journeys/scenarios_guard_test.cc names the others): who votes,
// '+' or '-', and what each is answered.
struct Scenario {
  std::string_view id, rule, votes;
  std::string_view hash = "h1";  // of what is to be done
  int64_t after_ms = 0;          // when it is to be done
  std::string_view answers, end;
};
constexpr Scenario kScenarios[] = {
    {"J112", R"("any")", "ann+", "h2", 0, "approved", "changed after"},
    {"J113 countersign", R"("all")", "ann+ bob-", "h1", 0, "open rejected", "rejected"},
    {"J113 or-sign", R"("any")", "ann+ bob-", "h1", 0, "approved approval", ""},
    {"J114", R"("any")", "eve+", "h1", 0, "approval", "open"},
    // An office system calls as a person of its own, with a key: twice, and never.
    {"J115 twice", R"("all")", "ann+ ann+ bob+ cid+ cid+", "h1", 0,
     "open approval open approved approval", ""},
    {"J115 never", R"("any")", "", "h1", 2 * kDay, "", "expired"}};

TEST(ApprovalTest, PublishedScenariosHold) {
  for (const Scenario& one : kScenarios) {
    SCOPED_TRACE(one.id);
    Request request =
        Asked("eve", R"({"open_for_days":2,"levels":[{"rule":)" + std::string(one.rule) +
                         R"(,"people":["ann","bob","cid","eve"]}]})");
    std::string answers;
    for (size_t at = 0; at < one.votes.size(); at += 5) {
      const std::string said =
          Say(&request, std::string(one.votes.substr(at, 3)), one.votes[at + 3] == '+');
      answers += (answers.empty() ? "" : " ") + said.substr(0, said.find(':'));
    }
    EXPECT_EQ(answers, one.answers);
    const Result<> done = MayDo(request, one.hash, kNow + one.after_ms);
    EXPECT_EQ(done.ok(), one.end.empty());
    if (!done.ok()) {
      EXPECT_THAT(done.error().message(), HasSubstr(std::string(one.end)));
    }
  }
}

TEST(ApprovalTest, ARequestIsReadAsItWasWritten) {
  Request request = Asked();
  Say(&request, "bob");
  const std::string text = ToJson(request, kNow);
  const Result<Request> read = FromJson(text);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(ToJson(read.value(), kNow), text);
  Request again = read.value();
  EXPECT_EQ(Say(&again, "cid"), "open");
  for (size_t size = 0; size < text.size(); ++size)
    EXPECT_FALSE(FromJson(text.substr(0, size)).ok());
}

TEST(ApprovalTest, AFlowSaysWhereItIsWrong) {
  for (const auto& [flow, wanted] :
       {std::pair{"{}", "levels"},
        {R"({"levels":[]})", "levels"},
        {"[", "not JSON"},
        {R"({"levels":[{"rule":"any","people":[]}]})", "levels[0].people"},
        {R"({"levels":[{"rule":"some","people":["a"]}]})", "levels[0].rule"},
        {R"({"levels":[{"rule":3,"people":["a","b"]}]})", "levels[0].rule"},
        {R"({"levels":[{"rule":"any","people":["a"]}],"colour":1})", "colour"}}) {
    const Result<Flow> read = ReadFlow(flow);
    ASSERT_FALSE(read.ok()) << flow;
    EXPECT_THAT(read.error().message(), HasSubstr(wanted));
  }
}

// Only who is asked now, and has not voted, hands it on; to somebody who is neither asked already
// nor the asker.
TEST(ApprovalTest, WhoIsAskedHandsItOnToSomebodyElse) {
  Request request = Asked();
  const auto hand_on = [&](std::string_view from, std::string to) {
    const Result<> done = Delegate(&request, from, std::move(to), kNow);
    return done.ok() ? "" : std::string(done.error().message());
  };
  EXPECT_THAT(hand_on("cid", "zoe"), HasSubstr("not asked at level 'branch'"));
  EXPECT_THAT(hand_on("eve", "zoe"), HasSubstr("not asked")) << "the asker has no say to hand on";
  EXPECT_THAT(hand_on("ann", "eve"), HasSubstr("nobody approves what he asked for"));
  EXPECT_THAT(hand_on("ann", "bob"), HasSubstr("is asked at level 'branch' already"));
  EXPECT_EQ(hand_on("ann", "zoe"), "");
  request = FromJson(ToJson(request, kNow)).value();
  ASSERT_EQ(request.delegations.size(), 1u);
  EXPECT_EQ(request.delegations[0].from + request.delegations[0].to, "annzoe");
  EXPECT_THAT(Say(&request, "ann"), HasSubstr("not asked"));
  EXPECT_EQ(Say(&request, "zoe"), "open");
  EXPECT_EQ(request.level, 1u);
  EXPECT_EQ(Say(&request, "cid"), "open");
  EXPECT_THAT(hand_on("cid", "zoe"), HasSubstr("has voted already"));
  EXPECT_EQ(Say(&request, "dan"), "approved");
  EXPECT_FALSE(MayDo(request, "h1", kNow, "zoe").ok()) << "it stands on who voted";
  EXPECT_THAT(hand_on("dan", "zoe"), HasSubstr("the request is approved"));
}

constexpr std::string_view kOutside = R"({"levels":[{"name":"branch","rule":"any","people":["ann"]},
  {"name":"OA","external":"oa","within_hours":48}]})";

TEST(ApprovalTest, ASystemOutsideAnswersOnceHoweverOftenItSaysSo) {
  for (const bool yes : {true, false}) {
    Request request = Asked("eve", kOutside);
    const auto say = [&](bool what, std::string_view by = "boss", std::string system = "oa") {
      const Result<> said =
          Answer(&request, {.person = std::move(system), .yes = what, .comment = {}}, by, kNow);
      return said.ok() ? std::string(NameOf(request.state)) : said.error().message();
    };
    EXPECT_THAT(say(yes), HasSubstr("not asked at level 'branch'"));
    EXPECT_EQ(Say(&request, "ann"), "open");
    EXPECT_THAT(Say(&request, "oa"), HasSubstr("not asked")) << "no person votes in its name";
    EXPECT_THAT(say(yes, "boss", "erp"), HasSubstr("erp is not asked"));
    EXPECT_THAT(say(yes, "eve"), HasSubstr("nobody approves what he asked for"));
    request = FromJson(ToJson(request, kNow)).value();
    EXPECT_EQ(say(yes), yes ? "approved" : "rejected");
    EXPECT_EQ(say(yes), yes ? "approved" : "rejected");
    EXPECT_EQ(request.ballots.size(), 2u);
    EXPECT_THAT(say(!yes), HasSubstr("answered otherwise already"));
    EXPECT_EQ(MayDo(request, "h1", kNow, "oa").ok(), yes) << "it has no rights to lose";
  }
}

// From when the level is asked, not from when it all began.
TEST(ApprovalTest, ALevelThatIsNotAnsweredInItsTimeExpires) {
  constexpr int64_t kHours = 3'600'000;
  Request request = Asked("eve", kOutside);
  EXPECT_EQ(StateAt(request, kNow + 100 * kDay), ApprovalState::kOpen);
  ASSERT_EQ(Say(&request, "ann", true, kNow + kDay), "open");
  EXPECT_EQ(StateAt(request, kNow + kDay + 48 * kHours - 1), ApprovalState::kOpen);
  const int64_t over = kNow + kDay + 48 * kHours;
  EXPECT_EQ(StateAt(request, over), ApprovalState::kExpired);
  EXPECT_FALSE(Answer(&request, {.person = "oa", .yes = true, .comment = {}}, "boss", over).ok());
  EXPECT_FALSE(MayDo(request, "h1", over).ok());
}

TEST(ApprovalTest, AFlowSaysWhatIsWrongWithALevelOutside) {
  for (const auto& [level, wrong] : {std::pair{R"("external":"")", "external"},
                                     {R"("external":"oa","rule":"any")", "instead of people"},
                                     {R"("external":"oa","people":["ann"])", "instead of people"},
                                     {R"("external":"oa","within_hours":-1)", "within_hours"},
                                     {R"("within_hours":4)", "people"}}) {
    const Result<Flow> flow = ReadFlow(std::string(R"({"levels":[{"name":"x",)") + level + "}]}");
    ASSERT_FALSE(flow.ok()) << level;
    EXPECT_THAT(std::string(flow.error().message()), HasSubstr(wrong));
  }
}

TEST(ApprovalTest, WhatIsSignedIsKnownByItsSignature) {
  // RFC 4231, test case 2.
  const std::string signature = SignatureOf("Jefe", "what do ya want for nothing?");
  EXPECT_EQ(signature, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_TRUE(IsSigned("Jefe", "what do ya want for nothing?", signature));
  EXPECT_FALSE(IsSigned("Jefe", "what do you want for nothing?", signature));
  EXPECT_FALSE(IsSigned("Jeff", "what do ya want for nothing?", signature));
  EXPECT_FALSE(IsSigned("Jefe", "what do ya want for nothing?", signature.substr(1)));
}

}  // namespace
}  // namespace waypost::governance
