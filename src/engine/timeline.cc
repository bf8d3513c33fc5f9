#include "engine/timeline.h"

#include <algorithm>
#include <tuple>

namespace waypost::engine {
namespace {

// A part that may hold events of a member. `age`: of two parts of one month the older is smaller.
struct Piece {
  const column::EventBlock* part = nullptr;
  Ordinal ordinal = 0;
  size_t age = 0;
};

std::vector<Piece> PiecesOf(const column::SnapshotView& view, std::span<const Ordinal> members) {
  std::vector<Piece> pieces;
  for (const Ordinal member : members) {
    const bool erased =
        member / 64 < view.erased.size() && (view.erased[member / 64] >> (member % 64) & 1);
    const column::BlockView* block = erased ? nullptr : view.FindBlock(member >> kBlockBits);
    for (size_t age = 0; block && age < block->parts.size(); ++age) {
      pieces.push_back({block->parts[age], member, age});
    }
  }
  return pieces;
}

struct Found {
  EventAt event;
  size_t age = 0;
  uint64_t tie = 0;
  // Newest first, and the same order whatever the parts were merged into.
  friend bool operator<(const Found& a, const Found& b) {
    return std::tie(b.event.time_ms, b.event.ordinal, b.age, b.tie, b.event.slice->event_type,
                    b.event.row) < std::tie(a.event.time_ms, a.event.ordinal, a.age, a.tie,
                                            a.event.slice->event_type, a.event.row);
  }
};

// The events of one kind that a member has in a part: adjacent rows.
struct Run {
  const Piece* piece = nullptr;
  const column::EventSlice* slice = nullptr;
  column::RowRange rows;
};

// The kinds of events a customer has in a part are on the timeline, in one place; to ask each slice
// costs some hundred cache misses. Of those that remain each step asks for all before it reads one.
std::vector<Run> RunsOf(std::span<const Piece> pieces) {
  const auto local = [](const Piece& piece) { return piece.ordinal & (kBlockSize - 1); };
  for (const Piece& piece : pieces) piece.part->timeline.persons.Prefetch(local(piece));
  std::vector<Run> runs;
  for (const Piece& piece : pieces) {
    const column::Timeline& timeline = piece.part->timeline;
    const column::RowRange range = timeline.persons.Rows(local(piece));
    std::vector<bool> seen(piece.part->slices.size());
    for (uint32_t i = range.begin; i < range.end; ++i) {
      const size_t code = timeline.codes ? timeline.codes[i] : timeline.wide_codes[i];
      if (seen[code]) continue;
      seen[code] = true;
      runs.push_back({&piece, &piece.part->slices[code], {}});
      runs.back().slice->persons.Prefetch(local(piece));
    }
  }
  for (Run& run : runs) {
    run.rows = run.slice->persons.Rows(local(*run.piece));
    __builtin_prefetch(run.slice->times + run.rows.begin);
    __builtin_prefetch(run.slice->times + run.rows.end - 1);
  }
  return runs;
}

void Gather(const Run& run, int64_t until_ms, std::vector<Found>* found) {
  const auto& [piece, slice, rows] = run;
  for (uint32_t row = rows.begin; row < rows.end; ++row) {
    const int64_t time_ms = piece->part->base_ms + slice->times[row];
    if (time_ms > until_ms) break;
    found->push_back({{time_ms, piece->ordinal, slice, row}, piece->age, slice->ties.Offset(row)});
  }
}

}  // namespace

TimelinePage ReadTimeline(const column::SnapshotView& view, std::span<const Ordinal> members,
                          TimelinePlace from, size_t limit,
                          const std::function<bool(EventTypeId)>& wanted) {
  std::vector<Piece> pieces = PiecesOf(view, members);
  std::stable_sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) {
    return a.part->base_ms > b.part->base_ms;
  });
  std::vector<Found> found;
  for (size_t begin = 0, end = 0; begin < pieces.size(); begin = end) {
    const int64_t month_ms = pieces[begin].part->base_ms;
    while (end < pieces.size() && pieces[end].part->base_ms == month_ms) ++end;
    if (found.size() > size_t{from.skip} + limit) break;
    if (month_ms > from.time_ms) continue;
    for (const Run& run : RunsOf(std::span(pieces).subspan(begin, end - begin)))
      if (wanted(run.slice->event_type)) Gather(run, from.time_ms, &found);
  }
  std::sort(found.begin(), found.end());

  size_t begin = 0;
  while (begin < found.size() && begin < from.skip && found[begin].event.time_ms == from.time_ms) {
    ++begin;
  }
  const size_t end = std::min(found.size(), begin + limit);
  TimelinePage page;
  for (size_t i = begin; i < end; ++i) page.events.push_back(found[i].event);
  if (end == found.size() || end == begin) return page;
  const int64_t last_ms = found[end - 1].event.time_ms;
  uint32_t skip = 0;
  for (size_t i = end; i > 0 && found[i - 1].event.time_ms == last_ms; --i) ++skip;
  page.next = {last_ms, skip};
  return page;
}

std::map<EventTypeId, EventCount> CountEvents(const column::SnapshotView& view,
                                              std::span<const Ordinal> members) {
  std::map<EventTypeId, EventCount> counts;
  const std::vector<Piece> pieces = PiecesOf(view, members);
  for (const auto& [piece, slice, rows] : RunsOf(pieces)) {
    const int64_t first_ms = piece->part->base_ms + slice->times[rows.begin];
    const int64_t last_ms = piece->part->base_ms + slice->times[rows.end - 1];
    EventCount& count = counts[slice->event_type];
    count.first_ms = count.count ? std::min(count.first_ms, first_ms) : first_ms;
    count.last_ms = count.count ? std::max(count.last_ms, last_ms) : last_ms;
    count.count += rows.size();
  }
  return counts;
}

}  // namespace waypost::engine
