// Micro-benchmarks of the loops that questions spend their time in. `kernels
// --benchmark_filter=...`
#include <benchmark/benchmark.h>

#include <random>
#include <vector>

#include "column/block_image.h"
#include "exec/bit_kernels.h"
#include "exec/pair_table.h"
#include "exec/quantile.h"
#include "exec/time_buckets.h"

namespace waypost::bench {
namespace {

constexpr uint32_t kRows = 1 << 17;
constexpr uint32_t kDayMs = 86'400'000;

// A slice of one event type: two rows for most customers of a block.
column::Image SliceImage() {
  std::mt19937 random(1);
  column::BlockBuilder builder(0, 0);
  const auto below = [&](uint32_t end) { return static_cast<uint32_t>(random() % end); };
  for (uint32_t i = 0; i < kRows; ++i)
    builder.Add({.event_type = 1, .local = below(65'536), .time_ms = below(31u * kDayMs)});
  return builder.Build();
}

std::vector<uint64_t> RandomWords(size_t count, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<uint64_t> words(count);
  for (uint64_t& word : words) word = random();
  return words;
}

void CountCommon(benchmark::State& state, exec::CountCommonFn count) {
  const std::vector<uint64_t> a = RandomWords(1024, 1), b = RandomWords(1024, 2);
  for (auto _ : state) benchmark::DoNotOptimize(count(a.data(), b.data(), a.size()));
  state.SetBytesProcessed(state.iterations() * 2 * 8192);
}
BENCHMARK_CAPTURE(CountCommon, portable, exec::CountCommonLevels().front());
BENCHMARK_CAPTURE(CountCommon, fastest, exec::FastestCountCommon());

void CustomerOfEachRow(benchmark::State& state) {
  const column::Image image = SliceImage();
  const column::EventBlock block = column::ReadBlockImage(image.bytes()).value();
  std::vector<uint16_t> locals(kRows);
  for (auto _ : state) {
    block.slices[0].persons.FillLocals(locals.data());
    benchmark::DoNotOptimize(locals.data());
  }
  state.SetItemsProcessed(state.iterations() * kRows);
}
BENCHMARK(CustomerOfEachRow);

void DayOfEachRow(benchmark::State& state) {
  const column::Image image = SliceImage();
  const column::EventBlock block = column::ReadBlockImage(image.bytes()).value();
  std::vector<int64_t> edges;
  for (int64_t day = 0; day <= 31; ++day) edges.push_back(day * kDayMs);
  const exec::OffsetBuckets buckets(exec::TimeBuckets(edges), 0);
  for (auto _ : state) {
    int64_t sum = 0;
    for (uint32_t row = 0; row < kRows; ++row) sum += buckets.Find(block.slices[0].times[row]);
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * kRows);
}
BENCHMARK(DayOfEachRow);

void RowsOfNeighbours(benchmark::State& state) {
  const column::Image image = SliceImage();
  const column::EventBlock block = column::ReadBlockImage(image.bytes()).value();
  const column::PersonIndex& persons = block.slices[0].persons;
  for (auto _ : state) {
    uint32_t cursor = 0, rows = 0;
    for (uint32_t w = 0; w < column::PersonIndex::kWords; ++w) {
      const column::PersonIndex::Word word = persons.WordAt(w, &cursor);
      for (uint64_t bits = word.bits; bits; bits &= bits - 1)
        rows += persons.RowsAt(word.RankOf(static_cast<uint32_t>(std::countr_zero(bits)))).size();
    }
    benchmark::DoNotOptimize(rows);
  }
  state.SetItemsProcessed(state.iterations() * persons.person_count());
}
BENCHMARK(RowsOfNeighbours);

void PairsOfOneCustomer(benchmark::State& state) {
  const std::vector<uint64_t> held = RandomWords(24, 3);
  exec::PairTable pairs;
  for (auto _ : state) {
    pairs.Clear(held.size());
    for (uint32_t i = 0; i < held.size(); ++i) pairs.NumberOf(held[i] % 5000) = i;
    benchmark::DoNotOptimize(&pairs);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(held.size()));
}
BENCHMARK(PairsOfOneCustomer);

void QuantilesOfMillionTimes(benchmark::State& state) {
  std::mt19937 random(1);
  std::vector<int64_t> times(1'000'000);
  for (int64_t& time : times) time = random() % 3'600'000;
  constexpr double kQs[] = {.1, .5, .9};
  for (auto _ : state) benchmark::DoNotOptimize(exec::Quantiles({&times, 1}, kQs));
}
BENCHMARK(QuantilesOfMillionTimes)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace waypost::bench

BENCHMARK_MAIN();
