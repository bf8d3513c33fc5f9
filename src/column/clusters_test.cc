#include "column/clusters.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace waypost::column {
namespace {

using Members = std::map<uint32_t, std::vector<uint32_t>>;  // by root

Clusters::Page PageOf(const Members& members, uint32_t number) {
  Clusters::Page page;
  for (const auto& [root, list] : members) {
    if (root >> Clusters::kPageBits == number) page.Add({root, list});
  }
  return page;
}

void ExpectSame(const Clusters& clusters, const Members& members) {
  ASSERT_EQ(clusters.size(), members.size());
  size_t i = 0;
  for (const auto& [root, list] : members) {
    const Cluster by_place = clusters[i++];
    EXPECT_EQ(by_place.root, root);
    EXPECT_EQ(std::vector(by_place.members.begin(), by_place.members.end()), list);
    ASSERT_TRUE(clusters.Find(root));
    EXPECT_EQ(clusters.Find(root)->members.data(), by_place.members.data());
    EXPECT_EQ(clusters.Find(root + 1).has_value(), members.contains(root + 1));
  }
}

TEST(ClustersTest, ACopyStaysAsItWasWhenPagesAreReplaced) {
  std::mt19937 random(3);
  Members members;
  Clusters clusters;
  for (int round = 0; round < 200; ++round) {
    const Clusters copy = clusters;
    const Members before = members;
    const auto root = static_cast<uint32_t>(random() % (6 << Clusters::kPageBits));
    if (random() % 4 == 0 && !members.empty()) {
      members.erase(members.begin());
    } else {
      members[root] = {root, root + 1 + static_cast<uint32_t>(random() % 1000)};
    }
    std::vector<std::pair<uint32_t, Clusters::Page>> pages;
    for (uint32_t number = 0; number < 7; ++number)
      pages.emplace_back(number, PageOf(members, number));
    clusters.Replace(pages);
    ExpectSame(clusters, members);
    ExpectSame(copy, before);
  }
  EXPECT_FALSE(clusters.Find(UINT32_MAX));
}

}  // namespace
}  // namespace waypost::column
