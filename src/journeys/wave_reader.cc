#include "journeys/wave_reader.h"

#include <fmt/format.h>

#include <algorithm>

namespace waypost::journeys {
namespace {

constexpr std::string_view kExcluded[] = {"converted", "exited", "capped"};
constexpr uint64_t kMostInWave = 1'000'000'000;

Wave ReadWave(Document& in, const EntryRule& rule, Zone zone) {
  Wave wave;
  const bool ranks = in.Has("rank"), counts = in.Has("number"), shares = in.Has("percent");
  if (ranks + counts + shares != 1)
    in.Complain("percent", "missing", "give one of: percent, number, rank");
  wave.share = in.Percent("percent");
  wave.number = static_cast<uint64_t>(in.Whole("number", 0, 1, kMostInWave));
  wave.rank = in.Number("rank");
  if (counts) wave.by = Wave::By::kNumber;
  if (ranks) wave.by = Wave::By::kRank;
  in.OnlyIf("rank", !rule.rank_by.empty(), "of an entry with \"rank\"");
  const bool once = rule.kind == EntryKind::kList || rule.schedule.every == Schedule::Every::kOnce;
  in.OnlyIf("start", once, "where there is one run");
  in.OnlyIf("after", !in.Has("start"), "without \"start\"");
  wave.start_ms = in.Instant("start", zone);
  wave.after = in.Length("after");
  for (const auto* item : in.List("texts", kMaxNodes)) {
    Document one(*item, {}, in.path() + "texts.", in.faults());
    Wave::Text& text = wave.texts.emplace_back();
    text.node = one.Text("node", true);
    text.step = static_cast<uint32_t>(one.Whole("step", 1, 1, kMaxBranches)) - 1;
    text.text = one.Text("text", true);
  }
  return wave;
}

// Whether the later of two that go by the same, one after the other, comes after the earlier.
bool IsAfter(const Wave& earlier, const Wave& later, const EntryRule& rule) {
  const bool both_rank = earlier.by == Wave::By::kRank && later.by == Wave::By::kRank;
  if (both_rank && (rule.smallest_first ? later.rank <= earlier.rank : later.rank >= earlier.rank))
    return false;
  if (earlier.start_ms && later.start_ms && *later.start_ms <= *earlier.start_ms) return false;
  return later.after.empty() || later.after.RoughMs() > earlier.after.RoughMs();
}

}  // namespace

void ReadWaves(Document& entry, Zone zone, EntryRule* rule) {
  entry.OnlyIf("waves", rule->kind == EntryKind::kBatch || rule->kind == EntryKind::kList,
               "of runs and lists");
  const boost::json::object* json = entry.Object("waves");
  if (!json) return;
  Document in(*json, {}, entry.path() + "waves.", entry.faults());
  Waves& waves = rule->waves;
  waves.every = in.Length("every");
  uint64_t shares = 0;
  for (const auto* item : in.List("each", kMaxWaves)) {
    Document one(*item, {}, in.path() + "each.", entry.faults());
    Wave wave = ReadWave(one, *rule, zone);
    shares += wave.share;
    if (!waves.each.empty()) {
      if (!wave.start_ms && wave.after.empty() && waves.every.empty())
        one.Complain("after", "missing", "say when it begins: start, after, or every of all waves");
      if (!IsAfter(waves.each.back(), wave, *rule))
        one.Complain(wave.by == Wave::By::kRank && wave.after.empty() ? "rank" : "after",
                     "wave_order", "a wave comes after the one before it");
    }
    waves.each.push_back(std::move(wave));
  }
  if (waves.each.size() < 2) in.Complain("each", "missing", "give at least two waves");
  if (shares > 10'000) {
    in.Complain("each", "ratio_sum",
                fmt::format("the percentages add up to {}, over 100", shares / 100.0),
                {{"sum_over", fmt::format("{}", shares / 100.0)}});
  }
  waves.drop_rest = in.Choice("remainder", false, {{"last", false}, {"drop", true}});
  const uint32_t excluded = in.Several("exclude", kExcluded);
  waves.not_converted = excluded & 1;
  waves.not_exited = excluded & 2;
  waves.not_capped = excluded & 4;
  waves.no_overlap = in.Flag("no_overlap");
}

void SettleWaves(Journey* journey, std::vector<Fault>* faults) {
  Waves& waves = journey->entry.waves;
  const auto complain = [&](std::string_view field, std::string_view code, std::string message) {
    faults->push_back({.node = {},
                       .field = "entry.waves." + std::string(field),
                       .code = std::string(code),
                       .message = std::move(message)});
  };
  if (waves.not_converted && !journey->goal)
    complain("exclude", "missing_goal", "the journey has no goal");
  if (waves.not_capped &&
      std::ranges::all_of(journey->nodes, [](const Node& node) { return node.attempts.empty(); }))
    complain("exclude", kNoEffect, "no node sends a message");
  for (uint32_t i = 0; i < waves.each.size(); ++i) {
    for (const Wave::Text& text : waves.each[i].texts) {
      const uint32_t at = journey->FindNode(text.node);
      if (at == kNoNode || text.step >= journey->nodes[at].attempts.size()) {
        complain("each.texts.node", "unknown_node",
                 fmt::format("'{}' is no node that sends a message {}", text.node, text.step + 1));
        faults->back().values = {{"given", text.node}};
        continue;
      }
      auto& texts = journey->nodes[at].attempts[text.step].wave_texts;
      if (!texts.empty() && texts.back().first == i + 1)
        complain("each.texts.node", "duplicate_node", "one wave says two texts there");
      texts.emplace_back(i + 1, text.text);
    }
  }
}

}  // namespace waypost::journeys
