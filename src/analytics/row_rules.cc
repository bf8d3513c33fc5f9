#include "analytics/row_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <variant>

#include "analytics/rule_filter.h"
#include "analytics/rule_times.h"
#include "analytics/scope.h"
#include "base/nearest.h"

namespace waypost::analytics {
namespace {

using Found = Tables::Found;
using Key = std::variant<int64_t, std::string>;

constexpr size_t kDateSize = 10;  // of "2026-03-01"

class Reader {
 public:
  Reader(const RowMoment& moment, const Tables& tables, const ReadCondition& read)
      : moment_(moment), tables_(tables), read_(read) {}

  Result<RowsMeasured> Read(const eql::Rule& rule) const {
    const Found found = TRY(Find(rule.name, rule.name.text));
    if (!found.of_customers) {
      return Unknown(rule.name.place,
                     fmt::format("the rows of '{}' are of no customer: name a table that refers to "
                                 "it",
                                 rule.name.text));
    }
    RowsMeasured out;
    out.rule.kind = exec::Rule::Kind::kDid;
    exec::EventChoice& choice =
        out.rule.events.choices.emplace_back(exec::EventChoice{false, 0, {}});
    out.rule.rows = OfPast(found) ? found.ever_of_customers : found.of_customers;
    const ReadLeaf leaf = [&](const eql::Rule& field) -> Result<exec::Condition> {
      if (field.at.empty()) return Field(field.name, field.name.text, field.test, found);
      return Unknown(field.place, fmt::format("rows are all meant at one moment: write AT after "
                                              "the rows of '{}'",
                                              found.table->id));
    };
    for (const eql::Rule& filter : rule.of)
      choice.filter.of.push_back(TRY(ReadFilter(filter, leaf)));
    const bool quantified = rule.words == "ANY" || rule.words == "ALL" || rule.words == "NONE";
    if (quantified) {
      out = TRY(Quantified(rule, std::move(out)));
    } else {
      TRY(Measure(rule, *found.table, &out));
    }
    for (exec::Condition& condition : TRY(Holding(rule.name.place, found)))
      out.rule.events.choices[0].filter.of.push_back(OnRow(std::move(condition)));
    return out;
  }

  Result<exec::Rule> ReadThen(const eql::Name& name, const eql::Test& test) const {
    const Found customers = TRY(Find(name, kCustomerTable));
    const bool declared = customers.table->FindColumn(name.text).has_value();
    if (!customers.ever_of_customers || !declared) {
      return Unknown(name.place, fmt::format("what '{}' was is not kept: declare it in the table "
                                             "'customer', with its history",
                                             name.text));
    }
    exec::Rule rule{.kind = exec::Rule::Kind::kDid};
    rule.rows = customers.ever_of_customers;
    exec::EventChoice& choice = rule.events.choices.emplace_back(exec::EventChoice{false, 0, {}});
    // Nothing known is no row at all.
    const bool null = test.op == eql::Op::kIsNull;
    (null ? rule.test.max : rule.test.min) = null ? 0 : 1;
    choice.filter.of.push_back(
        OnRow(TRY(Field(name, name.text, null ? IsKnown() : test, customers))));
    for (exec::Condition& condition : TRY(Holding(name.place, customers)))
      choice.filter.of.push_back(OnRow(std::move(condition)));
    return rule;
  }

  Result<ThingTested> ReadThing(const eql::Name& name, const eql::Test& test) const {
    const Found customers = TRY(Find(name, kCustomerTable));
    exec::Condition condition = TRY(Field(name, name.text, test, customers));
    return ThingTested{customers.table->columns[condition.property].name, std::move(condition)};
  }

 private:
  static eql::Test IsKnown() { return {.op = eql::Op::kIsNotNull, .values = {}, .range = {}}; }
  static exec::Predicate OnRow(exec::Condition condition) {
    return {.kind = exec::Predicate::Kind::kEvent, .of = {}, .condition = std::move(condition)};
  }
  bool OfPast(const Found& found) const { return moment_.of_past && found.ever_rows; }

