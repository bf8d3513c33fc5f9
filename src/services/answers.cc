#include "services/answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "analytics/lookout.h"
#include "base/nearest.h"
#include "column/block_image.h"
#include "engine/applier.h"
#include "eql/text.h"
#include "exec/selector.h"
#include "model/coerce.h"
#include "services/plan_names.h"
#include "services/row_json.h"
#include "services/tables.h"
#include "tags/evaluation.h"
#include "tags/value_file.h"

namespace waypost::services {
namespace {

using journeys::About;
using journeys::Truth;

// A plan that learned a name, or a new run of a segment, is seen after so long.
constexpr int64_t kKeptMs = 1'000;
constexpr size_t kMaxKept = 10'000;

// A value that was written as text, as the plan has it; nothing when it cannot be that. Borrows the
// text.
std::optional<Value> ReadValue(std::string_view text, ValueType type) {
  const auto number = [&](auto start) -> std::optional<decltype(start)> {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), start);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
    return start;
  };
  Value value = Value::String(text);
  if (type == ValueType::kBool) {
    if (text != "true" && text != "false") return std::nullopt;
    return Value::Bool(text == "true");
  }
  if (type == ValueType::kInt || type == ValueType::kDouble || type == ValueType::kDecimal) {
    if (const auto whole = number(int64_t{0})) {
      value = Value::Int(*whole);
    } else if (const auto real = number(0.0); real && type == ValueType::kDouble) {
      value = Value::Double(*real);
    }
  }
  if (value.type != type && !Coerce(type, &value).empty()) return std::nullopt;
  return value;
}

void FindGiven(const exec::Rule& rule, std::vector<uint32_t>* given) {
  if (rule.kind == exec::Rule::Kind::kGiven) given->push_back(rule.condition.property);
  for (const exec::Rule& part : rule.of) FindGiven(part, given);
}

bool IsMembership(const exec::Rule& rule) {
  return rule.kind == exec::Rule::Kind::kAttribute &&
         rule.condition.kind == exec::Condition::Kind::kMember;
}

bool IsByOrdinal(const exec::Rule& rule) { return IsMembership(rule) || rule.condition.values; }

// It says the same at any time.
bool IsStill(const eql::Test& test) {
  using Kind = eql::Value::Kind;
  return test.op != eql::Op::kWithin &&
         std::ranges::none_of(test.values, [](const eql::Value& value) {
           return value.kind == Kind::kNow || value.kind == Kind::kToday ||
                  value.kind == Kind::kAgo;
         });
}

bool AnyLeaf(const exec::Rule& rule, bool (*is)(const exec::Rule&)) {
  return is(rule) ||
         std::ranges::any_of(rule.of, [&](const exec::Rule& r) { return AnyLeaf(r, is); });
}

// Sets were kept when their members were perhaps other customers: whoever has an ordinal in one is
// in it.
void LookUpMembers(const column::Cluster& customer, exec::Rule* rule) {
  for (exec::Rule& part : rule->of) LookUpMembers(customer, &part);
  if (rule->condition.values)
    rule->condition.values = tags::ForCustomer(rule->condition.values, customer);
  if (!IsMembership(*rule)) return;
  const exec::CustomerBits& kept = *rule->condition.members;
  const bool in = std::ranges::any_of(customer.members, [&](Ordinal member) {
    return member / 64 < kept.size() && (kept[member / 64] >> (member % 64) & 1);
  });
  exec::CustomerBits here(exec::BlockBits().size());
  const uint32_t local = customer.root & (kBlockSize - 1);
  if (in) here[local / 64] |= 1ull << (local % 64);
  rule->condition.members = std::make_shared<const exec::CustomerBits>(std::move(here));
  rule->condition.members_from = customer.root >> kBlockBits;
}

// Rows were kept when nobody said whose ordinals are one customer's: the snapshot does.
void BindRows(const column::SnapshotView& near, exec::Rule* rule) {
  for (exec::Rule& part : rule->of) BindRows(near, &part);
  if (!rule->rows) return;
  struct Held {
    std::shared_ptr<const column::SnapshotView> kept;
    column::SnapshotView view;
  };
  const auto held = std::make_shared<Held>(Held{rule->rows, *rule->rows});
  held->view.ordinal_count = near.ordinal_count;
  held->view.clusters = near.clusters;
  held->view.clustered = near.clustered;
  held->view.erased = near.erased;
  held->view.bits_from = near.bits_from;
  rule->rows = {held, &held->view};
}

}  // namespace

