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
  EXPECT_THAT(Say(&request, "ann"), HasSubstr("approval: it is approved"));
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
  EXPECT_THAT(Say(&request, "bob"), HasSubstr("it is rejected"));
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
  EXPECT_THAT(Say(&request, "bob", true, kNow + 7 * kDay), HasSubstr("it is expired"));
  EXPECT_FALSE(Withdraw(&request, "bob", kNow).ok());
  EXPECT_TRUE(Withdraw(&request, "eve", kNow).ok());
  EXPECT_THAT(Say(&request, "bob"), HasSubstr("it is withdrawn"));
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

}  // namespace
}  // namespace waypost::governance