  // What makes a row one that is, at the moment meant.
  Result<std::vector<exec::Condition>> Holding(const eql::Place& place, const Found& found) const {
    std::vector<exec::Condition> all;
    const auto bound = [&](const waypost::Table& table, const std::string& name, eql::Op op,
                           std::optional<uint32_t> number) -> Result<> {
      if (name.empty()) return {};
      const uint32_t column = *table.FindColumn(name);
      all.push_back(TRY(Bound(place, table.columns[column].type, op, number.value_or(column))));
      return {};
    };
    TRY(bound(*found.table, found.table->valid_from, eql::Op::kLessEqual, {}));
    TRY(bound(*found.table, found.table->valid_to, eql::Op::kGreater, {}));
    if (found.through) {
      TRY(bound(*found.through, found.through->valid_from, eql::Op::kLessEqual,
                kThroughFromColumn));
      TRY(bound(*found.through, found.through->valid_to, eql::Op::kGreater, kThroughToColumn));
    }
    if (OfPast(found)) {
      const ValueType time = ValueType::kDateTime;
      all.push_back(TRY(Bound(place, time, eql::Op::kLessEqual, kSinceColumn)));
      all.push_back(TRY(Bound(place, time, eql::Op::kGreater, kUntilColumn)));
    }
    return all;
  }

  // The column is no later than the moment, or later; or nothing.
  Result<exec::Condition> Bound(const eql::Place& place, ValueType type, eql::Op op,
                                uint32_t column) const {
    eql::Value at = moment_.at;
    if (type == ValueType::kDate && at.kind == eql::Value::Kind::kNow)
      at.kind = eql::Value::Kind::kToday;
    if (type == ValueType::kDate && at.text.size() > kDateSize) at.text.resize(kDateSize);
    exec::Condition condition =
        TRY(read_({"AT", place}, {.op = op, .values = {at}, .range = {}}, type));
    condition.property = column;
    condition.null_passes = true;
    return condition;
  }

  Result<Found> Find(const eql::Name& name, std::string_view table) const {
    Result<Found> found = tables_.Find(table);
    if (found.ok() || found.error().code() != Code::kNotFound) return found;
    return Unknown(name.place, found.error().message());
  }

  // Some row, no row, no row that is not so.
  static Result<RowsMeasured> Quantified(const eql::Rule& rule, RowsMeasured out) {
    if (rule.words == "ANY") {
      out.rule.test.min = 1;
      return out;
    }
    out.rule.test.max = 0;
    if (rule.words == "NONE") return out;
    if (rule.of.empty()) return Unknown(rule.place, "ALL needs a condition: ALL holdings[...]");
    exec::Predicate& filter = out.rule.events.choices[0].filter;
    exec::Predicate& condition = filter.of[0];
    condition = {.kind = exec::Predicate::Kind::kNot, .of = {condition}, .condition = {}};
    return out;
  }

  Result<> Measure(const eql::Rule& rule, const waypost::Table& table, RowsMeasured* out) const {
    const eql::Measure::Kind* kind = eql::FindMeasure(rule.words);
    if (!kind) return Unknown(rule.place, fmt::format("{} is not offered yet", rule.words));
    out->tested = true;
    out->measure = *kind;
    out->rule.measure.kind = static_cast<exec::Measure::Kind>(*kind);
    if (!eql::HasProperty(*kind)) return {};
    const uint32_t column = TRY(Column(rule.property, rule.property.text, table));
    out->type = table.columns[column].type;
    out->rule.measure.property = column;
    const bool distinct = *kind == eql::Measure::Kind::kDistinct;
    const bool range = *kind == eql::Measure::Kind::kMax || *kind == eql::Measure::Kind::kMin;
    const bool number = out->type == ValueType::kInt || out->type == ValueType::kDouble ||
                        out->type == ValueType::kDecimal || out->type == ValueType::kBool ||
                        (range && out->type == ValueType::kDateTime);
    if (out->type != ValueType::kList && (distinct || number)) return {};
    return Unknown(rule.property.place, fmt::format("{} needs a number; '{}' is a {}", rule.words,
                                                    rule.property.text, ValueTypeName(out->type)));
  }

