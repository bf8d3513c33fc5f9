// Image layout, all parts padded to 8 bytes:
//   u32 magic "WPB1" · u32 block · i64 base_ms · u32 rows · u32 slices · u32 wide codes (0/1) · u32
//   0 slices: u32 event type · u32 rows · customer index · u32 times * rows · packed ties
//           · u32 columns · u32 0 · columns (column/column_image.h)
//   timeline: customer index · u8 or u16 codes * rows
#include "column/block_image.h"

#include <algorithm>
#include <bit>
#include <boost/unordered/unordered_flat_map.hpp>
#include <deque>
#include <map>
#include <numeric>
#include <optional>

#include "column/column_image.h"
#include "column/day_index.h"

namespace waypost::column {
namespace {

constexpr uint32_t kMagic = 0x31425057;  // "WPB1"
constexpr uint32_t kNarrowSlices = 256;

Error BadBlock(const char* what) { return Error(Code::kCorrupt, std::string("block: ") + what); }

// The rows of one event type while they are collected. Row numbers are places in these arrays.
struct SliceBuilder {
  uint32_t event_type = 0;
  std::vector<uint64_t> keys;      // local << 32 | time offset
  std::vector<uint32_t> arrivals;  // order among rows of one key, over all slices
  std::vector<ColumnBuilder> columns;
  size_t next_column = 0;  // rows of one sender name their properties in the same order

  ColumnBuilder& ColumnOf(uint32_t property, ColumnType type) {
    if (next_column < columns.size() && columns[next_column].property() == property) {
      return columns[next_column++];
    }
    for (size_t i = 0; i < columns.size(); ++i) {
      if (columns[i].property() == property) {
        next_column = i + 1;
        return columns[i];
      }
    }
    next_column = columns.size() + 1;
    return columns.emplace_back(property, type);
  }

  // Row numbers in (customer, time, arrival) order.
  std::vector<uint32_t> Order() const {
    std::vector<uint32_t> order(keys.size());
    std::iota(order.begin(), order.end(), 0);
    const auto before = [&](uint32_t a, uint32_t b) {
      return keys[a] != keys[b] ? keys[a] < keys[b] : arrivals[a] < arrivals[b];
    };
    if (!std::is_sorted(order.begin(), order.end(), before)) {
      std::sort(order.begin(), order.end(), before);
    }
    return order;
  }
};

// Runs of equal customers among sorted locals.
struct Runs {
  std::vector<uint16_t> locals;
  std::vector<int64_t> starts = {0};

  void Add(uint32_t local) {
    if (locals.empty() || locals.back() != local) {
      if (!locals.empty()) starts.push_back(rows);
      locals.push_back(static_cast<uint16_t>(local));
    }
    ++rows;
  }
  void Write(ByteWriter* out) {
    if (!locals.empty()) starts.push_back(rows);
    WritePersonIndex(locals, starts, out);
  }
  int64_t rows = 0;
};

// One event on the way into the timeline.
struct Happening {
  uint32_t time;
  uint32_t arrival;
  uint32_t slice;
  uint32_t row;  // within the slice, sorted
};

}  // namespace

// The rows of each customer, each with the one before it.
class BlockRows {
 public:
  struct Place {
    const SliceBuilder* slice = nullptr;
    uint32_t row = 0;  // within the slice
    uint32_t before = kNone;
  };
  static constexpr uint32_t kNone = ~0u;

  void Add(uint32_t local, const SliceBuilder& slice, uint32_t row) {
    Chain& chain = chains_[static_cast<uint16_t>(local)];
    places_.push_back({&slice, row, chain.last});
    chain = {static_cast<uint32_t>(places_.size() - 1), chain.length + 1};
  }
  uint32_t CountOf(uint32_t local) const {
    const auto found = chains_.find(static_cast<uint16_t>(local));
    return found == chains_.end() ? 0 : found->second.length;
  }
  // Appends those of wanted types in any order.
  void Find(uint32_t local, const Wanted& wanted, std::vector<Place>* rows) const {
    const auto found = chains_.find(static_cast<uint16_t>(local));
    uint32_t at = found == chains_.end() ? kNone : found->second.last;
    for (; at != kNone; at = places_[at].before) {
      if (Wanted::Has(wanted.events, places_[at].slice->event_type)) rows->push_back(places_[at]);
    }
  }

