// For tests: the query of a published case, in our words.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "analytics/calendar.h"
#include "services/case_project.h"

namespace waypost::services {

inline const json::value* Find(const json::object& from, std::string_view key) {
  return from.if_contains(key);
}
inline const json::value* Find(const json::value& from, std::string_view key) {
  return from.is_object() ? from.get_object().if_contains(key) : nullptr;
}
inline std::string Text(const json::value& v) {
  return v.is_string() ? std::string(v.get_string()) : json::serialize(v);
}
template <typename From>
std::string TextOf(const From& from, std::string_view key, std::string_view otherwise = "") {
  const json::value* found = Find(from, key);
  return found && !found->is_null() ? Text(*found) : std::string(otherwise);
}

// A query of the case in our words.
class CaseQuestion {
 public:
  CaseQuestion(const json::object& test, const CaseTypes& types)
      : test_(test), types_(types), query_(test.at("query").as_object()) {
    question_["zone"] = TextOf(query_, "timezone", "UTC");
    question_["week_start"] = TextOf(query_, "week_start", "sunday");
    Translate(TextOf(query_, "type"));
  }

  json::object& question() { return question_; }
  const std::string& subject() const { return subject_; }
  const CaseNames& names() const { return names_; }
  const std::string& reason() const { return reason_; }

 private:
  void Translate(const std::string& type) {
    if (type == "funnel") return Funnel();
    if (type == "retention") return Retention();
    if (type == "retention_conditions") return Conditions();
    if (type == "trends") return Trends();
    if (type.starts_with("sequence_")) return Sequence();
    if (type == "lifecycle" || type == "stickiness") return Activity(type);
    Cannot("no question is a " + type);
  }

  void Cannot(std::string reason) {
    if (reason_.empty()) reason_ = std::move(reason);
  }

  // --- Events and filters.

  json::value Value(const json::value& value, ValueType type) {
    if (type == ValueType::kBool)
      return value.is_bool() ? value : json::value(Text(value) == "true");
    if (type == ValueType::kInt || type == ValueType::kDouble)
      return value.is_number() ? value : json::value(std::stod(Text(value)));
    return json::value(Text(value));
  }

  json::value Condition(const json::object& filter) {
    const std::string scope = TextOf(filter, "scope", "event");
    std::string key = TextOf(filter, "key");
    if (scope == "cohort" || scope == "precalculated-cohort") return Cohort(filter);
    if (scope == "group") key = "$group_" + TextOf(filter, "group_type_index") + "." + key;
    const bool person = scope == "person";
    if (!person && scope != "event" && scope != "group") Cannot("a filter on " + scope);
    const auto& types = person ? types_.attributes : types_.properties;
    const auto type_at = types.find(key);
    const ValueType type = type_at == types.end() ? ValueType::kString : type_at->second;
    (person ? names_.attributes : names_.properties).insert(key);
    static const std::map<std::string, std::pair<std::string, std::string>, std::less<>> kOps = {
        {"exact", {"=", "in"}},
        {"is_not", {"!=", "not in"}},
        {"icontains", {"matches", ""}},
        {"not_icontains", {"not matches", ""}},
        {"regex", {"matches", ""}},
        {"not_regex", {"not matches", ""}},
        {"gt", {">", ""}},
        {"gte", {">=", ""}},
        {"lt", {"<", ""}},
        {"lte", {"<=", ""}},
        {"is_set", {"is set", ""}},
        {"is_not_set", {"is not set", ""}}};
    const auto op = kOps.find(TextOf(filter, "op", "exact"));
    json::object condition{{person ? "customer" : "property", key}};
    if (op == kOps.end()) {
      Cannot("the operator " + TextOf(filter, "op"));
      return condition;
    }
    const auto& [one, many] = op->second;
    const json::value* value = Find(filter, "value");
    condition["op"] = one;
    if (one == "is set" || one == "is not set") return condition;
    if (one.starts_with("not ") || one == "!=") condition["null"] = "include";
    if (value->is_array() && !many.empty()) {
      json::array values;
      for (const json::value& item : value->get_array()) values.push_back(Value(item, type));
      condition["op"] = many;
      condition["value"] = std::move(values);
    } else if (op->first.ends_with("icontains")) {
      condition["value"] = "(?i)" + Quoted(Text(*value));
    } else {
      condition["value"] = Value(value->is_array() ? value->get_array()[0] : *value, type);
    }
    return condition;
  }

