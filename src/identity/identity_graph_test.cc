#include "identity/identity_graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/hash.h"

namespace waypost::identity {
namespace {

using ::testing::ElementsAre;

// "login:a" is the identity a of key login; several are separated by spaces.
std::vector<IdentityView> Parse(std::string_view text) {
  std::vector<IdentityView> identities;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    const size_t colon = word.find(':');
    identities.push_back({word.substr(0, colon), word.substr(colon + 1)});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return identities;
}

std::string Name(const IdentityGraph& graph, Ordinal ordinal) {
  const IdentityView identity = graph.identity(ordinal);
  return std::string(identity.key) + ":" + std::string(identity.value);
}

// Each cluster of two or more as its members' names, the root first.
std::vector<std::string> Clusters(const IdentityGraph& graph) {
  std::vector<std::string> clusters;
  graph.ForEachCluster(0, graph.ordinal_count(),
                       [&](Ordinal root, std::span<const Ordinal> members) {
                         std::string text = Name(graph, root);
                         for (const Ordinal member : members) {
                           if (member != root) text += " " + Name(graph, member);
                         }
                         clusters.push_back(text);
                       });
  return clusters;
}

struct Graph : IdentityGraph {
  std::string See(std::string_view identities, int64_t time_ms = 0) {
    return Name(*this, Resolve(Parse(identities), {.time_ms = time_ms}));
  }
  void Link(std::string_view identities) { IdentityGraph::Link(Parse(identities)); }
  void Unlink(std::string_view identities) { IdentityGraph::Unlink(Parse(identities)); }
};

TEST(IdentityGraphTest, AnItemLandsOnTheIdentityThatSaysMostOrElseOnTheFirst) {
  Graph graph;
  EXPECT_EQ(graph.See("device:d anonymous:a"), "device:d");
  EXPECT_EQ(graph.See("device:d login:a"), "login:a");
  EXPECT_EQ(graph.See("phone:1 device:d login:a"), "login:a");
  EXPECT_EQ(graph.See("login:null device:e"), "device:e");
  EXPECT_EQ(graph.See("login:0"), "login:0");
  EXPECT_EQ(graph.ordinal_count(), 7u);
  EXPECT_EQ(graph.Find("login", " a "), graph.Find("login", "a"));
  EXPECT_EQ(graph.Find("login", "b"), std::nullopt);
}

TEST(IdentityGraphTest, ALoginJoinsTheDevicesItIsSeenWithAndIsTheRoot) {
  Graph graph;
  graph.See("device:d");
  graph.See("device:d login:a");
  graph.See("login:a device:e cookie:c");
  EXPECT_THAT(Clusters(graph), ElementsAre("login:a device:d device:e cookie:c"));
  EXPECT_EQ(graph.root(0), graph.Find("login", "a"));
}

TEST(IdentityGraphTest, ADeviceOfTwoCustomersIsEachOnesInItsTime) {
  Graph graph;
  graph.See("login:a device:d");
  graph.See("login:b device:d");
  EXPECT_THAT(Clusters(graph), ElementsAre("login:a device:d", "login:b device:d"));
  EXPECT_EQ(graph.conflict_count(), 0u);
}

TEST(IdentityGraphTest, TwoValuesOfOneStrongKeyNeverBecomeOneCustomer) {
  Graph graph;
  graph.Link("login:a phone:1");
  graph.Link("login:b phone:1");
  graph.Link("login:a login:b");
  graph.Link("login:a login:b");
  EXPECT_THAT(Clusters(graph), ElementsAre("login:a phone:1"));
  EXPECT_EQ(graph.conflict_count(), 2u);  // each once
  EXPECT_EQ(graph.links()[graph.Conflicts(1)[0]].outcome, Outcome::kTwoValues);
}

TEST(IdentityGraphTest, BlockedValuesJoinNobody) {
  Graph graph;
  graph.See("login:a device:00000000-0000");
  graph.See("login:b device:00000000-0000");
  graph.Link("login:undefined phone:1");
  EXPECT_THAT(Clusters(graph), ElementsAre());
}

TEST(IdentityGraphTest, WeakIdentitiesAreLinkedOnlyWhenAskedTo) {
  Graph graph;
  graph.See("anonymous:x device:d");
  EXPECT_THAT(Clusters(graph), ElementsAre());
  graph.Link("anonymous:x anonymous:y");
  EXPECT_THAT(Clusters(graph), ElementsAre("anonymous:x anonymous:y"));
  graph.See("login:a anonymous:y");
  EXPECT_THAT(Clusters(graph), ElementsAre("login:a anonymous:x anonymous:y"));
}

TEST(IdentityGraphTest, TheStrongIdentityOfLowestRankIsTheRoot) {
  Graph graph;
  graph.Link("phone:1 login:a");
  EXPECT_THAT(Clusters(graph), ElementsAre("login:a phone:1"));
  graph.Link("phone:1 customer_no:9");
  EXPECT_THAT(Clusters(graph), ElementsAre("customer_no:9 phone:1 login:a"));
}

TEST(IdentityGraphTest, CuttingALinkTakesApartWhatOnlyItHeldTogether) {
  Graph graph;
  graph.Link("login:a phone:1");
  graph.See("phone:1 device:d");
  graph.Unlink("login:a phone:1");
  EXPECT_THAT(Clusters(graph), ElementsAre("phone:1 device:d"));
  graph.Link("login:b phone:1");
  EXPECT_THAT(Clusters(graph), ElementsAre("login:b phone:1 device:d"));
}

TEST(IdentityGraphTest, CuttingOneLinkOfACycleChangesNothing) {
  Graph graph;
  graph.Link("login:a phone:1");
  graph.Link("phone:1 card:2");
  graph.Link("card:2 login:a");
  graph.Unlink("phone:1 login:a");
  EXPECT_THAT(Clusters(graph), ElementsAre("login:a phone:1 card:2"));
}

TEST(IdentityGraphTest, UnlinkingOneIdentityFreesItFromAll) {
  Graph graph;
  graph.See("login:a device:d");
  graph.See("login:b device:e");
  graph.Link("device:d device:f");
  graph.Unlink("device:d");
  EXPECT_THAT(Clusters(graph), ElementsAre("login:b device:e"));
  graph.Unlink("device:never_seen");
}

TEST(IdentityGraphTest, AClusterIsFullAtItsLimit) {
  Graph graph;
  const uint32_t largest = graph.rules().largest_cluster;
  for (uint32_t i = 1; i < largest + 3; ++i) graph.See("login:a device:d" + std::to_string(i));
  EXPECT_EQ(graph.Members(0).size(), largest);
  EXPECT_EQ(graph.conflict_count(), 3u);
  EXPECT_EQ(graph.links()[graph.Conflicts(9)[0]].outcome, Outcome::kFull);
}

TEST(IdentityGraphTest, AValueLinkedToTooManyCustomersOnOneDayIsSetApart) {
  constexpr int64_t kDay = 86'400'000;
  Graph graph;
  const uint32_t most = graph.rules().most_customers_a_day;
  for (uint32_t i = 1; i <= most; ++i) graph.See("login:u" + std::to_string(i) + " device:tv", 5);
  EXPECT_THAT(graph.SetApart(), ElementsAre());
  graph.See("login:next_day device:tv", kDay + 5);
  EXPECT_THAT(graph.SetApart(), ElementsAre());
  graph.See("login:one_more device:tv", 6);
  ASSERT_EQ(graph.SetApart().size(), 1u);
  EXPECT_EQ(Name(graph, graph.SetApart()[0]), "device:tv");
  graph.See("login:another device:tv", 2 * kDay);
  EXPECT_TRUE(graph.alone(*graph.Find("login", "another")));
  // A customer number may have any number of cards, all at once.
  KeyRules rules = KeyRules::Defaults();
  for (KeyRule& key : rules.keys) key.values = key.name == "card" ? 0 : key.values;
  graph.SetRules(rules);
  for (uint32_t i = 1; i <= 3 * most; ++i) graph.Link("customer_no:1 card:" + std::to_string(i));
  EXPECT_EQ(graph.Members(*graph.Find("customer_no", "1")).size(), 3 * most + 1);
}

constexpr int64_t kHour = 3'600'000, kDay = 24 * kHour;

// Which login's customer each of these moments of a device belongs to; "-" is nobody's.
struct Device : Graph {
  std::map<int64_t, Ordinal> events;
  void At(int64_t time_ms, std::string_view identities) {
    events[time_ms] = Resolve(Parse(identities), {.time_ms = time_ms});
  }
  std::string Owners() const {
    std::string owners;
    for (const auto& [time_ms, ordinal] : events) {
      owners += strong(root(ordinal)) ? std::string(identity(root(ordinal)).value) : "-";
    }
    return owners;
  }
};

TEST(IdentityGraphTest, ASharedDeviceIsWhoseLoginCameLast) {
  Device device;
  device.At(1 * kHour, "device:d");
  device.At(2 * kHour, "login:a device:d");
  device.At(3 * kHour, "device:d");
  device.At(4 * kHour, "login:b device:d");
  device.At(5 * kHour, "device:d");
  device.At(6 * kHour, "device:d login:a");
  device.At(7 * kHour, "device:d");
  EXPECT_EQ(device.Owners(), "aaabbaa");
  device.At(3 * kHour + 1, "device:d");  // comes late
  device.At(5 * kHour + 1, "device:d");
  EXPECT_EQ(device.Owners(), "aaaabbbaa");
}

TEST(IdentityGraphTest, WhatWasDoneBeforeTheFirstLoginComesAlongThirtyDaysBack) {
  Device device;
  for (const int64_t day : {1, 9, 10, 15, 39}) device.At(day * kDay, "device:d");
  EXPECT_EQ(device.Members(device.events[kDay]).size(), 5u);  // one visitor
  device.At(40 * kDay, "login:a device:d");
  device.At(41 * kDay, "device:d");
  EXPECT_EQ(device.Owners(), "--aaaaa");
  device.At(90 * kDay, "device:d");
  EXPECT_EQ(device.Owners(), "--aaaaaa");
}

TEST(IdentityGraphTest, AnOwnerWhoIsCutIsAsIfItHadNeverBeen) {
  Device device;
  device.At(1 * kHour, "login:a device:d");
  device.At(2 * kHour, "device:d");
  device.Unlink("login:a device:d");
  EXPECT_EQ(device.Owners(), "a-");
  device.At(3 * kHour, "device:d");
  device.At(4 * kHour, "login:b device:d");
  device.At(5 * kHour, "device:d");
  EXPECT_EQ(device.Owners(), "abbbb");
}

TEST(IdentityGraphTest, UnbindingTheParentUnbindsItsChildren) {
  KeyRules rules = KeyRules::Defaults();
  rules.keys.push_back({.name = "push_token", .parent = "device"});
  Graph graph;
  graph.SetRules(rules);
  graph.See("login:a device:d push_token:t");
  graph.See("login:a push_token:t");
  EXPECT_THAT(Clusters(graph), ElementsAre("login:a device:d push_token:t"));
  graph.Unlink("login:a device:d");
  EXPECT_THAT(Clusters(graph), ElementsAre("device:d push_token:t"));
}

TEST(IdentityGraphTest, AKeyMayHaveSeveralValuesWithinAWindow) {
  KeyRules rules = KeyRules::Defaults();
  for (KeyRule& key : rules.keys) {
    if (key.name == "phone") key.values = 2, key.window_ms = 7 * kDay;
  }
  Graph graph;
  graph.SetRules(rules);
  const auto link = [&](std::string_view pair, int64_t time_ms) {
    graph.IdentityGraph::Link(Parse(pair), {.time_ms = time_ms});
    return graph.links()[graph.links().size() - 1].outcome;
  };
  EXPECT_EQ(link("login:a phone:1", 1 * kDay), Outcome::kJoined);
  EXPECT_EQ(link("login:a phone:2", 2 * kDay), Outcome::kJoined);
  EXPECT_EQ(link("login:a phone:3", 3 * kDay), Outcome::kTwoValues);
  EXPECT_EQ(link("login:a phone:4", 8 * kDay + 1), Outcome::kJoined);
}

TEST(IdentityGraphTest, ChangedRulesFoldTheSameLinksAgainAndCanBeTriedBefore) {
  Graph graph;
  graph.Link("login:a phone:1");
  graph.Link("login:b phone:2");
  graph.Link("login:b phone:1");
  EXPECT_THAT(Clusters(graph), ElementsAre("login:a phone:1", "login:b phone:2"));
  KeyRules rules = KeyRules::Defaults();
  for (KeyRule& key : rules.keys) key.values = 0;
  const RuleTrial merge = graph.TryRules(rules);
  EXPECT_EQ(merge.merged, 1u);
  EXPECT_EQ(merge.split, 0u);
  ASSERT_EQ(merge.examples.size(), 1u);
  EXPECT_EQ(merge.examples[0].members.size(), 4u);
  EXPECT_THAT(Clusters(graph), ElementsAre("login:a phone:1", "login:b phone:2"));
  graph.SetRules(rules);
  EXPECT_THAT(Clusters(graph), ElementsAre("login:a phone:1 login:b phone:2"));
  EXPECT_EQ(graph.conflict_count(), 0u);
  const RuleTrial split = graph.TryRules(KeyRules::Defaults());
  EXPECT_EQ(split.split, 1u);
  graph.SetRules(KeyRules::Defaults());
  EXPECT_THAT(Clusters(graph), ElementsAre("login:a phone:1", "login:b phone:2"));
}

TEST(IdentityGraphTest, WhyTwoAreOneCustomerIsTheShortestChainOfLinks) {
  Graph graph;
  graph.Link("login:a phone:1");
  graph.Link("phone:1 email:x@y");
  graph.Link("email:x@y card:2");
  graph.Link("login:a card:2");
  graph.Link("card:2 unionid:3");
  const Ordinal a = *graph.Find("login", "a"), u = *graph.Find("unionid", "3");
  EXPECT_THAT(graph.Chain(a, u), ElementsAre(3u, 4u));
  EXPECT_EQ(graph.Chain(u, *graph.Find("phone", "1")).size(), 3u);
  graph.Unlink("login:a card:2");
  EXPECT_EQ(graph.Chain(a, u).size(), 4u);
  graph.Link("login:b phone:1");
  const Ordinal b = *graph.Find("login", "b");
  EXPECT_THAT(graph.Chain(a, b), ElementsAre());
  ASSERT_EQ(graph.RefusedBetween(a, b).size(), 1u);
  EXPECT_EQ(graph.links()[graph.RefusedBetween(a, b)[0]].outcome, Outcome::kTwoValues);
}

TEST(IdentityGraphTest, TheLinkLogKeepsWhatWasCut) {
  Graph graph;
  graph.IdentityGraph::Link(Parse("login:a phone:1"), {5, "app", LinkRule::kBind});
  graph.IdentityGraph::Unlink(Parse("login:a phone:1"), {9, "desk", LinkRule::kUnbind});
  ASSERT_EQ(graph.links().size(), 2u);
  EXPECT_EQ(graph.links()[0].source, "app");
  EXPECT_EQ(graph.links()[0].rule, LinkRule::kBind);
  EXPECT_FALSE(graph.links()[0].in_force());
  EXPECT_EQ(graph.links()[1].outcome, Outcome::kCut);
  EXPECT_EQ(graph.links()[1].time_ms, 9);
  EXPECT_EQ(graph.links()[1].source, "desk");
}

TEST(IdentityGraphTest, GenerationChangesWithClustersOnly) {
  Graph graph;
  graph.See("login:a");
  const uint64_t before = graph.generation();
  graph.See("device:d");
  EXPECT_EQ(graph.generation(), before);
  graph.See("login:a device:d");
  EXPECT_NE(graph.generation(), before);
  const uint64_t joined = graph.generation();
  graph.See("login:a device:d");
  EXPECT_EQ(graph.generation(), joined);
}

TEST(IdentityGraphTest, MoreKeysThanTheLimitShareOne) {
  Graph graph;
  for (size_t i = 0; i < IdentityTable::kMaxKeys + 2; ++i)
    graph.See("key" + std::to_string(i) + ":v");
  EXPECT_EQ(graph.ordinal_count(), IdentityTable::kMaxKeys + 2);
  EXPECT_EQ(graph.Find("key1001", "v"), 1001u);
  EXPECT_EQ(Name(graph, 1001), "other:key1001:v");
}

TEST(IdentityGraphTest, ABrokenJournalIsRefused) {
  Graph graph;
  graph.See("login:a device:d");
  ByteWriter journal;
  graph.EncodeAll(&journal);
  const Bytes good = journal.Take();
  for (size_t size = 1; size < good.size(); ++size) {
    IdentityGraph copy;
    (void)copy.ApplyJournal(std::span(good).first(size));  // entries may end here
  }
  IdentityGraph twice;
  ASSERT_TRUE(twice.ApplyJournal(good).ok());
  EXPECT_EQ(twice.ApplyJournal(good).error().code(), Code::kCorrupt);
  IdentityGraph empty;
  EXPECT_EQ(empty.ApplyJournal(Bytes{34, 0, 1}).error().code(), Code::kCorrupt);
  EXPECT_EQ(empty.ApplyJournal(Bytes{9}).error().code(), Code::kCorrupt);
}

TEST(IdentityGraphTest, AJournalOfAnEarlierVersionIsNamedAndNotRead) {
  // Its first entry: kind 1, key "login", value "a".
  const Bytes journal = {1, 5, 'l', 'o', 'g', 'i', 'n', 1, 'a'};
  IdentityGraph graph;
  EXPECT_EQ(graph.ApplyJournal(journal).error().name(), "old_format");
  EXPECT_EQ(graph.ordinal_count(), 0u);
}

TEST(IdentityGraphTest, AnErasedCustomerIsForgottenAndWhatItSharedIsTheOthersAgain) {
  Graph graph;
  graph.See("login:a device:d", 1 * kHour);
  graph.See("login:b device:d", 2 * kHour);
  graph.Link("login:b phone:2");
  const Ordinal b = *graph.Find("login", "b");
  const std::vector<Ordinal> members = graph.Erase(b, {.rule = LinkRule::kErase});
  EXPECT_EQ(members.size(), 3u);  // the login, the phone, and the device in its time
  EXPECT_TRUE(graph.erased(b));
  EXPECT_EQ(graph.Find("login", "b"), std::nullopt);
  EXPECT_THAT(Clusters(graph), ElementsAre("login:a device:d"));
  graph.See("device:d", 3 * kHour);
  EXPECT_EQ(graph.root(*graph.Find("device", "d")), graph.Find("login", "a"));
  graph.See("login:b device:d", 4 * kHour);
  EXPECT_FALSE(graph.erased(*graph.Find("login", "b")));
  EXPECT_THAT(Clusters(graph), ElementsAre("login:a device:d", "login:b device:d"));
  ByteWriter journal;
  EXPECT_TRUE(graph.DrainJournal(&journal));
  IdentityGraph copy;
  ASSERT_TRUE(copy.ApplyJournal(journal.bytes()).ok());
  copy.FoldAll();
  EXPECT_EQ(Clusters(copy), Clusters(graph));
  EXPECT_EQ(copy.erased(), graph.erased());
  EXPECT_EQ(copy.Find("phone", "2"), std::nullopt);
  graph.SetRules(KeyRules::Defaults());
  EXPECT_THAT(Clusters(graph), ElementsAre("login:a device:d", "login:b device:d"));
}

// ---- Against what the rules say, event by event ----

// The rules once more, without ordinals or periods: what was said, in order of time, and whose each
// moment of a device is, reckoned from the start each time somebody asks. Names are "login:1",
// "phone:1", "device:1"; a login is known by no more than one login and, perhaps, phone.
class Sayings {
 public:
  bool phones_unique = true;
  int64_t look_back_ms = 0;

