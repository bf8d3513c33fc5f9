// Journeys that customers come into when a tag becomes another.
#include <algorithm>
#include <bit>
#include <charconv>

#include "base/logger.h"
#include "services/journeys.h"
#include "tags/tags.h"

namespace waypost::services {
namespace {

using journeys::EntryRule;

// What is heard of a value of a tag stands beside what is heard of segments.
std::string HeardOf(const std::string& tag, const std::string& value) {
  return "tag\x1f" + tag + "\x1f" + value;
}

bool IsValue(const column::Column& column, uint32_t row, const std::string& value) {
  switch (column.type()) {
    case column::ColumnType::kString:
      return column.Text(row) == value;
    case column::ColumnType::kBool:
      return value == (column.Whole(row) ? "true" : "false");
    case column::ColumnType::kList: {
      const column::RowRange items = column.Items(row);
      for (uint32_t i = items.begin; i < items.end; ++i) {
        if (column.dictionary().Text(column.ItemCode(i)) == value) return true;
      }
      return false;
    }
    default: {
      double number = 0;
      const auto read = std::from_chars(value.data(), value.data() + value.size(), number);
      if (read.ec != std::errc() || read.ptr != value.data() + value.size()) return false;
      return number == (column.type() == column::ColumnType::kDouble
                            ? column.Real(row)
                            : static_cast<double>(column.Whole(row)));
    }
  }
}

// Who has the value; of a list, as an item.
exec::CustomerBits Having(const column::CustomerColumns& columns, const std::string& value) {
  exec::CustomerBits bits;
  if (columns.columns().empty()) return bits;
  constexpr size_t kWords = column::PersonIndex::kWords;
  bits.resize((size_t{columns.columns().rbegin()->first} + 1) * kWords);
  for (const auto& [block, column] : columns.columns()) {
    for (uint32_t row = 0; row < column.row_count(); ++row) {
      if (!column.IsNull(row) && IsValue(column, row, value))
        bits[block * kWords + row / 64] |= 1ull << (row % 64);
    }
  }
  return bits;
}

uint64_t WordOf(const exec::CustomerBits* bits, size_t w) {
  return bits && w < bits->size() ? (*bits)[w] : 0;
}

// Who has a value, and had it before; null: the entry does not ask for one.
struct Side {
  const exec::CustomerBits *before = nullptr, *now = nullptr;
};

void AddOrdinals(size_t w, uint64_t word, std::vector<Ordinal>* moved) {
  for (; word; word &= word - 1)
    moved->push_back(static_cast<Ordinal>(w * 64) + static_cast<Ordinal>(std::countr_zero(word)));
}

struct Moved {
  std::vector<Ordinal> came, left;
};
Moved Compare(const Side& from, const Side& to) {
  size_t words = 0;
  for (const auto* bits : {from.before, from.now, to.before, to.now})
    words = std::max(words, bits ? bits->size() : 0);
  Moved moved;
  for (size_t w = 0; w < words; ++w) {
    const uint64_t was_from = WordOf(from.before, w), is_from = WordOf(from.now, w);
    const uint64_t was_to = WordOf(to.before, w), is_to = WordOf(to.now, w);
    const uint64_t gone = from.now ? was_from & ~is_from : ~0ull;
    const uint64_t there = to.now ? is_to & ~was_to : ~0ull;
    AddOrdinals(w, gone & there, &moved.came);
    AddOrdinals(w, to.now ? was_to & ~is_to : is_from & ~was_from, &moved.left);
  }
  return moved;
}

}  // namespace

bool Journeys::Follows(const tags::LiveDefinition& tag) {
  bool follows = false;
  Hold([&] {
    follows = std::ranges::any_of(machine_->state().journeys(), [&](const auto& journey) {
      const EntryRule& entry = journey.now().entry;
      return entry.kind == journeys::EntryKind::kTag && tag.IsCalled(entry.tag);
    });
    follows |= !FollowedAs(journeys::Subject::Kind::kTag, tag).empty();
  });
  return follows;
}

// Who came or went is told by comparing with what was heard, also after a restart.
void Journeys::OnValues(const TagChange& change) {
  Hold([&] {
    answers_.SetsChanged();
    std::map<std::string, exec::CustomerBits> now;  // as heard_
    for (const journeys::JourneyState& journey : machine_->state().journeys()) {
      const EntryRule& entry = journey.now().entry;
      if (entry.kind != journeys::EntryKind::kTag || !change.tag.IsCalled(entry.tag)) continue;
      for (const std::string* value : {&entry.from, &entry.to}) {
        const std::string key = HeardOf(entry.tag, *value);
        if (!value->empty() && !now.contains(key)) now[key] = Having(*change.now.columns, *value);
      }
      HearTag(journey, now);
    }
    for (auto& [key, bits] : now) heard_[key] = std::move(bits);
    for (const journeys::Subject& subject : FollowedAs(journeys::Subject::Kind::kTag, change.tag))
      TellMoved(subject, change.before ? &change.changed : nullptr);
  });
  if (const Result<> written = WriteDecisions(); !written.ok()) {
    LogError("journeys.unwritten", {{"error", written.error().message()}});
  }
}

void Journeys::HearTag(const journeys::JourneyState& journey,
                       const std::map<std::string, exec::CustomerBits>& now) {
  const EntryRule& entry = journey.now().entry;
  Side from, to;
  for (const auto& [side, value] : {std::pair{&from, &entry.from}, {&to, &entry.to}}) {
    if (value->empty()) continue;
    const std::string key = HeardOf(entry.tag, *value);
    const auto heard = heard_.find(key);
    if (heard == heard_.end()) return;  // from here on it is heard
    *side = {&heard->second, &now.at(key)};
  }
  // Who is known by another ordinal now has neither come nor left.
  const auto other = [&](Ordinal customer) {
    return customer >= answers_.identities().ordinal_count() ||
           answers_.identities().root(customer) != customer;
  };
  auto [came, left] = Compare(from, to);
  std::erase_if(came, other);
  std::erase_if(left, other);
  machine_->OnMembers(journey.id, came, left, NowMs(), &pending_);
}

// What decisions since what was heard was kept say of the customer's value.
void Journeys::HearTagAgain(const EntryRule& entry, Ordinal customer, bool moved_on) {
  for (const auto& [value, has] : {std::pair{&entry.from, !moved_on}, {&entry.to, moved_on}}) {
    const auto heard = heard_.find(HeardOf(entry.tag, *value));
    if (value->empty() || heard == heard_.end()) continue;
    exec::CustomerBits& bits = heard->second;
    bits.resize(std::max<size_t>(bits.size(), customer / 64 + 1));
    const uint64_t bit = 1ull << (customer % 64);
    uint64_t& word = bits[customer / 64];
    word = has ? word | bit : word & ~bit;
  }
}

// Each day that has values is compared with the one before, also with the newest before `from_ms`;
// the first that are heard of move nobody.
Result<std::vector<journeys::PastMove>> Journeys::TagMoves(const EntryRule& entry,
                                                           const engine::Reading& reading,
                                                           int64_t from_ms,
                                                           int64_t until_ms) const {
  const tags::TagBook book(*TRY(catalogs_.Find(project_))->tags, reading.snapshot->view(),
                           TRY(analytics::Calendar::Of(answers_.zone())));
  std::vector<journeys::PastMove> moves;
  std::optional<std::pair<exec::CustomerBits, exec::CustomerBits>> before;
  for (const auto& day : TRY(book.History(entry.tag, {from_ms, until_ms}))) {
    std::pair now(Having(*day.columns, entry.from), Having(*day.columns, entry.to));
    if (before && day.from_ms >= from_ms) {
      const auto side = [](const std::string& value, const auto& was, const auto& is) {
        return value.empty() ? Side() : Side{&was, &is};
      };
      const Moved moved = Compare(side(entry.from, before->first, now.first),
                                  side(entry.to, before->second, now.second));
      for (const Ordinal customer : moved.left) moves.push_back({day.from_ms, customer, false});
      for (const Ordinal customer : moved.came) moves.push_back({day.from_ms, customer, true});
    }
    before = std::move(now);
  }
  return moves;
}

Result<> Journeys::CheckCertified(const std::string& name) const {
  tags::Tags& tags = *TRY(catalogs_.Find(project_))->tags;
  const catalog::Definition tag = TRY(tags.FindNamed(name));
  if (TRY(tags.HistoryOf(tag))->certified_version != 0 && tag.state != "retired") return {};
  return Error(Code::kInvalid, "journey_invalid",
               "the tag '" + name + "' is " + tag.state + ": only certified tags are followed");
}

// The tag that customers come in by must be there, certified.
Result<> Journeys::CheckTag(const journeys::Journey& journey) const {
  if (journey.entry.kind != journeys::EntryKind::kTag) return {};
  Result<> certified = CheckCertified(journey.entry.tag);
  if (!certified.ok()) return std::move(certified).error().While("entry.tag");
  return {};
}

}  // namespace waypost::services
