#include "tags/evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "analytics/calendar.h"
#include "analytics/lookout.h"
#include "base/clock.h"
#include "base/nearest.h"
#include "model/batch.h"
#include "tags/scoring.h"

namespace waypost::tags {
namespace {

using exec::CustomerBits;
using exec::CustomerValues;
using Kind = Making::Kind;
using LeafKind = eql::Rule::Kind;
using MeasureKind = eql::Measure::Kind;

template <typename Visit>
void ForEach(const CustomerBits& bits, Visit visit) {
  for (size_t w = 0; w < bits.size(); ++w) {
    for (uint64_t left = bits[w]; left; left &= left - 1)
      visit(w * 64 + static_cast<size_t>(std::countr_zero(left)));
  }
}

eql::Rule Measured(const eql::Rule& events, const eql::Measure& measure) {
  eql::Rule leaf = events;
  leaf.measure = measure;
  leaf.test = {.op = eql::Op::kIsNotNull, .values = {}, .range = {}};
  return leaf;
}

std::array<eql::Measure, 3> RfmMeasures(const Making& making) {
  return {{{.kind = MeasureKind::kDaysSinceLast, .property = {}},
           {.kind = making.days ? MeasureKind::kDays : MeasureKind::kCount, .property = {}},
           {.kind = MeasureKind::kSum, .property = {making.sum, {}}}}};
}

eql::Rule Counted(const eql::Rule& events) {
  return Measured(events, {.kind = MeasureKind::kCount, .property = {}});
}

Error Bad(std::string_view what) { return Error(Code::kInvalid, "bad_tag", std::string(what)); }

// An operand as it can be run.
struct Operation {
  exec::Rule rule;
  ValueType type = ValueType::kDouble;  // a tag's
  double scale = 1;                     // numbers are divided by it
  bool days = false;                    // numbers are calendar days
};

// Codes into `texts`, which need not be in order nor different, made as CustomerValues has them.
CustomerValues FromTexts(std::vector<uint32_t> codes, const std::vector<std::string>& texts) {
  CustomerValues values;
  values.texts = texts;
  std::ranges::sort(values.texts);
  const auto repeated = std::ranges::unique(values.texts);
  values.texts.erase(repeated.begin(), repeated.end());
  std::vector<uint32_t> place(texts.size() + 1);
  for (size_t i = 0; i < texts.size(); ++i) {
    const auto at = std::ranges::lower_bound(values.texts, texts[i]);
    place[i + 1] = static_cast<uint32_t>(at - values.texts.begin()) + 1;
  }
  for (uint32_t& code : codes) code = place[code];
  values.codes = std::move(codes);
  return values;
}

CustomerValues Named(std::span<const uint8_t> classes, const std::vector<std::string>& labels) {
  return FromTexts({classes.begin(), classes.end()}, labels);
}

class Evaluator {
 public:
  // Without `of` it can check and not run.
  explicit Evaluator(const Situation& situation, const exec::Selector* of = nullptr)
      : situation_(situation), options_(situation.options), of_(of) {}

  Result<ValueType> Check(const Making& making) const {
    switch (making.kind) {
      case Kind::kLayers:
        for (size_t i = 0; i < making.layers.size(); ++i) {
          const auto rule = ResolveRule(making.layers[i].rule);
          if (!rule.ok()) return Error(rule.error()).While(fmt::format("make.layers[{}]", i));
        }
        return making.all ? ValueType::kList : ValueType::kString;
      case Kind::kValue: {
        const Operation operation = TRY(Resolve(making.of.leaf));
        if (making.bands.labels.empty()) return operation.type;
        if (operation.type != ValueType::kDouble) return Bad("make.bands: only numbers have bands");
        return ValueType::kString;
      }
      case Kind::kPreference:
        TRY(Favourite(making));
        return making.top > 1 ? ValueType::kList : ValueType::kString;
      case Kind::kRfm:
        for (const eql::Measure& measure : RfmMeasures(making))
          TRY(Resolve(Measured(making.events, measure)));
        return ValueType::kString;
      case Kind::kRule:
        TRY(ResolveRule(making.rule));
        return ValueType::kBool;
      case Kind::kScore:
        for (const Term& term : making.terms) TRY(ResolveTerm(term));
        return making.bands.labels.empty() ? ValueType::kDouble : ValueType::kString;
      case Kind::kUploaded:
        return making.uploaded;
      case Kind::kModel:
        return ValueType::kDouble;
    }
    return ValueType::kString;
  }

