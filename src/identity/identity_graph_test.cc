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
  EXPECT_EQ(graph.link(graph.Conflicts(1)[0]).outcome, Outcome::kTwoValues);
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
  EXPECT_EQ(graph.link(graph.Conflicts(9)[0]).outcome, Outcome::kFull);
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

TEST(IdentityGraphTest, TheLookBackEndsWhereThePreviousOwnerLeft) {
  Device device;
  device.At(1 * kHour, "login:a device:d");
  device.At(2 * kHour, "device:d");
  device.Unlink("login:a device:d");
  EXPECT_EQ(device.Owners(), "a-");
  device.At(3 * kHour, "device:d");
  device.At(4 * kHour, "login:b device:d");
  device.At(5 * kHour, "device:d");
  EXPECT_EQ(device.Owners(), "a-bbb");
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
    return graph.link(graph.link_count() - 1).outcome;
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
  EXPECT_EQ(graph.link(graph.RefusedBetween(a, b)[0]).outcome, Outcome::kTwoValues);
}

TEST(IdentityGraphTest, TheLinkLogKeepsWhatWasCut) {
  Graph graph;
  graph.IdentityGraph::Link(Parse("login:a phone:1"), {5, "app", LinkRule::kBind});
  graph.IdentityGraph::Unlink(Parse("login:a phone:1"), {9, "desk", LinkRule::kUnbind});
  ASSERT_EQ(graph.link_count(), 2u);
  EXPECT_EQ(graph.link(0).source, "app");
  EXPECT_EQ(graph.link(0).rule, LinkRule::kBind);
  EXPECT_FALSE(graph.link(0).in_force);
  EXPECT_EQ(graph.link(1).outcome, Outcome::kCut);
  EXPECT_EQ(graph.link(1).time_ms, 9);
  EXPECT_EQ(graph.link(1).source, "desk");
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
  EXPECT_EQ(empty.ApplyJournal(Bytes{19, 0, 1}).error().code(), Code::kCorrupt);
  EXPECT_EQ(empty.ApplyJournal(Bytes{9}).error().code(), Code::kCorrupt);
}

TEST(IdentityGraphTest, AJournalOfAnEarlierVersionIsNamedAndNotRead) {
  // Its first entry: kind 1, key "login", value "a".
  const Bytes journal = {1, 5, 'l', 'o', 'g', 'i', 'n', 1, 'a'};
  IdentityGraph graph;
  EXPECT_EQ(graph.ApplyJournal(journal).error().name(), "old_format");
  EXPECT_EQ(graph.ordinal_count(), 0u);
}

// ---- Against a naive fold ----

// The rules once more, as plainly as they can be written: a list of links between the periods of
// identities ("device:1#0"), folded from the start each time somebody asks.
class NaiveGraph {
 public:
  using Id = std::string;
  struct Link {
    Id a, b;
    bool refused = false, cut = false;
  };
  bool phones_unique = true;

  static Id IdentityOf(const Id& source) { return source.substr(0, source.find('#')); }
  Id Now(const Id& id) const { return id + "#" + std::to_string(Count(id) - 1); }

