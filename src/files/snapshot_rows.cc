#include "files/snapshot_rows.h"

#include <algorithm>
#include <set>

#include "base/bytes.h"

namespace waypost::files {
namespace {

bool BitAt(std::span<const uint64_t> words, uint32_t bit) {
  return bit / 64 < words.size() && (words[bit / 64] >> (bit % 64) & 1);
}

// The cell of a column, as the property's type: whole numbers may stand in for real ones.
std::optional<Value> CellOf(const column::Column& column, uint32_t row, ValueType type,
                            std::string* list) {
  if (row >= column.row_count() || column.IsNull(row)) return std::nullopt;
  const auto stored = static_cast<ValueType>(column.type());
  if (stored == ValueType::kInt && type == ValueType::kDouble) {
    return Value::Double(static_cast<double>(column.Whole(row)));
  }
  if (stored != type) return std::nullopt;
  Value value{.type = type};
  if (type == ValueType::kString) {
    value.text = column.Text(row);
  } else if (type == ValueType::kDouble) {
    value.real = column.Real(row);
  } else if (type == ValueType::kList) {
    ByteWriter packed;
    const column::RowRange items = column.Items(row);
    for (uint32_t i = items.begin; i < items.end; ++i)
      packed.Text(column.dictionary().Text(column.ItemCode(i)));
    *list = AsText(packed.bytes());
    value.text = *list;
  } else {
    value.whole = column.Whole(row);
  }
  return value;
}

// What both kinds of rows share: the identity's two cells, and the chosen properties.
class SnapshotRows : public RowCursor {
 public:
  SnapshotRows(const column::SnapshotView& snapshot, const ExportNames& names)
      : snapshot_(snapshot), names_(names) {
    columns_ = {{"identity_key", ValueType::kString}, {"identity", ValueType::kString}};
  }

  std::span<const OutputColumn> columns() const override { return columns_; }

  Result<> Choose(const std::vector<ExportNames::Property>& known,
                  const std::vector<std::string>& wanted) {
    for (const std::string& name : wanted) {
      if (std::ranges::find(known, name, &ExportNames::Property::name) == known.end()) {
        return Error(Code::kInvalid, "unknown_property", "there is no property \"" + name + "\"");
      }
    }
    for (const ExportNames::Property& property : known) {
      if (!wanted.empty() && std::ranges::find(wanted, property.name) == wanted.end()) continue;
      properties_.push_back(property);
      columns_.push_back({property.name, property.type});
    }
    cells_.resize(columns_.size());
    lists_.resize(columns_.size());
    return {};
  }

 protected:
  void SetIdentity(Ordinal ordinal) {
    identity_ = names_.IdentityOf(ordinal);
    cells_[0] = Value::String(identity_.key);
    cells_[1] = Value::String(identity_.value);
  }
  void SetCell(size_t property, const column::Column* column, uint32_t row) {
    const size_t at = columns_.size() - properties_.size() + property;
    cells_[at] =
        column ? CellOf(*column, row, properties_[property].type, &lists_[at]) : std::nullopt;
  }

  const column::SnapshotView& snapshot_;
  const ExportNames& names_;
  std::vector<OutputColumn> columns_;
  std::vector<ExportNames::Property> properties_;
  std::vector<std::optional<Value>> cells_;

 private:
  std::vector<std::string> lists_;
  ExportNames::Identity identity_;
};

class EventRows final : public SnapshotRows {
 public:
  EventRows(const column::SnapshotView& snapshot, const ExportNames& names,
            const ExportOptions& options)
      : SnapshotRows(snapshot, names), from_ms_(options.from_ms), to_ms_(options.to_ms) {
    columns_.push_back({"event", ValueType::kString});
    columns_.push_back({"time", ValueType::kDateTime});
  }

  Result<> ChooseEvents(const std::vector<std::string>& wanted) {
    all_events_ = wanted.empty();
    for (const std::string& name : wanted) {
      const auto type = names_.FindEvent(name);
      if (!type)
        return Error(Code::kInvalid, "unknown_event", "there is no event \"" + name + "\"");
      events_.insert(*type);
    }
    return {};
  }

  std::span<const std::optional<Value>> Next() override {
    for (;;) {
      while (row_ == rows_.end) {
        if (!NextPerson()) return {};
      }
      const uint32_t row = row_++;
      const int64_t time_ms = base_ms_ + slice_->times[row];
      if (time_ms < from_ms_ || time_ms >= to_ms_) continue;
      cells_[3] = Value::DateTime(time_ms);
      for (size_t i = 0; i < properties_.size(); ++i) SetCell(i, slice_columns_[i], row);
      return cells_;
    }
  }

