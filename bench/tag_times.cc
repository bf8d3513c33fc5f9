// tag_times CUSTOMERS THREADS [--ask | DEFINITIONS FOLDER]: the benchmark's question 18, five
// yes-or-no tags and a number of each customer, without a server: prints answers and times of a
// rule of the five, of a range of the number, and of both with the mean. With --ask it prints
// "ready" and then, for each line "q18a", "q18b" or "q18c" of standard input, the answer as a JSON
// list. With DEFINITIONS then a day's work over these tags: so many segments of three to eight
// conditions each, of which each is counted, kept in FOLDER as a run of a segment is, read back and
// compared; a file that was compared is removed.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "column/block_image.h"
#include "column/column_image.h"
#include "exec/parallel.h"
#include "exec/selection.h"
#include "io/real_file_system.h"
#include "segments/member_file.h"

namespace waypost::bench {
namespace {

using column::ColumnType;
using column::CustomerColumns;
using exec::CustomerBits;
using exec::Rule;

constexpr uint64_t kModulus = 2'147'483'647;
constexpr uint64_t kAdded[] = {1013, 2027, 3041, 4057, 5059, 6067};
constexpr uint64_t kLimits[] = {1'073'741'823, 536'870'911, 268'435'455, 107'374'182, 21'474'836};
constexpr size_t kFlags = std::size(kLimits);

// The k-th tag of a customer: 0..4 are flags, 5 is the number.
int64_t ValueOf(uint64_t id, size_t k) {
  const uint64_t x = (id * 48'271 % kModulus + kAdded[k]) * 69'621 % kModulus;
  return k < kFlags ? x < kLimits[k] : static_cast<int64_t>(x % (1 << 20));
}

struct Tags {
  column::SnapshotView everyone;
  std::vector<std::shared_ptr<CustomerColumns>> values{kFlags + 1};
};

// Customer `ordinal` is number ordinal + 1.
Tags MakeTags(uint32_t customers, unsigned threads) {
  Tags tags;
  tags.everyone.id = "bench";
  tags.everyone.ordinal_count = customers;
  for (size_t k = 0; k <= kFlags; ++k) {
    std::vector<std::shared_ptr<column::Image>> images((size_t{customers} + 0xFFFF) >> 16);
    exec::ParallelFor(images.size(), threads, [&](size_t block) {
      const auto type = k < kFlags ? ColumnType::kBool : ColumnType::kInt;
      const auto rows = static_cast<uint32_t>(
          std::min<size_t>(column::PersonIndex::kWords * 64, customers - (block << 16)));
      column::ColumnBuilder builder(1, type);
      for (uint32_t row = 0; row < rows; ++row)
        builder.Add(row, {1, type, ValueOf((block << 16) + row + 1, k), 0, {}});
      images[block] = std::make_shared<column::Image>(builder.WriteAlone(rows));
    });
    tags.values[k] = std::make_shared<CustomerColumns>();
    for (uint32_t block = 0; block < images.size(); ++block) {
      tags.values[k]->Set(block, column::ReadColumnImage(images[block]->bytes()).value(),
                          images[block]);
    }
  }
  return tags;
}

Rule Is(const Tags& tags, size_t k, int64_t min, int64_t max) {
  Rule rule;
  rule.kind = Rule::Kind::kAttribute;
  rule.condition.kind = exec::Condition::Kind::kRange;
  rule.condition.whole_min = min;
  rule.condition.whole_max = max;
  rule.condition.values = tags.values[k];
  return rule;
}
Rule Flag(const Tags& tags, size_t k) { return Is(tags, k, 1, 1); }
Rule Of(Rule::Kind kind, std::vector<Rule> of) {
  Rule rule;
  rule.kind = kind;
  rule.of = std::move(of);
  return rule;
}

// (t1 and t2 and not t3) or (t4 and t5)
Rule Boolean(const Tags& tags) {
  using Kind = Rule::Kind;
  return Of(Kind::kAny,
            {Of(Kind::kAll, {Flag(tags, 0), Flag(tags, 1), Of(Kind::kNot, {Flag(tags, 2)})}),
             Of(Kind::kAll, {Flag(tags, 3), Flag(tags, 4)})});
}

struct Times {
  double wall_ms = 0, cpu_ms = 0;
};
// The least of a few runs.
template <typename Work>
Times Least(int runs, Work work) {
  Times least{1e12, 1e12};
  for (int i = 0; i < runs; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    const clock_t cpu = std::clock();
    work();
    const std::chrono::duration<double, std::milli> wall = std::chrono::steady_clock::now() - begin;
    least.wall_ms = std::min(least.wall_ms, wall.count());
    least.cpu_ms =
        std::min(least.cpu_ms, static_cast<double>(std::clock() - cpu) * 1e3 / CLOCKS_PER_SEC);
  }
  return least;
}

// How many, and of q18c their mean number.
struct Answer {
  uint64_t count = 0;
  double mean = 0;
};

Answer CountAndMean(const Tags& tags, const Rule& rule, unsigned threads) {
  std::atomic<uint64_t> count = 0;
  std::atomic<int64_t> sum = 0;
  exec::SelectByBlock(
      rule, tags.everyone, threads, [&](uint32_t block, const exec::BlockBits& who) {
        const column::PackedInts& numbers = tags.values[kFlags]->Find(block)->numbers();
        int64_t of_block = 0;
        for (size_t w = 0; w < who.size(); ++w) {
          for (uint64_t left = who[w]; left; left &= left - 1)
            of_block += numbers.Get(64 * w + static_cast<size_t>(std::countr_zero(left)));
        }
        sum += of_block;
        count += exec::CountBits(who);
      });
  return {count, static_cast<double>(sum) / static_cast<double>(count)};
}

class Question18 {
 public:
  // Borrows the tags.
  Question18(const Tags& tags, unsigned threads) : tags_(tags), threads_(threads) {}

  Answer Ask(std::string_view name) const {
    const Rule& rule = name == "q18a" ? boolean_ : name == "q18b" ? range_ : both_;
    if (name == "q18c") return CountAndMean(tags_, rule, threads_);
    return {exec::CountSelected(rule, tags_.everyone, threads_), 0};
  }

  void TellTimes() const {
    for (const auto& [name, target_ms] : kTargetsMs) {
      Answer answer;
      const Times times = Least(7, [&] { answer = Ask(name); });
      std::printf("%s %lu", name, answer.count);
      if (answer.mean > 0) std::printf(" (mean %.3f)", answer.mean);
      std::printf(": %.1f ms, %.1f ms of CPU a thread; target %d ms\n", times.wall_ms,
                  times.cpu_ms / threads_, target_ms);
    }
  }

  void AnswerLines() const {
    std::puts("ready");
    std::fflush(stdout);
    for (std::string name; std::getline(std::cin, name);) {
      const Answer answer = Ask(name);
      if (name == "q18c")
        std::printf("[%lu,%.3f]\n", answer.count, answer.mean);
      else
        std::printf("[%lu]\n", answer.count);
      std::fflush(stdout);
    }
  }

 private:
  static constexpr std::pair<const char*, int> kTargetsMs[] = {
      {"q18a", 3}, {"q18b", 12}, {"q18c", 18}};
  const Tags& tags_;
  const unsigned threads_;
  const Rule boolean_ = Boolean(tags_), range_ = Is(tags_, kFlags, 200'000, 700'000);
  const Rule both_ = Of(Rule::Kind::kAll, {boolean_, range_});
};

// Three to eight conditions: flags, some denied, and ranges; two groups, of which either will do.
Rule Definition(const Tags& tags, std::mt19937_64* random) {
  const auto below = [&](uint64_t limit) { return (*random)() % limit; };
  std::vector<Rule> groups(2);
  for (Rule& group : groups) group.kind = Rule::Kind::kAll;
  for (uint64_t left = 3 + below(6); left > 0; --left) {
    Rule one;
    if (below(4) == 0) {
      const auto from = static_cast<int64_t>(below(1 << 20));
      one = Is(tags, kFlags, from, from + static_cast<int64_t>(below(1 << 19)));
    } else {
      one = Flag(tags, below(kFlags));
      if (below(3) == 0) one = Of(Rule::Kind::kNot, {one});
    }
    groups[left % 2].of.push_back(std::move(one));
  }
  return Of(Rule::Kind::kAny, std::move(groups));
}

// A thread has a definition at a time, from the rule to the file that was compared.
int RunDay(const Tags& tags, size_t definitions, const std::string& folder, unsigned threads) {
  std::mt19937_64 random(18);
  std::vector<Rule> rules;
  for (size_t i = 0; i < definitions; ++i) rules.push_back(Definition(tags, &random));
  std::vector<uint64_t> counts(definitions), bytes(definitions);
  std::vector<uint8_t> wrong(definitions);
  std::filesystem::create_directories(folder);
  const std::unique_ptr<io::FileSystem> files = io::MakeRealFileSystem();
  const Times times = Least(1, [&] {
    exec::ParallelFor(definitions, threads, [&](size_t i) {
      const std::string path = folder + "/segment-" + std::to_string(i) + ".members";
      const CustomerBits who = exec::Select(rules[i], tags.everyone, 1);
      counts[i] = exec::CountBits(who);
      const bool kept = segments::WriteMembers(*files, path, who).ok();
      bytes[i] = kept ? std::filesystem::file_size(path) : 0;
      Result<CustomerBits> read = segments::ReadMembers(*files, path);
      if (read.ok()) read.value().resize(who.size());
      wrong[i] = !kept || !read.ok() || read.value() != who;
      std::filesystem::remove(path);
    });
  });
  uint64_t people = 0, written = 0, failed = 0;
  for (size_t i = 0; i < definitions; ++i) {
    people += counts[i];
    written += bytes[i];
    failed += wrong[i];
  }
  std::printf(
      "day: %zu segments of %u customers, %.2f billion members, %.1f GB written and read: "
      "%.1f s, %.1f s of CPU a thread; target %.1f s (180 s for 10,000 of 20 million)\n",
      definitions, tags.everyone.ordinal_count, static_cast<double>(people) / 1e9,
      static_cast<double>(written) / 1e9, times.wall_ms / 1e3, times.cpu_ms / 1e3 / threads,
      180.0 * static_cast<double>(definitions) / 1e4 * tags.everyone.ordinal_count / 2e7);
  if (failed) std::printf("%lu were not read back as they were kept\n", failed);
  return failed ? 1 : 0;
}

int Run(int count, char** arguments) {
  const bool asked = count == 4 && std::string_view(arguments[3]) == "--ask";
  if (count != 3 && count != 5 && !asked) {
    std::fprintf(stderr, "Usage: tag_times CUSTOMERS THREADS [--ask | DEFINITIONS FOLDER]\n");
    return 2;
  }
  const auto threads = static_cast<unsigned>(std::max(1, std::atoi(arguments[2])));
  const Tags tags = MakeTags(static_cast<uint32_t>(std::atoll(arguments[1])), threads);
  const Question18 question(tags, threads);
  if (asked) {
    question.AnswerLines();
    return 0;
  }
  question.TellTimes();
  return count == 5
             ? RunDay(tags, static_cast<size_t>(std::atoll(arguments[3])), arguments[4], threads)
             : 0;
}

}  // namespace
}  // namespace waypost::bench

int main(int argc, char** argv) { return waypost::bench::Run(argc, argv); }
