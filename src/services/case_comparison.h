// For tests: what a published case expects, compared with what is answered.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "services/case_question.h"

namespace waypost::services {

// Compares what a case expects with what is answered; the complaints are the result.
class CaseComparison {
 public:
  CaseComparison(const json::object& test, CaseQuestion& asked, CaseProject& project)
      : expected_(test.at("expected").as_object()),
        query_(test.at("query").as_object()),
        asked_(asked),
        project_(project) {}

  std::vector<std::string> Run() {
    const Result<json::object> answer = project_.Ask(asked_.question(), 1);
    if (!answer.ok()) return {answer.error().message()};
    const Result<json::object> again = project_.Ask(asked_.question(), 3);
    if (!again.ok() || again.value() != answer.value()) return {"not the same on three threads"};
    answer_ = answer.value();
    const std::string ask = TextOf(asked_.question(), "ask");
    for (const auto& member : expected_) {
      const std::string key(member.key());
      const bool known = ask == "funnel"      ? Funnel(key, member.value())
                         : ask == "retention" ? Retention(key, member.value())
                         : ask == "trends"    ? Trends(key, member.value())
                         : ask == "lifecycle" || ask == "stickiness"
                             ? Activity(key, member.value())
                             : Sequence(key, member.value());
      if (!known) Complain(key + " is not compared");
    }
    return std::move(complaints_);
  }

 private:
  void Complain(std::string what) { complaints_.push_back(std::move(what)); }

  static double Number(const json::value& v) { return v.is_null() ? 0 : v.to_number<double>(); }
  // Nothing and 0 are the same to those who wrote the cases.
  void Same(const std::string& what, const json::value& found, const json::value& expected) {
    if (found.is_array() && expected.is_array()) {
      if (found.get_array().size() != expected.get_array().size())
        return Complain(fmt::format("{} is {}, not {}", what, Text(found), Text(expected)));
      for (size_t i = 0; i < expected.get_array().size(); ++i)
        Same(fmt::format("{}[{}]", what, i), found.get_array()[i], expected.get_array()[i]);
      return;
    }
    const bool numbers =
        (found.is_number() || found.is_null()) && (expected.is_number() || expected.is_null());
    const bool same = numbers ? std::abs(Number(found) - Number(expected)) <
                                    1e-9 * std::max(1.0, std::abs(Number(expected)))
                              : found == expected;
    if (!same) Complain(fmt::format("{} is {}, not {}", what, Text(found), Text(expected)));
  }

  // --- Breakdowns.

  static std::string GroupText(const json::value& by) {
    if (by.is_string()) return by == "$other" ? "Other" : Text(by);
    std::vector<std::string> values;
    for (const json::value& value : by.as_array())
      values.push_back(value.is_null() ? "" : Text(value));
    return fmt::format("{}", fmt::join(values, "|"));
  }
  static std::string ExpectedGroup(const json::value& value) {
    if (!value.is_array()) {
      const std::string text = value.is_null() ? "" : Text(value);
      if (text == "$$_posthog_breakdown_null_$$") return "";
      return text == "$$_posthog_breakdown_other_$$" ? "Other" : text;
    }
    std::vector<std::string> values;
    for (const json::value& item : value.get_array()) values.push_back(ExpectedGroup(item));
    return fmt::format("{}", fmt::join(values, "|"));
  }

  // Those who did not come to the step that is broken down by are no result.
  std::vector<const json::object*> Groups() const {
    std::vector<const json::object*> groups;
    const json::value* all = answer_.if_contains("groups");
    if (!all) return groups;
    for (const json::value& group : all->as_array()) {
      if (GroupText(group.at("by")).find("$not_reached") == std::string::npos)
        groups.push_back(&group.as_object());
    }
    return groups;
  }
  const json::object* Group(const json::value& expected) {
    const std::string wanted = ExpectedGroup(expected);
    for (const json::object* group : Groups()) {
      if (GroupText(group->at("by")) == wanted) return group;
    }
    Complain("there is no group " + wanted);
    return nullptr;
  }

