#include "column/clusters.h"

#include <algorithm>

namespace waypost::column {

void Clusters::Page::Add(const Cluster& cluster) {
  roots_.push_back(cluster.root);
  members_.insert(members_.end(), cluster.members.begin(), cluster.members.end());
  ends_.push_back(static_cast<uint32_t>(members_.size()));
}

Clusters::Clusters(std::span<const Cluster> all) {
  std::vector<std::pair<uint32_t, Page>> pages;
  for (const Cluster& cluster : all) {
    const uint32_t number = cluster.root >> kPageBits;
    if (pages.empty() || pages.back().first != number) pages.emplace_back(number, Page());
    pages.back().second.Add(cluster);
  }
  Replace(pages);
}

Cluster Clusters::At(const Page& page, size_t i) {
  const uint32_t begin = i == 0 ? 0 : page.ends_[i - 1];
  return {page.roots_[i], std::span(page.members_).subspan(begin, page.ends_[i] - begin)};
}

Cluster Clusters::operator[](size_t i) const {
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), i);
  const auto page = static_cast<size_t>(after - starts_.begin());
  return At(*pages_[page], i - (page == 0 ? 0 : starts_[page - 1]));
}

std::optional<Cluster> Clusters::Find(uint32_t root) const {
  const size_t number = root >> kPageBits;
  if (number >= pages_.size() || !pages_[number]) return std::nullopt;
  const Page& page = *pages_[number];
  const auto found = std::lower_bound(page.roots_.begin(), page.roots_.end(), root);
  if (found == page.roots_.end() || *found != root) return std::nullopt;
  return At(page, static_cast<size_t>(found - page.roots_.begin()));
}

void Clusters::Replace(std::span<std::pair<uint32_t, Page>> pages) {
  for (auto& [number, page] : pages) {
    if (pages_.size() <= number) pages_.resize(number + 1);
    pages_[number] = page.roots_.empty() ? nullptr : std::make_shared<const Page>(std::move(page));
  }
  starts_.resize(pages_.size());
  size_t before = 0;
  for (size_t i = 0; i < pages_.size(); ++i) {
    before += pages_[i] ? pages_[i]->roots_.size() : 0;
    starts_[i] = before;
  }
}

}  // namespace waypost::column