  Result<CustomerValues> Run(const Making& making) const {
    switch (making.kind) {
      case Kind::kLayers:
        return making.all ? AllLayers(making) : FirstLayer(making);
      case Kind::kValue:
        return Banded(TRY(Run(TRY(Resolve(making.of.leaf)))), making.bands);
      case Kind::kPreference:
        return Preference(making);
      case Kind::kRfm:
        return Rfm(making);
      case Kind::kRule:
        return Holds(making.rule);
      case Kind::kScore:
        return Banded(TRY(Score(making)), making.bands);
      case Kind::kUploaded:
      case Kind::kModel:
        break;
    }
    return Bad("an uploaded tag is not computed: upload its values");
  }

 private:
  // Rules.

  Result<analytics::ResolvedQuery> ResolveRule(const eql::Query& query) const {
    analytics::ResolvedQuery rule = TRY(analytics::ResolveQuery(query, situation_.names, options_));
    if (situation_.past) analytics::LeaveOutFrom(rule.base_ms + 1, &rule.rule);
    return rule;
  }

  Result<CustomerBits> Select(const eql::Query& query, const CustomerBits& among) const {
    const analytics::ResolvedQuery rule = TRY(ResolveRule(query));
    CustomerBits bits = of_->Run(rule.rule, among);
    return rule.limit ? exec::Choose(bits, rule.limit, rule.seed) : bits;
  }

  Result<CustomerValues> FirstLayer(const Making& making) const {
    std::vector<uint32_t> codes(of_->size());
    std::vector<std::string> texts;
    CustomerBits open = of_->everyone();
    const auto put = [&](const CustomerBits& bits, const std::string& value) {
      texts.push_back(value);
      ForEach(bits, [&](size_t o) { codes[o] = static_cast<uint32_t>(texts.size()); });
    };
    for (const Layer& layer : making.layers) {
      const CustomerBits found = TRY(Select(layer.rule, open));
      put(found, layer.value);
      for (size_t w = 0; w < open.size(); ++w) open[w] &= ~found[w];
    }
    if (!making.otherwise.empty()) put(open, making.otherwise);
    return FromTexts(std::move(codes), texts);
  }

  // Customers go from one combination of values to the next, layer by layer.
  Result<CustomerValues> AllLayers(const Making& making) const {
    const CustomerBits& everyone = of_->everyone();
    std::vector<uint32_t> codes(of_->size());
    std::vector<std::vector<std::string_view>> combinations(1);
    for (const Layer& layer : making.layers) {
      const CustomerBits found = TRY(Select(layer.rule, everyone));
      std::vector<uint32_t> next(combinations.size());  // 0: not met yet
      ForEach(found, [&](size_t o) {
        uint32_t& to = next[codes[o]];
        if (to == 0) {
          std::vector<std::string_view> values = combinations[codes[o]];
          to = codes[o];
          if (std::ranges::find(values, layer.value) == values.end()) {
            values.push_back(layer.value);
            combinations.push_back(std::move(values));
            to = static_cast<uint32_t>(combinations.size() - 1);
          }
        }
        codes[o] = to;
      });
    }
    if (!making.otherwise.empty()) {
      combinations.push_back({making.otherwise});
      ForEach(everyone, [&](size_t o) {
        if (codes[o] == 0) codes[o] = static_cast<uint32_t>(combinations.size() - 1);
      });
    }
    std::vector<std::string> texts;
    for (size_t c = 1; c < combinations.size(); ++c) texts.push_back(PackList(combinations[c]));
    return FromTexts(std::move(codes), texts);
  }

