#include "store/survivorship.h"

#include <algorithm>

#include "model/batch.h"

namespace waypost::store {
namespace {

double Real(const Value& value) {
  return value.type == ValueType::kDouble ? value.real : static_cast<double>(value.whole);
}

bool Less(const Value& a, const Value& b) {
  if (a.type == ValueType::kString || a.type == ValueType::kList) return a.text < b.text;
  if (a.type == ValueType::kDouble || b.type == ValueType::kDouble) return Real(a) < Real(b);
  return a.whole < b.whole;
}

Value Sum(const Value& a, const Value& b) {
  if (a.type == ValueType::kDouble || b.type == ValueType::kDouble) {
    return Value::Double(Real(a) + Real(b));
  }
  Value sum = a;
  sum.whole = static_cast<int64_t>(static_cast<uint64_t>(a.whole) + static_cast<uint64_t>(b.whole));
  return sum;
}

std::string United(std::string_view a, std::string_view b) {
  std::vector<std::string_view> items = ListItems(a);
  for (const std::string_view item : ListItems(b)) {
    if (std::find(items.begin(), items.end(), item) == items.end()) items.push_back(item);
  }
  return PackList(items);
}

// Puts `more` on top of `value`, which is as late as the later of both.
void Add(const AttributeValue& more, AttributeValue* value, std::string* text) {
  if (value->value.type == ValueType::kList) {
    *text = United(value->value.text, more.value.text);
    value->value.text = *text;
  } else {
    value->value = Sum(value->value, more.value);
  }
  if (more.time_ms >= value->time_ms) {
    value->time_ms = more.time_ms;
    value->source = more.source;
  }
}

class Choice {
 public:
  explicit Choice(const SurvivorRule& rule) : rule_(rule) {}

  // Whether b is chosen over a, which comes before it.
  bool Replaces(const AttributeValue& b, const AttributeValue& a) const {
    if (a.once != b.once) return a.once;
    if (a.once) return b.time_ms < a.time_ms;
    switch (rule_.kind) {
      case Survivorship::kFirst:
        return b.time_ms < a.time_ms;
      case Survivorship::kMin:
        return Less(b.value, a.value);
      case Survivorship::kMax:
        return Less(a.value, b.value);
      case Survivorship::kSource:
        if (Rank(a.source) != Rank(b.source)) return Rank(b.source) < Rank(a.source);
        break;
      case Survivorship::kLast:
      case Survivorship::kUnion:
        break;
    }
    return b.time_ms >= a.time_ms;
  }

 private:
  ptrdiff_t Rank(std::string_view source) const {
    return std::find(rule_.sources.begin(), rule_.sources.end(), source) - rule_.sources.begin();
  }
  const SurvivorRule& rule_;
};

}  // namespace

std::optional<AttributeValue> Survivor(const SurvivorRule& rule,
                                       std::span<const AttributeValue> values, std::string* text) {
  int64_t removed_ms = INT64_MIN;
  for (const AttributeValue& v : values) {
    if (v.removed) removed_ms = std::max(removed_ms, v.time_ms);
  }
  const auto counts = [&](const AttributeValue& v) {
    return !v.removed && v.time_ms >= removed_ms;
  };
  const Choice choice(rule);
  std::optional<AttributeValue> chosen;
  for (const AttributeValue& v : values) {
    if (counts(v) && !v.added && (!chosen || choice.Replaces(v, *chosen))) chosen = v;
  }
  const int64_t from_ms = chosen ? chosen->time_ms : INT64_MIN;
  for (const AttributeValue& v : values) {
    const bool unites = rule.kind == Survivorship::kUnion && v.value.type == ValueType::kList;
    if (!counts(v) || !(unites || (v.added && v.time_ms >= from_ms))) continue;
    chosen ? Add(v, &*chosen, text) : void(chosen = v);
  }
  return chosen;
}

}  // namespace waypost::store