 private:
  struct Person {
    uint32_t local;
    column::RowRange rows;
  };

  bool NextPerson() {
    while (person_ == persons_.size()) {
      if (!NextSlice()) return false;
    }
    const Person& person = persons_[person_++];
    rows_ = person.rows;
    row_ = rows_.begin;
    const Ordinal ordinal = snapshot_.blocks[block_].block << kBlockBits | person.local;
    if (BitAt(snapshot_.erased, ordinal)) {
      row_ = rows_.end;
    } else {
      SetIdentity(ordinal);
    }
    return true;
  }

  bool NextSlice() {
    persons_.clear();
    person_ = 0;
    for (; block_ < snapshot_.blocks.size(); ++block_, part_ = 0) {
      const auto& parts = snapshot_.blocks[block_].parts;
      for (; part_ < parts.size(); ++part_, slice_index_ = 0) {
        if (slice_index_ < parts[part_]->slices.size()) {
          OpenSlice(*parts[part_], parts[part_]->slices[slice_index_++]);
          return true;
        }
      }
    }
    return false;
  }

  void OpenSlice(const column::EventBlock& part, const column::EventSlice& slice) {
    if (!all_events_ && !events_.contains(slice.event_type)) return;
    slice_ = &slice;
    base_ms_ = part.base_ms;
    event_name_ = names_.EventName(slice.event_type);
    cells_[2] = Value::String(event_name_);
    slice_columns_.clear();
    for (const ExportNames::Property& property : properties_)
      slice_columns_.push_back(slice.Find(property.id));
    slice.persons.ForEach(
        [&](uint32_t local, column::RowRange rows) { persons_.push_back({local, rows}); });
  }

  const int64_t from_ms_, to_ms_;
  bool all_events_ = true;
  std::set<EventTypeId> events_;

  size_t block_ = 0, part_ = 0, slice_index_ = 0;  // of the slice after this one
  const column::EventSlice* slice_ = nullptr;
  int64_t base_ms_ = 0;
  std::string event_name_;
  std::vector<const column::Column*> slice_columns_;  // by property
  std::vector<Person> persons_;
  size_t person_ = 0;
  column::RowRange rows_;
  uint32_t row_ = 0;
};

class CustomerRows final : public SnapshotRows {
 public:
  CustomerRows(const column::SnapshotView& snapshot, const ExportNames& names,
               const ExportOptions& options)
      : SnapshotRows(snapshot, names), members_(options.members) {}

  std::span<const std::optional<Value>> Next() override {
    while (next_ < snapshot_.ordinal_count) {
      const Ordinal ordinal = next_++;
      if (members_ && !BitAt(*members_, ordinal)) continue;
      if (BitAt(snapshot_.erased, ordinal)) continue;
      if (BitAt(snapshot_.clustered, ordinal) && !snapshot_.clusters.Find(ordinal)) continue;
      SetIdentity(ordinal);
      for (size_t i = 0; i < properties_.size(); ++i) SetAttribute(i, ordinal);
      return cells_;
    }
    return {};
  }

 private:
  void SetAttribute(size_t property, Ordinal ordinal) {
    const column::BlockView* block = snapshot_.FindBlock(ordinal >> kBlockBits);
    const column::Column* column = block ? block->FindAttribute(properties_[property].id) : nullptr;
    SetCell(property, column, ordinal % kBlockSize);
  }

  const std::shared_ptr<const std::vector<uint64_t>> members_;
  Ordinal next_ = 0;
};

}  // namespace

Result<std::unique_ptr<RowCursor>> MakeSnapshotRows(const column::SnapshotView& snapshot,
                                                    const ExportNames& names,
                                                    const ExportOptions& options) {
  if (options.kind == ExportOptions::Kind::kCustomers) {
    auto rows = std::make_unique<CustomerRows>(snapshot, names, options);
    TRY(rows->Choose(names.Attributes(), options.properties));
    return std::unique_ptr<RowCursor>(std::move(rows));
  }
  auto rows = std::make_unique<EventRows>(snapshot, names, options);
  TRY(rows->ChooseEvents(options.events));
  TRY(rows->Choose(names.EventProperties(), options.properties));
  return std::unique_ptr<RowCursor>(std::move(rows));
}

}  // namespace waypost::files