  Result<CustomerValues> Holds(const eql::Query& rule) const {
    const CustomerBits found = TRY(Select(rule, of_->everyone()));
    CustomerValues values;
    values.numbers.assign(of_->size(), exec::kNoNumber);
    ForEach(of_->everyone(), [&](size_t o) { values.numbers[o] = found[o / 64] >> (o % 64) & 1; });
    return values;
  }

  // Operands.

  Result<Operation> Resolve(const eql::Rule& leaf) const {
    Operation operation;
    eql::Query query;
    query.where.push_back(leaf);
    operation.rule = TRY(ResolveRule(query)).rule;
    ValueType type = ValueType::kDouble;
    switch (leaf.kind) {
      case LeafKind::kField:
        type = situation_.names.Attribute(leaf.name.text)->type;
        break;
      case LeafKind::kFirst:
      case LeafKind::kLast:
        type = situation_.names.Property(leaf.name.text)->type;
        break;
      case LeafKind::kTag:
        type = TRY(options_.tags->Find(leaf.name.text, options_.now_ms)).type;
        break;
      default:
        type = TypeOf(leaf.measure);
    }
    return Typed(std::move(operation), type, leaf);
  }

  ValueType TypeOf(const eql::Measure& measure) const {
    if (measure.kind == MeasureKind::kFirstTime || measure.kind == MeasureKind::kLastTime)
      return ValueType::kDateTime;
    if (!eql::HasProperty(measure.kind) || measure.kind == MeasureKind::kDistinct)
      return ValueType::kDouble;
    const auto property = situation_.names.Property(measure.property.text);
    return property->type == ValueType::kDecimal ? ValueType::kDecimal : ValueType::kDouble;
  }

  static Result<Operation> Typed(Operation operation, ValueType type, const eql::Rule& leaf) {
    switch (type) {
      case ValueType::kList:
        return Bad(fmt::format("'{}' is a list; make a tag of one with layers that say HAS ANY",
                               leaf.name.text));
      case ValueType::kInt:
      case ValueType::kDecimal:
        operation.scale = type == ValueType::kDecimal ? static_cast<double>(kDecimalScale) : 1;
        operation.type = ValueType::kDouble;
        return operation;
      case ValueType::kDate:
        operation.days = true;
        operation.type = ValueType::kDateTime;
        return operation;
      default:
        operation.type = type;
        return operation;
    }
  }

  Result<CustomerValues> Run(const Operation& operation) const {
    const exec::Rule& rule = operation.rule;
    if (rule.kind == exec::Rule::Kind::kDid)
      return exec::MeasureValues(rule, operation.scale, *of_);
    CustomerValues values = rule.kind == exec::Rule::Kind::kEdge
                                ? exec::EdgeValues(rule, operation.scale, *of_)
                                : exec::AttributeValues(rule.condition, operation.scale, *of_);
    if (!operation.days) return values;
    const auto calendar = TRY(analytics::Calendar::Of(options_.default_zone));
    for (double& v : values.numbers) {
      if (!std::isnan(v))
        v = static_cast<double>(calendar.Instant(static_cast<int64_t>(v) * kDayMs));
    }
    return values;
  }

  static CustomerValues Banded(CustomerValues values, const Bands& bands) {
    if (bands.labels.empty()) return values;
    return Named(ClassesOf(values.numbers, bands.scoring, false), bands.labels);
  }

  // Scores.

  Result<Operation> ResolveTerm(const Term& term) const {
    Operation operation = TRY(Resolve(term.of.leaf));
    const bool text = operation.type == ValueType::kString;
    if (text == term.points.empty() || operation.type == ValueType::kDateTime) {
      return Bad(text ? "make.terms: a text needs \"points\""
                      : "make.terms: \"points\" are for texts, and times have no score");
    }
    return operation;
  }

  Result<CustomerValues> Score(const Making& making) const {
    CustomerValues total;
    total.numbers.assign(of_->size(), exec::kNoNumber);
    for (const Term& term : making.terms) {
      const CustomerValues values = TRY(Run(TRY(ResolveTerm(term))));
      std::vector<double> points = {exec::kNoNumber};
      for (const std::string& text : values.texts) {
        const auto found = term.points.find(text);
        points.push_back(found == term.points.end() ? 0 : found->second);
      }
      for (size_t o = 0; o < total.numbers.size(); ++o) {
        const double v = values.HasNumber(o) ? values.numbers[o] : points[values.CodeAt(o)];
        if (std::isnan(v)) continue;
        double& sum = total.numbers[o];
        sum = (std::isnan(sum) ? 0 : sum) + term.weight * v;
      }
    }
    return total;
  }

