#include "analytics/scope.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <cmath>

#include "analytics/rules.h"

namespace waypost::analytics {
namespace {

using exec::Condition;
using exec::Domain;
using exec::Predicate;

constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
constexpr size_t kMaxExpression = 1'000;

uint32_t IndexOf(uint32_t id, std::vector<uint32_t>* ids) {
  const auto at = std::find(ids->begin(), ids->end(), id);
  if (at != ids->end()) return static_cast<uint32_t>(at - ids->begin());
  ids->push_back(id);
  return static_cast<uint32_t>(ids->size() - 1);
}

bool HasEventCondition(const Predicate& predicate) {
  return predicate.kind == Predicate::Kind::kEvent ||
         std::any_of(predicate.of.begin(), predicate.of.end(), HasEventCondition);
}

const std::vector<std::string>& OpsOf(Domain domain) {
  static const std::vector<std::string> kNumber = {
      "=", "!=", "<", "<=", ">", ">=", "between", "in", "not in", "is set", "is not set"};
  static const std::vector<std::string> kText = {
      "=",           "!=",        "in",      "not in",      "contains", "not contains",
      "starts with", "ends with", "matches", "not matches", "is set",   "is not set"};
  static const std::vector<std::string> kList = {"has any", "has all", "has none", "is set",
                                                 "is not set"};
  if (domain == Domain::kText) return kText;
  return domain == Domain::kList ? kList : kNumber;
}

}  // namespace

exec::Domain DomainOf(ValueType type) {
  switch (type) {
    case ValueType::kDouble:
      return Domain::kReal;
    case ValueType::kString:
      return Domain::kText;
    case ValueType::kList:
      return Domain::kList;
    default:
      return Domain::kWhole;
  }
}

Scope::Scope(const Names& names, const AskOptions& options, Calendar calendar)
    : names_(names), options_(options), calendar_(std::move(calendar)) {
  ignored_ = names.PassiveEvents();
  std::sort(ignored_.begin(), ignored_.end());
}

Result<exec::EventSet> Scope::Events(const Form& form) {
  exec::EventSet set;
  for (const Form& item : TRY(form.OneOrList(kMaxEventChoices)))
    set.choices.push_back(TRY(Choice(item)));
  return set;
}

Result<exec::EventSet> Scope::FirstOf(const Form& form, const exec::EventSet& events) {
  exec::EventSet first_of;
  const auto first = form.Find("first");
  if (!first) return first_of;
  if (!first->is_text()) return Events(*first);
  first_of = events;
  if (TRY(first->Choice<bool>({{"match", true}, {"event", false}}))) return first_of;
  for (exec::EventChoice& choice : first_of.choices) choice.filter = {};
  return first_of;
}

std::string Scope::EventsName(const Form& form) const {
  const auto items = form.OneOrList(kMaxEventChoices);
  if (!items.ok() || items.value().empty()) return "";
  const Form& first = items.value()[0];
  const std::optional<Form> event = first.is_object() ? first.Find("event") : first;
  const auto text = event ? event->Text() : Result<std::string>(std::string());
  return text.ok() ? text.value() : "";
}

Result<exec::EventChoice> Scope::Choice(const Form& form) {
  exec::EventChoice choice;
  choice.filter = each_;
  if (form.is_object()) {
    TRY(form.Only({"event", "where"}));
    if (const auto where = form.Find("where")) choice.filter = TRY(Where(*where));
  }
  const Form event = form.is_object() ? TRY(form.Need("event")) : form;
  const std::string name = TRY(event.Text());
  choice.any = name == "*";
  if (choice.any) return choice;
  const std::optional<EventTypeId> id = names_.Event(name);
  if (!id) return event.Unknown(name, names_.EventNames());
  choice.event_type = *id;
  return choice;
}

Result<> Scope::ReadPopulation(const Form& question) {
  TRY(ReadAsOf(question));
  if (const auto ignore = question.Find("ignore")) {
    for (const Form& item : TRY(ignore->List(0, kMaxEventChoices))) {
      const std::string name = TRY(item.Text());
      const std::optional<EventTypeId> id = names_.Event(name);
      if (!id) return item.Unknown(name, names_.EventNames());
      ignored_.push_back(*id);
    }
    std::sort(ignored_.begin(), ignored_.end());
  }
  const auto who = question.Find("who");
  if (!who) return {};
  if (who->Find("eql") || who->Find("rule")) return ReadRule(*who);
  Predicate predicate = TRY(Filter(*who));
  if (HasEventCondition(predicate)) {
    return who->Bad("this filter is about customers: use \"customer\" instead of \"property\"");
  }
  // What customers were is asked at each event, and so decides which events count.
  (as_of_event_ ? each_ : population_.who) = std::move(predicate);
  return {};
}

Result<> Scope::ReadAsOf(const Form& question) {
  if (const auto as_of = question.Find("as_of"))
    as_of_event_ = TRY(as_of->Choice<bool>({{"now", false}, {"event", true}}));
  return {};
}

Result<Scope::Past> Scope::PastOf(const Form& name) const {
  const std::string text = TRY(name.Text());
  const auto kept = options_.tables ? options_.tables->Find(kCustomerTable)
                                    : Result<Tables::Found>(Tables::Found{});
  const Table* table = kept.ok() ? kept.value().table.get() : nullptr;
  const auto column = table ? table->FindColumn(text) : std::nullopt;
  if (!column || !kept.value().ever_rows) {
    return name.Bad(
        fmt::format("what '{}' was is not kept: declare it in the table 'customer', with its "
                    "history, or ask with \"as_of\": \"now\"",
                    text));
  }
  auto past = std::make_shared<exec::PastColumn>();
  past->rows = kept.value().ever_of_customers;
  past->value = *column;
  past->since = kSinceColumn;
  past->until = kUntilColumn;
  return Past{std::move(past), table->columns[*column].type};
}

Result<> Scope::ReadRule(const Form& who) {
  TRY(who.Only({"eql", "rule"}));
  const auto resolve = [&]() -> Result<ResolvedQuery> {
    AskOptions options = options_;
    options.default_zone = calendar_.zone();
    return ResolveQuery(TRY(ReadQueryForm(who.json())), names_, options);
  };
  Result<ResolvedQuery> query = resolve();
  if (!query.ok()) return who.Bad(query.error().message());
  Condition members;
  members.kind = Condition::Kind::kMember;
  members.members = std::make_shared<const exec::CustomerBits>(
      RunQuery(query.value(), *options_.snapshot, options_.threads));
  population_.who.kind = Predicate::Kind::kCustomer;
  population_.who.customer_condition = static_cast<uint32_t>(population_.conditions.size());
  population_.conditions.push_back(std::move(members));
  return {};
}

Result<exec::Grouping> Scope::Breakdown(const Form& question) {
  exec::Grouping grouping;
  if (const auto top = question.Find("top"))
    top_ = static_cast<size_t>(TRY(top->Whole(1, kMaxGroups)));
  const auto by = question.Find("by");
  if (!by) return grouping;
  for (const Form& item : TRY(by->OneOrList(kMaxDimensions))) {
    exec::Dimension dimension;
    if (item.is_object()) TRY(item.Only({"property", "customer"}));
    const auto customer = item.Find("customer");
    dimension.of_customer = customer.has_value();
    const Form name = customer ? *customer : item.is_object() ? TRY(item.Need("property")) : item;
    const PropertyName property = TRY(Property(name, dimension.of_customer));
    if (!property.shown) return name.Masked(TRY(name.Text()));
    ValueType type = property.type;
    dimension.column = IndexOf(property.id, dimension.of_customer ? &attributes_ : &properties_);
    if (dimension.of_customer && as_of_event_) {
      Past past = TRY(PastOf(name));
      population_.pasts.resize(attributes_.size());
      population_.pasts[dimension.column] = std::move(past.column);
      type = past.type;
    }
    dimension.domain = DomainOf(type);
    dimension_types_.push_back(type);
    grouping.dimensions.push_back(dimension);
  }
  return grouping;
}

Result<exec::GroupTuple> Scope::Group(const Form& form, const exec::Grouping& grouping) const {
  if (form.is_text() && TRY(form.Text()) == "$other") return exec::GroupTuple{};
  exec::GroupTuple tuple;
  const size_t count = grouping.dimensions.size();
  if (count == 0) return form.Bad("the question has no breakdown (\"by\")");
  const std::vector<Form> items = TRY(form.List(count, count));
  for (size_t d = 0; d < count; ++d) {
    exec::GroupValue value;
    const Form& item = items[d];
    const Domain domain = grouping.dimensions[d].domain;
    if (item.json().is_null() || (item.is_text() && TRY(item.Text()) == "$null")) {
      value.kind = exec::GroupValue::Kind::kNull;
    } else if (item.is_text() && TRY(item.Text()) == "$not_reached") {
      value.kind = exec::GroupValue::Kind::kNotReached;
    } else if (domain == Domain::kText || domain == Domain::kList) {
      value.kind = exec::GroupValue::Kind::kText;
      value.text = TRY(item.Text());
    } else {
      const Number number = TRY(ReadNumber(item, dimension_types_[d]));
      value.kind =
          domain == Domain::kReal ? exec::GroupValue::Kind::kReal : exec::GroupValue::Kind::kWhole;
      value.whole = domain == Domain::kReal ? 0 : number.whole;
      value.real = domain == Domain::kReal ? number.real : 0;
    }
    tuple.push_back(std::move(value));
  }
  return tuple;
}

Result<Scope::Column> Scope::EventProperty(const Form& form) {
  const PropertyName property = TRY(Property(form, false));
  return Column{IndexOf(property.id, &properties_), property.type};
}

Result<PropertyName> Scope::Property(const Form& form, bool of_customer) const {
  const std::string name = TRY(form.Text());
  const auto property = of_customer ? names_.Attribute(name) : names_.Property(name);
  if (!property)
    return form.Unknown(name, of_customer ? names_.AttributeNames() : names_.PropertyNames());
  return *property;
}

Result<Predicate> Scope::Filter(const Form& form) { return FilterAt(form, 0); }

Result<Predicate> Scope::Where(const Form& form) {
  Predicate filter = TRY(Filter(form));
  if (each_.always()) return filter;
  Predicate both;
  both.of = {each_, std::move(filter)};
  return both;
}

Result<Predicate> Scope::FilterAt(const Form& form, int depth) {
  if (depth > kMaxFilterDepth)
    return form.Bad(fmt::format("nested deeper than {}", kMaxFilterDepth));
  Predicate predicate;
  const auto read_all = [&](const Form& list) -> Result<> {
    for (const Form& item : TRY(list.List(0, kMaxFilterItems))) {
      predicate.of.push_back(TRY(FilterAt(item, depth + 1)));
    }
    return {};
  };
  if (form.is_list()) {
    TRY(read_all(form));
    return predicate;
  }
  TRY(form.Only({"all", "any", "not", "property", "customer", "tag", "at", "op", "value", "null"}));
  const auto all = form.Find("all"), any = form.Find("any"), negated = form.Find("not");
  if (all || any || negated) {
    if (form.json().get_object().size() != 1) {
      return form.Bad("\"all\", \"any\" and \"not\" each stand alone in an object");
    }
    predicate.kind = all   ? Predicate::Kind::kAll
                     : any ? Predicate::Kind::kAny
                           : Predicate::Kind::kNot;
    if (negated) {
      predicate.of.push_back(TRY(FilterAt(*negated, depth + 1)));
    } else {
      TRY(read_all(all ? *all : *any));
    }
    return predicate;
  }
  return Leaf(form);
}

Result<Predicate> Scope::Leaf(const Form& form) {
  if (++conditions_ > kMaxFilterItems)
    return form.Bad(fmt::format("over {} conditions", kMaxFilterItems));
  const auto customer = form.Find("customer"), tag = form.Find("tag");
  if ((customer || tag) && (form.Find("property") || (customer && tag)))
    return form.Bad("give one of \"property\", \"customer\" and \"tag\"");
  if (tag) return TagLeaf(form, *tag);
  if (form.Find("at")) return form.Bad("\"at\" is for a \"tag\"");
  const Form name = customer ? *customer : TRY(form.Need("property"));
  const PropertyName property = TRY(Property(name, customer.has_value()));
  Past past;
  if (customer && as_of_event_) past = TRY(PastOf(name));
  const ValueType type = past.column ? past.type : property.type;
  Condition condition = TRY(ReadTest(form, TRY(name.Text()), type));
  condition.property = property.id;
  condition.past = std::move(past.column);
  if (customer) return OfCustomer(std::move(condition));
  Predicate leaf;
  leaf.kind = Predicate::Kind::kEvent;
  leaf.condition = std::move(condition);
  return leaf;
}

Predicate Scope::OfCustomer(Condition condition) {
  Predicate leaf;
  leaf.kind = Predicate::Kind::kCustomer;
  leaf.customer_condition = static_cast<uint32_t>(population_.conditions.size());
  population_.conditions.push_back(std::move(condition));
  return leaf;
}

Result<Predicate> Scope::TagLeaf(const Form& form, const Form& tag) {
  if (!options_.tags) return tag.Bad("there are no tags here");
  const std::string name = TRY(tag.Text());
  const auto found = [&]<typename T>(Result<T> of) -> Result<T> {
    if (of.ok() || of.error().code() != Code::kNotFound) return of;
    return tag.Bad(of.error().message());
  };
  const auto at = form.Find("at");
  const int64_t at_ms = at ? TRY(Instant(*at)) : options_.now_ms;
  TagValues::Values values = TRY(found(options_.tags->Find(name, at_ms)));
  Condition condition = TRY(ReadTest(form, name, values.type));
  if (as_of_event_ && !at) {
    auto days = TRY(found(options_.tags->History(name, {kLeast, options_.now_ms + 1})));
    if (days.size() > kMaxTagDays) {
      return tag.Bad(fmt::format("the tag has values of {} days, over {}: name a day with \"at\"",
                                 days.size(), kMaxTagDays));
    }
    auto past = std::make_shared<exec::PastColumn>();
    for (TagValues::Values& day : days)
      past->days.emplace_back(day.from_ms, std::move(day.columns));
    condition.past = std::move(past);
  } else {
    condition.values = std::move(values.columns);
  }
  return OfCustomer(std::move(condition));
}

Result<Condition> Scope::ReadTest(const Form& form, std::string_view name, ValueType type) const {
  Condition condition;
  condition.domain = DomainOf(type);
  const Form op_form = TRY(form.Need("op"));
  const std::string op = TRY(op_form.Text());
  const std::vector<std::string>& ops = OpsOf(condition.domain);
  if (std::find(ops.begin(), ops.end(), op) == ops.end()) {
    return op_form.Bad(fmt::format("'{}' is a {}; use one of: {}", name, ValueTypeName(type),
                                   fmt::join(ops, ", ")));
  }
  if (const auto null = form.Find("null")) {
    condition.null_passes = TRY(null->Choice<bool>({{"include", true}, {"exclude", false}}));
  }
  if (op == "is set" || op == "is not set") {
    condition.negated = op == "is not set";
    condition.null_passes = condition.negated;
  } else {
    TRY(ReadValues(TRY(form.Need("value")), op, type, &condition));
  }
  return condition;
}

Result<> Scope::ReadValues(const Form& form, std::string_view op, ValueType type,
                           Condition* condition) const {
  condition->negated = op == "!=" || op.starts_with("not ") || op == "has none";
  if (condition->domain == Domain::kWhole || condition->domain == Domain::kReal) {
    return ReadNumbers(form, op, type, condition);
  }
  const bool many = op == "in" || op == "not in" || op.starts_with("has ");
  if (many) {
    for (const Form& item : TRY(form.OneOrList(kMaxFilterItems)))
      condition->texts.push_back(TRY(item.Text()));
  } else {
    condition->texts.push_back(TRY(form.Text()));
  }
  const std::string_view plain = op.starts_with("not ") ? op.substr(4) : op;
  condition->kind = plain == "contains"        ? Condition::Kind::kContains
                    : plain == "starts with"   ? Condition::Kind::kPrefix
                    : plain == "ends with"     ? Condition::Kind::kSuffix
                    : plain == "matches"       ? Condition::Kind::kMatches
                    : plain == "has all"       ? Condition::Kind::kAllOf
                    : plain.starts_with("has") ? Condition::Kind::kAnyOf
                                               : Condition::Kind::kIn;
  if (condition->kind == Condition::Kind::kMatches) {
    if (condition->texts[0].size() > kMaxExpression)
      return form.Bad("the expression is over 1,000 bytes");
    const re2::RE2 expression(condition->texts[0], re2::RE2::Quiet);
    if (!expression.ok()) return form.Bad(fmt::format("no RE2 expression: {}", expression.error()));
  }
  return {};
}

Result<> Scope::ReadNumbers(const Form& form, std::string_view op, ValueType type,
                            Condition* condition) const {
  if (op == "=" || op == "!=" || op == "in" || op == "not in") {
    condition->kind = Condition::Kind::kIn;
    const bool one = op == "=" || op == "!=";
    for (const Form& item : one ? std::vector<Form>{form} : TRY(form.OneOrList(kMaxFilterItems))) {
      const Number number = TRY(ReadNumber(item, type));
      if (condition->domain == Domain::kReal) condition->reals.push_back(number.real);
      if (condition->domain == Domain::kWhole && number.exact)
        condition->wholes.push_back(number.whole);
    }
    return {};
  }
  condition->kind = Condition::Kind::kRange;
  const bool between = op == "between";
  const std::vector<Form> ends = between ? TRY(form.List(2, 2)) : std::vector<Form>{form, form};
  const bool strict = op == "<" || op == ">";
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (between || op[0] == '>') {
    const Number n = TRY(ReadNumber(ends[0], type));
    condition->real_min = strict ? std::nextafter(n.real, kInfinity) : n.real;
    condition->whole_min = n.exact ? n.whole : static_cast<int64_t>(std::ceil(n.real));
    if (n.exact && strict) {
      // Nothing is greater than the greatest number.
      if (n.whole == kMost) condition->whole_max = kLeast;
      condition->whole_min = n.whole == kMost ? kMost : n.whole + 1;
    }
  }
  if (between || op[0] == '<') {
    const Number n = TRY(ReadNumber(ends[1], type));
    condition->real_max = strict ? std::nextafter(n.real, -kInfinity) : n.real;
    condition->whole_max = n.exact ? n.whole : static_cast<int64_t>(std::floor(n.real));
    if (n.exact && strict) {
      if (n.whole == kLeast) condition->whole_min = kMost;
      condition->whole_max = n.whole == kLeast ? kLeast : n.whole - 1;
    }
  }
  return {};
}

Result<Scope::Number> Scope::ReadNumber(const Form& form, ValueType type) const {
  const auto whole = [](int64_t v) { return Number{true, v, static_cast<double>(v)}; };
  switch (type) {
    case ValueType::kBool:
      if (form.json().is_bool()) return whole(form.json().get_bool());
      return form.Bad("give true or false");
    case ValueType::kDateTime:
      return whole(TRY(Instant(form)));
    case ValueType::kDate: {
      const std::optional<int64_t> days =
          form.is_text() ? ParseDate(TRY(form.Text())) : std::nullopt;
      if (!days) return form.Bad("give a date, as \"2026-03-01\"");
      return whole(*days);
    }
    default:
      break;
  }
  if (type != ValueType::kDecimal && form.json().is_int64()) return whole(form.json().get_int64());
  double real = TRY(form.Real());
  if (type == ValueType::kDecimal) real *= static_cast<double>(kDecimalScale);
  const double nearest = std::nearbyint(real);
  const bool exact = std::abs(real - nearest) < 1e-6 && std::abs(nearest) < 9e15;
  if (!exact && std::abs(real) > 9e18) return form.Bad("the number is too large");
  return Number{exact, exact ? static_cast<int64_t>(nearest) : 0, real};
}

Result<int64_t> Scope::Instant(const Form& form) const {
  // Years 1 to 9999 and a day to spare.
  constexpr int64_t kLimit = 253'000'000'000'000;
  if (form.is_number()) return form.Whole(-kLimit / 5, kLimit);
  const std::string text = TRY(form.Text());
  if (const auto days = ParseDate(text))
    return calendar_.Instant(*days * 86'400'000 + calendar_.day_start_ms);
  if (const auto written = ParseDateTime(text)) return calendar_.Instant(*written);
  return form.Bad(fmt::format("'{}' is no time; write 2026-03-01 or 2026-03-01T09:00", text));
}

Result<exec::TimeRange> Scope::Range(const Form& question) const {
  const Form form = TRY(question.Need("range"));
  TRY(form.Only({"from", "to", "last", "unit", "include_current"}));
  const int64_t now_ms = options_.now_ms;
  exec::TimeRange range;
  if (const auto last = form.Find("last")) {
    const int64_t count = TRY(last->Whole(1, kMaxBuckets));
    CalendarUnit unit = CalendarUnit::kDay;
    if (const auto form_unit = form.Find("unit")) {
      unit = TRY(form_unit->Choice<CalendarUnit>({{"hour", CalendarUnit::kHour},
                                                  {"day", CalendarUnit::kDay},
                                                  {"week", CalendarUnit::kWeek},
                                                  {"month", CalendarUnit::kMonth},
                                                  {"quarter", CalendarUnit::kQuarter},
                                                  {"year", CalendarUnit::kYear}}));
    }
    const auto include = form.Find("include_current");
    const int64_t current = include && TRY(include->Flag());
    if (form.Find("from") || form.Find("to"))
      return form.Bad("give \"last\", or \"from\" and \"to\"");
    range = {calendar_.Step(now_ms, unit, current - count), calendar_.Step(now_ms, unit, current)};
  } else {
    range.from_ms = TRY(Instant(TRY(form.Need("from"))));
    const auto to = form.Find("to");
    range.to_ms = to ? TRY(Instant(*to)) : calendar_.Step(now_ms, CalendarUnit::kDay, 1);
  }
  if (range.from_ms >= range.to_ms)
    return form.Bad("ends before it begins; \"to\" is the first moment left out");
  return range;
}

Result<uint32_t> Scope::Bucket(const Form& form, const exec::TimeBuckets& buckets) const {
  const int32_t bucket = buckets.Find(TRY(Instant(form)));
  if (bucket < 0 || bucket >= static_cast<int32_t>(buckets.count()))
    return form.Bad("no bucket holds this time");
  return static_cast<uint32_t>(bucket);
}

}  // namespace waypost::analytics