 private:
  struct Chain {
    uint32_t last = kNone, length = 0;
  };
  std::vector<Place> places_;
  boost::unordered_flat_map<uint16_t, Chain> chains_;
};

struct BlockBuilder::State {
  uint32_t block;
  int64_t base_ms;
  uint32_t row_count = 0;
  uint32_t arrival = 0;
  std::map<uint32_t, SliceBuilder> slices;
  std::optional<BlockRows> rows;  // once somebody has asked for a customer's

  SliceBuilder& SliceOf(uint32_t event_type) {
    SliceBuilder& slice = slices[event_type];
    slice.event_type = event_type;
    return slice;
  }
  const BlockRows& Rows() {
    if (!rows) {
      rows.emplace();
      for (const auto& [type, slice] : slices) {
        for (uint32_t row = 0; row < slice.keys.size(); ++row)
          rows->Add(static_cast<uint32_t>(slice.keys[row] >> 32), slice, row);
      }
    }
    return *rows;
  }
};

Image::Image(std::span<const uint8_t> bytes)
    : words_((bytes.size() + 7) / 8 + 1), size_(bytes.size()) {
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<uint8_t*>(words_.data()));
}

BlockBuilder::BlockBuilder(uint32_t block, int64_t base_ms)
    : state_(new State{block, base_ms, 0, 0, {}}) {}
BlockBuilder::~BlockBuilder() = default;

uint32_t BlockBuilder::row_count() const { return state_->row_count; }

void BlockBuilder::Add(const Row& row) {
  const int64_t offset = row.time_ms - state_->base_ms;
  CHECK(offset >= 0 && offset <= UINT32_MAX && row.local <= UINT16_MAX);
  SliceBuilder& slice = state_->SliceOf(row.event_type);
  const auto number = static_cast<uint32_t>(slice.keys.size());
  slice.keys.push_back(uint64_t{row.local} << 32 | static_cast<uint32_t>(offset));
  slice.arrivals.push_back(state_->arrival++);
  if (state_->rows) state_->rows->Add(row.local, slice, number);
  slice.next_column = 0;
  for (const Cell& cell : row.cells) slice.ColumnOf(cell.property, cell.type).Add(number, cell);
  ++state_->row_count;
}

void BlockBuilder::AddAll(const EventBlock& rows) {
  CHECK(rows.block == state_->block && rows.base_ms == state_->base_ms);
  state_->rows.reset();
  uint32_t last_arrival = state_->arrival;
  for (const EventSlice& from : rows.slices) {
    SliceBuilder& slice = state_->SliceOf(from.event_type);
    const auto first_row = static_cast<uint32_t>(slice.keys.size());
    from.persons.ForEach([&](uint32_t local, RowRange range) {
      for (uint32_t row = range.begin; row < range.end; ++row) {
        slice.keys.push_back(uint64_t{local} << 32 | from.times[row]);
        const auto tie = static_cast<uint32_t>(from.ties.Get(row));
        slice.arrivals.push_back(state_->arrival + tie);
        last_arrival = std::max(last_arrival, state_->arrival + tie);
      }
    });
    for (const Column& column : from.columns) {
      slice.next_column = 0;
      slice.ColumnOf(column.property(), column.type()).AddAll(first_row, column);
    }
  }
  state_->arrival = last_arrival + 1;
  state_->row_count += rows.row_count;
}

namespace {

// `list` holds the text of a list.
Cell CellAt(const Column& column, uint32_t row, ByteWriter* list) {
  Cell cell{.property = column.property(), .type = column.type()};
  if (column.type() == ColumnType::kString) {
    cell.text = column.Text(row);
  } else if (column.type() == ColumnType::kDouble) {
    cell.real = column.Real(row);
  } else if (column.type() == ColumnType::kList) {
    list->Clear();
    const RowRange items = column.Items(row);
    for (uint32_t i = items.begin; i < items.end; ++i) {
      list->Text(column.dictionary().Text(column.ItemCode(i)));
    }
    cell.text = AsText(list->bytes());
  } else {
    cell.whole = column.Whole(row);
  }
  return cell;
}

}  // namespace