  // Preference.

  struct FavouriteOf {
    exec::Rule events;
    exec::FavouriteSpec spec;
  };
  Result<FavouriteOf> Favourite(const Making& making) const {
    const Operation events = TRY(Resolve(Counted(making.events)));
    FavouriteOf out{.events = events.rule, .spec = {.top = making.top}};
    const auto property = TRY(EventProperty("make.property", making.property));
    if (property.type != ValueType::kString) {
      return Bad(fmt::format("make.property: '{}' is a {}; give one that is a text",
                             making.property, ValueTypeName(property.type)));
    }
    out.spec.property = property.id;
    if (making.sum.empty()) return out;
    const auto weight = TRY(EventProperty("make.sum", making.sum));
    if (weight.type != ValueType::kInt && weight.type != ValueType::kDouble &&
        weight.type != ValueType::kDecimal)
      return Bad(
          fmt::format("make.sum: '{}' is a {}, no number", making.sum, ValueTypeName(weight.type)));
    out.spec.weighted = true;
    out.spec.weight = weight.id;
    return out;
  }
  Result<analytics::PropertyName> EventProperty(std::string_view path,
                                                const std::string& name) const {
    if (const auto found = situation_.names.Property(name)) return *found;
    const std::string nearest = Nearest(name, situation_.names.PropertyNames());
    return Error(Code::kInvalid, "eql_unknown",
                 fmt::format("{}: there is no event property '{}'{}", path, name,
                             nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
  }

  Result<CustomerValues> Preference(const Making& making) const {
    const FavouriteOf favourite = TRY(Favourite(making));
    std::vector<CustomerValues> ranks =
        exec::FavouriteValues(favourite.events, favourite.spec, *of_);
    if (making.top == 1) return std::move(ranks[0]);
    std::map<std::vector<uint32_t>, uint32_t> combinations;
    std::vector<uint32_t> codes(of_->size());
    std::vector<std::string> texts;
    for (size_t o = 0; o < codes.size(); ++o) {
      std::vector<uint32_t> combination;
      for (const CustomerValues& rank : ranks) {
        if (rank.CodeAt(o)) combination.push_back(rank.CodeAt(o));
      }
      if (combination.empty()) continue;
      const auto [at, added] =
          combinations.try_emplace(combination, static_cast<uint32_t>(texts.size()) + 1);
      codes[o] = at->second;
      if (!added) continue;
      std::vector<std::string_view> items;
      for (const uint32_t code : combination) items.push_back(ranks[0].texts[code - 1]);
      texts.push_back(PackList(items));
    }
    return FromTexts(std::move(codes), texts);
  }

  // RFM.

  Result<CustomerValues> Rfm(const Making& making) const {
    std::array<std::vector<double>, 3> numbers;
    const auto measures = RfmMeasures(making);
    for (size_t i = 0; i < 3; ++i)
      numbers[i] = TRY(Run(TRY(Resolve(Measured(making.events, measures[i]))))).numbers;
    for (size_t o = 0; o < numbers[0].size(); ++o) {
      // Who did nothing has no days since, and is in no class.
      const bool active = !std::isnan(numbers[0][o]);
      if (!active) numbers[1][o] = numbers[2][o] = exec::kNoNumber;
      if (active && std::isnan(numbers[2][o])) numbers[2][o] = 0;
    }
    const auto recency = ClassesOf(numbers[0], making.recency, true);
    const auto frequency = ClassesOf(numbers[1], making.frequency, false);
    const auto monetary = ClassesOf(numbers[2], making.monetary, false);
    return making.cells ? Cells(making, recency, frequency, monetary)
                        : Digits(recency, frequency, monetary);
  }

  using Classes = std::vector<uint8_t>;
  static CustomerValues Cells(const Making& making, const Classes& recency,
                              const Classes& frequency, const Classes& monetary) {
    const auto high = [](uint8_t of, const Scoring& scoring) {
      return 2u * of > scoring.classes() + 1;
    };
    std::vector<uint8_t> cells(recency.size());
    for (size_t o = 0; o < cells.size(); ++o) {
      if (recency[o] == 0) continue;
      const int cell = (high(monetary[o], making.monetary) ? 0 : 4) +
                       (high(recency[o], making.recency) ? 0 : 2) +
                       (high(frequency[o], making.frequency) ? 0 : 1);
      cells[o] = static_cast<uint8_t>(1 + cell);
    }
    const std::vector<std::string> names(std::begin(kCellNames), std::end(kCellNames));
    return Named(cells, making.names.empty() ? names : making.names);
  }

  static CustomerValues Digits(const Classes& recency, const Classes& frequency,
                               const Classes& monetary) {
    std::vector<std::string> texts;
    std::vector<uint32_t> place(1000), codes(recency.size());
    for (size_t o = 0; o < codes.size(); ++o) {
      if (recency[o] == 0) continue;
      const uint32_t score = recency[o] * 100u + frequency[o] * 10u + monetary[o];
      if (place[score] == 0) {
        texts.push_back(std::to_string(score));
        place[score] = static_cast<uint32_t>(texts.size());
      }
      codes[o] = place[score];
    }
    return FromTexts(std::move(codes), texts);
  }

  const Situation& situation_;
  const analytics::AskOptions& options_;
  const exec::Selector* const of_;
};

}  // namespace

Result<ValueType> CheckMaking(const Making& making, const Situation& situation) {
  return Evaluator(situation).Check(making);
}

Result<Evaluated> Evaluate(const Making& making, const Situation& situation) {
  const analytics::AskOptions& options = situation.options;
  return Evaluate(making, situation, exec::Selector(*options.snapshot, options.threads));
}

Result<Evaluated> Evaluate(const Making& making, const Situation& situation,
                           const exec::Selector& of) {
  const Evaluator evaluator(situation, &of);
  Evaluated evaluated;
  evaluated.type = TRY(evaluator.Check(making));
  evaluated.values = TRY(evaluator.Run(making));
  return evaluated;
}

std::vector<eql::Query> QueriesOf(const Making& making) {
  std::vector<eql::Query> queries;
  const auto add = [&](eql::Rule leaf) {
    queries.push_back({.at = {}, .where = {std::move(leaf)}, .seed = {}});
  };
  for (const Layer& layer : making.layers) queries.push_back(layer.rule);
  for (const Term& term : making.terms) add(term.of.leaf);
  if (making.kind == Kind::kValue) add(making.of.leaf);
  if (making.kind == Kind::kRule) queries.push_back(making.rule);
  if (making.kind == Kind::kPreference) add(Counted(making.events));
  if (making.kind != Kind::kRfm) return queries;
  for (const eql::Measure& measure : RfmMeasures(making)) add(Measured(making.events, measure));
  return queries;
}

Result<> CheckLive(const Making& making, const Situation& situation) {
  TRY(CheckMaking(making, situation));
  if (making.is_given()) return Bad("refresh: an uploaded tag does not follow events");
  const bool rfm = making.kind == Kind::kRfm;
  const bool banded = !making.bands.labels.empty();
  for (const auto& [used, scoring] : {std::pair{banded, &making.bands.scoring},
                                      {rfm, &making.recency},
                                      {rfm, &making.frequency},
                                      {rfm, &making.monetary}}) {
    if (used && scoring->method != Scoring::Method::kEdges) {
      return Bad(
          "refresh: a live tag judges each customer alone, and these classes compare them; give "
          "\"edges\", or a schedule");
    }
  }
  for (const eql::Query& query : QueriesOf(making)) {
    const auto resolved = TRY(analytics::ResolveQuery(query, situation.names, situation.options));
    TRY(analytics::Lookout::Check(query, resolved));
  }
  return {};
}

}  // namespace waypost::tags
