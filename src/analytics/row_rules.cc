#include "analytics/row_rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "analytics/rule_filter.h"
#include "analytics/rule_times.h"
#include "analytics/scope.h"
#include "base/nearest.h"

namespace waypost::analytics {
namespace {

using Found = Tables::Found;

class Reader {
 public:
  Reader(const Tables& tables, const ReadCondition& read) : tables_(tables), read_(read) {}

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
    out.rule.rows = found.of_customers;
    exec::EventChoice& choice =
        out.rule.events.choices.emplace_back(exec::EventChoice{false, 0, {}});
    const ReadLeaf leaf = [&](const eql::Rule& field) {
      return Field(field.name, field.name.text, field.test, found);
    };
    for (const eql::Rule& filter : rule.of)
      choice.filter.of.push_back(TRY(ReadFilter(filter, leaf)));
    if (rule.words == "ANY" || rule.words == "ALL" || rule.words == "NONE")
      return Quantified(rule, std::move(out));
    TRY(Measure(rule, *found.table, &out));
    return out;
  }

  Result<ThingTested> ReadThing(const eql::Name& name, const eql::Test& test) const {
    const Found customers = TRY(Find(name, kCustomerTable));
    exec::Condition condition = TRY(Field(name, name.text, test, customers));
    return ThingTested{customers.table->columns[condition.property].name, std::move(condition)};
  }

 private:
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
    filter.of[0] = {.kind = exec::Predicate::Kind::kNot, .of = {filter.of[0]}, .condition = {}};
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
    const eql::Test asked =
        null ? eql::Test{.op = eql::Op::kIsNotNull, .values = {}, .range = {}} : test;
    const exec::Condition of_thing = TRY(Field(name, path.substr(point + 1), asked, things));
    exec::Condition keys = KeysOf(of_thing, things);
    keys.property = number;
    keys.negated = keys.null_passes = null;
    return keys;
  }

  // The keys of the things for which the condition holds.
  static exec::Condition KeysOf(const exec::Condition& condition, const Found& things) {
    const waypost::Table& table = *things.table;
    const auto key = std::ranges::find(table.columns, table.key[0], &TableColumn::name);
    const auto key_number = static_cast<uint32_t>(key - table.columns.begin());
    exec::Condition keys;
    keys.kind = exec::Condition::Kind::kIn;
    keys.domain = DomainOf(key->type);
    for (const column::EventBlock* block : *things.rows) {
      for (const column::EventSlice& slice : block->slices) {
        const exec::BoundCondition bound(condition, slice.Find(condition.property));
        const column::Column* names = slice.Find(key_number);
        for (uint32_t row = 0; names && row < slice.row_count; ++row) {
          if (!bound.Test(row) || names->IsNull(row)) continue;
          if (keys.domain == exec::Domain::kText) {
            keys.texts.emplace_back(names->Text(row));
          } else {
            keys.wholes.push_back(names->Whole(row));
          }
        }
      }
    }
    return keys;
  }

  const Tables& tables_;
  const ReadCondition& read_;
};

}  // namespace

Result<RowsMeasured> ReadRowsRule(const eql::Rule& rule, const Tables& tables,
                                  const ReadCondition& read) {
  return Reader(tables, read).Read(rule);
}

Result<ThingTested> ReadThingTest(const eql::Name& name, const eql::Test& test,
                                  const Tables& tables, const ReadCondition& read) {
  return Reader(tables, read).ReadThing(name, test);
}

}  // namespace waypost::analytics