  void Join(const Id& a, const Id& b) {
    See(a);
    See(b);
    if (a == b) return;
    if (Strong(a) == Strong(b)) {
      const bool owned_a = Owned(Now(a)), owned_b = Owned(Now(b));
      if (Strong(a) || owned_a == owned_b) return Connect(Now(a), Now(b));
      return owned_a ? Own(Now(a), b) : Own(Now(b), a);
    }
    Strong(a) ? Own(Now(a), b) : Own(Now(b), a);
  }
  void Cut(const Id& a, const Id& b) {
    for (Link& l : links_) {
      const Id x = IdentityOf(l.a), y = IdentityOf(l.b);
      if (((x == a && y == b) || (x == b && y == a)) && !l.refused) l.cut = true;
    }
  }
  void CutAll(const Id& a) {
    for (Link& l : links_) {
      if ((IdentityOf(l.a) == a || IdentityOf(l.b) == a) && !l.refused) l.cut = true;
    }
  }
  // Every link once more, also those that were refused.
  void ChangeRules(bool unique) {
    phones_unique = unique;
    std::vector<Link> links = std::exchange(links_, {});
    for (Link& l : links) {
      const Partition clusters = Fold();
      if (!l.cut)
        l.refused = Of(clusters, l.a) != Of(clusters, l.b) && !Allowed(clusters, l.a, l.b);
      links_.push_back(l);
    }
  }
  // Clusters of two or more.
  std::set<std::set<Id>> Clusters() {
    std::set<std::set<Id>> out;
    for (const auto& cluster : Fold()) {
      if (cluster.size() > 1) out.insert(cluster);
    }
    return out;
  }

 private:
  using Partition = std::vector<std::set<Id>>;

  static bool Strong(const Id& id) { return !id.starts_with("device:"); }
  static std::string Key(const Id& id) { return id.substr(0, id.find(':')); }
  static std::set<Id> Of(const Partition& clusters, const Id& id) {
    for (const auto& cluster : clusters) {
      if (cluster.contains(id)) return cluster;
    }
    return {id};
  }
  int Count(const Id& id) const { return std::max(1, periods_.contains(id) ? periods_.at(id) : 0); }
  void See(const Id& id) { periods_.try_emplace(id, 1); }
  bool Owned(const Id& source) const {
    const std::set<Id> cluster = Of(Fold(), source);
    return std::any_of(cluster.begin(), cluster.end(), [](const Id& id) { return Strong(id); });
  }
  bool WasOwned(const Id& source) const {
    return std::any_of(links_.begin(), links_.end(), [&](const Link& l) {
      return !l.refused && ((l.a == source && Strong(l.b)) || (l.b == source && Strong(l.a)));
    });
  }
  void Own(const Id& owner, const Id& weak) {
    const Id at = Now(weak);
    if (Of(Fold(), owner) == Of(Fold(), at)) return Connect(owner, at);
    if (Owned(at)) {
      ++periods_[weak];
      return Connect(owner, Now(weak));
    }
    if (WasOwned(at)) ++periods_[weak];
    Connect(owner, Now(weak));
    if (Of(Fold(), owner) != Of(Fold(), Now(weak))) return;
    for (int i = 0; i < Count(weak); ++i) {
      const Id earlier = weak + "#" + std::to_string(i);
      if (!Owned(earlier) && !WasOwned(earlier)) Connect(owner, earlier);
    }
  }
  void Connect(const Id& a, const Id& b) {
    const Partition clusters = Fold();
    const bool together = Of(clusters, a) == Of(clusters, b);
    const bool allowed = together || Allowed(clusters, a, b);
    if (!allowed && (!Strong(a) || !Strong(b))) return;
    const bool there = std::any_of(links_.begin(), links_.end(), [&](const Link& l) {
      const bool ends = (l.a == a && l.b == b) || (l.a == b && l.b == a);
      return ends && !l.cut && l.refused == !allowed;
    });
    if (!there) links_.push_back({a, b, !allowed});
  }
  std::multiset<std::string> Keys(const std::set<Id>& cluster) const {
    std::multiset<std::string> keys;
    for (const Id& id : cluster) {
      if (Strong(id) && (phones_unique || Key(id) != "phone")) keys.insert(Key(id));
    }
    return keys;
  }
  bool Allowed(const Partition& clusters, const Id& a, const Id& b) const {
    const std::set<Id> of_a = Of(clusters, a), of_b = Of(clusters, b);
    const bool strong_a = std::any_of(of_a.begin(), of_a.end(), Strong);
    const bool strong_b = std::any_of(of_b.begin(), of_b.end(), Strong);
    if (strong_a && strong_b && (!Strong(a) || !Strong(b))) return false;
    const auto keys_a = Keys(of_a), keys_b = Keys(of_b);
    return std::none_of(keys_a.begin(), keys_a.end(),
                        [&](const auto& key) { return keys_b.contains(key); });
  }
  Partition Fold() const {
    Partition clusters;
    for (const Link& link : links_) {
      if (link.refused || link.cut) continue;
      if (Of(clusters, link.a) == Of(clusters, link.b) || !Allowed(clusters, link.a, link.b))
        continue;
      const std::set<Id> a = Of(clusters, link.a), b = Of(clusters, link.b);
      std::set<Id> both = a;
      both.insert(b.begin(), b.end());
      std::erase_if(clusters, [&](const auto& cluster) { return cluster == a || cluster == b; });
      clusters.push_back(both);
    }
    return clusters;
  }
  std::map<Id, int> periods_;
  std::vector<Link> links_;
};

