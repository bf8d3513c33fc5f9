// For tests: what rules select, told by looking at one customer after the other, without columns.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "analytics/test_world.h"
#include "eql/rule.h"

namespace waypost::analytics {

struct Happened {
  std::string name;
  int64_t ms = 0;
  boost::json::object properties;
};

// What a world holds, customer by customer, for the oracle.
struct People {
  static constexpr int64_t kDay = 86'400'000;
  static constexpr int64_t kNow = 1'775'001'600'000;  // 2026-04-01T00:00Z
  // Forty of them with events of the sixty days before kNow, also put into `world`.
  static People Fill(World* world, uint32_t seed);

  std::map<std::string, std::vector<Happened>> events;  // by time
  std::map<std::string, boost::json::object> attributes;
};

inline People People::Fill(World* world, uint32_t seed) {
  constexpr int64_t kBegin = kNow - 60 * kDay;
  std::mt19937 random(seed);
  const auto below = [&](uint32_t n) { return static_cast<int>(random() % n); };
  People people;
  world->types = {{"amount", ValueType::kDecimal}};
  for (int u = 0; u < 40; ++u) {
    const std::string user = "u" + std::to_string(u);
    boost::json::object attributes;
    if (below(4)) attributes["vip"] = below(5);
    if (below(3))
      attributes["city"] = std::vector<std::string>{"上海", "北京", "x y"}[random() % 3];
    if (below(3)) attributes["aum"] = below(8) * 0.5;
    people.attributes[user] = attributes;
    world->attributes[user] = attributes;
    std::set<int64_t> times;
    for (int n = below(12); n > 0; --n) times.insert(kBegin + below(60 * 24 * 12) * 300'000ll);
    for (const int64_t ms : times) {
      Happened event{std::string(1, static_cast<char>('a' + below(3))), ms, {}};
      if (below(4)) event.properties["amount"] = below(6) * 0.25;
      if (below(4)) event.properties["channel"] = std::string(below(2) ? "app" : "web");
      people.events[user].push_back(event);
    }
  }
  // They arrive mixed, not by time.
  std::vector<WorldEvent> all;
  for (const auto& [user, events] : people.events) {
    for (const Happened& e : events) all.push_back({user, e.name, e.ms, e.properties});
  }
  std::shuffle(all.begin(), all.end(), random);
  for (WorldEvent& event : all) world->Add(std::move(event));
  for (const char* name : {"a", "b", "c"}) world->DeclareEvent(name);
  return people;
}

class RuleOracle {
 public:
  explicit RuleOracle(const People& people) : people_(people) {}

  bool Holds(const eql::Rule& rule, const std::string& user) const {
    using Kind = eql::Rule::Kind;
    switch (rule.kind) {
      case Kind::kAnd:
        return std::ranges::all_of(rule.of, [&](const auto& part) { return Holds(part, user); });
      case Kind::kOr:
        return std::ranges::any_of(rule.of, [&](const auto& part) { return Holds(part, user); });
      case Kind::kNot:
        return !Holds(rule.of[0], user);
      case Kind::kField:
        return Passes(Find(people_.attributes.at(user), rule.name.text), rule.test);
      case Kind::kDid:
        return PassesNumber(MeasureOf(rule, user), rule.test);
      case Kind::kFirst:
      case Kind::kLast: {
        const auto events = Matching(rule, user);
        if (events.empty()) return false;
        const Happened& edge = rule.kind == Kind::kFirst ? events.front() : events.back();
        return Passes(Find(edge.properties, rule.name.text), rule.test);
      }
      case Kind::kSequence:
        return Reached(rule, user) >=
               (rule.reached ? rule.reached : static_cast<int64_t>(rule.steps.size()));
      case Kind::kRank:
        return Ranks(rule, user);
      default:
        ADD_FAILURE() << "the oracle does not know this rule";
        return false;
    }
  }

 private:
  static constexpr int64_t kDay = People::kDay, kNow = People::kNow;
  using Datum = std::optional<boost::json::value>;

  static Datum Find(const boost::json::object& object, const std::string& key) {
    const auto* value = object.if_contains(key);
    return value ? Datum(*value) : std::nullopt;
  }
  static double Number(const boost::json::value& value) { return value.to_number<double>(); }

  static bool Passes(const Datum& datum, const eql::Test& test) {
    using eql::Op;
    if (test.op == Op::kIsNull) return !datum;
    if (test.op == Op::kIsNotNull) return datum.has_value();
    if (!datum) return false;
    if (!datum->is_string()) return PassesNumber(Number(*datum), test);
    const std::string text(datum->get_string());
    const auto is = [&](const eql::Value& value) { return value.text == text; };
    switch (test.op) {
      case Op::kEqual:
        return is(test.values[0]);
      case Op::kNotEqual:
        return !is(test.values[0]);
      case Op::kIn:
        return std::ranges::any_of(test.values, is);
      case Op::kNotIn:
        return std::ranges::none_of(test.values, is);
      case Op::kContains:
        return text.find(test.values[0].text) != text.npos;
      case Op::kStartsWith:
        return text.starts_with(test.values[0].text);
      default:
        ADD_FAILURE() << "the oracle does not know this operator";
        return false;
    }
  }
  static double Of(const eql::Value& value) {
    return value.kind == eql::Value::Kind::kReal ? value.real : static_cast<double>(value.whole);
  }
  static bool PassesNumber(std::optional<double> number, const eql::Test& test) {
    using eql::Op;
    if (test.op == Op::kIsNull) return !number;
    if (!number) return false;
    const auto is = [&](const eql::Value& value) { return Of(value) == *number; };
    switch (test.op) {
      case Op::kIsNotNull:
        return true;
      case Op::kEqual:
        return is(test.values[0]);
      case Op::kNotEqual:
        return !is(test.values[0]);
      case Op::kLess:
        return *number < Of(test.values[0]);
      case Op::kLessEqual:
        return *number <= Of(test.values[0]);
      case Op::kGreater:
        return *number > Of(test.values[0]);
      case Op::kGreaterEqual:
        return *number >= Of(test.values[0]);
      case Op::kBetween:
        return *number >= Of(test.values[0]) && *number <= Of(test.values[1]);
      case Op::kIn:
        return std::ranges::any_of(test.values, is);
      case Op::kNotIn:
        return std::ranges::none_of(test.values, is);
      default:
        ADD_FAILURE() << "the oracle does not know this operator";
        return false;
    }
  }

  static bool Filter(const eql::Rule& rule, const Happened& event) {
    using Kind = eql::Rule::Kind;
    const auto holds = [&](const eql::Rule& part) { return Filter(part, event); };
    if (rule.kind == Kind::kAnd) return std::ranges::all_of(rule.of, holds);
    if (rule.kind == Kind::kOr) return std::ranges::any_of(rule.of, holds);
    if (rule.kind == Kind::kNot) return !holds(rule.of[0]);
    return Passes(Find(event.properties, rule.name.text), rule.test);
  }
  static bool Is(const eql::EventRules& events, const Happened& event) {
    return std::ranges::any_of(events, [&](const eql::EventRule& choice) {
      return (choice.name.text == "*" || choice.name.text == event.name) &&
             std::ranges::all_of(choice.where, [&](const auto& w) { return Filter(w, event); });
    });
  }
  // Only LAST n DAYS, which the rules here use; the base moment is a midnight.
  static bool InRange(const eql::Range& range, int64_t ms) {
    if (range.kind == eql::Range::Kind::kNone) return true;
    const int64_t to = kNow + (range.current ? kDay : 0);
    return ms >= to - range.span.count * kDay && ms < to;
  }
  std::vector<Happened> Matching(const eql::Rule& rule, const std::string& user) const {
    std::vector<Happened> found;
    const auto at = people_.events.find(user);
    if (at == people_.events.end()) return found;
    for (const Happened& event : at->second) {
      const bool holds =
          Is(rule.events, event) && InRange(rule.range, event.ms) &&
          std::ranges::all_of(rule.where, [&](const auto& w) { return Filter(w, event); });
      if (holds) found.push_back(event);
    }
    return found;
  }

  std::optional<double> MeasureOf(const eql::Rule& rule, const std::string& user) const {
    using Kind = eql::Measure::Kind;
    const std::vector<Happened> events = Matching(rule, user);
    std::vector<double> numbers;
    std::set<std::string> distinct;
    std::set<int64_t> days;
    for (const Happened& event : events) {
      days.insert(event.ms / kDay);
      const Datum datum = Find(event.properties, rule.measure.property.text);
      if (!datum) continue;
      distinct.insert(boost::json::serialize(*datum));
      if (!datum->is_string()) numbers.push_back(Number(*datum));
    }
    switch (rule.measure.kind) {
      case Kind::kCount:
        return static_cast<double>(events.size());
      case Kind::kDays:
        return static_cast<double>(days.size());
      case Kind::kDistinct:
        return static_cast<double>(distinct.size());
      case Kind::kDaysSinceFirst:
      case Kind::kDaysSinceLast:
        if (days.empty()) return std::nullopt;
        return static_cast<double>(kNow / kDay - (rule.measure.kind == Kind::kDaysSinceFirst
                                                      ? *days.begin()
                                                      : *days.rbegin()));
      default:
        break;
    }
    if (numbers.empty()) return std::nullopt;
    double sum = 0;
    for (const double number : numbers) sum += number;
    switch (rule.measure.kind) {
      case Kind::kSum:
        return sum;
      case Kind::kAvg:
        return sum / static_cast<double>(numbers.size());
      case Kind::kMax:
        return *std::ranges::max_element(numbers);
      default:
        return *std::ranges::min_element(numbers);
    }
  }

  static int64_t Ms(const eql::Span& span) {
    return span.count * (span.unit == eql::Unit::kDay ? kDay : 3'600'000);
  }

  // The most steps that any choice of events makes.
  int64_t Reached(const eql::Rule& rule, const std::string& user) const {
    const auto at = people_.events.find(user);
    if (at == people_.events.end()) return 0;
    const std::vector<Happened>& events = at->second;
    int64_t best = 0;
    const std::function<void(size_t, size_t, int64_t)> go = [&](size_t step, size_t last,
                                                                int64_t start) {
      best = std::max(best, static_cast<int64_t>(step));
      if (step == rule.steps.size()) return;
      for (size_t e = step ? last + 1 : 0; e < events.size(); ++e) {
        const eql::Step& next = rule.steps[step];
        const int64_t ms = events[e].ms;
        const bool fits =
            !step || ((!next.within.count || ms - events[last].ms <= Ms(next.within)) &&
                      (!rule.within.count || ms - start <= Ms(rule.within)));
        const bool is_step = Is(next.events, events[e]);
        if (is_step && fits && (step || InRange(rule.range, ms)))
          go(step + 1, e, step ? start : ms);
        if (step && !is_step && Is(next.without, events[e])) return;
      }
    };
    go(0, 0, 0);
    return best;
  }

  bool Ranks(const eql::Rule& rule, const std::string& user) const {
    const auto value = [&](const std::string& who) -> std::optional<double> {
      if (!rule.events.empty())
        return Matching(rule, who).empty() ? std::nullopt : MeasureOf(rule, who);
      const Datum datum = Find(people_.attributes.at(who), rule.name.text);
      return datum ? std::optional(Number(*datum)) : std::nullopt;
    };
    const auto mine = value(user);
    if (!mine) return false;
    size_t all = 0, before = 0;
    for (const auto& [other, attributes] : people_.attributes) {
      const auto theirs = value(other);
      all += theirs.has_value();
      before += theirs && (rule.bottom ? *theirs < *mine : *theirs > *mine);
    }
    const double wanted =
        rule.percent ? std::ceil(static_cast<double>(all) * rule.number / 100) : rule.number;
    return static_cast<double>(before) < wanted;
  }

  const People& people_;
};

}  // namespace waypost::analytics