// Sets as they were kept, a bit per ordinal of then.
class Answers::Sets final : public analytics::MemberSets {
 public:
  Sets(const Answers& answers, int64_t now_ms, Whom whom)
      : answers_(answers), now_ms_(now_ms), whom_(whom) {}

  // Whether something was found that is true of the one customer alone.
  bool of_one() const { return of_one_; }

  Result<Members> Find(std::string_view kind, std::string_view name) const override {
    Set& set = answers_.sets_[{std::string(kind), std::string(name)}];
    if (set.run.members && now_ms_ >= set.looked_ms && now_ms_ < set.looked_ms + kKeptMs)
      return set.run.members;
    segments::Segments& segments = *TRY(answers_.catalogs_.Find(answers_.project_))->segments;
    Result<segments::Segments::LastRun> found = segments.LastRunOf(kind, name, set.run.number);
    const bool gone = !found.ok() && found.error().code() == Code::kNotFound;
    if (!found.ok() && set.run.members && !gone) return set.run.members;
    auto newest = TRY(std::move(found));
    if (newest.rule) return OfOne(*std::move(newest.rule));
    if (newest.members) set.run = std::move(newest);
    set.looked_ms = now_ms_;
    return set.run.members;
  }

 private:
  Result<Members> OfOne(eql::Query rule) const {
    of_one_ = true;
    if (!whom_) return std::make_shared<const exec::CustomerBits>();
    const Ready ready = TRY(answers_.Resolve(std::move(rule), About::kCustomer, now_ms_, whom_));
    const Ordinal root = answers_.identities().root(*whom_);
    exec::CustomerBits members(root / 64 + 1);
    if (answers_.Ask(ready, ready.rule, root, nullptr)) members.back() = 1ull << (root % 64);
    return std::make_shared<const exec::CustomerBits>(std::move(members));
  }

  const Answers& answers_;
  const int64_t now_ms_;
  const Whom whom_;
  mutable bool of_one_ = false;
};

// Tags' values as they were kept, by ordinal of then. A condition that is only checked has no
// moment: it is of any day.
class Answers::Tags final : public analytics::TagValues {
 public:
  // `options` are those of the condition, and of the making of what is worked out.
  Tags(const Answers& answers, const analytics::Names& names, const analytics::AskOptions& options,
       Whom whom, analytics::Calendar calendar)
      : answers_(answers),
        names_(names),
        options_(options),
        whom_(whom),
        calendar_(std::move(calendar)) {}

  bool of_one() const { return of_one_; }

  Result<Values> Find(std::string_view name, int64_t at_ms) const override {
    constexpr int64_t kFarMs = 253'402'300'799'000;  // 9999
    const tags::TagBook& book = *TRY(Book());
    if (whom_ && at_ms == options_.now_ms) {
      if (const auto making = TRY(book.FindUnknown(name))) return OfOne(*making);
    }
    return book.Find(name, options_.now_ms == 0 ? kFarMs : at_ms);
  }
  Result<std::vector<std::string>> Names() const override { return TRY(Book())->Names(); }
  Result<std::vector<Values>> History(std::string_view name,
                                      const exec::TimeRange& range) const override {
    return TRY(Book())->History(name, range);
  }

 private:
  // Opened when a tag is named.
  Result<const tags::TagBook*> Book() const {
    if (!book_)
      book_.emplace(*TRY(answers_.catalogs_.Find(answers_.project_))->tags, nobody_, calendar_);
    return &*book_;
  }

  Result<Values> OfOne(const tags::Making& making) const {
    of_one_ = true;
    const Ordinal root = answers_.identities().root(*whom_);
    const auto snapshot = answers_.Near(root, {});
    const column::SnapshotView& near = snapshot->view();
    const RuleTables tables(answers_.applied_->TakeTableRows(), near);
    tags::Situation situation{names_, options_, answers_.past_};
    situation.options.tables = &tables;
    situation.options.snapshot = &near;
    const uint32_t block = root >> kBlockBits;
    const uint32_t local = root & (kBlockSize - 1);
    exec::BlockBits one{};
    one[local / 64] = 1ull << (local % 64);
    const tags::Evaluated value =
        TRY(tags::Evaluate(making, situation, exec::Selector(near, block, one, nullptr)));
    auto [column, owner] = tags::BlockColumn(value, 0, local + 1);
    auto columns = std::make_shared<column::CustomerColumns>();
    columns->Set(block, column, std::move(owner));
    return Values{value.type, std::move(columns)};
  }

