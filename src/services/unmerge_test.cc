// Merges that were wrong are undone: answers are as if they had never been, exactly.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <future>
#include <random>

#include "analytics/ask.h"
#include "base/clock.h"
#include "demo/bank.h"
#include "engine/engine.h"
#include "io/sim_file_system.h"
#include "io/sim_random.h"
#include "services/plan_names.h"

namespace waypost::services {
namespace {

constexpr int64_t kNow = 1'790'000'000'000;
constexpr int64_t kHourMs = 3'600'000;

constexpr const char* kBankQuestions[] = {
    R"({"ask":"funnel","range":{"last":80},"window":"7d",
        "steps":["login_success","product_detail","buy_click","purchase_success"],
        "by":{"customer":"city"}})",
    R"({"ask":"funnel","range":{"last":80},"window":"7d",
        "steps":["login_success","product_detail","buy_click","purchase_success"]})",
    R"({"ask":"retention","start":"login_success","return":["transfer_success"],
        "range":{"last":60},"unit":"week","periods":4})",
    R"({"ask":"trends","interval":"week","range":{"last":80},
        "measures":[{"name":"n","of":"login_success","measure":"uniques"}]})"};

constexpr const char* kShopQuestions[] = {
    R"({"ask":"funnel","range":{"last":80},"window":"30d","steps":["view","pay"],
        "by":{"customer":"city"}})",
    R"({"ask":"retention","start":"view","return":["pay"],"range":{"last":60},"unit":"week",
        "periods":4})",
    R"({"ask":"trends","interval":"week","range":{"last":80},
        "measures":[{"name":"n","of":"view","measure":"uniques"}],"by":[{"customer":"points"}]})"};

class Bank {
 public:
  Bank() : engine_(engine::Engine::Open(disk_, clock_, random_, {.directory = "/data"}).value()) {}

  engine::Engine& engine() { return *engine_; }

  void Append(Bytes batch) {
    std::promise<bool> answer;
    engine_->Append(std::move(batch),
                    [&](const Result<LogPosition>& done) { answer.set_value(done.ok()); });
    ASSERT_TRUE(answer.get_future().get());
  }

  // How many identities of a strong key a customer may have; 0: any number.
  void SetRules(uint32_t values) {
    identity::KeyRules rules = identity::KeyRules::Defaults();
    for (identity::KeyRule& key : rules.keys) {
      if (key.strength == identity::Strength::kStrong) key.values = values;
    }
    ASSERT_TRUE(engine_->ChangeIdentityRules(rules).ok());
  }

  // Without the name of the moment they are of.
  std::string Answers(std::span<const char* const> questions) {
    const engine::Reading reading = engine_->Read().value();
    const QuestionNames names(*engine_, reading.plan);
    std::string all;
    for (const char* question : questions) {
      const auto answer =
          analytics::Ask(question, reading.snapshot->view(), names, {.now_ms = kNow, .threads = 2});
      EXPECT_TRUE(answer.ok()) << answer.error().message();
      if (!answer.ok()) continue;
      boost::json::value json = boost::json::parse(answer.value());
      json.as_object().erase("snapshot");
      all += boost::json::serialize(json) + "\n";
    }
    return all;
  }

 private:
  io::SimFileSystem disk_;
  ManualClock clock_{kNow};
  io::SimRandom random_{1};
  std::unique_ptr<engine::Engine> engine_;
};

class UnmergeTest : public testing::Test {
 protected:
  void OpenBank() {
    ASSERT_TRUE(bank_.engine().ChangePlan(demo::BankPlan("default")).ok());
    ASSERT_TRUE(demo::WriteBank({.customers = 400, .now_ms = kNow}, [&](Bytes batch) -> Result<> {
                  bank_.Append(std::move(batch));
                  return {};
                }).ok());
  }
  std::string Answers() { return bank_.Answers(kBankQuestions); }

  // One login of two hundred is tied to the next, or cut from it.
  void Tie(ItemKind kind) {
    std::vector<std::string> logins;
    bank_.engine().Look([&](const engine::Applier& applier) {
      const identity::IdentityGraph& graph = applier.identities();
      for (Ordinal o = 0; o < graph.ordinal_count(); ++o) {
        if (graph.identity(o).key == "login") logins.emplace_back(graph.identity(o).value);
      }
    });
    ASSERT_EQ(logins.size(), 400u);
    BatchWriter out({"default", "desk", kNow, {}});
    for (size_t i = 0; i + 1 < logins.size(); i += 200) {
      out.BeginItem(kind, "link", {}, {.time_ms = kNow});
      out.AddIdentity("login", logins[i]);
      out.AddIdentity("login", logins[i + 1]);
      out.EndItem();
    }
    bank_.Append(out.Finish());
  }

  Bank bank_;
};

