// question_times USERS THREADS REPETITIONS QUESTION.json...: builds the benchmark's blocks in
// memory, asks each question and prints its first, best and median time. With REPETITIONS 0 it
// prints the answers instead. For work on the operators; `./dev bench` measures the product.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "analytics/ask.h"
#include "bcb.h"
#include "column/block_image.h"

namespace waypost::bench {
namespace {

using column::Cell;
using column::ColumnType;

// The benchmark's names: events by their number, properties by their place.
class BcbNames final : public analytics::Names {
 public:
  std::optional<EventTypeId> Event(std::string_view name) const override {
    for (int e = 1; e <= 40; ++e) {
      if (BcbEventName(e) == name) return e;
    }
    return {};
  }
  std::optional<analytics::PropertyName> Property(std::string_view name) const override {
    for (uint32_t p = 0; p < std::size(kProperties); ++p) {
      if (kProperties[p].first == name)
        return analytics::PropertyName{kFirstPlanProperty + p, kProperties[p].second};
    }
    return {};
  }
  std::optional<analytics::PropertyName> Attribute(std::string_view) const override { return {}; }
  std::vector<std::string> EventNames() const override { return {}; }
  std::vector<std::string> PropertyNames() const override { return {}; }
  std::vector<std::string> AttributeNames() const override { return {}; }
  std::string CustomerName(Ordinal) const override { return {}; }

  static constexpr std::pair<std::string_view, ValueType> kProperties[] = {
      {"session_id", ValueType::kInt},   {"platform", ValueType::kString},
      {"channel", ValueType::kString},   {"product_id", ValueType::kInt},
      {"amount_cents", ValueType::kInt}, {"result", ValueType::kInt}};
};

int64_t MonthOf(int64_t ms) {
  // The window's UTC months.
  constexpr int64_t kMonths[] = {1'764'547'200'000, 1'767'225'600'000, 1'769'904'000'000,
                                 1'772'323'200'000};
  return *(std::upper_bound(std::begin(kMonths), std::end(kMonths), ms) - 1);
}

std::vector<column::Image> BuildBlock(const Bcb& bcb, uint32_t block, uint32_t users) {
  std::map<int64_t, column::BlockBuilder> months;
  std::vector<BcbEvent> events;
  const uint32_t begin = std::max(block << 16, 1u), end = std::min((block + 1) << 16, users + 1);
  for (uint32_t id = begin; id < end; ++id) {
    const BcbUser user = bcb.User(id);
    bcb.Events(user, &events);
    for (const BcbEvent& event : events) {
      std::vector<Cell> cells;
      const auto whole = [&](uint32_t p, int64_t v) {
        cells.push_back({kFirstPlanProperty + p, ColumnType::kInt, v, 0, {}});
      };
      const auto text = [&](uint32_t p, std::string_view v) {
        cells.push_back({kFirstPlanProperty + p, ColumnType::kString, 0, 0, v});
      };
      if (event.session) whole(0, static_cast<int64_t>(BcbSessionId(user, event)));
      text(1, BcbPlatformName(event.platform));
      text(2, BcbChannelName(event.channel));
      if (event.product) whole(3, event.product);
      if (event.amount_cents) whole(4, event.amount_cents);
      whole(5, event.result);
      const int64_t month = MonthOf(event.time_ms);
      months.try_emplace(month, block, month)
          .first->second.Add({event.event, id & 0xFFFF, event.time_ms, cells});
    }
  }
  std::vector<column::Image> images;
  for (auto& [month, builder] : months) images.push_back(builder.Build());
  return images;
}

double Ms(std::chrono::steady_clock::duration d) {
  return std::chrono::duration<double, std::milli>(d).count();
}

int Run(int count, char** arguments) {
  if (count < 5)
    return std::fprintf(stderr, "question_times USERS THREADS REPETITIONS QUESTION.json...\n"), 1;
  const auto users = static_cast<uint32_t>(std::atoi(arguments[1]));
  const auto threads = static_cast<unsigned>(std::atoi(arguments[2]));
  const int repetitions = std::atoi(arguments[3]);
  const Bcb bcb;
  std::vector<std::vector<column::Image>> images(users / 65'536 + 1);
  std::atomic<uint32_t> next = 0;
  {
    std::vector<std::jthread> builders;
    for (unsigned t = 0; t < threads; ++t) {
      builders.emplace_back([&] {
        for (uint32_t b = next++; b < images.size(); b = next++)
          images[b] = BuildBlock(bcb, b, users);
      });
    }
  }
  column::SnapshotView snapshot;
  snapshot.id = "bench";
  snapshot.ordinal_count = users + 1;
  snapshot.clustered.assign(users / 64 + 1, 0);
  std::deque<column::EventBlock> blocks;
  uint64_t rows = 0, bytes = 0;
  for (uint32_t b = 0; b < images.size(); ++b) {
    column::BlockView& view = snapshot.blocks.emplace_back();
    view.block = b;
    for (const column::Image& image : images[b]) {
      blocks.push_back(column::ReadBlockImage(image.bytes()).value());
      view.parts.push_back(&blocks.back());
      rows += blocks.back().row_count;
      bytes += image.bytes().size();
    }
  }
  std::printf("%lu rows, %.1f bytes each\n", rows,
              static_cast<double>(bytes) / static_cast<double>(rows));
  const BcbNames names;
  for (int a = 4; a < count; ++a) {
    std::ifstream file(arguments[a]);
    const std::string question(std::istreambuf_iterator<char>(file), {});
    std::vector<double> times;
    for (int r = 0; r <= repetitions; ++r) {
      const auto begin = std::chrono::steady_clock::now();
      const auto answer = analytics::Ask(question, snapshot, names,
                                         {.now_ms = 1'775'000'000'000, .threads = threads});
      times.push_back(Ms(std::chrono::steady_clock::now() - begin));
      if (!answer.ok())
        return std::fprintf(stderr, "%s: %s\n", arguments[a], answer.error().message().c_str()), 1;
      if (repetitions == 0) std::printf("%s\n", answer.value().c_str());
    }
    const double first = times[0];
    std::sort(times.begin(), times.end());
    std::printf("%s first %.2f best %.2f median %.2f ms\n", arguments[a], first, times[0],
                times[times.size() / 2]);
  }
  return 0;
}

}  // namespace
}  // namespace waypost::bench

int main(int count, char** arguments) { return waypost::bench::Run(count, arguments); }
