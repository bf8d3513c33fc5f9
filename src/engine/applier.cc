#include "engine/applier.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>

#include "base/hash.h"
#include "base/logger.h"
#include "model/time_text.h"

namespace waypost::engine {
namespace {

using column::Cell;
using column::ColumnType;

Cell CellOf(PropertyId property, const Value& value) {
  return {property, static_cast<ColumnType>(value.type), value.whole, value.real, value.text};
}

// Years 1900 to 2200: what calendars, months and parts are reckoned for.
constexpr int64_t kEarliestMs = -2'208'988'800'000;
constexpr int64_t kLatestMs = 7'258'118'400'000;

// A journal of keys may hold this many times what is alive before it is written anew.
constexpr size_t kJournalSlack = 3;

identity::LinkRule LinkRuleOf(const ItemView& item) {
  using identity::LinkRule;
  if (item.kind != ItemKind::kLink) return LinkRule::kSeenTogether;
  if (item.what == "signup") return LinkRule::kSignup;
  if (item.what == "bind") return LinkRule::kBind;
  return item.what == "alias" ? LinkRule::kAlias : LinkRule::kLink;
}

store::Survivorship KindOf(std::string_view name) {
  using store::Survivorship;
  if (name == "first") return Survivorship::kFirst;
  if (name == "source") return Survivorship::kSource;
  if (name == "min") return Survivorship::kMin;
  if (name == "max") return Survivorship::kMax;
  return name == "union" ? Survivorship::kUnion : Survivorship::kLast;
}

std::optional<store::AttributeOp> OpOf(std::string_view name) {
  if (name == kProfileSet) return store::AttributeOp::kSet;
  if (name == kProfileSetOnce) return store::AttributeOp::kSetOnce;
  if (name == kProfileIncrement) return store::AttributeOp::kIncrement;
  if (name == kProfileAppend) return store::AttributeOp::kAppend;
  if (name == kProfileUnset) return store::AttributeOp::kUnset;
  return std::nullopt;
}

}  // namespace

std::string ValueAsJson(const Value& value) {
  switch (value.type) {
    case ValueType::kBool:
      return value.whole ? "true" : "false";
    case ValueType::kInt:
      return fmt::format("{}", value.whole);
    case ValueType::kDouble:
      return fmt::format("{}", value.real);
    case ValueType::kDecimal:
      return fmt::format("\"{}{}.{:04}\"", value.whole < 0 ? "-" : "",
                         std::abs(value.whole / kDecimalScale),
                         std::abs(value.whole % kDecimalScale));
    case ValueType::kDateTime:
      return JsonQuoted(DateTimeText(value.whole));
    case ValueType::kDate:
      return JsonQuoted(DateText(value.whole));
    case ValueType::kString:
      return JsonQuoted(value.text);
    case ValueType::kList:
      break;
  }
  std::string list = "[";
  for (const std::string_view item : ListItems(value.text)) {
    list += (list.size() > 1 ? "," : "") + JsonQuoted(item);
  }
  return list + "]";
}

std::string ValueAsText(const Value& value) {
  if (value.type == ValueType::kString) return std::string(value.text);
  std::string text = ValueAsJson(value);
  if (text.starts_with('"')) text = text.substr(1, text.size() - 2);
  return text;
}

Result<std::unique_ptr<Applier>> Applier::Open(store::Store& store, Follower* follower,
                                               identity::KeyedHash hash) {
  std::unique_ptr<Applier> applier(new Applier(store, follower, std::move(hash)));
  if (const Bytes* plan = store.Blob("plan")) applier->plan_ = TRY(TrackingPlan::Decode(*plan));
  if (const Bytes* kept = store.Blob("quarantine")) {
    applier->quarantine_ = TRY(Quarantine::Decode(*kept));
  }
  // Tables and the follower take the longest, and nothing else here is about them.
  if (follower) follower->Attach(*applier);
  std::future<Result<>> followed = std::async(std::launch::async, [&]() -> Result<> {
    const Bytes* const kept = store.Blob("journeys");
    return kept && follower ? follower->Restore(*kept) : Result<>();
  });
  std::future<Result<>> tables = std::async(std::launch::async, [&]() -> Result<> {
    if (const Bytes* kept = store.Blob("tables")) TRY(applier->tables_.Decode(*kept));
    return store.ReadJournal("rows", [&](std::span<const uint8_t> bytes) {
      return applier->tables_.ApplyJournal(bytes);
    });
  });
  TRY(store.ReadJournal("identities", [&](std::span<const uint8_t> bytes) {
    return applier->identities_.ApplyJournal(bytes);
  }));
  const identity::IdentityGraph& graph = applier->identities_;
  for (Ordinal o = 0; o < graph.ordinal_count(); ++o) {
    if (graph.erased(o)) store.Erase(store.position(), o);
  }
  applier->identities_.FoldAll();
  TRY(store.ReadJournal(
      "messages", [&](std::span<const uint8_t> bytes) { return applier->seen_.Restore(bytes); }));
  TRY(store.ReadJournal(
      "items", [&](std::span<const uint8_t> bytes) { return applier->items_.Restore(bytes); }));
  TRY(store.ReadJournal("imports", [&](std::span<const uint8_t> bytes) -> Result<> {
    for (ByteReader in(bytes); !in.done();) applier->chunks_.insert(in.U64());
    return {};
  }));
  TRY(tables.get());
  applier->identities_.TakeChanged([&](Ordinal o) { applier->ShowCustomerOf(o); });
  TRY(followed.get());
  return applier;
}

std::shared_ptr<const store::Snapshot> Applier::SnapshotOf(Ordinal customer,
                                                           const column::Wanted& wanted) const {
  const std::vector<Ordinal> members = identities_.Members(customer);
  return store_.TakeSnapshotOf({identities_.root(customer), members}, wanted);
}

store::FlushRequest Applier::TakeFlushRequest(LogPosition position) {
  store::FlushRequest request{position, {}, {}};
  ByteWriter identities;
  const bool whole = identities_.DrainJournal(&identities);
  request.journals.push_back({"identities", identities.Take(), whole});
  Bytes messages = seen_.Drain();
  journaled_messages_ += messages.size() / store::SeenMessages::kEncodedBytes;
  const bool anew = journaled_messages_ > kJournalSlack * seen_.size() + 1'000'000;
  if (anew) {
    messages = seen_.EncodeAll();
    journaled_messages_ = seen_.size();
  }
  request.journals.push_back({"messages", std::move(messages), anew});
  request.journals.push_back({"items", items_.Drain()});
  bool rows_anew = false;
  Bytes rows = tables_.Drain(&rows_anew);
  request.journals.push_back({"rows", std::move(rows), rows_anew});
  request.journals.push_back({"imports", std::exchange(new_chunks_, {}).Take()});
  request.blobs["tables"] = tables_.Encode();
  request.blobs["plan"] = plan_.Encode();
  request.blobs["quarantine"] = quarantine_.Encode();
  // A command that follows nothing leaves what was kept as it is.
  if (follower_) {
    request.blobs["journeys"] = follower_->Encode();
  } else if (const Bytes* kept = store_.Blob("journeys")) {
    request.blobs["journeys"] = *kept;
  }
  return request;
}

Result<> Applier::Apply(LogPosition position, log::RecordKind kind,
                        std::span<const uint8_t> payload) {
  at_ = position;
  record_ms_ = 0;
  if (kind == log::RecordKind::kPlan) {
    const Result<> changed = plan_.Apply(TRY(PlanChange::Decode(payload)));
    if (!changed.ok())
      LogWarning("engine.plan_change_lost", {{"error", changed.error().message()}});
  } else if (kind == log::RecordKind::kBatch) {
    TRY(ApplyBatch(position, payload));
  } else if (kind == log::RecordKind::kDecision && follower_) {
    TRY(follower_->OnDecisions(payload));
  } else if (kind == log::RecordKind::kIdentityRules) {
    identities_.SetRules(TRY(identity::KeyRules::Decode(payload)));
    survivor_rules_known_ = 0;
    ShowChanged();
  } else if (kind == log::RecordKind::kTable) {
    const Result<> changed = tables_.Apply(TRY(TableChange::Decode(payload)));
    if (!changed.ok())
      LogWarning("engine.table_change_lost", {{"error", changed.error().message()}});
  } else if (kind == log::RecordKind::kErasure) {
    ApplyErasure(position, TRY(Erasure::Decode(payload)));
  }
  store_.Applied(position + 1);
  return {};
}

Result<> Applier::ApplyBatch(LogPosition position, std::span<const uint8_t> payload) {
  BatchReader batch = TRY(BatchReader::Open(payload));
  const std::string_view chunk = batch.header().import_chunk;
  if (!chunk.empty()) {
    if (!chunks_.insert(Hash64(chunk)).second) {
      counts_.duplicates += batch.item_count();
      return {};
    }
    new_chunks_.U64(Hash64(chunk));
  }
  names_.assign(batch.names().size(), {});
  record_ms_ = batch.header().ingest_ms;
  while (const std::optional<ItemView> item = TRY(batch.Next())) ApplyItem(position, batch, *item);
  return {};
}

void Applier::ApplyItem(LogPosition position, const BatchReader& batch, const ItemView& item) {
  if (!item.meta.dedup_key.empty() && !seen_.Add(item.meta.dedup_key, batch.header().ingest_ms)) {
    ++counts_.duplicates;
    return;
  }
  switch (item.kind) {
    case ItemKind::kEvent:
      return ApplyEvent(position, batch, item);
    case ItemKind::kProfile:
      return ApplyProfile(position, batch, item);
    case ItemKind::kLink:
    case ItemKind::kUnlink:
      return ApplyLinks(batch, item);
    case ItemKind::kItem:
    case ItemKind::kItemDelete:
      return ApplyEntity(batch, item);
    case ItemKind::kQuarantine:
      return SetAside(batch, item.what, {}, {}, std::string(item.detail));
    case ItemKind::kRow:
    case ItemKind::kRowDelete:
    case ItemKind::kStagedRow:
    case ItemKind::kRowsReplace:
      return ApplyRow(batch, item);
  }
}

void Applier::SetAside(const BatchReader& batch, std::string_view reason, std::string_view event,
                       std::string_view property, std::string detail) {
  ++counts_.quarantined;
  quarantine_.Add({batch.header().ingest_ms, std::string(reason), std::string(event),
                   std::string(property), std::move(detail)});
}

Verdict Applier::Observe(const BatchReader& batch, const PropertyView& property, SeenOn where) {
  KnownName& known = names_[property.name];
  if (known.is_property) return plan_.Observe(known.property, property.value, where);
  const Verdict verdict = plan_.Observe(batch.names()[property.name], property.value, where);
  if (verdict.ok()) {
    known.property = verdict.property;
    known.is_property = true;
  }
  return verdict;
}

Ordinal Applier::Resolve(const BatchReader& batch, const ItemView& item) {
  const identity::Origin origin{item.meta.time_ms, batch.header().source, LinkRuleOf(item)};
  const Ordinal ordinal = item.kind == ItemKind::kLink
                              ? (identities_.Link(item.identities, origin), 0)
                              : identities_.Resolve(item.identities, origin);
  ShowChanged();
  return ordinal;
}

// The rules name attributes, which get their numbers when they are first seen.
void Applier::KnowSurvivorRules() {
  if (survivor_rules_known_ == plan_.properties().size()) return;
  survivor_rules_.clear();
  for (const identity::AttributeRule& rule : identities_.rules().attributes) {
    const PlanProperty* property = plan_.FindProperty(rule.name);
    if (property) survivor_rules_[property->id] = {KindOf(rule.kind), rule.sources};
  }
  survivor_rules_known_ = plan_.properties().size();
}

// Customers show what survives of all their timelines' attributes.
void Applier::ShowChanged() {
  identities_.TakeChanged([&](Ordinal ordinal) {
    ShowCustomerOf(ordinal);
    if (follower_) follower_->OnIdentity(at_, record_ms_, ordinal);
    if (watcher_) watcher_->OnIdentity(ordinal);
  });
}

void Applier::ShowCustomerOf(Ordinal ordinal) {
  KnowSurvivorRules();
  const std::vector<Ordinal> members = identities_.Members(ordinal);
  const Ordinal root = identities_.root(ordinal);
  if (root != ordinal || members.size() == 1) store_.ShowTimeline(ordinal);
  if (members.size() > 1) store_.ShowCustomer(root, members, survivor_rules_);
}

void Applier::AddFixedCells(const BatchHeader& header, const ItemMeta& meta) {
  cells_.push_back(CellOf(kIngestTimeProperty, Value::DateTime(header.ingest_ms)));
  if (!meta.message_id.empty()) {
    cells_.push_back(CellOf(kMessageIdProperty, Value::String(meta.message_id)));
  }
  if (!header.source.empty())
    cells_.push_back(CellOf(kSourceProperty, Value::String(header.source)));
  if (!meta.library.empty())
    cells_.push_back(CellOf(kLibraryProperty, Value::String(meta.library)));
  if (meta.time_fixed) cells_.push_back(CellOf(kTimeFixedProperty, Value::Bool(true)));
}

void Applier::AddCells(const BatchReader& batch, const ItemView& item) {
  for (const PropertyView& property : item.properties) {
    const Verdict verdict = Observe(batch, property, kSeenOnEvents);
    if (!verdict.ok()) {
      SetAside(batch, verdict.mismatch, item.what, batch.names()[property.name],
               ValueAsJson(property.value));
      continue;
    }
    cells_.push_back(CellOf(verdict.property, verdict.value));
    present_.push_back(verdict.property);
  }
}

void Applier::ApplyEvent(LogPosition position, const BatchReader& batch, const ItemView& item) {
  if (item.identities.empty()) return SetAside(batch, "no_identity", item.what, {}, {});
  if (item.meta.time_ms < kEarliestMs || item.meta.time_ms >= kLatestMs) {
    return SetAside(batch, "bad_time", item.what, {}, std::to_string(item.meta.time_ms));
  }
  KnownName& known = names_[item.what_name];
  const EventVerdict event = known.is_event ? plan_.ObserveEvent(known.event, item.meta.time_ms)
                                            : plan_.ObserveEvent(item.what, item.meta.time_ms);
  if (!event.ok()) return SetAside(batch, event.mismatch, item.what, {}, {});
  known.event = event.event;
  known.is_event = true;

  cells_.clear();
  present_.clear();
  AddFixedCells(batch.header(), item.meta);
  AddCells(batch, item);
  plan_.ObserveCompleteness(event.event, present_);
  const Ordinal timeline = Resolve(batch, item);
  store_.Append(timeline, event.event, item.meta.time_ms, cells_);
  ++counts_.events;
  if (follower_) follower_->OnEvent(position, batch, item, identities_.root(timeline));
  if (watcher_) watcher_->OnEvent(identities_.root(timeline), event.event);
}

void Applier::ApplyProfile(LogPosition position, const BatchReader& batch, const ItemView& item) {
  if (item.identities.empty()) return SetAside(batch, "no_identity", {}, {}, {});
  const Ordinal timeline = Resolve(batch, item);
  if (item.what == kProfileDelete) {
    RemoveAttributes(position, batch, timeline, item.meta.time_ms);
  } else if (const std::optional<store::AttributeOp> op = OpOf(item.what)) {
    for (const PropertyView& property : item.properties) {
      ApplyAttribute(position, batch, timeline, *op, property, item.meta.time_ms);
    }
  } else {
    return SetAside(batch, "unknown_type", {}, {}, std::string(item.what));
  }
  if (identities_.Members(timeline).size() > 1) ShowCustomerOf(timeline);
  if (follower_) follower_->OnProfile(position, batch, item, identities_.root(timeline));
  if (watcher_) watcher_->OnAttributes(identities_.root(timeline));
}

void Applier::ApplyAttribute(LogPosition position, const BatchReader& batch, Ordinal timeline,
                             store::AttributeOp op, const PropertyView& property, int64_t time_ms) {
  const auto apply = [&](PropertyId id, const Value& value) {
    store_.AttributesOf(timeline).Apply(position, timeline & (kBlockSize - 1), op, id, value,
                                        time_ms, batch.header().source);
  };
  const std::string_view name = batch.names()[property.name];
  if (op == store::AttributeOp::kUnset) {
    const PlanProperty* known = plan_.FindProperty(name);
    if (!known) return;
    apply(known->id, {known->type});
    return KeepAttribute(timeline, known->id, name, time_ms);
  }
  const Verdict verdict = Observe(batch, property, kSeenOnCustomers);
  if (verdict.ok()) {
    apply(verdict.property, verdict.value);
    return KeepAttribute(timeline, verdict.property, name, time_ms);
  }
  SetAside(batch, verdict.mismatch, {}, name, ValueAsJson(property.value));
}

// What the attribute has become of all that was said of it.
void Applier::KeepAttribute(Ordinal timeline, PropertyId id, std::string_view name,
                            int64_t time_ms) {
  if (!tables_.keeps_attributes()) return;
  std::optional<Value> now;
  const auto find = [&](PropertyId property, const store::AttributeValue& value) {
    if (property == id && !value.removed) now = value.value;
  };
  store_.AttributesOf(timeline).ForEach(timeline & (kBlockSize - 1), find);
  tables_.TakeAttribute(timeline, name, now ? &*now : nullptr, time_ms);
}

// Removals on this timeline take away what any timeline of the customer had by then.
void Applier::RemoveAttributes(LogPosition position, const BatchReader& batch, Ordinal timeline,
                               int64_t time_ms) {
  store::AttributeBlock& attributes = store_.AttributesOf(timeline);
  for (const PlanProperty& property : plan_.properties()) {
    if (!(property.seen_on & kSeenOnCustomers)) continue;
    attributes.Apply(position, timeline & (kBlockSize - 1), store::AttributeOp::kUnset, property.id,
                     {property.type}, time_ms, batch.header().source);
    KeepAttribute(timeline, property.id, property.name, time_ms);
  }
}

void Applier::ApplyLinks(const BatchReader& batch, const ItemView& item) {
  if (item.kind == ItemKind::kUnlink) {
    identities_.Unlink(item.identities,
                       {item.meta.time_ms, batch.header().source, identity::LinkRule::kUnbind});
    ShowChanged();
  } else if (!item.identities.empty()) {
    Resolve(batch, item);
  }
}

// What was set aside holds values as texts: those of the customer cannot be told from others'.
void Applier::ApplyErasure(LogPosition position, const Erasure& erasure) {
  const std::optional<Ordinal> found = identities_.Find(erasure.key, erasure.value);
  if (!found) return;
  const identity::Origin origin{erasure.time_ms, "erasure", identity::LinkRule::kErase};
  record_ms_ = erasure.time_ms;
  for (const Ordinal ordinal : identities_.Erase(*found, origin)) {
    store_.Erase(position, ordinal);
    tables_.Erase(ordinal);
  }
  quarantine_.ForgetEntries();
  ShowChanged();
}

void Applier::ApplyEntity(const BatchReader& batch, const ItemView& item) {
  if (item.kind == ItemKind::kItemDelete) return items_.Delete(item.what, item.detail);
  for (const PropertyView& property : item.properties) {
    const Verdict verdict = Observe(batch, property, kSeenOnItems);
    const std::string_view name = batch.names()[property.name];
    if (verdict.ok()) {
      items_.Set(item.what, item.detail, item.meta.time_ms, name, verdict.value);
    } else {
      SetAside(batch, verdict.mismatch, {}, name, ValueAsJson(property.value));
    }
  }
}

// Whose a row is was said by somebody who knows the customer: it makes one like an event does.
void Applier::ApplyRow(const BatchReader& batch, const ItemView& item) {
  const Table* table = tables_.Find(item.what);
  const bool row = item.kind == ItemKind::kRow || item.kind == ItemKind::kStagedRow;
  const bool owned = row && table && table->owner == Table::Owner::kCustomer;
  if (owned && item.identities.empty()) return SetAside(batch, "no_identity", item.what, {}, {});
  const Ordinal owner = owned ? Resolve(batch, item) : store::kNobody;
  const std::string_view wrong =
      tables_.Take(batch, item, owner, [&](const PropertyView& property, std::string_view why) {
        SetAside(batch, why, item.what, batch.names()[property.name], ValueAsJson(property.value));
      });
  if (!wrong.empty()) return SetAside(batch, wrong, item.what, {}, std::string(item.detail));
  if (owned && watcher_) watcher_->OnAttributes(identities_.root(owner));
}

}  // namespace waypost::engine
