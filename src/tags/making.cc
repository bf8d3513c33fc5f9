#include "tags/making.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "analytics/rules.h"
#include "eql/rule_json.h"
#include "eql/text.h"
#include "model/form.h"
#include "tags/evaluation.h"
#include "tags/tag_json.h"

namespace waypost::tags {
namespace {

namespace json = boost::json;
using Kind = Making::Kind;
using Method = Scoring::Method;

constexpr std::string_view kNotNull = " IS NOT NULL";
constexpr uint32_t kMaxParts = 100;
constexpr uint32_t kMaxScore = 9;  // one digit
constexpr double kMaxNumber = 1e15;

constexpr std::pair<std::string_view, Kind> kKinds[] = {
    {"layers", Kind::kLayers},     {"value", Kind::kValue}, {"preference", Kind::kPreference},
    {"rfm", Kind::kRfm},           {"rule", Kind::kRule},   {"score", Kind::kScore},
    {"uploaded", Kind::kUploaded}, {"model", Kind::kModel}};

constexpr std::pair<std::string_view, ValueType> kTypes[] = {{"string", ValueType::kString},
                                                             {"number", ValueType::kDouble},
                                                             {"bool", ValueType::kBool},
                                                             {"datetime", ValueType::kDateTime},
                                                             {"list", ValueType::kList}};

template <typename T>
Result<T> At(const Form& form, Result<T> read) {
  if (read.ok()) return read;
  return std::move(read).error().While(form.path());
}

Result<std::string> ValueText(const Form& form) {
  std::string text = TRY(form.Text());
  if (text.empty() || text.size() > kMaxValueBytes)
    return form.Bad(fmt::format("give 1 to {} bytes", kMaxValueBytes));
  return text;
}

Result<std::string> OptionalText(const Form& form, std::string_view key) {
  const auto member = form.Find(key);
  return member ? ValueText(*member) : Result<std::string>(std::string());
}

// {"eql": text} or {"rule": tree} among the members.
Result<eql::Query> ReadRule(const Form& form) {
  json::object rule;
  for (const std::string_view key : {"eql", "rule"}) {
    if (const auto member = form.Find(key)) rule[key] = member->json();
  }
  return At(form, analytics::ReadQueryForm(rule));
}

Result<Operand> ReadOperand(const Form& form) { return At(form, ParseOperand(TRY(form.Text()))); }

Result<eql::Rule> ParseEvents(std::string_view text) {
  eql::Query query = TRY(eql::ParseQuery(text));
  if (query.where.empty() || query.where[0].kind != eql::Rule::Kind::kDid) {
    return Error(Code::kInvalid, "bad_tag",
                 "say which events, as \"DID(purchase_success) LAST 90 DAYS\"");
  }
  return std::move(query.where[0]);
}
Result<eql::Rule> ReadEvents(const Form& form) {
  const Form events = TRY(form.Need("events"));
  return At(events, ParseEvents(TRY(events.Text())));
}

// Numbers that rise (or fall), at least one.
Result<std::vector<double>> ReadNumbers(const Form& form, bool rise, double least, double most) {
  std::vector<double> numbers;
  for (const Form& item : TRY(form.List(1, kMaxBands - 1))) {
    const double number = TRY(item.Real(least, most));
    if (!numbers.empty() && (rise ? number <= numbers.back() : number >= numbers.back()))
      return item.Bad(rise ? "each must be greater than the one before"
                           : "each must be less than the one before");
    numbers.push_back(number);
  }
  return numbers;
}

// One of the members "mean", "edges", "top", "top_percent" and "quantiles".
Result<Scoring> ReadScoring(const Form& form) {
  const auto mean = form.Find("mean"), edges = form.Find("edges"), top = form.Find("top"),
             share = form.Find("top_percent"), parts = form.Find("quantiles");
  if (!!mean + !!edges + !!top + !!share + !!parts != 1) {
    return form.Bad(
        "give one of \"mean\": true, \"edges\", \"top\", \"top_percent\" and \"quantiles\"");
  }
  Scoring scoring;
  if (mean) {
    if (!TRY(mean->Flag())) return mean->Bad("it is true or left out");
  } else if (edges) {
    scoring.method = Method::kEdges;
    scoring.numbers = TRY(ReadNumbers(*edges, true, -kMaxNumber, kMaxNumber));
  } else if (top) {
    scoring.method = Method::kTopCount;
    scoring.numbers = TRY(ReadNumbers(*top, false, 1, 1e9));
  } else if (share) {
    scoring.method = Method::kTopShare;
    scoring.numbers = TRY(ReadNumbers(*share, false, 0.001, 99.999));
  } else {
    scoring.method = Method::kQuantiles;
    scoring.parts = static_cast<uint32_t>(TRY(parts->Whole(2, kMaxParts)));
  }
  return scoring;
}

Result<Bands> ReadBands(const Form& form) {
  TRY(form.Only({"mean", "edges", "top", "top_percent", "quantiles", "labels"}));
  Bands bands;
  bands.scoring = TRY(ReadScoring(form));
  const size_t classes = bands.scoring.classes();
  for (const Form& label : TRY(TRY(form.Need("labels")).List(classes, classes)))
    bands.labels.push_back(TRY(ValueText(label)));
  return bands;
}

Result<Scoring> ReadScore(const Form& make, std::string_view key) {
  const Form form = TRY(make.Need(key));
  TRY(form.Only({"mean", "edges", "top", "top_percent", "quantiles"}));
  const Scoring scoring = TRY(ReadScoring(form));
  if (scoring.classes() > kMaxScore) return form.Bad(fmt::format("over {} classes", kMaxScore));
  return scoring;
}

Result<> ReadLayers(const Form& form, Making* making) {
  TRY(form.Only({"kind", "match", "layers", "otherwise"}));
  if (const auto match = form.Find("match"))
    making->all = TRY(match->Choice<bool>({{"first", false}, {"all", true}}));
  for (const Form& item : TRY(TRY(form.Need("layers")).List(1, kMaxLayers))) {
    TRY(item.Only({"value", "eql", "rule"}));
    making->layers.push_back({TRY(ValueText(TRY(item.Need("value")))), TRY(ReadRule(item))});
  }
  making->otherwise = TRY(OptionalText(form, "otherwise"));
  return {};
}

Result<> ReadPreference(const Form& form, Making* making) {
  TRY(form.Only({"kind", "events", "property", "sum", "top"}));
  making->events = TRY(ReadEvents(form));
  making->property = TRY(ValueText(TRY(form.Need("property"))));
  making->sum = TRY(OptionalText(form, "sum"));
  if (const auto top = form.Find("top"))
    making->top = static_cast<uint32_t>(TRY(top->Whole(1, kMaxTop)));
  return {};
}

Result<> ReadRfm(const Form& form, Making* making) {
  TRY(form.Only(
      {"kind", "events", "count", "sum", "recency", "frequency", "monetary", "result", "names"}));
  making->events = TRY(ReadEvents(form));
  if (const auto count = form.Find("count"))
    making->days = TRY(count->Choice<bool>({{"events", false}, {"days", true}}));
  making->sum = TRY(ValueText(TRY(form.Need("sum"))));
  making->recency = TRY(ReadScore(form, "recency"));
  making->frequency = TRY(ReadScore(form, "frequency"));
  making->monetary = TRY(ReadScore(form, "monetary"));
  if (const auto result = form.Find("result"))
    making->cells = TRY(result->Choice<bool>({{"cell", true}, {"scores", false}}));
  if (const auto names = form.Find("names")) {
    for (const Form& name : TRY(names->List(std::size(kCellNames), std::size(kCellNames))))
      making->names.push_back(TRY(ValueText(name)));
  }
  return {};
}

Result<Term> ReadTerm(const Form& form) {
  TRY(form.Only({"of", "weight", "points"}));
  Term term{.of = TRY(ReadOperand(TRY(form.Need("of")))), .points = {}};
  if (const auto weight = form.Find("weight"))
    term.weight = TRY(weight->Real(-kMaxNumber, kMaxNumber));
  if (const auto points = form.Find("points")) {
    for (const auto& [text, number] : TRY(points->Members(kMaxLayers)))
      term.points[text] = TRY(number.Real(-kMaxNumber, kMaxNumber));
  }
  return term;
}

Result<> ReadScoreOf(const Form& form, Making* making) {
  TRY(form.Only({"kind", "terms", "bands"}));
  for (const Form& item : TRY(TRY(form.Need("terms")).List(1, kMaxTerms)))
    making->terms.push_back(TRY(ReadTerm(item)));
  if (const auto bands = form.Find("bands")) making->bands = TRY(ReadBands(*bands));
  return {};
}

Result<> ReadModel(const Form& form, Making* making) {
  TRY(form.Only({"kind", "model", "range"}));
  making->model = TRY(ValueText(TRY(form.Need("model"))));
  const Form range = TRY(form.Need("range"));
  const std::vector<Form> ends = TRY(range.List(2, 2));
  making->least = TRY(ends[0].Real(-kMaxNumber, kMaxNumber));
  making->greatest = TRY(ends[1].Real(-kMaxNumber, kMaxNumber));
  if (making->least >= making->greatest)
    return range.Bad("give [least, greatest], the least score there can be first");
  return {};
}

Result<Kind> ReadKind(const Form& form) {
  const std::string name = TRY(form.Text());
  std::vector<std::string> known;
  for (const auto& [word, kind] : kKinds) {
    if (word == name) return kind;
    known.emplace_back(word);
  }
  return form.Unknown(name, known);
}

Result<Making> Read(const Form& form) {
  Making making;
  making.kind = TRY(ReadKind(TRY(form.Need("kind"))));
  switch (making.kind) {
    case Kind::kLayers:
      TRY(ReadLayers(form, &making));
      break;
    case Kind::kValue:
      TRY(form.Only({"kind", "of", "bands"}));
      making.of = TRY(ReadOperand(TRY(form.Need("of"))));
      if (const auto bands = form.Find("bands")) making.bands = TRY(ReadBands(*bands));
      break;
    case Kind::kPreference:
      TRY(ReadPreference(form, &making));
      break;
    case Kind::kRfm:
      TRY(ReadRfm(form, &making));
      break;
    case Kind::kRule:
      TRY(form.Only({"kind", "eql", "rule"}));
      making.rule = TRY(ReadRule(form));
      break;
    case Kind::kScore:
      TRY(ReadScoreOf(form, &making));
      break;
    case Kind::kUploaded: {
      TRY(form.Only({"kind", "type"}));
      const Form type = TRY(form.Need("type"));
      const ValueType* found = FindType(TRY(type.Text()));
      if (!found) return type.Bad("use one of: string, number, bool, datetime, list");
      making.uploaded = *found;
      break;
    }
    case Kind::kModel:
      TRY(ReadModel(form, &making));
      break;
  }
  return making;
}

// Writing.

json::object ScoringJson(const Scoring& scoring) {
  const auto numbers = [&] { return json::array(scoring.numbers.begin(), scoring.numbers.end()); };
  switch (scoring.method) {
    case Method::kMean:
      return {{"mean", true}};
    case Method::kEdges:
      return {{"edges", numbers()}};
    case Method::kTopCount:
      return {{"top", numbers()}};
    case Method::kTopShare:
      return {{"top_percent", numbers()}};
    case Method::kQuantiles:
      return {{"quantiles", scoring.parts}};
  }
  return {};
}

void PutBands(const Bands& bands, json::object* out) {
  if (bands.labels.empty()) return;
  json::object one = ScoringJson(bands.scoring);
  one["labels"] = json::value_from(bands.labels);
  (*out)["bands"] = std::move(one);
}

void PutLayers(const Making& making, json::object* out) {
  (*out)["match"] = making.all ? "all" : "first";
  json::array layers;
  for (const Layer& layer : making.layers)
    layers.push_back({{"value", layer.value}, {"eql", eql::FormatQuery(layer.rule)}});
  (*out)["layers"] = std::move(layers);
  if (!making.otherwise.empty()) (*out)["otherwise"] = making.otherwise;
}

void PutRfm(const Making& making, json::object* out) {
  (*out)["count"] = making.days ? "days" : "events";
  (*out)["sum"] = making.sum;
  (*out)["recency"] = ScoringJson(making.recency);
  (*out)["frequency"] = ScoringJson(making.frequency);
  (*out)["monetary"] = ScoringJson(making.monetary);
  (*out)["result"] = making.cells ? "cell" : "scores";
  if (!making.names.empty()) (*out)["names"] = json::value_from(making.names);
}

json::array TermsJson(const std::vector<Term>& terms) {
  json::array out;
  for (const Term& term : terms) {
    json::object one{{"of", FormatOperand(term.of)}, {"weight", term.weight}};
    if (!term.points.empty()) {
      json::object points;
      for (const auto& [text, value] : term.points) points[text] = value;
      one["points"] = std::move(points);
    }
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace

uint32_t Scoring::classes() const {
  switch (method) {
    case Method::kMean:
      return 2;
    case Method::kQuantiles:
      return parts;
    default:
      return static_cast<uint32_t>(numbers.size()) + 1;
  }
}

std::vector<std::string> Making::NamesOf(eql::Rule::Kind of_kind) const {
  std::set<std::string> found;
  for (const eql::Query& query : QueriesOf(*this)) {
    for (std::string& name : eql::NamesOf(query, of_kind)) found.insert(std::move(name));
  }
  return {found.begin(), found.end()};
}

std::string_view TypeName(ValueType type) {
  for (const auto& [name, known] : kTypes) {
    if (known == type) return name;
  }
  return {};
}

const ValueType* FindType(std::string_view name) {
  for (const auto& [word, type] : kTypes) {
    if (word == name) return &type;
  }
  return nullptr;
}

Result<Operand> ParseOperand(std::string_view text) {
  eql::Query query = TRY(eql::ParseQuery(std::string(text) + std::string(kNotNull)));
  using Rule = eql::Rule::Kind;
  constexpr Rule kLeaves[] = {Rule::kField, Rule::kDid, Rule::kFirst, Rule::kLast, Rule::kTag};
  const bool one = query.where.size() == 1 && query.at.empty() &&
                   std::ranges::find(kLeaves, query.where[0].kind) != std::end(kLeaves) &&
                   query.where[0].test.op == eql::Op::kIsNotNull && !query.where[0].changed;
  if (!one) {
    return Error(Code::kInvalid, "bad_tag",
                 "give what may stand left of a test: a field, DID(...) with a measure, "
                 "FIRST(...).property, LAST(...).property or TAG(...)");
  }
  return Operand{std::move(query.where[0])};
}

std::string FormatOperand(const Operand& operand) {
  std::string text = eql::FormatRule(operand.leaf);
  if (text.ends_with(kNotNull)) text.resize(text.size() - kNotNull.size());
  return text;
}

Result<Making> ReadMaking(const json::value& value) { return Read(Form(value, kBadTag, "make")); }

json::value MakingToJson(const Making& making) {
  json::object out;
  for (const auto& [word, kind] : kKinds) {
    if (kind == making.kind) out["kind"] = word;
  }
  switch (making.kind) {
    case Kind::kLayers:
      PutLayers(making, &out);
      break;
    case Kind::kValue:
      out["of"] = FormatOperand(making.of);
      break;
    case Kind::kPreference:
      out["events"] = eql::FormatRule(making.events);
      out["property"] = making.property;
      if (!making.sum.empty()) out["sum"] = making.sum;
      out["top"] = making.top;
      break;
    case Kind::kRfm:
      out["events"] = eql::FormatRule(making.events);
      PutRfm(making, &out);
      break;
    case Kind::kRule:
      out["eql"] = eql::FormatQuery(making.rule);
      break;
    case Kind::kScore:
      out["terms"] = TermsJson(making.terms);
      break;
    case Kind::kUploaded:
      out["type"] = TypeName(making.uploaded);
      break;
    case Kind::kModel:
      out["model"] = making.model;
      out["range"] = json::array{making.least, making.greatest};
      break;
  }
  PutBands(making.bands, &out);
  return out;
}

}  // namespace waypost::tags
