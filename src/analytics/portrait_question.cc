// "ask": "portrait"
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <set>

#include "analytics/plan.h"
#include "analytics/significance.h"
#include "exec/field_values.h"

namespace waypost::analytics {
namespace {

using exec::CustomerBits;
using exec::Field;
using exec::GroupTuple;
using exec::GroupValue;

constexpr size_t kMaxCrowds = 5;
constexpr size_t kMaxFields = 100;
constexpr size_t kMaxCrosses = 10;
constexpr size_t kMaxEdges = 100;
constexpr size_t kMaxRows = 1'000;
constexpr size_t kNumbersByThemselves = 20;  // more different ones are put into tenths
constexpr size_t kMostTelling = 10;
constexpr double kLeastShare = 1e-4;  // of population stability

// Some of the customers, with values as of a day.
struct Crowd {
  std::string name;
  CustomerBits who;
  int64_t values_at_ms = 0;
};

// One attribute or tag.
struct Asked {
  std::string name;
  bool is_tag = false;
  ValueType type = ValueType::kString;
  uint32_t property = 0;
  std::vector<double> edges;

  bool is_list() const { return type == ValueType::kList; }
  bool is_number() const {
    return type != ValueType::kString && type != ValueType::kBool && !is_list();
  }
};

// A share of a crowd, and what it is compared with.
struct Cell {
  uint64_t count = 0, base = 0;
  double share = 0, base_share = 0;
  Comparison compared;
  std::optional<double> q;
};
struct Row {
  GroupTuple values;  // empty: others
  std::vector<Cell> cells;
};
struct Tabulated {
  std::vector<Asked> of;  // one, or two that are crossed
  std::vector<uint64_t> known, base_known;
  std::vector<Row> rows;
  std::vector<std::optional<double>> gain, psi;
};

exec::Rule RuleOf(const exec::Predicate& predicate, const exec::Population& population) {
  exec::Rule rule;
  switch (predicate.kind) {
    case exec::Predicate::Kind::kAll:
      rule.kind = exec::Rule::Kind::kAll;
      break;
    case exec::Predicate::Kind::kAny:
      rule.kind = exec::Rule::Kind::kAny;
      break;
    case exec::Predicate::Kind::kNot:
      rule.kind = exec::Rule::Kind::kNot;
      break;
    default:
      rule.kind = exec::Rule::Kind::kAttribute;
      rule.condition = population.conditions[predicate.customer_condition];
  }
  for (const exec::Predicate& part : predicate.of) rule.of.push_back(RuleOf(part, population));
  return rule;
}

uint64_t CountCommon(const CustomerBits& a, const CustomerBits& b) {
  uint64_t count = 0;
  for (size_t w = 0; w < std::min(a.size(), b.size()); ++w)
    count += static_cast<uint64_t>(std::popcount(a[w] & b[w]));
  return count;
}

double ShareOf(uint64_t part, uint64_t whole) {
  return whole ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

// Statistics are told to six digits: more say nothing.
double Told(double v) {
  if (v == 0 || !std::isfinite(v)) return v;
  const double unit = std::pow(10.0, 5 - std::floor(std::log10(std::abs(v))));
  return std::isfinite(unit) && unit > 0 ? std::round(v * unit) / unit : v;
}

double Entropy(double p) {
  return p <= 0 || p >= 1 ? 0 : -p * std::log2(p) - (1 - p) * std::log2(1 - p);
}

class PortraitPlan final : public Plan {
 public:
  explicit PortraitPlan(Scope* scope) : scope_(*scope) {}

  Result<> Read(const Form& question) {
    TRY(question.Only({"ask", "zone", "week_start", "day_start", "as_of", "who", "groups", "by",
                       "cross", "top", "min_support", "min_expected"}));
    base_.who = TRY(ReadWho(question));
    base_.values_at_ms = scope_.options().now_ms;
    for (const Form& group : TRY(TRY(question.Need("groups")).List(1, kMaxCrowds)))
      TRY(ReadCrowd(group));
    TRY(ReadFields(question));
    if (const auto crosses = question.Find("cross")) {
      for (const Form& cross : TRY(crosses->List(0, kMaxCrosses))) {
        for (const Form& side : TRY(cross.List(2, 2))) {
          crossed_.push_back(TRY(ReadField(side)));
          if (crossed_.back().is_list())
            return side.Bad("lists cannot be crossed: a customer has several of their values");
        }
      }
    }
    if (const auto top = question.Find("top"))
      top_ = static_cast<size_t>(TRY(top->Whole(1, kMaxRows)));
    if (const auto least = question.Find("min_support"))
      min_support_ = static_cast<uint64_t>(TRY(least->Whole(1, 1'000'000'000)));
    if (const auto least = question.Find("min_expected")) min_expected_ = TRY(least->Real());
    return {};
  }

  exec::BindSpec Binding() const override { return {}; }
  std::string Describe() const override {
    return fmt::format("portrait: {} fields and {} crosses of {} groups, no events", fields_.size(),
                       crossed_.size() / 2, crowds_.size());
  }

  Result<> Run(const column::SnapshotView&, Answer* out) const override {
    std::vector<Tabulated> tables;
    for (const Asked& field : fields_) tables.push_back(TRY(TableOf(field)));
    for (size_t i = 0; i < crossed_.size(); i += 2)
      tables.push_back(TRY(CrossOf(crossed_[i], crossed_[i + 1])));
    AdjustForMany(&tables);
    WriteCrowds(tables, out);
    out->Key("fields").Open('[');
    for (size_t i = 0; i < fields_.size(); ++i) WriteTable(tables[i], out);
    out->Close(']').Key("crosses").Open('[');
    for (size_t i = fields_.size(); i < tables.size(); ++i) WriteTable(tables[i], out);
    out->Close(']');
    return {};
  }

 private:
  const column::SnapshotView& snapshot() const { return *scope_.options().snapshot; }
  unsigned threads() const { return scope_.options().threads; }

  // The member "who"; everyone without it.
  Result<CustomerBits> ReadWho(const Form& form) const {
    Scope scope(scope_.names(), scope_.options(), scope_.calendar());
    TRY(scope.ReadPopulation(form));
    if (scope.as_of_event())
      return TRY(form.Need("as_of")).Bad("a portrait is of customers, not of events; use \"now\"");
    return exec::Select(RuleOf(scope.population().who, scope.population()), snapshot(), threads());
  }

  Result<> ReadCrowd(const Form& form) {
    TRY(form.Only({"name", "who", "values_at"}));
    Crowd crowd{.name = fmt::format("group {}", crowds_.size() + 1),
                .who = TRY(ReadWho(form)),
                .values_at_ms = base_.values_at_ms};
    if (const auto name = form.Find("name")) crowd.name = TRY(name->Text());
    if (const auto day = form.Find("values_at")) crowd.values_at_ms = TRY(scope_.Instant(*day));
    for (size_t w = 0; w < crowd.who.size(); ++w)
      crowd.who[w] &= w < base_.who.size() ? base_.who[w] : 0;
    crowds_.push_back(std::move(crowd));
    return {};
  }

  // All attributes and tags without "by".
  Result<> ReadFields(const Form& question) {
    if (const auto by = question.Find("by")) {
      for (const Form& item : TRY(by->OneOrList(kMaxFields)))
        fields_.push_back(TRY(ReadField(item)));
      return {};
    }
    for (const std::string& name : scope_.names().AttributeNames()) {
      const auto found = scope_.names().Attribute(name);
      if (fields_.size() < kMaxFields && found && found->shown)
        fields_.push_back({name, false, found->type, found->id, {}});
    }
    if (!scope_.options().tags) return {};
    for (const std::string& name : TRY(scope_.options().tags->Names())) {
      if (fields_.size() == kMaxFields) break;
      const auto values = TRY(scope_.options().tags->Find(name, base_.values_at_ms));
      fields_.push_back({name, true, values.type, 0, {}});
    }
    return {};
  }

  // "name", {"customer": name} or {"tag": name}, with "edges" for numbers.
  Result<Asked> ReadField(const Form& form) const {
    if (form.is_object()) TRY(form.Only({"customer", "tag", "edges"}));
    const auto tag = form.Find("tag");
    const Form called = tag ? *tag : form.is_object() ? TRY(form.Need("customer")) : form;
    Asked asked{.name = TRY(called.Text()), .is_tag = tag.has_value()};
    if (tag) {
      if (!scope_.options().tags) return tag->Bad("there are no tags here");
      const auto values = scope_.options().tags->Find(asked.name, base_.values_at_ms);
      if (!values.ok()) return tag->Bad(values.error().message());
      asked.type = values.value().type;
    } else {
      const auto found = scope_.names().Attribute(asked.name);
      if (!found) return called.Unknown(asked.name, scope_.names().AttributeNames());
      if (!found->shown) return called.Masked(asked.name);
      asked.type = found->type;
      asked.property = found->id;
    }
    if (const auto edges = form.Find("edges")) TRY(ReadEdges(*edges, &asked));
    return asked;
  }

  static Result<> ReadEdges(const Form& form, Asked* asked) {
    const bool counted = asked->type == ValueType::kInt || asked->type == ValueType::kDouble ||
                         asked->type == ValueType::kDecimal;
    if (!counted) return form.Bad(fmt::format("'{}' is no number", asked->name));
    const double unit = asked->type == ValueType::kDecimal ? 10'000 : 1;
    for (const Form& edge : TRY(form.List(1, kMaxEdges))) {
      asked->edges.push_back(TRY(edge.Real(-1e15, 1e15)) * unit);
      if (asked->edges.size() > 1 && asked->edges.rbegin()[1] >= asked->edges.back())
        return edge.Bad("edges increase");
    }
    return {};
  }

  // `asked` with the values that a crowd has. Before the first values of a tag nobody has any.
  Result<Field> FieldOf(const Asked& asked, int64_t at_ms) const {
    Field field{.property = asked.property, .values = nullptr, .edges = asked.edges};
    if (!asked.is_tag) return field;
    auto values = scope_.options().tags->Find(asked.name, at_ms);
    if (values.ok()) {
      field.values = std::move(values).value().columns;
    } else if (values.error().code() == Code::kNotFound) {
      field.values = std::make_shared<const column::CustomerColumns>();
    } else {
      return std::move(values).error();
    }
    return field;
  }

  // Numbers of more than a few different values are put into tenths of the base.
  Result<Asked> Tenths(const Asked& asked) const {
    Asked binned = asked;
    if (!asked.is_number() || !asked.edges.empty()) return binned;
    const Field field = TRY(FieldOf(asked, base_.values_at_ms));
    const auto counts =
        exec::CountValues(field, base_.who, snapshot(), threads(), kNumbersByThemselves);
    if (!counts.too_many) return binned;
    std::vector<double> numbers = exec::NumbersOf(field, base_.who, snapshot(), threads());
    const double least = numbers.empty() ? 0 : *std::ranges::min_element(numbers);
    auto from = numbers.begin();
    for (size_t tenth = 1; tenth < 10 && !numbers.empty(); ++tenth) {
      const auto at = numbers.begin() + static_cast<ptrdiff_t>(numbers.size() * tenth / 10);
      std::nth_element(from, at, numbers.end());
      if (*at > least && (binned.edges.empty() || *at > binned.edges.back()))
        binned.edges.push_back(*at);
      from = at;
    }
    return binned;
  }

  using Counts = std::map<GroupTuple, uint64_t>;
  // How many of a crowd, and of the base at its moment, have each value or pair of values.
  struct Counted {
    Counts of, base;
    uint64_t known = 0, base_known = 0;
  };

  // Crowds of one moment share the base's counts.
  template <typename Count>
  void CountInto(std::vector<Counted>* counted, const Crowd& crowd, const Count& count) const {
    Counted& one = counted->emplace_back();
    count(crowd.who, &one.of, &one.known);
    for (size_t c = 0; c + 1 < counted->size(); ++c) {
      if (crowds_[c].values_at_ms != crowd.values_at_ms) continue;
      one.base = (*counted)[c].base;
      one.base_known = (*counted)[c].base_known;
      return;
    }
    count(base_.who, &one.base, &one.base_known);
  }

  Result<Tabulated> TableOf(const Asked& asked) const {
    const Asked field = TRY(Tenths(asked));
    std::vector<Counted> counted;
    for (const Crowd& crowd : crowds_) {
      const Field values = TRY(FieldOf(field, crowd.values_at_ms));
      const auto count = [&](const CustomerBits& who, Counts* of, uint64_t* known) {
        auto counts = exec::CountValues(values, who, snapshot(), threads(), SIZE_MAX);
        for (const auto& [value, customers] : counts.of) (*of)[{value}] = customers;
        *known = counts.known;
        const uint64_t unknown = exec::CountBits(who) - counts.known;
        if (unknown) (*of)[{GroupValue{}}] = unknown;
      };
      CountInto(&counted, crowd, count);
    }
    return Tabulate({field}, counted);
  }

  Result<Tabulated> CrossOf(const Asked& a, const Asked& b) const {
    const Asked first = TRY(Tenths(a)), second = TRY(Tenths(b));
    std::vector<Counted> counted;
    for (const Crowd& crowd : crowds_) {
      const Field x = TRY(FieldOf(first, crowd.values_at_ms));
      const Field y = TRY(FieldOf(second, crowd.values_at_ms));
      const auto count = [&](const CustomerBits& who, Counts* of, uint64_t* known) {
        for (const auto& [pair, customers] : exec::CountPairs(x, y, who, snapshot(), threads())) {
          const bool whole = pair.first.kind != GroupValue::Kind::kNull &&
                             pair.second.kind != GroupValue::Kind::kNull;
          if (whole) *known += customers;
          (*of)[{pair.first, pair.second}] = customers;
        }
      };
      CountInto(&counted, crowd, count);
    }
    return Tabulate({first, second}, counted);
  }

  static bool HasNull(const GroupTuple& values) {
    return std::ranges::any_of(
        values, [](const GroupValue& value) { return value.kind == GroupValue::Kind::kNull; });
  }
  static uint64_t CountOf(const Counts& counts, const GroupTuple& values) {
    const auto found = counts.find(values);
    return found == counts.end() ? 0 : found->second;
  }

  // A value's share is of those who have one; that of having none is of all.
  Cell CellOf(size_t crowd, const Counted& counted, uint64_t count, uint64_t base,
              bool of_all) const {
    const uint64_t of = of_all ? exec::CountBits(crowds_[crowd].who) : counted.known;
    const uint64_t base_of = of_all ? exec::CountBits(base_.who) : counted.base_known;
    Cell cell{count, base, ShareOf(count, of), ShareOf(base, base_of), {}, {}};
    const double expected = static_cast<double>(of) * cell.base_share;
    if (count >= min_support_ && expected >= min_expected_)
      cell.compared = Compare({count, of, base, base_of});
    return cell;
  }

  // The `top` most frequent values of the base keep their names.
  Tabulated Tabulate(std::vector<Asked> of, const std::vector<Counted>& counted) const {
    Tabulated table{
        .of = std::move(of), .known = {}, .base_known = {}, .rows = {}, .gain = {}, .psi = {}};
    std::map<GroupTuple, uint64_t> all;
    for (const Counted& one : counted) {
      table.known.push_back(one.known);
      table.base_known.push_back(one.base_known);
      for (const auto& [values, count] : one.base) all[values] = std::max(all[values], count);
    }
    std::vector<std::pair<uint64_t, GroupTuple>> order;
    for (const auto& [values, count] : all) order.emplace_back(count, values);
    std::ranges::stable_sort(order, std::greater(), [](const auto& one) { return one.first; });
    for (size_t i = 0; i < std::min(top_, order.size()); ++i) {
      Row& row = table.rows.emplace_back(Row{order[i].second, {}});
      for (size_t c = 0; c < counted.size(); ++c)
        row.cells.push_back(CellOf(c, counted[c], CountOf(counted[c].of, row.values),
                                   CountOf(counted[c].base, row.values), HasNull(row.values)));
    }
    if (order.size() > top_) table.rows.push_back(Others(counted, order));
    const bool lists = table.of[0].is_list();
    for (size_t c = 0; c < counted.size(); ++c) {
      table.gain.push_back(lists ? std::nullopt : std::optional(GainOf(c, counted[c])));
      table.psi.push_back(lists || c == 0 ? std::nullopt : PsiOf(counted[0], counted[c]));
    }
    return table;
  }

  // Nothing is told of others but how many they are: they are no one thing to be compared.
  Row Others(const std::vector<Counted>& counted,
             const std::vector<std::pair<uint64_t, GroupTuple>>& order) const {
    Row others;
    for (const Counted& one : counted) {
      Cell& cell = others.cells.emplace_back();
      for (size_t i = top_; i < order.size(); ++i) {
        cell.count += CountOf(one.of, order[i].second);
        cell.base += CountOf(one.base, order[i].second);
      }
      cell.share = ShareOf(cell.count, one.known);
      cell.base_share = ShareOf(cell.base, one.base_known);
    }
    return others;
  }

  // Bits that the value tells about being in the crowd: H(crowd) − H(crowd | value) over the base,
  // to have no value being one.
  double GainOf(size_t crowd, const Counted& counted) const {
    const auto everyone = static_cast<double>(exec::CountBits(base_.who));
    const auto inside = static_cast<double>(exec::CountBits(crowds_[crowd].who));
    if (everyone == 0) return 0;
    double gain = Entropy(inside / everyone);
    for (const auto& [values, base] : counted.base) {
      const auto held = static_cast<double>(base);
      gain -= held / everyone * Entropy(static_cast<double>(CountOf(counted.of, values)) / held);
    }
    return std::max(gain, 0.0);
  }

  // Population stability index of a crowd against another: Σ (a − e)·ln(a/e) over shares of those
  // who have a value, none less than one in ten thousand.
  static std::optional<double> PsiOf(const Counted& expected, const Counted& actual) {
    if (expected.known == 0 || actual.known == 0) return std::nullopt;
    std::set<GroupTuple> all;
    for (const Counts* counts : {&expected.of, &actual.of}) {
      for (const auto& [values, count] : *counts) {
        if (!HasNull(values)) all.insert(values);
      }
    }
    double psi = 0;
    for (const GroupTuple& values : all) {
      const double e = std::max(ShareOf(CountOf(expected.of, values), expected.known), kLeastShare);
      const double a = std::max(ShareOf(CountOf(actual.of, values), actual.known), kLeastShare);
      psi += (a - e) * std::log(a / e);
    }
    return psi;
  }

  // Over everything that the answer compares of a crowd.
  void AdjustForMany(std::vector<Tabulated>* tables) const {
    for (size_t c = 0; c < crowds_.size(); ++c) {
      std::vector<Cell*> tested;
      std::vector<double> p;
      for (Tabulated& table : *tables) {
        for (Row& row : table.rows) {
          if (!row.cells[c].compared.p) continue;
          tested.push_back(&row.cells[c]);
          p.push_back(*row.cells[c].compared.p);
        }
      }
      const std::vector<double> q = AdjustedForMany(p);
      for (size_t i = 0; i < tested.size(); ++i) tested[i]->q = q[i];
    }
  }

  void WriteCrowds(const std::vector<Tabulated>& tables, Answer* out) const {
    const uint64_t everyone = exec::CountBits(base_.who);
    out->Key("base").Open('{').Key("count").Count(everyone).Close('}');
    out->Key("groups").Open('[');
    for (size_t c = 0; c < crowds_.size(); ++c) {
      const uint64_t count = exec::CountBits(crowds_[c].who);
      out->Open('{').Key("name").Text(crowds_[c].name).Key("count").Count(count);
      out->Key("share").Real(Told(ShareOf(count, everyone)));
      out->Key("values_at").Text(scope_.calendar().Text(crowds_[c].values_at_ms));
      out->Key("shared").Open('[');
      for (const Crowd& other : crowds_) out->Count(CountCommon(crowds_[c].who, other.who));
      out->Close(']').Key("most_telling").Open('[');
      WriteMostTelling(tables, c, out);
      out->Close(']').Close('}');
    }
    out->Close(']');
  }

  void WriteMostTelling(const std::vector<Tabulated>& tables, size_t crowd, Answer* out) const {
    std::vector<std::pair<double, const Asked*>> order;
    for (const Tabulated& table : tables) {
      if (table.of.size() == 1 && table.gain[crowd].value_or(0) > 0)
        order.emplace_back(*table.gain[crowd], &table.of[0]);
    }
    std::ranges::stable_sort(order, std::greater(), [](const auto& one) { return one.first; });
    for (size_t i = 0; i < std::min(order.size(), kMostTelling); ++i) {
      out->Open('{');
      WriteName(*order[i].second, out);
      out->Key("gain").Real(Told(order[i].first)).Close('}');
    }
  }

  static void WriteName(const Asked& asked, Answer* out) {
    out->Key(asked.is_tag ? "tag" : "customer").Text(asked.name);
  }

  static void WriteOptional(std::optional<double> value, Answer* out) {
    value ? out->Real(Told(*value)) : out->Null();
  }

  static void WriteCounts(std::string_view key, const std::vector<uint64_t>& counts, Answer* out) {
    out->Key(key).Open('[');
    for (const uint64_t count : counts) out->Count(count);
    out->Close(']');
  }

  void WriteTable(const Tabulated& table, Answer* out) const {
    out->Open('{');
    if (table.of.size() == 1) {
      WriteName(table.of[0], out);
      out->Key("type").Text(ValueTypeName(table.of[0].type));
    } else {
      out->Key("of").Open('[');
      for (const Asked& one : table.of) {
        out->Open('{');
        WriteName(one, out);
        out->Close('}');
      }
      out->Close(']');
    }
    WriteCounts("known", table.known, out);
    WriteCounts("base_known", table.base_known, out);
    out->Key("gain").Open('[');
    for (const auto gain : table.gain) WriteOptional(gain, out);
    out->Close(']').Key("psi").Open('[');
    for (const auto psi : table.psi) WriteOptional(psi, out);
    out->Close(']').Key("rows").Open('[');
    for (const Row& row : table.rows) WriteRow(table, row, out);
    out->Close(']').Close('}');
  }

  void WriteRow(const Tabulated& table, const Row& row, Answer* out) const {
    out->Open('{').Key("value");
    if (row.values.empty()) {
      out->Text("$other");
    } else if (table.of.size() == 1) {
      WriteOne(table.of[0], row.values[0], out);
    } else {
      out->Open('[');
      for (size_t i = 0; i < table.of.size(); ++i) WriteOne(table.of[i], row.values[i], out);
      out->Close(']');
    }
    out->Key("groups").Open('[');
    for (const Cell& cell : row.cells) {
      out->Open('{').Key("count").Count(cell.count).Key("share").Real(Told(cell.share));
      out->Key("base").Count(cell.base).Key("base_share").Real(Told(cell.base_share));
      out->Key("tgi");
      WriteOptional(cell.compared.tgi, out);
      out->Key("low");
      WriteOptional(cell.compared.low, out);
      out->Key("high");
      WriteOptional(cell.compared.high, out);
      out->Key("p");
      WriteOptional(cell.compared.p, out);
      out->Key("q");
      WriteOptional(cell.q, out);
      out->Close('}');
    }
    out->Close(']').Close('}');
  }

  // A value, or the range of numbers from one edge to before the next.
  static void WriteOne(const Asked& asked, const GroupValue& value, Answer* out) {
    if (asked.edges.empty() || value.kind != GroupValue::Kind::kWhole)
      return WriteValue(value, asked.type, out);
    const auto at = static_cast<size_t>(value.whole);
    const auto edge = [&](size_t i) {
      const double v = asked.edges[i];
      if (asked.type == ValueType::kDouble) return (void)out->Real(v);
      WriteValue({.kind = GroupValue::Kind::kWhole, .whole = std::llround(v)}, asked.type, out);
    };
    out->Open('{');
    if (at > 0) {
      out->Key("from");
      edge(at - 1);
    }
    if (at < asked.edges.size()) {
      out->Key("to");
      edge(at);
    }
    out->Close('}');
  }

  const Scope& scope_;
  Crowd base_;
  std::vector<Crowd> crowds_;
  std::vector<Asked> fields_;
  std::vector<Asked> crossed_;  // two by two
  size_t top_ = 25;
  uint64_t min_support_ = 30;
  double min_expected_ = 5;
};

}  // namespace

Result<std::unique_ptr<Plan>> PlanPortrait(const Form& question, Scope* scope) {
  auto plan = std::make_unique<PortraitPlan>(scope);
  TRY(plan->Read(question));
  return std::unique_ptr<Plan>(std::move(plan));
}

}  // namespace waypost::analytics