void BlockBuilder::AddOthers(const EventBlock& rows, std::span<const uint32_t> without) {
  CHECK(rows.block == state_->block && rows.base_ms == state_->base_ms);
  state_->rows.reset();
  uint32_t last_arrival = state_->arrival;
  ByteWriter list;
  for (const EventSlice& from : rows.slices) {
    from.persons.ForEach([&](uint32_t local, RowRange range) {
      if (std::binary_search(without.begin(), without.end(), local)) return;
      SliceBuilder& slice = state_->SliceOf(from.event_type);
      for (uint32_t row = range.begin; row < range.end; ++row) {
        const auto number = static_cast<uint32_t>(slice.keys.size());
        slice.keys.push_back(uint64_t{local} << 32 | from.times[row]);
        slice.arrivals.push_back(state_->arrival + static_cast<uint32_t>(from.ties.Get(row)));
        last_arrival = std::max(last_arrival, slice.arrivals.back());
        slice.next_column = 0;
        for (const Column& column : from.columns) {
          if (column.IsNull(row)) continue;
          const Cell cell = CellAt(column, row, &list);
          slice.ColumnOf(cell.property, cell.type).Add(number, cell);
        }
        ++state_->row_count;
      }
    });
  }
  state_->arrival = last_arrival + 1;
}

namespace {

// Everything about one slice that Build() works out before writing.
struct SortedSlice {
  SliceBuilder* from;
  std::vector<uint32_t> order;  // sorted place -> row number
  std::vector<int64_t> ties;    // by sorted place
};

// All happenings of the block, customer by customer, each customer's in (time, arrival) order.
struct Happenings {
  std::vector<uint16_t> locals;  // of the customers, increasing
  std::vector<uint32_t> starts;  // of each; one more at the end
  std::vector<Happening> events;
};

// The places of customers among those there are: of few rows what 65,536 customers take would be
// most of the work.
class Ranks {
 public:
  explicit Ranks(const std::vector<SortedSlice>& slices) {
    uint64_t first = 1024, last = 0;
    for (const SortedSlice& slice : slices) {
      for (const uint64_t key : slice.from->keys)
        first = std::min(first, key >> 38), last = std::max(last, key >> 38);
    }
    first_ = std::min(first, last);
    words_.resize(last - first_ + 1);
    before_.resize(words_.size());
    for (const SortedSlice& slice : slices) {
      for (const uint64_t key : slice.from->keys)
        words_[(key >> 38) - first_] |= 1ull << (key >> 32 & 63);
    }
    for (size_t w = 1; w < words_.size(); ++w)
      before_[w] = before_[w - 1] + CountBits(words_[w - 1]);
  }
  // REQUIRES: the key is of one of the slices.
  uint32_t Of(uint64_t key) const {
    const size_t w = (key >> 38) - first_;
    return before_[w] + CountBits(words_[w] & ((1ull << (key >> 32 & 63)) - 1));
  }
  std::vector<uint16_t> Locals() const {
    std::vector<uint16_t> locals;
    for (uint32_t w = 0; w < words_.size(); ++w) {
      for (uint64_t left = words_[w]; left; left &= left - 1)
        locals.push_back(static_cast<uint16_t>((first_ + w) * 64 +
                                               static_cast<uint64_t>(std::countr_zero(left))));
    }
    return locals;
  }