  const Answers& answers_;
  const analytics::Names& names_;
  const analytics::AskOptions& options_;
  const Whom whom_;
  const analytics::Calendar calendar_;
  const column::SnapshotView nobody_;
  mutable std::optional<tags::TagBook> book_;
  mutable bool of_one_ = false;
};

class Answers::Barred final : public journeys::Conditions {
 public:
  explicit Barred(const Answers& answers) : answers_(answers) {}
  Result<> Check(std::string_view condition, About about) const override {
    TRY(answers_.Resolve(TRY(eql::ParseQuery(condition)), about, 0, {}, true));
    return {};
  }
  Result<> CheckAttribute(std::string_view name, journeys::AskedFor what) const override {
    return answers_.CheckAttribute(name, what, true);
  }
  journeys::Truth Test(std::string_view, const journeys::Facts&) const override {
    return journeys::Truth::kError;
  }
  Result<std::vector<journeys::Subject>> SubjectsOf(std::string_view condition) const override {
    return answers_.SubjectsOf(condition);
  }

 private:
  const Answers& answers_;
};

std::unique_ptr<journeys::Conditions> Answers::ForBarred() const {
  return std::make_unique<Barred>(*this);
}

Result<Answers::Ready> Answers::Resolve(eql::Query query, About about, int64_t now_ms, Whom whom,
                                        bool barred) const {
  if (!applied_) return Error(Code::kUnavailable, "replaying", "the server is starting");
  const QuestionNames names(applied_->plan(), {.barred = barred});
  const Sets sets(*this, now_ms, whom);
  analytics::AskOptions options{.now_ms = now_ms, .default_zone = zone_};
  options.sets = &sets;
  const column::SnapshotView nobody;
  const RuleTables tables(applied_->TakeTableRows(), nobody, barred);
  options.tables = &tables;
  const Tags tags(*this, names, options, whom, TRY(analytics::Calendar::Of(zone_)));
  options.tags = &tags;
  options.at_hand = about == About::kEvent ? analytics::AtHand::kEvent : analytics::AtHand::kEntry;
  analytics::ResolvedQuery resolved = TRY(analytics::ResolveQuery(query, names, options));
  const auto bad = [](std::string what) {
    return Error(Code::kInvalid, "eql_unknown", std::move(what));
  };
  if (exec::ComparesCustomers(resolved.rule))
    return bad("TOP and BOTTOM compare customers: make them a segment and write IN SEGMENT");
  if (query.limit != 0) return bad("LIMIT chooses among customers: make it a segment");
  Ready ready{.query = std::move(query), .rule = std::move(resolved.rule)};
  FindGiven(ready.rule, &ready.given);
  ready.of_members = AnyLeaf(ready.rule, IsByOrdinal);
  ready.of_customer = AnyLeaf(ready.rule, [](const exec::Rule& rule) {
    return rule.kind != exec::Rule::Kind::kGiven && rule.kind > exec::Rule::Kind::kNot;
  });
  ready.wanted = exec::ReadBy(ready.rule);
  ready.of_one = sets.of_one() || tags.of_one();
  ready.from_ms = now_ms;
  ready.until_ms = std::min(resolved.same_until_ms, now_ms + (past_ ? 1 : kKeptMs));
  if (past_) analytics::CutAt(now_ms + 1, &ready.rule);
  return ready;
}

Result<const Answers::Ready*> Answers::Prepare(std::string_view condition, About about,
                                               int64_t now_ms, Whom whom) const {
  const std::pair key{about, std::string(condition)};
  const auto kept = ready_.find(key);
  if (kept != ready_.end() && now_ms >= kept->second.from_ms && now_ms < kept->second.until_ms)
    return &kept->second;
  eql::Query query = kept == ready_.end() ? TRY(eql::ParseQuery(condition)) : kept->second.query;
  Ready ready = TRY(Resolve(std::move(query), about, now_ms, whom));
  if (ready.of_one) return &(of_one_ = std::move(ready));
  if (kept != ready_.end()) return &(kept->second = std::move(ready));
  if (ready_.size() >= kMaxKept) ready_.clear();
  return &ready_.emplace(key, std::move(ready)).first->second;
}