  void Say(const std::string& a, const std::string& b, int64_t time_ms) {
    sayings_.push_back({a, b, time_ms});
  }
  void TakeBack(const std::string& a, const std::string& b) {
    std::erase_if(sayings_, [&](const Saying& s) {
      return (s.a == a && s.b == b) || (s.a == b && s.b == a) || (a == b && (s.a == a || s.b == a));
    });
  }
  // Whom what `name` did at that time belongs to: a set of strong names, or the device alone.
  std::set<std::string> CustomerAt(const std::string& name, int64_t time_ms) const {
    if (!IsDevice(name)) return Customer(name);
    const std::string owner = OwnerAt(name, time_ms);
    return owner.empty() ? std::set{name} : Customer(owner);
  }

 private:
  struct Saying {
    std::string a, b;
    int64_t time_ms;
  };
  static bool IsDevice(const std::string& name) { return name.starts_with("device:"); }

  std::string OwnerAt(const std::string& device, int64_t time_ms) const {
    std::string owner;
    for (const Saying& s : sayings_) {
      if ((s.a != device && s.b != device) || IsDevice(s.a) == IsDevice(s.b)) continue;
      const bool first = owner.empty() && s.time_ms - look_back_ms <= time_ms;
      if (s.time_ms <= time_ms || first) owner = s.a == device ? s.b : s.a;
      if (s.time_ms > time_ms) break;
    }
    return owner;
  }
  std::set<std::string> Customer(const std::string& name) const {
    std::vector<std::set<std::string>> customers;
    const auto of = [&](const std::string& one) {
      for (const auto& customer : customers) {
        if (customer.contains(one)) return customer;
      }
      return std::set{one};
    };
    for (const Saying& s : sayings_) {
      if (IsDevice(s.a) || IsDevice(s.b)) continue;
      std::set<std::string> both = of(s.a);
      both.merge(of(s.b));
      if (!Allowed(both)) continue;
      std::erase_if(customers, [&](const auto& c) { return both.contains(*c.begin()); });
      customers.push_back(both);
    }
    return of(name);
  }
  bool Allowed(const std::set<std::string>& customer) const {
    const auto count = [&](std::string_view key) {
      return std::count_if(customer.begin(), customer.end(),
                           [&](const auto& name) { return name.starts_with(key); });
    };
    return count("login:") <= 1 && (!phones_unique || count("phone:") <= 1);
  }
  std::vector<Saying> sayings_;
};

KeyRules TestRules(bool phones_unique, int64_t look_back_ms) {
  KeyRules rules = KeyRules::Defaults();
  for (KeyRule& key : rules.keys) {
    if (key.name == "phone") key.values = phones_unique;
    if (key.name == "device") key.look_back_ms = look_back_ms;
  }
  return rules;
}

// A year of links, cuts and changes of rules. Every few steps each event there was belongs to the
// customer that the rules say, and a copy made of the journal agrees.
void Live(uint64_t seed) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  // What a device did under an owner who is cut is not told apart by days, so that a look-back of
  // days is tried without such cuts.
  const bool cuts_of_devices = seed % 2;
  Sayings sayings;
  sayings.look_back_ms = (cuts_of_devices ? 1'000 : 5) * kDay;
  Graph graph;
  IdentityGraph copy;
  graph.SetRules(TestRules(true, sayings.look_back_ms));
  std::map<std::pair<int64_t, std::string>, Ordinal> events;
  uint64_t state = seed;
  const auto below = [&](uint64_t limit) {
    return MixBits(state += 0x9E3779B97F4A7C15ull) % limit;
  };
  const auto any = [&] {
    static constexpr const char* kKeys[] = {"login:", "phone:", "device:", "device:"};
    return kKeys[below(4)] + std::to_string(1 + below(4));
  };
  for (int step = 1; step <= 60; ++step) {
    const int64_t time_ms = step * kDay;
    std::string a = any(), b = any();
    const bool devices = a.starts_with("device") && b.starts_with("device");
    const bool cuts_device = a == b || a.starts_with("device") || b.starts_with("device");
    const uint64_t what = below(20);
    if (what == 0) {
      sayings.phones_unique = below(2);
      graph.SetRules(TestRules(sayings.phones_unique, sayings.look_back_ms));
    } else if (what < 14) {
      if (devices || a == b) continue;
      graph.IdentityGraph::Link(Parse(a + " " + b), {.time_ms = time_ms});
      sayings.Say(a, b, time_ms);
    } else if (cuts_of_devices || !cuts_device) {
      graph.Unlink(a == b ? a : a + " " + b);
      sayings.TakeBack(a, b);
    }
    for (const std::string& name : {any(), any()}) {
      events[{time_ms + kHour, name}] = graph.Resolve(Parse(name), {.time_ms = time_ms + kHour});
    }
    if (step % 5 != 0) continue;
    std::map<std::set<std::string>, std::set<Ordinal>> told;
    for (const auto& [moment, ordinal] : events) {
      told[sayings.CustomerAt(moment.second, moment.first)].insert(graph.root(ordinal));
    }
    std::set<Ordinal> roots;
    for (const auto& [customer, of_customer] : told) {
      ASSERT_EQ(of_customer.size(), 1u) << "step " << step << ", " << *customer.begin();
      ASSERT_TRUE(roots.insert(*of_customer.begin()).second)
          << "step " << step << ", " << *customer.begin();
    }
    ByteWriter journal;
    graph.DrainJournal(&journal);
    ASSERT_TRUE(copy.ApplyJournal(journal.bytes()).ok());
    copy.FoldAll();
    ASSERT_EQ(Clusters(copy), Clusters(graph));
    ASSERT_EQ(copy.Conflicts(99), graph.Conflicts(99));
    ByteWriter whole, whole_of_copy;
    graph.EncodeAll(&whole);
    copy.EncodeAll(&whole_of_copy);
    ASSERT_EQ(whole.bytes(), whole_of_copy.bytes());
  }
}

TEST(IdentityGraphTest, EveryEventBelongsToWhomTheRulesSayAndAsIfCutLinksHadNeverBeen) {
  for (uint64_t seed = 0; seed < 20 && !testing::Test::HasFatalFailure(); ++seed) Live(seed);
}

}  // namespace
}  // namespace waypost::identity