  static std::string Quoted(const std::string& text) {
    std::string quoted;
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte < 128 && !std::isalnum(byte)) quoted += '\\';
      quoted += c;
    }
    return quoted;
  }

  // Cohorts are filters on people that have a name.
  json::value Cohort(const json::object& filter) {
    const json::value& cohort = test_.at("cohorts").at(TextOf(filter, "value"));
    json::array groups;
    for (const json::value& group : cohort.at("groups").as_array()) {
      json::array all;
      for (const json::value& property : group.at("properties").as_array()) {
        json::object condition = property.as_object();
        condition["scope"] = TextOf(property, "type", "person");
        condition["op"] = TextOf(property, "operator", "exact");
        all.push_back(Condition(condition));
      }
      groups.push_back(std::move(all));
    }
    return json::object{{"any", std::move(groups)}};
  }

  json::value Filter(const json::value& filter) {
    if (filter.is_array()) {
      json::array all;
      for (const json::value& item : filter.get_array()) all.push_back(Filter(item));
      return all;
    }
    for (const std::string_view both : {"all", "any"}) {
      if (const json::value* list = Find(filter, both))
        return json::object{{both, Filter(*list).as_array()}};
    }
    return Condition(filter.as_object());
  }

  // What holds for all events of the query.
  json::array Global() {
    json::array all;
    if (const json::value* filters = Find(query_, "filters")) all.push_back(Filter(*filters));
    if (const json::value* filters = Find(query_, "test_account_filters"))
      all.push_back(Filter(*filters));
    return all;
  }

  json::object Event(const std::string& name, json::array where) {
    if (name != "*") names_.events.insert(name);
    json::object event{{"event", name}};
    if (!where.empty()) event["where"] = std::move(where);
    return event;
  }

  // {"event"} · {"any_event"} · {"action": {"match_any"}}, all with "filters".
  json::array Events(const json::object& entity) {
    json::array where = Global();
    if (const json::value* filters = Find(entity, "filters")) where.push_back(Filter(*filters));
    const json::value* action = Find(entity, "action");
    if (!action) {
      const bool any = Find(entity, "any_event") != nullptr;
      return {Event(any ? "*" : TextOf(entity, "event"), where)};
    }
    json::array events;
    for (const json::value& match : action->at("match_any").as_array()) {
      json::array all = where;
      for (const auto& member : match.as_object()) {
        const std::string key(member.key());
        if (key == "properties") {
          all.push_back(Filter(member.value()));
        } else if (key == "tag_name" || key == "text" || key == "href") {
          all.push_back(Condition({{"key", "$element." + key}, {"value", member.value()}}));
        } else if (key != "event") {
          Cannot("an action by " + key);
        }
      }
      const std::string event = TextOf(match, "event");
      events.push_back(Event(event.empty() ? "*" : event, std::move(all)));
    }
    if (events.empty()) Cannot("an action of nothing");
    return events;
  }

  // The first event ever of the entity's name that the query's own filters let pass.
  json::value FirstOf(const json::object& entity) {
    json::object plain = entity;
    plain.erase("filters");
    return Events(plain);
  }

  // --- Parts.

  void Range(std::string_view from, std::string_view to) {
    // The end is included, to the microsecond; weeks and months are taken whole from the first on.
    int64_t end = CaseProject::Ms(to), begin = CaseProject::Ms(from);
    if (end % 1000 == 999) ++end;
    const std::string interval = TextOf(query_, "interval");
    using Unit = analytics::CalendarUnit;
    if (interval == "week" || interval == "month")
      begin = OwnCalendar().Floor(begin, interval == "week" ? Unit::kWeek : Unit::kMonth);
    question_["range"] = {{"from", begin}, {"to", end}};
  }

  analytics::Calendar OwnCalendar() const {
    auto calendar = analytics::Calendar::Of(TextOf(query_, "timezone", "UTC")).value();
    calendar.week_start = TextOf(query_, "week_start", "sunday") == "monday"
                              ? analytics::Calendar::WeekStart::kMonday
                              : analytics::Calendar::WeekStart::kSunday;
    return calendar;
  }

  void Subject(const json::value& query) {
    const json::value* by = Find(query, "aggregate_by");
    if (by && Find(*by, "group_type_index")) subject_ = "$group_" + TextOf(*by, "group_type_index");
  }

  void Breakdown(const json::object& breakdown, std::string_view key, std::string_view type_key) {
    const std::string type = TextOf(breakdown, type_key, "event");
    json::array by;
    const json::value& value = breakdown.at(key);
    for (const json::value& item : value.is_array() ? value.get_array() : json::array{value}) {
      std::string name = Text(item);
      if (type == "group") name = "$group_" + TextOf(breakdown, "group_type_index") + "." + name;
      if (type == "person") {
        names_.attributes.insert(name);
        by.push_back(json::object{{"customer", name}});
      } else if (type == "event" || type == "group") {
        names_.properties.insert(name);
        by.push_back(json::value(name));
      } else {
        Cannot("a breakdown by " + type);
      }
    }
    question_["by"] = std::move(by);
    if (const json::value* limit = Find(breakdown, "limit")) question_["top"] = *limit;
  }

  // --- Kinds.

  void Funnel() {
    question_["ask"] = "funnel";
    Subject(query_);
    const std::string order = TextOf(query_, "order", "ordered");
    question_["order"] = order == "unordered" ? "any" : order;
    json::array steps;
    for (const json::value& step : query_.at("steps").as_array()) {
      json::object ours{{"events", Events(step.as_object())}};
      const std::string math = TextOf(step, "math");
      if (math == "first_time_for_user") ours["first"] = FirstOf(step.as_object());
      if (math == "first_time_for_user_with_filters" || math == "first_matching_event_for_user")
        ours["first"] = "match";
      if (Find(step, "optional")) ours["optional"] = step.at("optional");
      steps.push_back(std::move(ours));
    }
    question_["steps"] = std::move(steps);
    const json::value& window = query_.at("window");
    static const std::map<std::string, int64_t, std::less<>> kUnits = {
        {"second", 1'000},   {"minute", 60'000},    {"hour", 3'600'000},
        {"day", 86'400'000}, {"week", 604'800'000}, {"month", 30 * 86'400'000ll}};
    const double ms =
        std::stod(TextOf(window, "value")) * static_cast<double>(kUnits.at(TextOf(window, "unit")));
    question_["window"] = static_cast<int64_t>(std::min(ms, 1e15));
    if (query_.contains("date_from")) Range(TextOf(query_, "date_from"), TextOf(query_, "date_to"));
    if (const json::value* modes = Find(query_, "engine_modes")) Modes(modes->as_array());
    if (const json::value* exclusions = Find(query_, "exclusions"))
      Exclusions(exclusions->as_array(), order == "unordered");
    if (const json::value* by = Find(query_, "breakdown")) FunnelBreakdown(by->as_object());
    const json::value* by = Find(query_, "aggregate_by");
    const std::string expression = by ? TextOf(*by, "expression") : "";
    if (expression == "properties.$session_id") {
      names_.properties.insert("$session_id");
      question_["count"] = "sessions";
      question_["session"] = {{"property", "$session_id"}};
    } else if (!expression.empty() && expression != "person_id") {
      Cannot("a subject that is an expression");
    }
    question_["times"] = true;
    if (TextOf(query_, "viz") == "trends") {
      question_["trend"] = "independent";
      question_["interval"] = TextOf(query_, "interval", "day");
    }
  }

  // One event is one step always: "strict_once" is how it is.
  void Modes(const json::array& modes) {
    json::array ours;
    for (const json::value& mode : modes) {
      if (Text(mode) != "strict_once") ours.push_back(mode);
    }
    if (!ours.empty()) question_["modes"] = std::move(ours);
  }

  void Exclusions(const json::array& exclusions, bool unordered) {
    json::array ours;
    for (const json::value& exclusion : exclusions) {
      ours.push_back({{"events", Events(exclusion.as_object())},
                      {"from", exclusion.at("from_step").to_number<int64_t>() + 1},
                      {"to", exclusion.at("to_step").to_number<int64_t>() + 1},
                      {"scope", unordered ? "attempt" : "user"}});
    }
    question_["exclude"] = std::move(ours);
  }

  void FunnelBreakdown(const json::object& breakdown) {
    Breakdown(breakdown, "value", "type");
    const std::string touch = TextOf(breakdown, "attribution", "first_touch");
    if (touch == "step") {
      question_["touch"] = {{"each", std::stoi(TextOf(breakdown, "attribution_step", "0")) + 1}};
    } else if (touch == "all_events") {
      question_["touch"] = "each";
    } else {
      question_["touch"] = touch == "last_touch" ? "last_defined" : "first_defined";
    }
  }

  void Retention() {
    question_["ask"] = "retention";
    Subject(query_);
    question_["start"] = Events(query_.at("target").as_object());
    question_["return"] = Events(query_.at("returning").as_object());
    if (TextOf(query_, "retention_type") != "retention_recurring")
      question_["cohort"] = "first_time";
    const std::string unit = TextOf(query_, "period");
    const int64_t periods = query_.at("intervals").to_number<int64_t>();
    question_["unit"] = unit;
    question_["periods"] = periods;
    // The last interval holds date_to, a local time.
    const analytics::Calendar calendar = OwnCalendar();
    using Unit = analytics::CalendarUnit;
    const Unit step = unit == "hour"   ? Unit::kHour
                      : unit == "day"  ? Unit::kDay
                      : unit == "week" ? Unit::kWeek
                                       : Unit::kMonth;
    const int64_t last = calendar.Instant(*ParseDateTime(TextOf(query_, "date_to_raw")));
    question_["range"] = {{"from", calendar.Step(last, step, 1 - periods)},
                          {"to", calendar.Step(last, step, 1)}};
  }

  // Days on which all must have been active: the first is the cohort, the others its brackets.
  void Conditions() {
    question_["ask"] = "retention";
    question_["start"] = question_["return"] = json::array{Event("active", {})};
    json::array brackets;
    const auto day = [&](const json::value& condition) { return *ParseDate(Text(condition)); };
    const json::array& conditions = query_.at("conditions").as_array();
    for (size_t i = 1; i < conditions.size(); ++i) {
      const int64_t offset = day(conditions[i]) - day(conditions[0]);
      if (offset < 1) return Cannot("a condition before the first");
      brackets.push_back({offset, offset});
    }
    question_["range"] = {{"from", day(conditions[0]) * 86'400'000},
                          {"to", (day(conditions[0]) + 1) * 86'400'000}};
    question_["brackets"] = std::move(brackets);
  }

  void Sequence() {
    question_["ask"] = "sequence";
    json::array events;
    for (const json::value& condition : query_.at("conditions").as_array())
      events.push_back(Events(condition.as_object()));
    question_["events"] = std::move(events);
    question_["pattern"] = TextOf(query_, "pattern");
    Range("1960-01-01T00:00:00Z", "2100-01-01T00:00:00Z");
  }

  void Activity(const std::string& type) {
    question_["ask"] = type;
    question_["interval"] = TextOf(query_, "interval", "day");
    Range(TextOf(query_, "date_from"), TextOf(query_, "date_to"));
    const json::object& series = query_.at("series").as_array()[0].as_object();
    question_["events"] = Events(series);
    if (TextOf(series, "math") == "unique_group")
      subject_ = "$group_" + (series.contains("math_group_type_index")
                                  ? TextOf(series, "math_group_type_index")
                                  : Text(query_.at("math_groups").as_array()[0]));
  }

  void Trends() {
    question_["ask"] = "trends";
    const std::string interval = TextOf(query_, "interval", "day");
    question_["interval"] = interval;
    Range(TextOf(query_, "date_from"), TextOf(query_, "date_to"));
    if (const json::value* by = Find(query_, "breakdown"))
      Breakdown(by->as_object(), "breakdown", "breakdown_type");
    const bool cumulative = TextOf(query_, "display") == "ActionsLineGraphCumulative";
    json::array measures;
    for (const json::value& series : query_.at("series").as_array())
      measures.push_back(Measure(series.as_object(), measures.size(), cumulative));
    question_["measures"] = std::move(measures);
  }

  json::value Measure(const json::object& series, size_t index, bool cumulative) {
    static const std::map<std::string, std::string, std::less<>> kWhat = {
        {"", "count"},
        {"total", "count"},
        {"dau", "uniques"},
        {"unique_group", "uniques"},
        {"weekly_active", "wau"},
        {"monthly_active", "mau"},
        {"avg_count_per_actor", "per_user"},
        {"first_time_for_user", "count"},
        {"first_matching_event_for_user", "count"},
        {"avg", "avg"},
        {"sum", "sum"},
        {"min", "min"},
        {"max", "max"},
        {"median", "median"}};
    json::object measure{{"name", fmt::format("s{}", index)}, {"of", Events(series)}};
    const std::string math = TextOf(series, "math");
    const auto what = kWhat.find(math);
    const size_t folded = math.find("_count_per_actor"), percent = math.find("p9");
    if (what != kWhat.end()) {
      measure["measure"] = what->second;
      if (what->second == "wau" || what->second == "mau") {
        if (TextOf(query_, "interval", "day") != "day") Cannot("a rolling week by other than days");
      }
    } else if (folded != math.npos) {
      const std::string fold = math.substr(0, folded);
      measure["per_customer"] = "count";
      measure["measure"] = fold == "p90" || fold == "p95" || fold == "p99" ? "percentile" : fold;
      if (measure["measure"] == "percentile") measure["q"] = std::stod("0." + fold.substr(1));
    } else if (percent == 0) {
      measure["measure"] = "percentile";
      measure["q"] = std::stod("0." + math.substr(1));
    } else {
      Cannot("the measure " + math);
    }
    if (math == "unique_group") subject_ = "$group_" + TextOf(series, "math_group_type_index");
    if (math == "first_time_for_user") measure["first"] = FirstOf(series);
    if (math == "first_matching_event_for_user") measure["first"] = "match";
    if (const json::value* property = Find(series, "math_property")) {
      names_.properties.insert(Text(*property));
      measure["property"] = *property;
    }
    if (cumulative && measure["measure"] == "uniques") {
      measure["cumulative"] = true;
    } else if (cumulative) {
      cumulative_counts_ = true;
    }
    return measure;
  }

  const json::object& test_;
  const CaseTypes& types_;
  const json::object& query_;
  json::object question_;
  std::string subject_, reason_;
  CaseNames names_;

 public:
  bool cumulative_counts_ = false;  // the figures are to be added up
};

}  // namespace waypost::services
