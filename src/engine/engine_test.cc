#include "engine/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <thread>

#include "io/sim_file_system.h"
#include "io/sim_random.h"
#include "store/verify.h"

namespace waypost::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr int64_t kNow = 1'790'000'000'000;

struct Sent {
  std::string who;
  std::string event = "pay";
  std::string key;
  int64_t amount = 1;
  int64_t time_ms = kNow;
};

class EngineTest : public testing::Test {
 protected:
  EngineTest() { Open(); }

  void Open() {
    engine_ = nullptr;
    Result<std::unique_ptr<Engine>> opened = Engine::Open(*disk_, clock_, random_, options_);
    ASSERT_TRUE(opened.ok()) << opened.error().message();
    engine_ = std::move(opened).value();
  }

  static Bytes Batch(std::initializer_list<Sent> events, std::string_view chunk = {}) {
    BatchWriter out({"default", "test", kNow, chunk});
    for (const Sent& sent : events) {
      out.BeginEvent(sent.event, {.time_ms = sent.time_ms, .dedup_key = sent.key});
      out.AddIdentity("login", sent.who);
      out.AddProperty("amount", Value::Int(sent.amount));
      out.EndItem();
    }
    return out.Finish();
  }

  Result<LogPosition> Append(Bytes batch) {
    std::promise<Result<LogPosition>> answer;
    engine_->Append(std::move(batch),
                    [&](Result<LogPosition> done) { answer.set_value(std::move(done)); });
    return answer.get_future().get();
  }
  void Send(std::initializer_list<Sent> events) { ASSERT_TRUE(Append(Batch(events)).ok()); }

  static uint64_t RowCount(const Reading& reading) {
    uint64_t rows = 0;
    for (const column::BlockView& block : reading.snapshot->view().blocks) {
      for (const column::EventBlock* part : block.parts) rows += part->row_count;
    }
    return rows;
  }
  uint64_t RowCount() { return RowCount(engine_->Read().value()); }

  // All amounts, whoever's.
  std::multiset<int64_t> Amounts() {
    const Reading reading = engine_->Read().value();
    const PropertyId amount = reading.plan->FindProperty("amount")->id;
    std::multiset<int64_t> found;
    for (const column::BlockView& block : reading.snapshot->view().blocks) {
      for (const column::EventBlock* part : block.parts) {
        for (const column::EventSlice& slice : part->slices) {
          const column::Column* column = slice.Find(amount);
          for (uint32_t row = 0; column && row < slice.row_count; ++row)
            found.insert(column->Whole(row));
        }
      }
    }
    return found;
  }

  std::unique_ptr<io::SimFileSystem> disk_ = std::make_unique<io::SimFileSystem>();
  ManualClock clock_{kNow};
  io::SimRandom random_{1};
  Options options_{.directory = "/data"};
  std::unique_ptr<Engine> engine_;
};

