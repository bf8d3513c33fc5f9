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
  std::string See(std::string_view identities) { return Name(*this, Resolve(Parse(identities))); }
  void Link(std::string_view identities) { IdentityGraph::Link(Parse(identities)); }
  void Unlink(std::string_view identities) { IdentityGraph::Unlink(Parse(identities)); }
};

TEST(IdentityGraphTest, AnItemLandsOnItsFirstIdentity) {
  Graph graph;
  EXPECT_EQ(graph.See("device:d login:a"), "device:d");
  EXPECT_EQ(graph.See("login:a device:d"), "login:a");
  EXPECT_EQ(graph.See("login:null device:e"), "device:e");
  EXPECT_EQ(graph.See("login:0"), "login:0");
  EXPECT_EQ(graph.ordinal_count(), 5u);
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

TEST(IdentityGraphTest, ADeviceOfTwoCustomersStaysWithTheFirst) {
  Graph graph;
  graph.See("login:a device:d");
  graph.See("login:b device:d");
  EXPECT_THAT(Clusters(graph), ElementsAre("login:a device:d"));
  EXPECT_EQ(graph.conflict_count(), 0u);
}

TEST(IdentityGraphTest, TwoValuesOfOneStrongKeyNeverBecomeOneCustomer) {
  Graph graph;
  graph.Link("login:a phone:1");
  graph.Link("login:b phone:1");
  graph.Link("login:a login:b");
  graph.Link("login:a login:b");
  EXPECT_THAT(Clusters(graph), ElementsAre("login:a phone:1"));
  EXPECT_EQ(graph.conflict_count(), 3u);
  ASSERT_EQ(graph.conflicts().size(), 2u);
  EXPECT_EQ(graph.conflicts()[0].reason, Conflict::Reason::kTwoValuesOfOneKey);
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
  for (uint32_t i = 1; i < kMaxClusterSize + 3; ++i)
    graph.See("login:a device:d" + std::to_string(i));
  EXPECT_EQ(graph.Members(0).size(), kMaxClusterSize);
  EXPECT_EQ(graph.conflict_count(), 3u);
  EXPECT_EQ(graph.conflicts()[0].reason, Conflict::Reason::kClusterFull);
}

TEST(IdentityGraphTest, ConflictsAreListedUpToALimitAndCountedBeyond) {
  Graph graph;
  graph.Link("login:x phone:1");
  for (size_t i = 0; i < kMaxConflictsListed + 5; ++i)
    graph.Link("phone:1 login:" + std::to_string(i + 1));
  EXPECT_EQ(graph.conflicts().size(), kMaxConflictsListed);
  EXPECT_EQ(graph.conflict_count(), kMaxConflictsListed + 5);
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
  EXPECT_EQ(empty.ApplyJournal(Bytes{2, 0, 1}).error().code(), Code::kCorrupt);
  EXPECT_EQ(empty.ApplyJournal(Bytes{9}).error().code(), Code::kCorrupt);
}

// ---- Against a naive fold ----

// The rules once more, as plainly as they can be written: a list of links, folded from the start
// each time somebody asks.
class NaiveGraph {
 public:
  using Id = std::string;  // "login:a"
  struct Link {
    Id a, b;
  };

  void Join(const Id& a, const Id& b) {
    if (a == b) return;
    const Partition clusters = Fold();
    const bool together = Of(clusters, a) == Of(clusters, b);
    if (together && Has(a, b)) return;
    if (together || Allowed(clusters, a, b)) links_.push_back({a, b});
  }
  void Cut(const Id& a, const Id& b) {
    std::erase_if(links_,
                  [&](const Link& l) { return (l.a == a && l.b == b) || (l.a == b && l.b == a); });
  }
  void CutAll(const Id& a) {
    std::erase_if(links_, [&](const Link& l) { return l.a == a || l.b == a; });
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
  static std::set<std::string> StrongKeys(const std::set<Id>& cluster) {
    std::set<std::string> keys;
    for (const Id& id : cluster) {
      if (Strong(id)) keys.insert(Key(id));
    }
    return keys;
  }
  static bool Allowed(const Partition& clusters, const Id& a, const Id& b) {
    const auto keys_a = StrongKeys(Of(clusters, a)), keys_b = StrongKeys(Of(clusters, b));
    if (keys_a.empty() || keys_b.empty()) return true;
    if (!Strong(a) || !Strong(b)) return false;
    return std::none_of(keys_a.begin(), keys_a.end(),
                        [&](const auto& key) { return keys_b.contains(key); });
  }
  bool Has(const Id& a, const Id& b) const {
    return std::any_of(links_.begin(), links_.end(), [&](const Link& l) {
      return (l.a == a && l.b == b) || (l.a == b && l.b == a);
    });
  }
  Partition Fold() const {
    Partition clusters;
    for (const Link& link : links_) {
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
  std::vector<Link> links_;
};

std::set<std::set<std::string>> ClusterSets(const IdentityGraph& graph) {
  std::set<std::set<std::string>> out;
  graph.ForEachCluster(0, graph.ordinal_count(), [&](Ordinal, std::span<const Ordinal> members) {
    std::set<std::string> cluster;
    for (const Ordinal member : members) cluster.insert(Name(graph, member));
    out.insert(cluster);
  });
  return out;
}

TEST(IdentityGraphTest, AgreesWithANaiveFoldAndItsJournalMakesACopy) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
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
    for (int step = 0; step < 60; ++step) {
      const std::string a = any(), b = any();
      const uint64_t what = below(10);
      if (what < 7) {
        graph.Link(a + " " + b);
        naive.Join(a, b);
      } else if (what < 9) {
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