TEST_F(UnmergeTest, AnswersAreAsTheyWereOnceAllMergesAreUndone) {
  OpenBank();
  bank_.SetRules(0);
  const std::string before = Answers();
  Tie(ItemKind::kLink);
  EXPECT_NE(Answers(), before);
  ASSERT_TRUE(bank_.engine().Flush().ok());
  Tie(ItemKind::kUnlink);
  EXPECT_EQ(Answers(), before);
}

// A refused link becomes a merge when the rules allow it, and is undone with them.
TEST_F(UnmergeTest, AnswersAreAsTheyWereOnceTheRulesAre) {
  OpenBank();
  const std::string before = Answers();
  Tie(ItemKind::kLink);
  EXPECT_EQ(Answers(), before);
  bank_.SetRules(0);
  EXPECT_NE(Answers(), before);
  bank_.SetRules(1);
  EXPECT_EQ(Answers(), before);
}

// ---- Against a project that never had the wrong links ----

// Wrong links are of a login to what is never linked to it rightly.
constexpr const char* kWrong[] = {"login:", "phone:", "email:", "device:"};

// What chooses the next step.
struct History {
  explicit History(uint32_t seed) : random(seed) {}

  uint32_t Below(uint32_t n) { return static_cast<uint32_t>(random() % n); }

  std::mt19937 random;
};

void AddPair(BatchWriter* out, ItemKind kind, int64_t time_ms, const std::string& a,
             const std::string& b) {
  out->BeginItem(kind, "bind", {}, {.time_ms = time_ms});
  for (const std::string& id : {a, b}) {
    const size_t colon = id.find(':');
    out->AddIdentity(id.substr(0, colon), id.substr(colon + 1));
  }
  out->EndItem();
}

// Login n has phone n and devices n and n + 1, so that each device has two owners in turn.
void AddStep(BatchWriter* out, History* history, int64_t time_ms) {
  const uint32_t n = history->Below(5);
  const std::string login = std::to_string(n), device = std::to_string(n + history->Below(2));
  const auto identify = [&] {
    const uint32_t by = history->Below(4);
    if (by == 0) out->AddIdentity("phone", login);
    if (by == 1) out->AddIdentity("login", login);
    if (by != 0) out->AddIdentity("device", device);
  };
  switch (history->Below(8)) {
    case 0:
      return AddPair(out, ItemKind::kLink, time_ms, "login:" + login, "phone:" + login);
    case 1:
      out->BeginItem(ItemKind::kProfile, kProfileSet, {}, {.time_ms = time_ms});
      identify();
      out->AddProperty("city", Value::String("city " + std::to_string(history->Below(3))));
      return out->EndItem();
    case 2:
      out->BeginItem(ItemKind::kProfile, kProfileIncrement, {}, {.time_ms = time_ms});
      identify();
      out->AddProperty("points", Value::Int(1 + history->Below(3)));
      return out->EndItem();
    default:
      out->BeginEvent(history->Below(2) ? "view" : "pay", {.time_ms = time_ms});
      identify();
      return out->EndItem();
  }
}

TEST(UnmergeHistoryTest, AnswersAreThoseOfAProjectThatNeverHadTheWrongLinks) {
  for (uint32_t seed = 0; seed < 12; ++seed) {
    SCOPED_TRACE(seed);
    Bank with, without;
    History history(seed), mistakes(seed + 1'000);
    for (Bank* bank : {&with, &without}) bank->SetRules(0);
    std::vector<std::pair<std::string, std::string>> wrong;
    // Twenty-eight days: within the look-back of a device.
    for (int step = 0; step < 28; ++step) {
      const int64_t time_ms = kNow - (40 - step) * kDayMs;
      BatchWriter right({"default", "test", kNow, {}}), both({"default", "test", kNow, {}});
      for (int i = 0; i < 8; ++i) {
        const History before = history;
        AddStep(&right, &history, time_ms + i * kHourMs);
        history = before;
        AddStep(&both, &history, time_ms + i * kHourMs);
      }
      if (mistakes.Below(2) == 0) {
        const uint32_t n = mistakes.Below(5), other = (n + 2 + mistakes.Below(2)) % 5;
        wrong.emplace_back("login:" + std::to_string(n),
                           kWrong[step % std::size(kWrong)] + std::to_string(other));
        AddPair(&both, ItemKind::kLink, time_ms + 8 * kHourMs, wrong.back().first,
                wrong.back().second);
      }
      with.Append(both.Finish());
      without.Append(right.Finish());
      if (step % 9 == 8) {
        ASSERT_TRUE(with.engine().Flush().ok());
      }
    }
    const std::string right_answers = without.Answers(kShopQuestions);
    if (!wrong.empty()) {
      EXPECT_NE(with.Answers(kShopQuestions), right_answers);
    }
    BatchWriter cuts({"default", "test", kNow, {}});
    for (const auto& [a, b] : wrong) AddPair(&cuts, ItemKind::kUnlink, kNow, a, b);
    with.Append(cuts.Finish());
    EXPECT_EQ(with.Answers(kShopQuestions), right_answers);
  }
}

}  // namespace
}  // namespace waypost::services
