#include "analytics/plan.h"

#include <algorithm>

namespace waypost::analytics {
namespace {

using GroupKind = exec::GroupValue::Kind;

constexpr size_t kMaxNamesGiven = 1'000;

}  // namespace

void WriteValue(const exec::GroupValue& value, ValueType type, Answer* out) {
  switch (value.kind) {
    case GroupKind::kNull:
      out->Null();
      return;
    case GroupKind::kNotReached:
      out->Text("$not_reached");
      return;
    case GroupKind::kText:
      out->Text(value.text);
      return;
    case GroupKind::kReal:
      out->Real(value.real);
      return;
    case GroupKind::kWhole:
      break;
  }
  // Times outside of the calendar's years stay numbers.
  constexpr int64_t kMaxDays = 2'900'000, kMinDays = -700'000;
  const int64_t days = type == ValueType::kDateTime ? value.whole / 86'400'000 : value.whole;
  const bool in_calendar = days > kMinDays && days < kMaxDays;
  if (type == ValueType::kBool) {
    out->Flag(value.whole != 0);
  } else if (type == ValueType::kDate && in_calendar) {
    out->Text(DateText(value.whole));
  } else if (type == ValueType::kDateTime && in_calendar) {
    out->Text(DateTimeText(value.whole));
  } else {
    WriteWhole(value.whole, type, out);
  }
}

void WriteWhole(__int128 v, ValueType type, Answer* out) {
  if (type == ValueType::kDecimal) {
    out->Decimal(v);
  } else {
    out->Big(v);
  }
}

void WriteRange(const exec::TimeRange& range, const Scope& scope, Answer* out) {
  out->Key("range").Open('{');
  out->Key("from").Text(scope.calendar().Text(range.from_ms));
  out->Key("to").Text(scope.calendar().Text(range.to_ms)).Close('}');
}

void WriteBuckets(const exec::TimeBuckets& buckets, int64_t after_ms, const Scope& scope,
                  Answer* out) {
  const int64_t settled_ms = scope.options().now_ms - scope.options().late_ms;
  out->Key("buckets").Open('[');
  for (uint32_t b = 0; b < buckets.count(); ++b) {
    const bool complete = after_ms <= settled_ms && buckets.end(b) <= settled_ms - after_ms;
    out->Open('{').Key("from").Text(scope.calendar().Text(buckets.begin(b)));
    out->Key("complete").Flag(complete).Close('}');
  }
  out->Close(']');
}

void WriteGroup(const exec::GroupTuple& group, const Scope& scope, Answer* out) {
  if (group.empty()) {
    out->Text("$other");
    return;
  }
  out->Open('[');
  for (size_t d = 0; d < group.size(); ++d) WriteValue(group[d], scope.dimension_types()[d], out);
  out->Close(']');
}

void WriteCustomers(const exec::CustomerSet& customers, const Scope& scope, Answer* out) {
  const std::vector<uint32_t> ordinals = customers.Ordinals(kMaxCustomersGiven);
  out->Key("customers").Open('{').Key("count").Count(customers.size());
  out->Key("ordinals").Open('[');
  for (const uint32_t ordinal : ordinals) out->Whole(ordinal);
  out->Close(']').Key("names").Open('[');
  for (size_t i = 0; i < std::min(ordinals.size(), kMaxNamesGiven); ++i) {
    out->Text(scope.names().CustomerName(ordinals[i]));
  }
  out->Close(']').Close('}');
}

exec::Grouping CloseGrouping(const exec::Grouping& open, size_t top,
                             const std::vector<std::pair<double, exec::GroupTuple>>& measures) {
  std::vector<std::pair<double, exec::GroupTuple>> order = measures;
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  exec::Grouping closed = open;
  closed.closed = true;
  for (size_t i = 0; i < std::min(top, order.size()); ++i) closed.named.push_back(order[i].second);
  return closed;
}

}  // namespace waypost::analytics
