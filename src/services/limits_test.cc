// Whatever is only asked is given up after `question.seconds`; what keeps something is not.
#include <gtest/gtest.h>

#include <atomic>

#include "services/customers.h"
#include "services/segment_service.h"
#include "services/tag_service.h"
#include "services/test_bank.h"

namespace waypost::services {
namespace {

using SegmentVerb = api::SegmentCall::Verb;
using TagVerb = api::TagCall::Verb;

// Whenever it is looked at, an hour has gone by since, once it is told so.
class HastyClock final : public Clock {
 public:
  int64_t NowMs() const override { return 1'775'001'600'000 + kDayMs / 2; }
  int64_t MonotonicNs() const override { return hasty_ ? ns_ += 3'600'000'000'000 : ns_.load(); }
  void SetHasty(bool hasty) { hasty_ = hasty; }

 private:
  std::atomic<bool> hasty_ = false;
  mutable std::atomic<int64_t> ns_ = 0;
};

class LimitsTest : public testing::Test {
 protected:
  LimitsTest() {
    for (const char* id : {"some", "most"}) {
      Keep(segments_.Call({.verb = SegmentVerb::kCreate,
                           .body = std::string(R"({"eql":"SAMPLE 60%","id":")") + id + "\"}"}));
      Keep(segments_.Call({.verb = SegmentVerb::kRun, .id = id}));
    }
    Keep(tags_.Call({.verb = TagVerb::kCreate,
                     .body = R"({"id":"in_some","make":{"kind":"rule","eql":"SAMPLE 30%"}})"}));
    for (const char* day : {R"({"day":"2026-03-31"})", R"({"day":"2026-04-01"})"})
      Keep(tags_.Call({.verb = TagVerb::kRun, .id = "in_some", .body = day}));
  }
  static void Keep(const Result<std::string>& kept) {
    EXPECT_TRUE(kept.ok()) << kept.error().message();
  }

  std::string SomeLogin() {
    std::string login;
    bank_.engines.Find("default").value()->Look([&](const engine::Applier& applier) {
      const identity::IdentityGraph& graph = applier.identities();
      for (Ordinal o = 0; o < graph.ordinal_count(); ++o) {
        if (graph.identity(o).key == "login") login = graph.identity(o).value;
      }
    });
    return login;
  }

  HastyClock clock_;
  TestBank bank_{clock_, 20};
  EngineSegments segments_{bank_.machine, bank_.engines, bank_.catalogs, bank_.sights,
                           bank_.config};
  EngineTags tags_{bank_.machine, bank_.engines, bank_.catalogs, bank_.sights, bank_.config};
  EngineCustomers customers_{bank_.engines, bank_.catalogs, bank_.sights, clock_, bank_.config};
};

TEST_F(LimitsTest, WhatIsOnlyAskedIsGivenUp) {
  const auto segments = [&](api::SegmentCall call) {
    return [this, call] { return segments_.Call(call); };
  };
  const auto tags = [&](api::TagCall call) { return [this, call] { return tags_.Call(call); }; };
  struct Case {
    const char* what;
    std::function<Result<std::string>()> ask;
    const char* error = "question_limit";
  };
  const Case cases[] = {
      {"estimate", segments({.verb = SegmentVerb::kEstimate, .body = R"({"eql":"vip = 1"})"}),
       "eql_limit"},
      {"members", segments({.verb = SegmentVerb::kMembers, .id = "some"})},
      {"segments of a customer",
       segments({.verb = SegmentVerb::kOfCustomer, .key = "login", .value = SomeLogin()})},
      {"overlap",
       segments({.verb = SegmentVerb::kOverlap, .body = R"({"segments":["some","most"]})"})},
      {"values", tags({.verb = TagVerb::kDistribution, .id = "in_some"})},
      {"changes", tags({.verb = TagVerb::kTransitions,
                        .id = "in_some",
                        .body = R"({"from":"2026-03-31","to":"2026-04-01"})"})},
      {"health", tags({.verb = TagVerb::kHealth, .id = "in_some"})},
      {"report", tags({.verb = TagVerb::kReport})},
      {"values of customers",
       tags({.verb = TagVerb::kLookUp,
             .body = R"({"key":"login","values":["x"],"tags":["in_some"]})"})},
      {"search", [&] { return customers_.Search({}, "a"); }},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.what);
    clock_.SetHasty(false);
    const Result<std::string> whole = one.ask();
    EXPECT_TRUE(whole.ok()) << whole.error().message();
    clock_.SetHasty(true);
    const Result<std::string> cut = one.ask();
    EXPECT_EQ(cut.ok() ? cut.value() : cut.error().name(), one.error);
    clock_.SetHasty(false);
    EXPECT_EQ(one.ask().value(), whole.value()) << "and is whole again";
  }
}

TEST_F(LimitsTest, WhatKeepsSomethingIsNotGivenUp) {
  clock_.SetHasty(true);
  Keep(segments_.Call({.verb = SegmentVerb::kRun, .id = "some"}));
  Keep(tags_.Call({.verb = TagVerb::kRun, .id = "in_some", .body = "{}"}));
}

}  // namespace
}  // namespace waypost::services