  // --- Funnels.

  const json::object& Everyone() const { return answer_.at("everyone").as_object(); }

  bool Funnel(const std::string& key, const json::value& expected) {
    if (key == "result_order") return true;
    if (key == "n_results") {
      const json::value* trend = Everyone().if_contains("trend");
      const size_t count = query_.contains("breakdown") ? Groups().size()
                           : trend                      ? trend->as_array().size()
                                                        : Everyone().at("steps").as_array().size();
      Same("results", json::value(count), expected);
    } else if (key == "steps") {
      for (const json::value& step : expected.as_array()) Step("", Everyone(), step);
    } else if (key == "breakdown_results") {
      for (const json::value& result : expected.as_array()) {
        const json::array& steps = result.at("steps").as_array();
        const json::object* group = Group(steps[0].at("breakdown"));
        for (size_t k = 0; group && k < steps.size(); ++k) {
          json::object step = steps[k].as_object();
          step["index"] = k;
          Step(ExpectedGroup(steps[0].at("breakdown")) + ": ", *group, step);
        }
      }
    } else if (key == "breakdown_values") {
      std::set<std::string> values, wanted;
      for (const json::object* group : Groups()) values.insert(GroupText(group->at("by")));
      for (const json::value& value : expected.as_array()) wanted.insert(ExpectedGroup(value));
      if (values != wanted) Complain(fmt::format("groups are {}, not {}", values, wanted));
    } else if (key == "trend") {
      for (const json::value& point : expected.as_array()) TrendPoint(point);
    } else if (key == "bins") {
      Bins(expected.as_array());
    } else if (key == "average_conversion_time") {
      Same("mean", Seconds(FromTo(), "mean_ms"), expected);
    } else if (key == "actors") {
      for (const json::value& actors : expected.as_array()) Actors(actors.as_object());
    } else if (key == "levels") {
      Levels(expected.as_object());
    } else {
      return false;
    }
    return true;
  }

  static json::value Seconds(const json::value& spread, std::string_view key) {
    const json::value* ms = Find(spread, key);
    return ms ? json::value(ms->to_number<double>() / 1000) : json::value();
  }

  void Step(const std::string& of, const json::object& body, const json::value& expected) {
    const auto k = expected.at("index").to_number<size_t>();
    const json::value& step = body.at("steps").as_array().at(k);
    for (const auto& member : expected.as_object()) {
      const std::string key(member.key());
      const std::string what = fmt::format("{}step {} {}", of, k, key);
      if (key == "count") Same(what, step.at("count"), member.value());
      if (key != "average_conversion_time" && key != "median_conversion_time") continue;
      const json::value spread =
          k == 0 ? json::value() : body.at("times").at("from_previous").as_array().at(k - 1);
      Same(what, Seconds(spread, key[0] == 'a' ? "mean_ms" : "p50_ms"), member.value());
    }
  }