// "device:1#0": the ordinal as the first, second, ... of its identity.
std::string SourceName(const IdentityGraph& graph, Ordinal ordinal) {
  int period = 0;
  for (Ordinal o = 0; o < ordinal; ++o) period += graph.identity(o) == graph.identity(ordinal);
  return Name(graph, ordinal) + "#" + std::to_string(period);
}

std::set<std::set<std::string>> ClusterSets(const IdentityGraph& graph) {
  std::set<std::set<std::string>> out;
  graph.ForEachCluster(0, graph.ordinal_count(), [&](Ordinal, std::span<const Ordinal> members) {
    std::set<std::string> cluster;
    for (const Ordinal member : members) cluster.insert(SourceName(graph, member));
    out.insert(cluster);
  });
  return out;
}

TEST(IdentityGraphTest, AgreesWithANaiveFoldAndItsJournalMakesACopy) {
  for (uint64_t seed = 0; seed < 25; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Graph graph;
    IdentityGraph copy;
    NaiveGraph naive;
    uint64_t state = seed;
    const auto below = [&](uint64_t limit) {
      return MixBits(state += 0x9E3779B97F4A7C15ull) % limit;
    };
    const auto any = [&] {
      static constexpr const char* kKeys[] = {"login:", "phone:", "device:", "device:"};
      return kKeys[below(4)] + std::to_string(1 + below(4));
    };
    for (int step = 0; step < 40; ++step) {
      const std::string a = any(), b = any();
      const uint64_t what = below(22);
      if (what == 0) {
        KeyRules rules = KeyRules::Defaults();
        const bool unique = below(2);
        for (KeyRule& key : rules.keys) {
          if (key.name == "phone" && !unique) key.values = 0;
        }
        graph.SetRules(rules);
        naive.ChangeRules(unique);
      } else if (what < 16) {
        graph.IdentityGraph::Link(Parse(a + " " + b), {.time_ms = step * kHour});
        naive.Join(a, b);
      } else if (what < 20) {
        graph.Unlink(a + " " + b);
        a == b ? void() : naive.Cut(a, b);
      } else {
        graph.Unlink(a);
        naive.CutAll(a);
      }
      ASSERT_EQ(ClusterSets(graph), naive.Clusters()) << "step " << step;
      ByteWriter journal;
      graph.DrainJournal(&journal);
      ASSERT_TRUE(copy.ApplyJournal(journal.bytes()).ok());
      ASSERT_EQ(Clusters(copy), Clusters(graph));
    }
    ByteWriter whole, whole_of_copy;
    graph.EncodeAll(&whole);
    copy.EncodeAll(&whole_of_copy);
    ASSERT_EQ(whole.bytes(), whole_of_copy.bytes());
    IdentityGraph restored;
    ASSERT_TRUE(restored.ApplyJournal(whole.bytes()).ok());
    ASSERT_EQ(Clusters(restored), Clusters(graph));
    ASSERT_EQ(restored.conflict_count(), graph.conflict_count());
  }
}

}  // namespace
}  // namespace waypost::identity