TEST_F(EngineTest, WhileTooMuchWaitsToBeAppliedEventsAreRefusedAndDecisionsAndTheirEventsAreNot) {
  options_.max_unapplied_bytes = 1'000;
  Open();
  std::optional<Error> refused;
  size_t taken = 0;
  std::jthread bulk;
  std::atomic<bool> went_on = false;
  engine_->Look([&](const Applier&) {
    while (!refused && taken < 1'000) {
      const Result<LogPosition> sent = Append(Batch({{"ann"}}));
      if (sent.ok()) {
        ++taken;
      } else {
        refused = sent.error();
      }
    }
    EXPECT_TRUE(engine_->AppendDecisions({1, 2, 3}).ok());
    std::promise<bool> own;
    engine_->AppendOwn(Batch({{"bob"}}), [&](const auto& at) { own.set_value(at.ok()); });
    EXPECT_TRUE(own.get_future().get());
    bulk = std::jthread([&] {
      engine_->AwaitApplied(0);
      went_on = true;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    EXPECT_FALSE(went_on);
  });
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->name(), "overloaded");
  bulk.join();
  EXPECT_EQ(RowCount(), taken + 1);
  Send({{"ann"}});
  EXPECT_EQ(RowCount(), taken + 2);
}

TEST_F(EngineTest, AnAcknowledgedEventIsInTheNextReading) {
  Send({{"ann"}, {"bob"}});
  EXPECT_EQ(RowCount(), 2u);
  EXPECT_EQ(engine_->Read().value().plan->FindEvent("pay")->count, 2u);
}

TEST_F(EngineTest, ABatchIsOnItsWayUntilItIsAppliedOrRefused) {
  EXPECT_FALSE(engine_->OldestOnItsWayMs());
  std::promise<bool> first, second;
  engine_->Look([&](const Applier&) {
    engine_->Append(Batch({{"ann"}}), [&](const auto& at) { first.set_value(at.ok()); });
    clock_.Advance(5'000);
    engine_->Append(Batch({{"bob"}}), [&](const auto& at) { second.set_value(at.ok()); });
    EXPECT_TRUE(first.get_future().get() && second.get_future().get()) << "on disk";
    EXPECT_EQ(engine_->OldestOnItsWayMs(), kNow);
  });
  EXPECT_EQ(RowCount(), 2u);
  EXPECT_FALSE(engine_->OldestOnItsWayMs());
  disk_->InjectFault({.kind = io::FaultKind::kNoSpace, .sticky = true});
  EXPECT_FALSE(Append(Batch({{"cid"}})).ok());
  EXPECT_FALSE(engine_->OldestOnItsWayMs());
  disk_->ClearFault();
}

TEST_F(EngineTest, ALookAtOnceSeesAllThatIsAcknowledgedAndNeverWaits) {
  const auto rows = [&]() -> std::optional<uint64_t> {
    std::optional<uint64_t> found;
    const bool looked = engine_->LookAtOnce(
        [&](const Applier&, const Reading& reading) { found = RowCount(reading); });
    EXPECT_EQ(looked, found.has_value());
    return found;
  };
  const auto from_elsewhere = [&] { return std::async(rows).get(); };
  EXPECT_EQ(rows(), std::nullopt) << "nobody has read";
  Send({{"ann"}});
  EXPECT_EQ(RowCount(), 1u);
  EXPECT_EQ(rows(), 1u);
  engine_->Look([&](const Applier&) { EXPECT_EQ(from_elsewhere(), std::nullopt) << "held"; });
  EXPECT_TRUE(engine_->LookAtOnce([&](const Applier&, const Reading&) {
    EXPECT_EQ(from_elsewhere(), 1u) << "many may look at once";
  }));
  EXPECT_EQ(rows(), 1u);
  std::promise<bool> done;
  engine_->Look([&](const Applier&) {
    engine_->Append(Batch({{"bob"}}), [&](const auto& at) { done.set_value(at.ok()); });
    EXPECT_TRUE(done.get_future().get()) << "on disk";
  });
  EXPECT_EQ(rows(), std::nullopt) << "on its way, or applied and not read";
  EXPECT_EQ(RowCount(), 2u);
  EXPECT_EQ(rows(), 2u);
}

TEST_F(EngineTest, TheSameMomentReadTwiceIsTheSameSnapshot) {
  Send({{"ann"}});
  EXPECT_EQ(engine_->Read().value().snapshot, engine_->Read().value().snapshot);
}

TEST_F(EngineTest, AMessageCountsOnceAlsoAfterARestart) {
  Send({{"ann", "pay", "m1"}, {"ann", "pay", "m1"}});
  Open();
  Send({{"ann", "pay", "m1"}, {"ann", "pay", "m2"}});
  EXPECT_EQ(RowCount(), 2u);
  EXPECT_EQ(engine_->status().counts.duplicates, 1u);
}

TEST_F(EngineTest, AnImportChunkCountsOnceAlsoAfterARestart) {
  ASSERT_TRUE(Append(Batch({{"ann"}, {"bob"}}, "file/1")).ok());
  Open();
  ASSERT_TRUE(Append(Batch({{"ann"}, {"bob"}}, "file/1")).ok());
  EXPECT_EQ(RowCount(), 2u);
}

TEST_F(EngineTest, ALoginJoinsItsDeviceAndBringsItsAttributes) {
  BatchWriter out({"default", "test", kNow, {}});
  out.BeginItem(ItemKind::kProfile, kProfileSet, {}, {.time_ms = kNow});
  out.AddIdentity("device", "d1");
  out.AddProperty("city", Value::String("上海"));
  out.EndItem();
  out.BeginItem(ItemKind::kLink, "signup", {}, {.time_ms = kNow});
  out.AddIdentity("login", "ann");
  out.AddIdentity("device", "d1");
  out.EndItem();
  ASSERT_TRUE(Append(out.Finish()).ok());
  const Reading reading = engine_->Read().value();
  const column::SnapshotView& view = reading.snapshot->view();
  ASSERT_EQ(view.clusters.size(), 1u);
  const column::Column* city = view.blocks[0].FindAttribute(reading.plan->FindProperty("city")->id);
  EXPECT_EQ(city->Text(view.clusters[0].root), "上海");
}

// Against the clusters of the identity graph, all of them anew.
TEST_F(EngineTest, EveryReadingKnowsTheCustomersAsTheyAreMergedThen) {
  std::mt19937 random(11);
  const auto name = [&](const char* key) { return key + std::to_string(random() % 6000); };
  for (int round = 0; round < 40; ++round) {
    BatchWriter out({"default", "test", kNow, {}});
    for (int i = 0; i < 300; ++i) {
      const bool cut = random() % 8 == 0;
      out.BeginItem(cut ? ItemKind::kUnlink : ItemKind::kLink, "link", {}, {.time_ms = kNow});
      out.AddIdentity("login", name("u"));
      if (!cut) out.AddIdentity("device", name("d"));
      out.EndItem();
    }
    ASSERT_TRUE(Append(out.Finish()).ok());
    const Reading reading = engine_->Read().value();
    const column::SnapshotView& view = reading.snapshot->view();
    std::vector<uint64_t> clustered(view.ordinal_count / 64 + 1);
    size_t count = 0;
    engine_->Look([&](const Applier& applier) {
      applier.identities().ForEachCluster(0, view.ordinal_count, [&](Ordinal root, auto members) {
        const column::Cluster kept = view.clusters[count++];
        EXPECT_EQ(kept.root, root);
        EXPECT_TRUE(std::ranges::equal(kept.members, members));
        for (const Ordinal o : members) clustered[o / 64] |= 1ull << (o % 64);
      });
    });
    ASSERT_EQ(view.clusters.size(), count);
    ASSERT_EQ(view.clustered, clustered);
  }
}

// What questions read of an attribute at each of these logins' customers.
std::vector<std::string> Shown(Engine& engine, std::string_view attribute,
                               std::initializer_list<std::string_view> logins) {
  const Reading reading = engine.Read().value();
  const PropertyId property = reading.plan->FindProperty(attribute)->id;
  std::vector<std::string> shown;
  engine.Look([&](const Applier& applier) {
    for (const std::string_view login : logins) {
      const Ordinal root = applier.identities().root(*applier.identities().Find("login", login));
      const column::BlockView* block = reading.snapshot->view().FindBlock(root >> kBlockBits);
      const column::Column* column = block->FindAttribute(property);
      if (!column || column->IsNull(root)) {
        shown.push_back("-");
      } else if (column->type() == column::ColumnType::kInt) {
        shown.push_back(std::to_string(column->Whole(root)));
      } else {
        shown.emplace_back(column->Text(root));
      }
    }
  });
  return shown;
}

TEST_F(EngineTest, TakingCustomersApartGivesEachItsAttributesBackAlsoAfterARestart) {
  const auto profile = [](BatchWriter* out, std::string_view login, std::string_view op,
                          std::string_view name, const Value& value, int64_t time_ms) {
    out->BeginItem(ItemKind::kProfile, op, {}, {.time_ms = time_ms});
    out->AddIdentity("login", login);
    out->AddProperty(name, value);
    out->EndItem();
  };
  const auto tie = [](BatchWriter* out, ItemKind kind) {
    out->BeginItem(kind, "link", {}, {.time_ms = kNow});
    out->AddIdentity("login", "ann");
    out->AddIdentity("phone", "13800000000");
    out->EndItem();
  };
  BatchWriter before({"default", "test", kNow, {}});
  profile(&before, "ann", kProfileSet, "city", Value::String("上海"), kNow - 20);
  profile(&before, "ann", kProfileIncrement, "visits", Value::Int(2), kNow - 20);
  before.BeginItem(ItemKind::kProfile, kProfileSet, {}, {.time_ms = kNow - 10});
  before.AddIdentity("phone", "13800000000");
  before.AddProperty("city", Value::String("北京"));
  before.EndItem();
  before.BeginItem(ItemKind::kProfile, kProfileIncrement, {}, {.time_ms = kNow - 10});
  before.AddIdentity("phone", "13800000000");
  before.AddProperty("visits", Value::Int(5));
  before.EndItem();
  ASSERT_TRUE(Append(before.Finish()).ok());
  for (const bool flush : {false, true}) {
    EXPECT_THAT(Shown(*engine_, "city", {"ann"}), ElementsAre("上海"));
    EXPECT_THAT(Shown(*engine_, "visits", {"ann"}), ElementsAre("2"));
    BatchWriter link({"default", "test", kNow, {}});
    tie(&link, ItemKind::kLink);
    ASSERT_TRUE(Append(link.Finish()).ok());
    ASSERT_TRUE(!flush || engine_->Flush().ok());
    Open();
    EXPECT_THAT(Shown(*engine_, "city", {"ann"}), ElementsAre("北京"));
    EXPECT_THAT(Shown(*engine_, "visits", {"ann"}), ElementsAre("7"));
    BatchWriter cut({"default", "test", kNow, {}});
    tie(&cut, ItemKind::kUnlink);
    ASSERT_TRUE(Append(cut.Finish()).ok());
    ASSERT_TRUE(!flush || engine_->Flush().ok());
    Open();
  }
  EXPECT_THAT(Shown(*engine_, "city", {"ann"}), ElementsAre("上海"));
  EXPECT_THAT(Shown(*engine_, "visits", {"ann"}), ElementsAre("2"));
}

// Whichever identity is known first, in memory and from files, and also when an older value comes
// after the merge.
TEST_F(EngineTest, AMergedCustomerHasTheLatestValueOfEachAttribute) {
  int round = 0;
  for (const bool device_first : {true, false}) {
    for (const bool flush : {true, false}) {
      const std::string n = std::to_string(round++);
      const auto profile = [&](std::string_view key, std::string_view city, int64_t time_ms,
                               std::string_view own) {
        BatchWriter out({"default", "test", kNow, {}});
        out.BeginItem(ItemKind::kProfile, kProfileSet, {}, {.time_ms = time_ms});
        out.AddIdentity(key, "x" + n);
        out.AddProperty("city", Value::String(city));
        out.AddProperty(own, Value::String("yes"));
        out.EndItem();
        ASSERT_TRUE(Append(out.Finish()).ok());
      };
      const auto device = [&] { profile("device", "北京", kNow - 10, "of_device"); };
      if (device_first) device();
      profile("login", "上海", kNow - 20, "of_login");
      if (!device_first) device();
      if (flush) {
        ASSERT_TRUE(engine_->Flush().ok());
      }
      BatchWriter out({"default", "test", kNow, {}});
      out.BeginItem(ItemKind::kLink, "signup", {}, {.time_ms = kNow});
      out.AddIdentity("login", "x" + n);
      out.AddIdentity("device", "x" + n);
      out.EndItem();
      ASSERT_TRUE(Append(out.Finish()).ok());
      profile("login", "广州", kNow - 30, "of_login");
      if (flush) Open();
      const Reading reading = engine_->Read().value();
      const column::SnapshotView& view = reading.snapshot->view();
      const uint32_t root = view.clusters[static_cast<size_t>(round) - 1].root;
      const auto text = [&](std::string_view name) {
        const column::Column* column =
            view.blocks[0].FindAttribute(reading.plan->FindProperty(name)->id);
        return column && !column->IsNull(root) ? std::string(column->Text(root)) : "";
      };
      EXPECT_EQ(text("city"), "北京") << device_first << flush;
      EXPECT_EQ(text("of_device"), "yes");
      EXPECT_EQ(text("of_login"), "yes");
    }
  }
}

// Whether any file below has these bytes.
bool IsOnDisk(io::FileSystem& disk, const std::string& folder, std::string_view text) {
  for (const io::DirectoryEntry& entry : disk.List(folder).value()) {
    const std::string path = folder + "/" + entry.name;
    if (entry.is_directory
            ? IsOnDisk(disk, path, text)
            : AsText(disk.Map(path).value().bytes()).find(text) != std::string_view::npos)
      return true;
  }
  return false;
}

TEST_F(EngineTest, ANumberOfAHashedKeyIsFoundAndIsNowhereOnDisk) {
  options_.identity_secret = "of the project";
  Open();
  identity::KeyRules rules = identity::KeyRules::Defaults();
  for (identity::KeyRule& rule : rules.keys) rule.hashed = rule.name == "card";
  ASSERT_TRUE(engine_->ChangeIdentityRules(rules).ok());
  const std::string card = "6222021234567890128";
  const auto send = [&](std::string_view key) {
    BatchWriter out({"default", "test", kNow, {}});
    out.BeginEvent("pay", {.time_ms = kNow, .dedup_key = "web\n" + card + std::string(key)});
    out.AddIdentity("login", "ann");
    out.AddIdentity(key, card);
    out.AddProperty("amount", Value::Int(1));
    out.EndItem();
    return Append(out.Finish());
  };
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(send("card").ok());  // the same message
  EXPECT_EQ(RowCount(), 1u);
  for (const bool flushed : {false, true}) {
    if (flushed) {
      ASSERT_TRUE(engine_->Flush().ok());
    }
    Open();
    engine_->Look([&](const Applier& applier) {
      const identity::IdentityGraph& graph = applier.identities();
      const auto found = graph.Find("card", " " + card);
      ASSERT_TRUE(found);
      EXPECT_EQ(graph.root(*found), graph.root(*graph.Find("login", "ann")));
      const std::string kept(graph.identity(*found).value);
      EXPECT_TRUE(identity::KeyedHash::IsOne(kept)) << kept;
      EXPECT_EQ(graph.Find("card", kept), found);
    });
    EXPECT_TRUE(IsOnDisk(*disk_, "/data", "pay"));
    EXPECT_FALSE(IsOnDisk(*disk_, "/data", card));
  }
  ASSERT_TRUE(engine_->EraseCustomer("card", card).ok());
  EXPECT_FALSE(IsOnDisk(*disk_, "/data", card));
  options_.identity_secret = {};  // sealed with another key
  Open();
  EXPECT_EQ(send("card").error().name(), "no_identity_secret");
  EXPECT_TRUE(send("phone").ok());
}

TEST_F(EngineTest, WhetherAKeyIsHashedIsSaidBeforeItsFirstValue) {
  options_.identity_secret = "of the project";
  Open();
  Send({{"ann"}});
  identity::KeyRules rules = identity::KeyRules::Defaults();
  const auto hash = [&](std::string_view key) {
    for (identity::KeyRule& rule : rules.keys) rule.hashed |= rule.name == key;
    return engine_->ChangeIdentityRules(rules);
  };
  EXPECT_EQ(hash("login").error().name(), "hashed_too_late");
  Send({{"bob"}});
  EXPECT_EQ(RowCount(), 2u);
  engine_->Look([](const Applier& applier) {
    const identity::IdentityGraph& graph = applier.identities();
    const auto bob = graph.Find("login", "bob");
    ASSERT_TRUE(bob);
    EXPECT_EQ(graph.identity(*bob).value, "bob");
  });
  rules = identity::KeyRules::Defaults();
  EXPECT_TRUE(hash("phone").ok());
  EXPECT_THAT(*engine_->hashed_keys(), ElementsAre("phone"));
}

TEST_F(EngineTest, AValueOfTheWrongTypeLosesTheValueNotTheEvent) {
  Send({{"ann"}});
  BatchWriter out({"default", "test", kNow, {}});
  out.BeginEvent("pay", {.time_ms = kNow});
  out.AddIdentity("login", "ann");
  out.AddProperty("amount", Value::String("much"));
  out.EndItem();
  ASSERT_TRUE(Append(out.Finish()).ok());
  EXPECT_EQ(RowCount(), 2u);
  engine_->Look([](const Applier& applier) {
    ASSERT_EQ(applier.quarantine().entries().size(), 1u);
    EXPECT_EQ(applier.quarantine().entries()[0].property, "amount");
    EXPECT_EQ(applier.quarantine().entries()[0].detail, "\"much\"");
  });
}

TEST_F(EngineTest, AnImpossibleTimeIsSetAside) {
  Send({{"ann", "pay", "", 1, INT64_MIN},
        {"ann", "pay", "", 2, INT64_MAX},
        {"ann", "pay", "", 3, -1}});
  EXPECT_THAT(Amounts(), ElementsAre(3));
  engine_->Look(
      [](const Applier& applier) { EXPECT_EQ(applier.quarantine().counts().at("bad_time"), 2u); });
}

TEST_F(EngineTest, ASecondEngineOnTheSameFolderIsRefused) {
  const auto second = Engine::Open(*disk_, clock_, random_, options_);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().name(), "locked");
}

TEST_F(EngineTest, TheLogIsDroppedOnlyWhenTheViewsHaveIt) {
  for (int i = 0; i < 50; ++i) Send({{"ann", "pay", "", i}});
  ASSERT_TRUE(engine_->Flush().ok());
  Send({{"ann", "pay", "", 50}});
  EXPECT_EQ(engine_->status().flushed, 50u);
  Open();
  EXPECT_EQ(RowCount(), 51u);
}

TEST_F(EngineTest, ABackupIsAFolderOfItsOwnAndHeld) {
  Send({{"ann", "pay", "m1"}, {"bob"}});
  ASSERT_TRUE(engine_->Backup("/copy").ok());
  Send({{"ann"}});
  EXPECT_TRUE(store::VerifyStore(*disk_, "/copy/store").value().damage.empty());
  EXPECT_TRUE(disk_->FileSize("/copy/HELD").ok());
  EXPECT_EQ(engine_->Backup("/copy").error().code(), Code::kConflict);
  engine_ = nullptr;
  options_.directory = "/copy";
  Open();
  EXPECT_EQ(RowCount(), 2u);
  Send({{"ann", "pay", "m1"}, {"carl"}});
  EXPECT_EQ(RowCount(), 3u);
}

TEST_F(EngineTest, VerifyNamesTheDamagedFile) {
  Send({{"ann"}});
  ASSERT_TRUE(engine_->Flush().ok());
  engine_ = nullptr;
  const auto entries = disk_->List("/data/store").value();
  for (const auto& entry : entries) {
    const std::string path = "/data/store/" + entry.name;
    disk_->Damage(path, [](Bytes* bytes) { (*bytes)[bytes->size() / 2] ^= 1; });
    const store::VerifyReport report = store::VerifyStore(*disk_, "/data/store").value();
    ASSERT_EQ(report.damage.size(), 1u) << path;
    EXPECT_THAT(report.damage[0], HasSubstr(entry.name));
    disk_->Damage(path, [](Bytes* bytes) { (*bytes)[bytes->size() / 2] ^= 1; });
  }
}

TEST_F(EngineTest, AFullDiskRefusesAndRecoversByItself) {
  Send({{"ann", "pay", "", 1}});
  disk_->InjectFault({.at = 1, .kind = io::FaultKind::kNoSpace, .sticky = true});
  const Result<LogPosition> refused = Append(Batch({{"ann", "pay", "", 2}}));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().name(), "storage_full");
  EXPECT_THAT(Amounts(), ElementsAre(1));
  disk_->ClearFault();
  Send({{"ann", "pay", "", 3}});
  EXPECT_THAT(Amounts(), ElementsAre(1, 3));
}