Result<> Answers::Check(std::string_view condition, About about) const {
  TRY(Prepare(condition, about, 0, {}));
  return {};
}

std::shared_ptr<const store::Snapshot> Answers::Near(Ordinal root,
                                                     const column::Wanted& wanted) const {
  if (!near_ || near_->root != root || near_->wanted != wanted)
    near_ = {root, wanted, applied_->SnapshotOf(root, wanted)};
  return near_->snapshot;
}

bool Answers::Ask(const Ready& ready, const exec::Rule& rule, Ordinal customer,
                  const journeys::Properties* properties) const {
  const Ordinal root = applied_->identities().root(customer);
  const column::SnapshotView nobody{.ordinal_count = root + 1, .bits_from = root >> kBlockBits};
  const auto snapshot = ready.of_customer ? Near(root, ready.wanted) : nullptr;
  const column::SnapshotView& near = snapshot ? snapshot->view() : nobody;
  std::vector<column::Cell> cells;
  for (const uint32_t id : ready.given) {
    const PlanProperty* property = applied_->plan().FindProperty(id);
    const auto text =
        property && properties ? journeys::FindProperty(*properties, property->name) : std::nullopt;
    const auto value = text ? ReadValue(*text, property->type) : std::nullopt;
    const bool again = std::ranges::find(cells, id, &column::Cell::property) != cells.end();
    if (value && !again)
      cells.push_back({id, static_cast<column::ColumnType>(value->type), value->whole, value->real,
                       value->text});
  }
  column::Image image;
  column::EventBlock event;
  if (!cells.empty()) {
    column::BlockBuilder builder(0, 0);
    builder.Add({.cells = cells});
    image = builder.Build();
    event = column::ReadBlockImage(image.bytes()).value();
  }
  const exec::Rule* asked = &rule;
  exec::Rule looked_up;
  const bool of_members = ready.of_members && !applied_->identities().alone(root);
  const bool of_rows = exec::ReadsRows(rule);
  if (of_members || of_rows) {
    looked_up = rule;
    asked = &looked_up;
  }
  if (of_rows) BindRows(near, &looked_up);
  if (of_members) {
    const std::vector<Ordinal> members = applied_->identities().Members(root);
    LookUpMembers({root, members}, &looked_up);
  }
  const uint32_t local = root & (kBlockSize - 1);
  exec::BlockBits one{};
  one[local / 64] = 1ull << (local % 64);
  const exec::BlockBits found =
      exec::SelectInBlock(*asked, near, root >> kBlockBits, one,
                          event.slices.empty() ? nullptr : &event.slices.front());
  return found[local / 64] != 0;
}

Truth Answers::Test(std::string_view condition, const journeys::Facts& facts) const {
  const About about = facts.event.empty() ? About::kCustomer : About::kEvent;
  const Result<const Ready*> ready = Prepare(condition, about, facts.now_ms, facts.customer);
  if (!ready.ok()) return Truth::kError;
  const auto* given = about == About::kEvent ? facts.properties : facts.context;
  const bool holds = Ask(*ready.value(), ready.value()->rule, facts.customer, given);
  return holds ? Truth::kYes : Truth::kNo;
}

Result<std::vector<journeys::Subject>> Answers::SubjectsOf(std::string_view condition) const {
  using Kind = journeys::Subject::Kind;
  const eql::Query query = TRY(eql::ParseQuery(condition));
  std::vector<const eql::Rule*> leaves;
  for (const eql::Rule& rule : query.where) eql::CollectLeaves(rule, &leaves);
  std::vector<journeys::Subject> subjects;
  for (const eql::Rule* leaf : leaves) {
    std::string name = leaf->name.text;
    const bool is_still = leaf->at.empty() && !leaf->changed && IsStill(leaf->test);
    if (leaf->kind == eql::Rule::Kind::kSegment) {
      subjects.push_back({Kind::kSegment, std::move(name)});
    } else if (leaf->kind == eql::Rule::Kind::kTag && is_still) {
      subjects.push_back({Kind::kTag, std::move(name)});
    } else if (leaf->kind == eql::Rule::Kind::kField && is_still && !name.starts_with("entry.")) {
      const auto found = applied_ ? PlanNames(applied_->plan()).Attribute(name) : std::nullopt;
      if (found) name = applied_->plan().FindProperty(found->id)->name;
      subjects.push_back({Kind::kAttribute, std::move(name)});
    } else {
      return Error(Code::kInvalid, "not_followed",
                   "only attributes, tags and live segments are followed as they change: make the "
                   "rest a live segment and write IN SEGMENT");
    }
  }
  return subjects;
}

