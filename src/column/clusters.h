// Which ordinals are one customer, for the customers that are more than one: what a snapshot holds.
// Kept in pages of 4,096 roots that copies share, so a copy costs a pointer a page and a change
// only its page.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace waypost::column {

// A view; good while a Clusters that holds it is.
struct Cluster {
  uint32_t root = 0;                       // the ordinal the customer is known by
  std::span<const uint32_t> members = {};  // with the root; increasing
};

class Clusters {
 public:
  static constexpr uint32_t kPageBits = 12;  // a page: ordinal >> kPageBits

  // The clusters with roots in one page.
  class Page {
   public:
    // REQUIRES: roots are added in increasing order.
    void Add(const Cluster& cluster);

   private:
    friend class Clusters;
    std::vector<uint32_t> roots_, ends_;  // ends_: of each root's members
    std::vector<uint32_t> members_;
  };

  Clusters() = default;
  // REQUIRES: by root, increasing.
  explicit Clusters(std::span<const Cluster> all);

  // By root, increasing. REQUIRES: i < size()
  size_t size() const { return starts_.empty() ? 0 : starts_.back(); }
  Cluster operator[](size_t i) const;
  std::optional<Cluster> Find(uint32_t root) const;
  // Calls visit(Cluster) for each with its root in one page, increasing.
  template <typename Visit>
  void ForEachIn(uint32_t page, Visit visit) const {
    if (page >= pages_.size() || !pages_[page]) return;
    for (size_t i = 0; i < pages_[page]->roots_.size(); ++i) visit(At(*pages_[page], i));
  }

  // Replaces the clusters of whole pages; the others stay shared. Costs a step for each page there
  // is.
  void Replace(std::span<std::pair<uint32_t, Page>> pages);

 private:
  static Cluster At(const Page& page, size_t i);

  std::vector<std::shared_ptr<const Page>> pages_;  // null: no clusters there
  std::vector<size_t> starts_;                      // clusters before and in each page
};

}  // namespace waypost::column