 private:
  uint64_t first_ = 0;            // of 64 customers each
  std::vector<uint64_t> words_;   // a bit per customer
  std::vector<uint32_t> before_;  // customers before each word
};

Happenings Interleave(const std::vector<SortedSlice>& slices, uint32_t row_count) {
  const Ranks ranks(slices);
  Happenings all{ranks.Locals(), {}, {}};
  all.starts.resize(all.locals.size() + 1);
  all.events.resize(row_count);
  for (const SortedSlice& slice : slices) {
    for (const uint64_t key : slice.from->keys) ++all.starts[ranks.Of(key) + 1];
  }
  std::partial_sum(all.starts.begin(), all.starts.end(), all.starts.begin());
  std::vector<uint32_t> next = all.starts;
  for (uint32_t s = 0; s < slices.size(); ++s) {
    for (uint32_t row = 0; row < slices[s].order.size(); ++row) {
      const uint32_t number = slices[s].order[row];
      const uint64_t key = slices[s].from->keys[number];
      all.events[next[ranks.Of(key)]++] = {static_cast<uint32_t>(key),
                                           slices[s].from->arrivals[number], s, row};
    }
  }
  for (size_t i = 0; i < all.locals.size(); ++i) {
    std::sort(all.events.begin() + all.starts[i], all.events.begin() + all.starts[i + 1],
              [](const Happening& a, const Happening& b) {
                return a.time != b.time ? a.time < b.time : a.arrival < b.arrival;
              });
  }
  return all;
}

void SetTies(const Happenings& all, std::vector<SortedSlice>* slices) {
  for (size_t customer = 0; customer < all.locals.size(); ++customer) {
    int64_t tie = 0;
    for (uint32_t i = all.starts[customer] + 1; i < all.starts[customer + 1]; ++i) {
      tie = all.events[i].time == all.events[i - 1].time ? tie + 1 : 0;
      if (tie != 0) (*slices)[all.events[i].slice].ties[all.events[i].row] = tie;
    }
  }
}

void WriteSlice(const SortedSlice& slice, ByteWriter* out) {
  const std::vector<uint64_t>& keys = slice.from->keys;
  out->U32(slice.from->event_type);
  out->U32(static_cast<uint32_t>(keys.size()));
  Runs runs;
  for (const uint32_t number : slice.order) runs.Add(static_cast<uint32_t>(keys[number] >> 32));
  runs.Write(out);
  for (const uint32_t number : slice.order) out->U32(static_cast<uint32_t>(keys[number]));
  out->PadToWord();
  PackInts(slice.ties, out);

  std::vector<ColumnBuilder>& columns = slice.from->columns;
  std::sort(columns.begin(), columns.end(), [](const ColumnBuilder& a, const ColumnBuilder& b) {
    return a.property() < b.property();
  });
  out->U32(static_cast<uint32_t>(columns.size()));
  out->U32(0);
  std::vector<uint32_t> place(keys.size());
  for (uint32_t i = 0; i < slice.order.size(); ++i) place[slice.order[i]] = i;
  for (ColumnBuilder& column : columns) column.Write(place, out);
}

void WriteTimeline(const Happenings& all, bool wide, ByteWriter* out) {
  Runs runs;
  for (size_t customer = 0; customer < all.locals.size(); ++customer) {
    for (uint32_t i = all.starts[customer]; i < all.starts[customer + 1]; ++i)
      runs.Add(all.locals[customer]);
  }
  runs.Write(out);
  for (const Happening& event : all.events) {
    if (wide) {
      out->U16(static_cast<uint16_t>(event.slice));
    } else {
      out->U8(static_cast<uint8_t>(event.slice));
    }
  }
  out->PadToWord();
}

}  // namespace

Image BlockBuilder::Build() {
  std::vector<SortedSlice> slices;
  for (auto& [event_type, slice] : state_->slices) {
    slices.push_back({&slice, slice.Order(), std::vector<int64_t>(slice.keys.size())});
  }
  CHECK(slices.size() <= UINT16_MAX);
  const Happenings all = Interleave(slices, state_->row_count);
  SetTies(all, &slices);

  const bool wide = slices.size() > kNarrowSlices;
  ByteWriter out;
  out.U32(kMagic);
  out.U32(state_->block);
  out.U64(static_cast<uint64_t>(state_->base_ms));
  out.U32(state_->row_count);
  out.U32(static_cast<uint32_t>(slices.size()));
  out.U32(wide);
  out.U32(0);
  for (const SortedSlice& slice : slices) WriteSlice(slice, &out);
  WriteTimeline(all, wide, &out);
  return Image(out.bytes());
}

uint32_t BlockBuilder::RowsOf(uint32_t local) { return state_->Rows().CountOf(local); }

std::optional<Image> BlockBuilder::BuildOf(std::span<const uint32_t> locals, const Wanted& wanted) {
  std::vector<BlockRows::Place> places;
  for (const uint32_t local : locals) state_->Rows().Find(local, wanted, &places);
  if (places.empty()) return std::nullopt;
  const auto arrival = [](const BlockRows::Place& at) { return at.slice->arrivals[at.row]; };
  std::ranges::sort(places, {}, arrival);
  BlockBuilder some(state_->block, state_->base_ms);
  std::vector<Cell> cells;
  for (const BlockRows::Place& at : places) {
    const uint64_t key = at.slice->keys[at.row];
    std::deque<ByteWriter> lists;
    cells.clear();
    for (const ColumnBuilder& column : at.slice->columns) {
      if (!Wanted::Has(wanted.properties, column.property())) continue;
      if (column.type() == ColumnType::kList) lists.emplace_back();
      const auto cell = column.CellAt(at.row, lists.empty() ? nullptr : &lists.back());
      if (cell) cells.push_back(*cell);
    }
    some.Add({at.slice->event_type, static_cast<uint32_t>(key >> 32),
              state_->base_ms + static_cast<uint32_t>(key), cells});
  }
  return some.Build();
}