// Nothing: no event has it.
std::optional<eql::Rule> Answers::Having(std::string_view name, std::string_view text) const {
  const PlanProperty* property = applied_->plan().FindProperty(name);
  const auto value = property ? ReadValue(text, property->type) : std::nullopt;
  if (!value) return {};
  eql::Value wanted{.text = std::string(text), .ago = {}};
  if (const auto number = journeys::NumberOf(text); value->type != ValueType::kBool && number) {
    wanted.kind = eql::Value::Kind::kReal;
    wanted.real = *number;
  } else if (property->type == ValueType::kBool) {
    wanted.kind = eql::Value::Kind::kFlag;
    wanted.whole = value->whole;
  }
  eql::Rule rule{.kind = eql::Rule::Kind::kAnd};
  rule.of.emplace_back().kind = eql::Rule::Kind::kField;
  rule.of[0].name.text = name;
  rule.of[0].test = {.op = eql::Op::kEqual, .values = {std::move(wanted)}, .range = {}};
  return rule;
}

bool Answers::HasDone(Ordinal customer, const journeys::Deed& deed, int64_t after_ms,
                      int64_t until_ms) const {
  eql::Rule did;
  did.kind = eql::Rule::Kind::kDid;
  did.events.push_back({.name = {std::string(deed.event), {}}});
  did.test = {.op = eql::Op::kGreaterEqual,
              .values = {{.kind = eql::Value::Kind::kWhole, .whole = 1}}};
  if (!deed.condition.empty()) {
    Result<eql::Query> where = eql::ParseQuery(deed.condition);
    if (!where.ok()) return false;
    did.where = std::move(where.value().where);
  }
  if (!deed.property.empty()) {
    auto having = Having(deed.property, deed.value);
    if (!having) return false;
    if (!did.where.empty()) having->of.push_back(std::move(did.where[0]));
    did.where = {*std::move(having)};
  }
  eql::Query query;
  query.where.push_back(std::move(did));
  Result<Ready> ready = Resolve(std::move(query), About::kCustomer, until_ms, customer);
  if (!ready.ok()) return false;
  ready.value().rule.time = {after_ms + 1, until_ms + 1};
  return Ask(ready.value(), ready.value().rule, customer, nullptr);
}

std::optional<std::string> Answers::Attribute(Ordinal customer, std::string_view name) const {
  const auto found = applied_ ? PlanNames(applied_->plan()).Attribute(name) : std::nullopt;
  if (!found) return {};
  std::optional<std::string> text;
  applied_->ForEachAttribute(applied_->identities().Members(customer),
                             [&](PropertyId id, const store::AttributeValue& value) {
                               if (id == found->id) text = engine::ValueAsText(value.value);
                             });
  return text;
}