// Everything acknowledged before the power went is there afterwards, once; nothing else but what
// was on its way.
TEST_F(EngineTest, PowerCutsLoseNothingAcknowledgedAndDoubleNothing) {
  std::mt19937 draw(5);
  options_.flush_rows = 20;
  for (int round = 0; round < 40; ++round) {
    engine_ = nullptr;
    disk_ = std::make_unique<io::SimFileSystem>();
    Open();
    std::set<int64_t> acknowledged, sent;
    int64_t next = 0;
    for (int cut = 0; cut < 3; ++cut) {
      disk_->InjectFault(
          {.at = 1 + draw() % 150, .kind = io::FaultKind::kPowerOff, .sticky = true});
      for (int i = 0; i < 25; ++i) {
        const int64_t amount = next++;
        sent.insert(amount);
        const Sent event{"c" + std::to_string(amount % 7), "pay", std::to_string(amount), amount};
        if (Append(Batch({event})).ok()) acknowledged.insert(amount);
        if (i % 8 == 7) (void)engine_->Flush().ok();
      }
      engine_ = nullptr;
      disk_->ClearFault();
      disk_->Crash(static_cast<uint64_t>(round * 3 + cut));
      Open();
      const std::multiset<int64_t> found = RowCount() == 0 ? std::multiset<int64_t>() : Amounts();
      for (const int64_t amount : acknowledged) ASSERT_EQ(found.count(amount), 1u) << amount;
      for (const int64_t amount : found)
        ASSERT_TRUE(sent.contains(amount) && found.count(amount) == 1);
    }
  }
}

}  // namespace
}  // namespace waypost::engine
