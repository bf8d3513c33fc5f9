#include "exec/parallel.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "exec/limit.h"

namespace waypost::exec {

void ParallelFor(size_t count, unsigned threads, const std::function<void(size_t)>& work) {
  std::atomic<size_t> next = 0;
  const auto take = [&] {
    for (size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::jthread> others;
  for (size_t i = 1; i < std::min<size_t>(threads, count); ++i) others.emplace_back(take);
  take();
}

void ParallelWithinLimit(size_t count, unsigned threads, const std::function<void(size_t)>& work) {
  Limit* const limit = Limit::Current();
  if (!limit) return ParallelFor(count, threads, work);
  ParallelFor(count, threads, [&](size_t i) {
    if (limit->Allows()) work(i);
  });
}

}  // namespace waypost::exec