Result<> Answers::CheckAttribute(std::string_view name, journeys::AskedFor what,
                                 bool barred) const {
  using journeys::AskedFor;
  if (!applied_) return Error(Code::kUnavailable, "replaying", "the server is starting");
  const bool adds = what == AskedFor::kWholeNumber || what == AskedFor::kNumber;
  const QuestionNames names(applied_->plan(), {.barred = barred});
  if (const auto found = names.Attribute(name)) {
    const ValueType type = found->type;
    const auto refuse = [&](std::string_view code, std::string_view why) {
      return Error(Code::kInvalid, std::string(code),
                   fmt::format("'{}' is of the type {}: {}", name, ValueTypeName(type), why));
    };
    const bool date =
        type == ValueType::kDate || type == ValueType::kDateTime || type == ValueType::kString;
    if (what == AskedFor::kDate && !date) return refuse("not_date", "no day can be read from it");
    const bool fractions = type == ValueType::kDouble || type == ValueType::kDecimal;
    if (adds && !fractions && (type != ValueType::kInt || what == AskedFor::kNumber))
      return refuse("not_number", "such a number cannot be added to it");
    return {};
  }
  if (adds) return {};
  const std::string nearest = Nearest(name, names.AttributeNames());
  return Error(Code::kInvalid, "unknown_attribute",
               fmt::format("customers have no attribute '{}'{}", name,
                           nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
}

Result<> Answers::CheckRowOf(std::string_view name, bool barred) const {
  const size_t point = name.rfind('.');
  if (name.find('[') == name.npos || point == name.npos) return {};
  const std::string any = "ANY " + std::string(name.substr(0, point));
  const Ready ready = TRY(Resolve(TRY(eql::ParseQuery(any)), About::kCustomer, 0, {}, barred));
  const auto tables = applied_->TakeTableRows();
  const Table& table = *TRY(FindRows(*tables, ready.query.where[0].name.text))->table;
  const std::string_view column = name.substr(point + 1);
  if (table.FindColumn(column)) return {};
  std::vector<std::string> names;
  for (const TableColumn& one : table.columns) names.push_back(one.name);
  const std::string nearest = Nearest(column, names);
  return Error(Code::kInvalid, "eql_unknown",
               fmt::format("the table '{}' has no column '{}'{}", table.id, column,
                           nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
}

// "deposit[matures NEXT 7 DAYS].amount": of the first such row of the customer, by the names of
// rows.
std::optional<std::string> Answers::OfRow(const journeys::Facts& facts,
                                          std::string_view name) const {
  const size_t point = name.rfind('.');
  if (!applied_ || point == name.npos) return {};
  const auto ready = Prepare("ANY " + std::string(name.substr(0, point)), About::kCustomer,
                             facts.now_ms, facts.customer);
  if (!ready.ok() || !ready.value()->rule.rows) return {};
  const exec::Rule& rule = ready.value()->rule;
  const auto tables = applied_->TakeTableRows();
  const auto table = FindRows(*tables, ready.value()->query.where[0].name.text);
  const auto number =
      table.ok() ? table.value()->table->FindColumn(name.substr(point + 1)) : std::nullopt;
  if (!number) return {};
  for (const Ordinal member : applied_->identities().Members(facts.customer)) {
    const column::BlockView* block = rule.rows->FindBlock(member >> kBlockBits);
    for (const column::EventBlock* part : block ? block->parts : decltype(block->parts)()) {
      for (const column::EventSlice& slice : part->slices) {
        const exec::BoundPredicate holds(rule.events.choices[0].filter, slice);
        const column::Column* column = slice.Find(*number);
        const column::RowRange rows = slice.persons.Rows(member & (kBlockSize - 1));
        for (uint32_t row = rows.begin; row < rows.end; ++row) {
          if (!holds.Test(row, {})) continue;
          std::string list;
          if (!column || column->IsNull(row)) return {};
          return engine::ValueAsText(ValueAt(*column, row, &list));
        }
      }
    }
  }
  return {};
}

namespace {

// Of an entry that is over nothing is known.
std::optional<std::string_view> ComesWith(const journeys::Facts& facts, std::string_view name) {
  return facts.context ? journeys::FindProperty(*facts.context, name) : std::nullopt;
}

}  // namespace

std::optional<Ordinal> Answers::Named(const journeys::Facts& facts) const {
  const auto key = ComesWith(facts, kPersonKey);
  const auto value = ComesWith(facts, kPersonValue);
  if (!key || !value || !applied_) return {};
  return applied_->identities().Find(*key, *value);
}

std::optional<std::string> Answers::Address(const journeys::Facts& facts, std::string_view) const {
  const auto key = ComesWith(facts, kPersonKey);
  const auto value = ComesWith(facts, kPersonValue);
  if (key && value) return std::string(*key) + ":" + std::string(*value);
  if (!applied_ || facts.customer >= applied_->identities().ordinal_count()) return {};
  const IdentityView known = applied_->identities().identity(facts.customer);
  return std::string(known.key) + ":" + std::string(known.value);
}

Result<std::string> Answers::Render(std::string_view text, const journeys::Facts& facts) const {
  return contents_.Fill(
      text,
      [&](std::string_view name) -> std::optional<std::string> {
        const auto value = ComesWith(facts, name);
        return value ? std::optional<std::string>(*value) : std::nullopt;
      },
      [&](std::string_view name) {
        auto attribute = Attribute(facts.customer, name);
        return attribute ? std::move(attribute) : OfRow(facts, name);
      },
      [&](int64_t utc_ms) {
        return journeys::Zone::Find(zone_).value_or(journeys::Zone::Utc()).ToWall(utc_ms);
      });
}

}  // namespace waypost::services