  static Result<uint32_t> Column(const eql::Name& name, std::string_view called,
                                 const waypost::Table& table) {
    if (const auto column = table.FindColumn(called)) return *column;
    const std::string nearest = Nearest(called, table.ColumnNames());
    return Unknown(name.place,
                   fmt::format("table '{}' has no column '{}'{}", table.id, called,
                               nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
  }

  // `path` is what is left of the name: a column, or one that names a thing and a path of that.
  Result<exec::Condition> Field(const eql::Name& name, std::string_view path, const eql::Test& test,
                                const Found& found) const {
    const waypost::Table& table = *found.table;
    const size_t point = path.find('.');
    const uint32_t number = TRY(Column(name, path.substr(0, point), table));
    const TableColumn& column = table.columns[number];
    if (point == path.npos && IsOfTree(test.op)) {
      exec::Condition condition = TRY(Tree(name, test, column, found));
      condition.property = number;
      return condition;
    }
    if (point == path.npos) {
      exec::Condition condition = TRY(read_(name, test, column.type));
      condition.property = number;
      return condition;
    }
    if (column.refers.empty()) {
      return Unknown(name.place, fmt::format("column '{}' of '{}' names no other table",
                                             column.name, table.id));
    }
    const Found things = TRY(Find(name, column.refers));
    // What is not known of a thing, or of none: all but those of whom it is known.
    const bool null = test.op == eql::Op::kIsNull;
    const exec::Condition of_thing =
        TRY(Field(name, path.substr(point + 1), null ? IsKnown() : test, things));
    exec::Condition keys = TRY(KeysOf(name.place, of_thing, things));
    keys.property = number;
    keys.negated = keys.null_passes = null;
    return keys;
  }

  // The things there are, at the moment meant: visit(slice, row).
  template <typename Visit>
  Result<> ForEachThing(const eql::Place& place, const Found& things, Visit visit) const {
    const std::vector<exec::Condition> holding = TRY(Holding(place, things));
    for (const column::EventBlock* block : OfPast(things) ? *things.ever_rows : *things.rows) {
      for (const column::EventSlice& slice : block->slices) {
        std::vector<exec::BoundCondition> bounds;
        for (const exec::Condition& condition : holding)
          bounds.emplace_back(condition, slice.Find(condition.property));
        for (uint32_t row = 0; row < slice.row_count; ++row) {
          if (std::ranges::all_of(bounds, [&](const auto& bound) { return bound.Test(row); }))
            visit(slice, row);
        }
      }
    }
    return {};
  }

  static uint32_t KeyColumn(const waypost::Table& table) { return *table.FindColumn(table.key[0]); }
  static exec::Condition NoKeys(const waypost::Table& table) {
    exec::Condition keys;
    keys.kind = exec::Condition::Kind::kIn;
    keys.domain = DomainOf(table.columns[KeyColumn(table)].type);
    return keys;
  }
  static void AddKey(const Key& key, exec::Condition* keys) {
    if (keys->domain == exec::Domain::kText) {
      keys->texts.push_back(std::get<std::string>(key));
    } else {
      keys->wholes.push_back(std::get<int64_t>(key));
    }
  }
  // What a row has in a column that holds keys, of texts or whole numbers.
  static std::optional<Key> KeyAt(const column::EventSlice& slice, uint32_t column, uint32_t row,
                                  exec::Domain domain) {
    const column::Column* keys = slice.Find(column);
    if (!keys || keys->IsNull(row)) return std::nullopt;
    if (domain == exec::Domain::kText) return Key(std::string(keys->Text(row)));
    return Key(keys->Whole(row));
  }

  // The keys of the things for which the condition holds.
  Result<exec::Condition> KeysOf(const eql::Place& place, const exec::Condition& condition,
                                 const Found& things) const {
    exec::Condition keys = NoKeys(*things.table);
    TRY(ForEachThing(place, things, [&](const column::EventSlice& slice, uint32_t row) {
      if (!exec::BoundCondition(condition, slice.Find(condition.property)).Test(row)) return;
      if (const auto key = KeyAt(slice, KeyColumn(*things.table), row, keys.domain))
        AddKey(*key, &keys);
    }));
    return keys;
  }

  // The keys of the node that is named, by its key or else by its name, and of those below it or
  // above.
  Result<exec::Condition> Tree(const eql::Name& name, const eql::Test& test,
                               const TableColumn& column, const Found&) const {
    const std::string_view words = eql::FormOf(test.op).words;
    if (column.refers.empty())
      return Unknown(name.place, fmt::format("{} needs a column that names a thing of a tree; "
                                             "'{}' names none",
                                             words, column.name));
    const Found things = TRY(Find(name, column.refers));
    const waypost::Table& table = *things.table;
    const auto up = std::ranges::find(table.columns, table.id, &TableColumn::refers);
    if (up == table.columns.end())
      return Unknown(name.place, fmt::format("table '{}' is no tree: no column of it refers to "
                                             "itself",
                                             table.id));
    exec::Condition keys = NoKeys(table);
    const auto up_number = static_cast<uint32_t>(up - table.columns.begin());
    const auto called = std::ranges::find(table.columns, "name", &TableColumn::name);
    const auto called_number = static_cast<uint32_t>(called - table.columns.begin());
    const Key wanted = test.values[0].kind == eql::Value::Kind::kWhole ? Key(test.values[0].whole)
                                                                       : Key(test.values[0].text);
    std::multimap<Key, Key> next;  // from a node to those one step on
    std::set<Key> named, met;
    TRY(ForEachThing(name.place, things, [&](const column::EventSlice& slice, uint32_t row) {
      const auto key = KeyAt(slice, KeyColumn(table), row, keys.domain);
      if (!key) return;
      if (*key == wanted) met.insert(*key);
      if (called != table.columns.end() && called->type == ValueType::kString &&
          KeyAt(slice, called_number, row, exec::Domain::kText) == wanted)
        named.insert(*key);
      const auto above = KeyAt(slice, up_number, row, keys.domain);
      if (!above) return;
      test.op == eql::Op::kUnder ? next.emplace(*above, *key) : next.emplace(*key, *above);
    }));
    if (met.empty()) met = std::move(named);
    std::vector<Key> left(met.begin(), met.end());
    while (!left.empty()) {
      const Key node = std::move(left.back());
      left.pop_back();
      for (auto [step, end] = next.equal_range(node); step != end; ++step) {
        if (met.insert(step->second).second) left.push_back(step->second);
      }
    }
    for (const Key& key : met) AddKey(key, &keys);
    return keys;
  }

  const RowMoment& moment_;
  const Tables& tables_;
  const ReadCondition& read_;
};

}  // namespace

Result<RowsMeasured> ReadRowsRule(const eql::Rule& rule, const RowMoment& moment,
                                  const Tables& tables, const ReadCondition& read) {
  return Reader(moment, tables, read).Read(rule);
}

Result<exec::Rule> ReadAttributeThen(const eql::Name& name, const eql::Test& test,
                                     const RowMoment& moment, const Tables& tables,
                                     const ReadCondition& read) {
  return Reader(moment, tables, read).ReadThen(name, test);
}

Result<ThingTested> ReadThingTest(const eql::Name& name, const eql::Test& test,
                                  const RowMoment& moment, const Tables& tables,
                                  const ReadCondition& read) {
  return Reader(moment, tables, read).ReadThing(name, test);
}

}  // namespace waypost::analytics
