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

// Who has the values that the entry speaks of.
journeys::MembersOf ValuesOf(const EntryRule& entry, const column::CustomerColumns& columns) {
  journeys::MembersOf sets;
  for (const std::string* value : {&entry.from, &entry.to}) {
    if (!value->empty())
      sets.try_emplace(journeys::SetOfValue(entry.tag, *value), Having(columns, *value));
  }
  return sets;
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

void Journeys::OnValues(const TagChange& change) {
  Hold([&] {
    answers_.SetsChanged();
    journeys::MembersOf now;
    for (const journeys::JourneyState& journey : machine_->state().journeys()) {
      const EntryRule& entry = journey.now().entry;
      if (entry.kind != journeys::EntryKind::kTag || !change.tag.IsCalled(entry.tag)) continue;
      now.merge(ValuesOf(entry, *change.now.columns));
    }
    machine_->OnSets(now, HeardMs(), &pending_);
    for (const journeys::Subject& subject : FollowedAs(journeys::Subject::Kind::kTag, change.tag))
      TellMoved(subject, change.before ? &change.changed : nullptr);
  });
  if (const Result<> written = WriteDecisions(); !written.ok()) {
    LogError("journeys.unwritten", {{"error", written.error().message()}});
  }
}

// Of a tag that nobody has a value of yet, it is heard when somebody has.
Result<journeys::MembersOf> Journeys::TagNow(const EntryRule& entry) const {
  if (entry.kind != journeys::EntryKind::kTag) return journeys::MembersOf();
  const engine::Reading reading = TRY(engine_->Read());
  const tags::TagBook book(*TRY(catalogs_.Find(project_))->tags, reading.snapshot->view(),
                           TRY(analytics::Calendar::Of(answers_.zone())));
  const auto values = book.Find(entry.tag, NowMs());
  return values.ok() ? ValuesOf(entry, *values.value().columns) : journeys::MembersOf();
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
  std::optional<journeys::MembersOf> before;
  for (const auto& day : TRY(book.History(entry.tag, {from_ms, until_ms}))) {
    journeys::MembersOf now = ValuesOf(entry, *day.columns);
    if (before && day.from_ms >= from_ms) {
      const journeys::Moved moved = journeys::MovedBy(entry, *before, now);
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