  void TrendPoint(const json::value& expected) {
    const auto b = expected.at("index").to_number<size_t>();
    const json::array& trend = Everyone().at("trend").as_array();
    if (b >= trend.size()) return Complain(fmt::format("there is no bucket {}", b));
    const json::array& steps = trend[b].at("steps").as_array();
    const json::value* from_step = query_.if_contains("from_step");
    const json::value* to_step = query_.if_contains("to_step");
    const auto from = from_step ? from_step->to_number<size_t>() : 0;
    const auto to = to_step ? to_step->to_number<size_t>() : steps.size() - 1;
    const double began = Number(steps[from].at("count")), ended = Number(steps[to].at("count"));
    const std::string at = fmt::format("trend[{}].", b);
    for (const auto& member : expected.as_object()) {
      const std::string key(member.key());
      if (key == "reached_from_step_count") Same(at + key, json::value(began), member.value());
      if (key == "reached_to_step_count") Same(at + key, json::value(ended), member.value());
      if (key == "conversion_rate") {
        const double percent = began ? std::round(ended / began * 10'000) / 100 : 0;
        Same(at + key, json::value(percent), member.value());
      }
      if (key == "timestamp") {
        Same(at + key, json::value(BucketText(b, "%F")),
             json::value(Text(member.value()).substr(0, 10)));
      }
    }
  }

  // The spread of the time from one step to another.
  const json::value& FromTo() const {
    const json::value& times = Everyone().at("times");
    const json::value *from = query_.if_contains("from_step"), *to = query_.if_contains("to_step");
    const bool all = !from || !to || to->to_number<int64_t>() != from->to_number<int64_t>() + 1;
    return all ? times.at("to_convert")
               : times.at("from_previous").as_array().at(from->to_number<size_t>());
  }

  void Bins(const json::array& expected) {
    if (expected.size() < 2) return Complain("fewer than two bins");
    const double width = Number(expected[1].as_array()[0]) - Number(expected[0].as_array()[0]);
    asked_.question()["times"] = {{"width", static_cast<int64_t>(width * 1000)}};
    answer_ = project_.Ask(asked_.question()).value();
    json::array found;
    for (const json::value& bin : FromTo().at("histogram").as_array())
      found.push_back({Number(bin.at("from_ms")) / 1000, bin.at("count")});
    Same("bins", found, expected);
  }

  // The customers behind a number, by the name they were sent with first.
  std::set<std::string> Customers(json::object of) {
    json::object question = asked_.question();
    question["customers_of"] = std::move(of);
    const Result<json::object> answer = project_.Ask(question);
    if (!answer.ok()) {
      Complain(answer.error().message());
      return {};
    }
    std::set<std::string> names;
    for (const json::value& name : answer.value().at("customers").at("names").as_array())
      names.insert(Text(name).substr(Text(name).find(':') + 1));
    return names;
  }

  void Actors(const json::object& expected) {
    json::object of;
    const int64_t step = expected.contains("step") ? expected.at("step").to_number<int64_t>() : 0;
    const json::value* drop_off = expected.if_contains("drop_off");
    const auto steps = static_cast<int64_t>(query_.at("steps").as_array().size());
    if (drop_off) {
      // Of a trend: those who converted, or began and did not.
      of["step"] = drop_off->as_bool() ? 1 : steps;
    } else {
      of["step"] = step < 0 ? -step - 1 : step;
      if (step < 0) of["dropped"] = true;
    }
    if (expected.contains("period_start"))
      of["bucket"] = TextOf(expected, "period_start").substr(0, 10) + "T00:00";
    if (const json::value* by = expected.if_contains("breakdown")) {
      const json::object* group = Group(*by);
      if (!group) return;
      of["group"] = group->at("by");
    }
    std::set<std::string> names = Customers(of);
    if (drop_off && drop_off->as_bool()) {
      of["step"] = steps;
      for (const std::string& name : Customers(of)) names.erase(name);
    }
    const std::string what = fmt::format("customers of {}", json::serialize(of));
    const json::value* offset = expected.if_contains("offset");
    if (const json::value* count = expected.if_contains("count")) {
      // Pages of 100.
      const size_t rest = names.size() - (offset ? offset->to_number<size_t>() : 0);
      Same(what, json::value(std::min<size_t>(rest, 100)), *count);
    }
    if (const json::value* users = expected.if_contains("users")) {
      std::set<std::string> wanted;
      for (const json::value& user : users->as_array()) wanted.insert(Text(user));
      if (names != wanted) Complain(fmt::format("{} are {}, not {}", what, names, wanted));
    }
    if (const json::value* users = expected.if_contains("users_include")) {
      for (const json::value& user : users->as_array()) {
        if (!names.contains(Text(user))) Complain(fmt::format("{} lack {}", what, Text(user)));
      }
    }
  }

  void Levels(const json::object& expected) {
    std::map<std::string, int64_t> levels;
    for (size_t k = 1; k <= query_.at("steps").as_array().size(); ++k) {
      for (const std::string& name : Customers({{"step", k}}))
        levels[name] = static_cast<int64_t>(k);
    }
    for (const auto& member : expected)
      Same("level of " + std::string(member.key()), json::value(levels[member.key()]),
           member.value());
  }

  // --- Retention.

  bool Retention(const std::string& key, const json::value& expected) {
    const json::array& cohorts = Everyone().at("cohorts").as_array();
    if (key == "counts") {
      Same("cohorts", json::value(cohorts.size()), json::value(expected.as_array().size()));
      for (size_t c = 0; c < std::min(cohorts.size(), expected.as_array().size()); ++c) {
        const json::array& row = expected.as_array()[c].as_array();
        const json::array& cells = cohorts[c].at("cells").as_array();
        for (size_t k = 0; k < row.size(); ++k) {
          const json::value& found = k == 0 ? cohorts[c].at("size") : cells.at(k).at("count");
          Same(fmt::format("[{}][{}]", c, k), found, row[k]);
        }
      }
    } else if (key == "n_cohorts") {
      Same(key, json::value(cohorts.size()), expected);
    } else if (key == "cohort_dates" || key == "cohorts") {
      // As exactly as the case writes them: the month alone, or to the second.
      for (size_t c = 0; c < expected.as_array().size(); ++c) {
        const std::string date = Text(expected.as_array()[c]).substr(0, 19);
        Same(key, json::value(Text(cohorts.at(c).at("from")).substr(0, date.size())),
             json::value(date));
      }
    } else if (key == "assertions") {
      for (const json::value& assertion : expected.as_array()) {
        const std::string path = TextOf(assertion, "path");
        if (!path.starts_with("results.") || !path.ends_with(".date")) return false;
        const auto c = static_cast<size_t>(std::stoi(path.substr(8)));
        Same(path, json::value(Text(cohorts.at(c).at("from")).substr(0, 19)),
             json::value(TextOf(assertion, "value").substr(0, 19)));
      }
    } else if (key == "sums") {
      json::array sums{cohorts[0].at("size")};
      for (const json::value& cell : cohorts[0].at("cells").as_array())
        sums.push_back(cell.at("count"));
      Same(key, sums, expected);
    } else {
      return key == "labels";  // words for columns
    }
    return true;
  }

  // --- Sequences.

  bool Sequence(const std::string& key, const json::value& expected) {
    if (key == "match") {
      Same(key, json::value(Number(Everyone().at("matched")) > 0), expected);
    } else if (key == "count") {
      Same(key, Everyone().at("matches"), expected);
    } else {
      return false;
    }
    return true;
  }

  // --- Lifecycles and stickiness.

  bool Activity(const std::string& key, const json::value& expected) {
    if (key == "results") {
      for (const json::value& result : expected.as_array()) {
        const std::string status = TextOf(result, "status");
        const std::string state = status == "returning"      ? "current"
                                  : status == "resurrecting" ? "resurrected"
                                                             : status;
        json::array found = Everyone().at(state).as_array();
        for (json::value& v : found) v = state == "dormant" ? -Number(v) : Number(v);
        Same(status, found, result.at("data"));
      }
    } else if (key == "series") {
      Same("exactly", Everyone().at("exactly"), expected.as_array()[0].at("data"));
    } else if (key == "assertions") {
      for (const json::value& assertion : expected.as_array()) {
        const std::string path = TextOf(assertion, "path");
        if (path.ends_with(".label")) continue;  // what peers call it
        if (!path.ends_with(".days")) return false;
        json::array days;
        for (size_t b = 0; b < answer_.at("buckets").as_array().size(); ++b)
          days.push_back(json::value(BucketText(b, "%F")));
        Same(path, days, assertion.at("value"));
      }
    } else {
      return false;
    }
    return true;
  }

  // --- Trends.

  // The local begin of a bucket as strftime writes it.
  std::string BucketText(size_t bucket, const char* format) const {
    const std::string from = Text(answer_.at("buckets").as_array().at(bucket).at("from"));
    std::tm time{};
    time.tm_year = std::stoi(from.substr(0, 4)) - 1900;
    time.tm_mon = std::stoi(from.substr(5, 2)) - 1;
    time.tm_mday = std::stoi(from.substr(8, 2));
    time.tm_hour = std::stoi(from.substr(11, 2));
    time.tm_min = std::stoi(from.substr(14, 2));
    char text[64];
    const size_t size = std::strftime(text, sizeof(text), format, &time);
    return {text, size};
  }
  std::string Label(size_t bucket) const {
    const std::string interval = TextOf(query_, "interval", "day");
    std::string label = BucketText(bucket, interval == "month"  ? "%b %Y"
                                           : interval == "hour" ? "%e-%b-%Y %H:%M"
                                                                : "%e-%b-%Y");
    if (label[0] == ' ') label.erase(0, 1);
    return label;
  }

  bool Trends(const std::string& key, const json::value& expected) {
    if (key == "n_series") {
      const size_t count =
          query_.contains("breakdown") ? Groups().size() : query_.at("series").as_array().size();
      Same(key, json::value(count), expected);
    } else if (key == "series") {
      for (const json::value& series : expected.as_array()) Series(series.as_object());
    } else if (key == "assertions") {
      for (const json::value& assertion : expected.as_array()) {
        if (!TextOf(assertion, "path").ends_with(".days.len()")) return false;
        Same("days", json::value(answer_.at("buckets").as_array().size()), assertion.at("value"));
      }
    } else {
      return false;
    }
    return true;
  }

  void Series(const json::object& expected) {
    const json::value* by = expected.if_contains("breakdown_value");
    const json::object* body = by ? Group(*by) : &Everyone();
    if (!body) return;
    const size_t index = by ? 0 : expected.at("index").to_number<size_t>();
    const json::value& measure = body->at("measures").at(fmt::format("s{}", index));
    json::array data = measure.at("buckets").as_array();
    double sum = 0;
    for (json::value& v : data) {
      sum += Number(v);
      if (asked_.cumulative_counts_) v = sum;
    }
    const size_t buckets = data.size();
    const auto at = [&](const json::object& points, auto found, std::string_view what) {
      for (const auto& point : points) {
        const int64_t i = std::stoll(std::string(point.key()));
        const size_t bucket = i < 0 ? buckets - static_cast<size_t>(-i) : static_cast<size_t>(i);
        if (bucket >= buckets) return Complain(fmt::format("there is no bucket {}", i));
        Same(fmt::format("{}[{}]", what, i), found(bucket), point.value());
      }
    };
    const auto all = [&](auto found) {
      json::array values;
      for (size_t b = 0; b < buckets; ++b) values.push_back(found(b));
      return values;
    };
    const auto value = [&](size_t b) { return data[b]; };
    const auto label = [&](size_t b) { return json::value(Label(b)); };
    const auto day = [&](size_t b) { return json::value(BucketText(b, "%F")); };
    for (const auto& member : expected) {
      const std::string key(member.key());
      const json::value& v = member.value();
      if (key == "count") Same(key, json::value(sum), v);
      if (key == "aggregated_value") Same(key, measure.at("total"), v);
      if (key == "data") Same(key, data, v);
      if (key == "data_at") at(v.as_object(), value, key);
      if (key == "labels") Same(key, all(label), v);
      if (key == "labels_at") at(v.as_object(), label, key);
      if (key == "days") Same(key, all(day), v);
      if (key == "days_at") at(v.as_object(), day, key);
    }
  }

  const json::object& expected_;
  const json::object& query_;
  CaseQuestion& asked_;
  CaseProject& project_;
  json::object answer_;
  std::vector<std::string> complaints_;
};

}  // namespace waypost::services
