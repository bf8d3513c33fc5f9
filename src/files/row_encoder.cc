#include "files/row_encoder.h"

#include <algorithm>
#include <utility>

namespace waypost::files {
namespace {

constexpr int64_t kHourMs = 3'600'000;
// 1900-01-01 to 2100-01-01: what lies outside is read with the wrong format.
constexpr int64_t kMinEventMs = -2'208'988'800'000;
constexpr int64_t kMaxEventMs = 4'102'444'800'000;
// As of the other ways in.
constexpr size_t kMaxIdentity = 255;
constexpr size_t kMaxEventName = 128;
constexpr size_t kMaxSeen = 1 << 24;
constexpr size_t kMaxCachedEvents = 10'000;

Error MissingColumn(const std::string& name, std::span<const std::string> columns) {
  std::string there;
  for (size_t i = 0; i < columns.size() && there.size() < 300; ++i)
    there += (i ? ", " : "") + columns[i];
  return {Code::kInvalid, "bad_file", "there is no column \"" + name + "\"; the file has " + there};
}

ItemKind RowKindOf(RowsRule::Mode mode) {
  if (mode == RowsRule::Mode::kDelete) return ItemKind::kRowDelete;
  return mode == RowsRule::Mode::kReplace ? ItemKind::kStagedRow : ItemKind::kRow;
}

}  // namespace

std::vector<std::string> MappedColumns(const Mapping& mapping) {
  std::vector<std::string> out;
  const auto add = [&](const std::string& column) {
    if (!column.empty() && column != kRowColumn && std::ranges::find(out, column) == out.end())
      out.push_back(column);
  };
  for (const IdentityRule& rule : mapping.identities) {
    add(rule.column);
    add(rule.key_column);
  }
  add(mapping.event_column);
  add(mapping.item_column);
  if (mapping.time) add(mapping.time->column);
  add(mapping.message_id_column);
  for (const PropertyRule& rule : mapping.properties) add(rule.column);
  return out;
}

bool RowEncoder::Property::is_null(std::string_view text) const {
  return std::ranges::find(nulls, text) != nulls.end();
}

Result<RowEncoder> RowEncoder::Bind(const Mapping& mapping, const std::string& source,
                                    const std::string& file, std::span<const std::string> columns) {
  RowEncoder encoder(mapping, source, file);
  TRY(encoder.BindColumns(columns));
  TRY(encoder.BindValues(columns));
  return encoder;
}

Result<> RowEncoder::BindColumns(std::span<const std::string> columns) {
  const std::vector<std::string> mapped = MappedColumns(mapping_);
  for (const std::string& name : mapped) {
    if (std::ranges::find(columns, name) == columns.end()) return MissingColumn(name, columns);
  }
  const auto place = [&](const std::string& name) {
    if (name == kRowColumn) return kRow;
    return name.empty() ? kNone
                        : static_cast<uint32_t>(std::ranges::find(columns, name) - columns.begin());
  };
  for (const IdentityRule& rule : mapping_.identities)
    identities_.push_back({place(rule.column), place(rule.key_column), rule.key, {}, {}, {}});
  event_column_ = place(mapping_.event_column);
  item_column_ = place(mapping_.item_column);
  message_column_ = place(mapping_.message_id_column);
  if (mapping_.time) time_column_ = place(mapping_.time->column);
  for (const std::string& name : columns) {
    const bool meant = std::ranges::find(mapped, name) != mapped.end() ||
                       std::ranges::find(mapping_.ignore, name) != mapping_.ignore.end();
    if (mapping_.kind != Mapping::Kind::kRows && IsProtectedName(name) && !meant)
      protected_.emplace_back(place(name), name);
  }
  return {};
}

Result<> RowEncoder::BindValues(std::span<const std::string> columns) {
  const std::string& zone = mapping_.table.zone;
  if (mapping_.time)
    time_reader_ = TRY(CellReader::Make(ValueType::kDateTime, mapping_.time->format, "|", zone));
  for (const PropertyRule& rule : mapping_.properties) {
    properties_.push_back(
        {static_cast<uint32_t>(std::ranges::find(columns, rule.column) - columns.begin()),
         rule.column, rule.name,
         TRY(CellReader::Make(rule.type, rule.format, rule.separator, zone)), rule.nulls});
  }
  for (const ConstantRule& rule : mapping_.constants) {
    constants_.push_back({rule.name, TRY(CellReader::Make(rule.type, "iso", "|", zone)), {}});
    constants_.back().field.SetText(rule.text);
  }
  for (const auto& [id, name] : mapping_.event_names) events_.emplace(id, Event{name});
  if (!mapping_.event_name.empty()) events_.emplace("", Event{mapping_.event_name});
  return {};
}

std::optional<Reject> RowEncoder::Encode(const Record& record, int64_t now_ms, BatchWriter* out) {
  meta_ = {.time_ms = now_ms};
  if (!record.problem.empty()) {
    Refuse("", record.problem);
    return reject_;
  }
  for (const auto& [column, name] : protected_) {
    std::string scratch;
    if (TextOf(record, column, &scratch).empty()) continue;
    Refuse(name,
           "is protected and cannot be loaded from files; empty it, or add it to ignore in the "
           "mapping");
    return reject_;
  }
  if (!ReadSubject(record) || !ReadEvent(record) || !ReadTime(record, now_ms)) return reject_;
  Begin(record, out);
  if (!AddProperties(record, out)) {
    out->DropItem();
    return reject_;
  }
  out->EndItem();
  Count();
  return std::nullopt;
}

void RowEncoder::Count() {
  ++report_.loaded;
  if (event_) {
    ++event_->count;
    report_.first_ms = std::min(report_.first_ms, meta_.time_ms);
    report_.last_ms = std::max(report_.last_ms, meta_.time_ms);
    return;
  }
  if (mapping_.kind == Mapping::Kind::kRows || seen_.size() >= kMaxSeen) return;
  const uint64_t subject =
      item_column_ != kNone ? Hash64(item_text_) : Hash64(identities_[0].value);
  if (!seen_.insert(subject).second) ++report_.duplicates;
}

ImportReport RowEncoder::TakeReport() {
  FlushEvents();
  return std::exchange(report_, {});
}

void RowEncoder::FlushEvents() {
  for (auto& [text, event] : events_) {
    if (event.count) report_.CountEvents(event.name, std::exchange(event.count, 0));
  }
}

bool RowEncoder::IsNull(std::string_view text) const {
  return std::ranges::find(mapping_.table.nulls, text) != mapping_.table.nulls.end();
}

const Field* RowEncoder::Cell(const Record& record, uint32_t column, Field* plain,
                              std::string* text) {
  const Field& field = record.fields[column];
  if (field.kind != Field::Kind::kText) return field.kind == Field::Kind::kTyped ? &field : nullptr;
  if (IsNull(field.value.text)) return nullptr;
  if (!field.value.text.empty() && (field.value.text[0] & 0x80) &&
      PlainDigits(field.value.text, text)) {
    ++report_.normalised;
    plain->SetText(*text);
    return plain;
  }
  return &field;
}

std::string_view RowEncoder::TextOf(const Record& record, uint32_t column, std::string* scratch) {
  const Field* field = Cell(record, column, &plain_, scratch);
  return field ? CellText(field->value, scratch) : std::string_view();
}

bool RowEncoder::ReadSubject(const Record& record) {
  if (item_column_ != kNone) {
    item_text_ = TextOf(record, item_column_, &item_scratch_);
    return !item_text_.empty() || Refuse(mapping_.item_column, "is empty: an item needs its id");
  }
  bool any = false;
  for (Identity& identity : identities_) {
    if (identity.column == kRow) {
      identity.value =
          identity.value_text.assign(file_).append(":").append(std::to_string(record.number));
    } else {
      identity.value = TextOf(record, identity.column, &identity.value_text);
    }
    if (identity.key_column != kNone)
      identity.key = TextOf(record, identity.key_column, &identity.key_text);
    if (identity.key.empty()) identity.value = {};
    if (identity.value.size() > kMaxIdentity) {
      return Refuse(mapping_.identities[static_cast<size_t>(&identity - identities_.data())].column,
                    "is longer than 255 bytes");
    }
    any |= !identity.value.empty();
  }
  return any || identities_.empty() ||
         Refuse(mapping_.identities[0].column, "is empty: a row needs an identity");
}

bool RowEncoder::ReadEvent(const Record& record) {
  event_ = nullptr;
  if (mapping_.kind != Mapping::Kind::kEvents) return true;
  const std::string_view text =
      event_column_ == kNone ? "" : TextOf(record, event_column_, &event_text_);
  auto found = events_.find(text);
  if (found == events_.end()) {
    if (text.empty()) return Refuse(mapping_.event_column, "is empty: an event needs a name");
    if (!mapping_.event_names.empty())
      return Refuse(mapping_.event_column, "is none of the names in the mapping");
    if (text.size() > kMaxEventName)
      return Refuse(mapping_.event_column, "is longer than 128 bytes");
    if (events_.size() > kMaxCachedEvents) {
      FlushEvents();
      events_.clear();
    }
    found = events_.emplace(std::string(text), Event{std::string(text)}).first;
  }
  event_ = &found->second;
  return true;
}

bool RowEncoder::ReadTime(const Record& record, int64_t now_ms) {
  if (time_column_ == kNone) return true;
  const Field* field = Cell(record, time_column_, &plain_, &plain_text_);
  if (!field) return Refuse(mapping_.time->column, "is empty: a row needs its time");
  const auto time = time_reader_->Read(*field, &reject_.reason);
  if (!time) return Refuse(mapping_.time->column, reject_.reason);
  if (time->whole < kMinEventMs || time->whole >= kMaxEventMs) {
    return Refuse(mapping_.time->column, "lies outside of 1900 to 2099; is the format right?");
  }
  meta_.time_ms = time->whole;
  if (meta_.time_ms > now_ms + kHourMs) {
    meta_.time_ms = now_ms;
    meta_.time_fixed = true;
    ++report_.fixed_times;
  }
  return true;
}

void RowEncoder::Begin(const Record& record, BatchWriter* out) {
  meta_.message_id =
      message_column_ == kNone ? "" : TextOf(record, message_column_, &message_text_);
  if (mapping_.kind == Mapping::Kind::kItems) {
    return out->BeginItem(ItemKind::kItem, mapping_.item_type, item_text_, meta_);
  }
  if (mapping_.kind == Mapping::Kind::kRows) {
    key_.clear();
    if (mapping_.rows.numbered)
      key_.assign(file_).append(":").append(std::to_string(record.number));
    out->BeginItem(RowKindOf(mapping_.rows.mode), mapping_.rows.table, key_, meta_);
    return AddIdentities(out);
  }
  if (mapping_.kind == Mapping::Kind::kProfiles) {
    out->BeginItem(ItemKind::kProfile, kProfileSet, {}, meta_);
  } else {
    if (!meta_.message_id.empty()) {
      key_.assign(source_)
          .append(1, '\0')
          .append(meta_.message_id)
          .append(1, '\0')
          .append(event_->name);
      key_.append(1, '\0').append(std::to_string(meta_.time_ms));
      meta_.dedup_key = key_;
    }
    out->BeginEvent(event_->name, meta_);
  }
  AddIdentities(out);
}

void RowEncoder::AddIdentities(BatchWriter* out) const {
  for (const Identity& identity : identities_) {
    if (!identity.value.empty()) out->AddIdentity(identity.key, identity.value);
  }
}

bool RowEncoder::AddProperties(const Record& record, BatchWriter* out) {
  for (Property& property : properties_) {
    const Field* field = Cell(record, property.column, &plain_, &plain_text_);
    if (!field || (!property.nulls.empty() && field->kind == Field::Kind::kText &&
                   property.is_null(field->value.text)))
      continue;
    const auto value = property.reader.Read(*field, &reject_.reason);
    if (!value) return Refuse(property.column_name, reject_.reason);
    out->AddProperty(property.name, *value);
  }
  for (Constant& constant : constants_) {
    out->AddProperty(constant.name, *constant.reader.Read(constant.field, &reject_.reason));
  }
  return true;
}

bool RowEncoder::Refuse(std::string_view column, std::string_view reason) {
  reject_ = {column, reason};
  return false;
}

}  // namespace waypost::files