namespace {

Result<EventSlice> ReadSlice(ByteReader* in) {
  EventSlice slice;
  slice.event_type = in->U32();
  slice.row_count = in->U32();
  slice.persons = TRY(ReadPersonIndex(in));
  const uint64_t bytes = (uint64_t{slice.row_count} * 4 + 7) / 8 * 8;
  slice.times = reinterpret_cast<const uint32_t*>(in->Raw(bytes).data());
  if (!in->ok()) return BadBlock("times are cut");
  if (slice.persons.row_count() != slice.row_count) return BadBlock("customers and rows differ");
  if (slice.row_count > 0) {
    const auto [first, last] = std::minmax_element(slice.times, slice.times + slice.row_count);
    slice.first_time = *first;
    slice.last_time = *last;
  }
  slice.ties = TRY(ReadPackedInts(in));
  if (slice.ties.size() != slice.row_count) return BadBlock("ties and rows differ");
  const uint32_t columns = in->U32();
  in->U32();
  if (columns > in->left() / 16) return BadBlock("columns are cut");
  for (uint32_t i = 0; i < columns; ++i) {
    slice.columns.push_back(TRY(ReadColumn(in)));
    if (slice.columns[i].row_count() != slice.row_count) return BadBlock("columns and rows differ");
    if (i > 0 && slice.columns[i].property() <= slice.columns[i - 1].property()) {
      return BadBlock("columns are not in order");
    }
  }
  return slice;
}

// Every customer's codes name slices that hold as many of their rows.
template <typename Code>
bool CodesMatch(const EventBlock& block, const Code* codes) {
  std::vector<uint32_t> counts(block.slices.size());
  bool match = true;
  block.timeline.persons.ForEach([&](uint32_t, RowRange range) {
    for (uint32_t i = range.begin; i < range.end; ++i) {
      if (codes[i] >= counts.size()) {
        match = false;
      } else {
        ++counts[codes[i]];
      }
    }
  });
  for (size_t s = 0; match && s < counts.size(); ++s)
    match = counts[s] == block.slices[s].row_count;
  return match;
}

Result<> ReadTimeline(bool wide, ByteReader* in, EventBlock* block) {
  block->timeline.persons = TRY(ReadPersonIndex(in));
  const uint64_t bytes = uint64_t{block->row_count} * (wide ? 2 : 1);
  const std::span<const uint8_t> codes = in->Raw((bytes + 7) / 8 * 8);
  if (!in->ok()) return BadBlock("timeline is cut");
  if (block->timeline.persons.row_count() != block->row_count) {
    return BadBlock("timeline and rows differ");
  }
  if (wide) {
    block->timeline.wide_codes = reinterpret_cast<const uint16_t*>(codes.data());
  } else {
    block->timeline.codes = codes.data();
  }
  const bool match = wide ? CodesMatch(*block, block->timeline.wide_codes)
                          : CodesMatch(*block, block->timeline.codes);
  if (!match) return BadBlock("timeline does not match its slices");
  return {};
}

}  // namespace

Result<EventBlock> ReadBlockImage(std::span<const uint8_t> bytes) {
  CHECK(reinterpret_cast<uintptr_t>(bytes.data()) % 8 == 0);
  ByteReader in(bytes);
  EventBlock block;
  if (in.U32() != kMagic) return BadBlock("not a block image");
  block.block = in.U32();
  block.base_ms = static_cast<int64_t>(in.U64());
  block.row_count = in.U32();
  const uint32_t slices = in.U32();
  const uint32_t wide = in.U32();
  in.U32();
  if (!in.ok() || slices > UINT16_MAX || wide > 1) return BadBlock("impossible head");
  uint64_t rows = 0;
  for (uint32_t i = 0; i < slices; ++i) {
    block.slices.push_back(TRY(ReadSlice(&in)));
    rows += block.slices[i].row_count;
    if (i > 0 && block.slices[i].event_type <= block.slices[i - 1].event_type) {
      return BadBlock("event types are not in order");
    }
  }
  if (rows != block.row_count) return BadBlock("slices and rows differ");
  TRY(ReadTimeline(wide != 0, &in, &block));
  block.days = std::make_shared<DayIndex>(block.slices.size());
  return block;
}

Image BuildColumn(uint32_t property, ColumnType type, std::span<const Cell* const> cells) {
  ColumnBuilder builder(property, type);
  for (uint32_t row = 0; row < cells.size(); ++row) {
    if (cells[row]) builder.Add(row, *cells[row]);
  }
  return builder.WriteAlone(cells.size());
}

Result<Column> ReadColumnImage(std::span<const uint8_t> bytes) {
  CHECK(reinterpret_cast<uintptr_t>(bytes.data()) % 8 == 0);
  ByteReader in(bytes);
  return ReadColumn(&in);
}

}  // namespace waypost::column
