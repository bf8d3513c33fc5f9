// For tests: a published case's events in a project of their own, taken in and asked as a server
// does: batches to the log of a real engine on the simulated disk, questions to its readings.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <future>
#include <map>
#include <set>
#include <string>

#include "analytics/ask.h"
#include "engine/engine.h"
#include "io/sim_file_system.h"
#include "io/sim_random.h"
#include "model/plan_change.h"
#include "model/time_text.h"
#include "services/plan_names.h"

namespace waypost::services {

namespace json = boost::json;

// What a case may name although no event has it.
struct CaseNames {
  std::set<std::string> events, properties, attributes;
};

// A case's event as it is sent: elements and the properties of its groups are properties of it.
inline json::object PropertiesOf(const json::object& test, const json::object& event) {
  json::object properties;
  if (const json::value* own = event.if_contains("props"); own && own->is_object())
    properties = own->get_object();
  if (const json::value* elements = event.if_contains("elements")) {
    for (const json::value& element : elements->as_array()) {
      for (const auto& member : element.as_object()) {
        const std::string key = "$element." + std::string(member.key());
        if (!properties.contains(key)) properties[key] = member.value();
      }
    }
  }
  const json::value* groups = test.if_contains("groups");
  if (!groups) return properties;
  for (const json::value& group : groups->as_array()) {
    const std::string type = "$group_" + json::serialize(group.at("group_type_index"));
    const json::value* key = properties.if_contains(type);
    if (!key || *key != group.at("group_key")) continue;
    const json::value* values = group.as_object().if_contains("properties");
    if (!values || !values->is_object()) continue;
    for (const auto& member : values->get_object())
      properties[type + "." + std::string(member.key())] = member.value();
  }
  return properties;
}

// The types that the values of a case have together: numbers of two kinds are doubles, other
// mixtures text.
struct CaseTypes {
  std::map<std::string, ValueType> properties, attributes;

  explicit CaseTypes(const json::object& test) {
    if (const json::value* events = test.if_contains("events")) {
      for (const json::value& event : events->as_array()) {
        for (const auto& member : PropertiesOf(test, event.as_object()))
          Learn(member.value(), member.key(), &properties);
      }
    }
    if (const json::value* users = test.if_contains("users")) {
      for (const json::value& user : users->as_array()) {
        const json::value* values = user.as_object().if_contains("props");
        if (!values || !values->is_object()) continue;
        for (const auto& member : values->get_object())
          Learn(member.value(), member.key(), &attributes);
      }
    }
  }

 private:
  static void Learn(const json::value& value, const std::string& name,
                    std::map<std::string, ValueType>* types) {
    if (value.is_null()) return;
    const ValueType type = value.is_bool()     ? ValueType::kBool
                           : value.is_double() ? ValueType::kDouble
                           : value.is_number() ? ValueType::kInt
                           : value.is_array()  ? ValueType::kList
                                               : ValueType::kString;
    const auto [at, added] = types->emplace(name, type);
    if (added || at->second == type) return;
    const auto number = [](ValueType t) { return t == ValueType::kInt || t == ValueType::kDouble; };
    at->second = number(type) && number(at->second) ? ValueType::kDouble : ValueType::kString;
  }
};

class CaseProject {
 public:
  // `subject`: empty, or the event property whose values are the customers (accounts instead of
  // people); events without it are left out. `flush`: half of the events are files before the rest
  // comes.
  CaseProject(const json::object& test, const CaseTypes& types, const std::string& subject,
              const CaseNames& names, bool flush)
      : types_(types), subject_(subject) {
    clock_.SetNowMs(Ms("2024-10-09T12:00:00Z"));
    Result<std::unique_ptr<engine::Engine>> opened =
        engine::Engine::Open(disk_, clock_, random_, {.directory = "/data"});
    EXPECT_TRUE(opened.ok()) << opened.error().message();
    engine_ = std::move(opened).value();
    Declare(names);
    SendProfiles(test);
    const json::array* events =
        test.if_contains("events") ? &test.at("events").as_array() : nullptr;
    const size_t half = events && flush ? events->size() / 2 : 0;
    if (events) SendEvents(test, *events, 0, half);
    if (flush) {
      EXPECT_TRUE(engine_->Flush().ok());
    }
    SendLinks(test);
    if (events) SendEvents(test, *events, half, events->size());
  }

  static int64_t Ms(std::string_view text) {
    const auto written = ParseDateTime(text);
    EXPECT_TRUE(written) << text;
    return written ? written->UtcMs() : 0;
  }

  Result<json::object> Ask(const json::object& question, unsigned threads = 1) {
    const engine::Reading reading = TRY(engine_->Read());
    const QuestionNames names(*engine_, reading.plan);
    const std::string answer =
        TRY(analytics::Ask(json::serialize(question), reading.snapshot->view(), names,
                           {.now_ms = clock_.NowMs(), .threads = threads}));
    return json::parse(answer).as_object();
  }

  void Append(Bytes batch) {
    std::promise<bool> done;
    engine_->Append(std::move(batch),
                    [&](const Result<LogPosition>& result) { done.set_value(result.ok()); });
    EXPECT_TRUE(done.get_future().get());
  }

 private:
  void Declare(const CaseNames& names) {
    PlanChange change;
    change.project = "default";
    for (const std::string& event : names.events) change.events.push_back({.name = event});
    std::set<std::string> missing;
    for (const std::string& property : names.properties)
      if (!types_.properties.contains(property)) missing.insert(property);
    for (const std::string& attribute : names.attributes)
      if (!types_.attributes.contains(attribute)) missing.insert(attribute);
    for (const std::string& property : missing)
      change.properties.push_back({.name = property, .type = ValueType::kString});
    EXPECT_TRUE(engine_->ChangePlan(change).ok());
  }

  static void AddValue(BatchWriter* out, std::string_view name, const json::value& value,
                       ValueType type) {
    if (value.is_null()) return;
    switch (type) {
      case ValueType::kBool:
        out->AddProperty(name, Value::Bool(value.get_bool()));
        return;
      case ValueType::kInt:
        out->AddProperty(name, Value::Int(value.to_number<int64_t>()));
        return;
      case ValueType::kDouble:
        out->AddProperty(name, Value::Double(value.to_number<double>()));
        return;
      case ValueType::kList: {
        std::vector<std::string> items;
        for (const json::value& item : value.as_array())
          items.push_back(item.is_string() ? std::string(item.get_string())
                                           : json::serialize(item));
        const std::vector<std::string_view> views(items.begin(), items.end());
        Value list = Value::String({});
        const std::string packed = PackList(views);
        list.type = ValueType::kList;
        list.text = packed;
        out->AddProperty(name, list);
        return;
      }
      default: {
        const std::string text =
            value.is_string() ? std::string(value.get_string()) : json::serialize(value);
        out->AddProperty(name, Value::String(text));
      }
    }
  }

  void SendProfiles(const json::object& test) {
    const json::value* users = test.if_contains("users");
    if (!users || !subject_.empty()) return;
    BatchWriter out({"default", "case", clock_.NowMs(), {}});
    for (const json::value& user : users->as_array()) {
      const json::value* properties = user.as_object().if_contains("props");
      if (!properties || !properties->is_object()) continue;
      out.BeginItem(ItemKind::kProfile, kProfileSet, {}, {.time_ms = clock_.NowMs()});
      out.AddIdentity("login", user.at("id").as_string());
      for (const auto& member : properties->get_object())
        AddValue(&out, member.key(), member.value(), types_.attributes.at(member.key()));
      out.EndItem();
    }
    Append(out.Finish());
  }

  void SendLinks(const json::object& test) {
    const json::value* users = test.if_contains("users");
    if (!users || !subject_.empty()) return;
    BatchWriter out({"default", "case", clock_.NowMs(), {}});
    for (const json::value& user : users->as_array()) {
      const json::value* aliases = user.as_object().if_contains("aliases");
      if (!aliases) continue;
      for (const json::value& alias : aliases->as_array()) {
        out.BeginItem(ItemKind::kLink, "alias", {}, {.time_ms = clock_.NowMs()});
        out.AddIdentity("login", user.at("id").as_string());
        out.AddIdentity("alias", alias.as_string());
        out.EndItem();
      }
    }
    Append(out.Finish());
  }

  void SendEvents(const json::object& test, const json::array& events, size_t begin, size_t end) {
    BatchWriter out({"default", "case", clock_.NowMs(), {}});
    for (size_t i = begin; i < end; ++i) {
      const json::object& event = events[i].as_object();
      const json::object properties = PropertiesOf(test, event);
      std::string who(event.at("user").as_string());
      std::string key = "login";
      if (!subject_.empty()) {
        const json::value* value = properties.if_contains(subject_);
        if (!value || !value->is_string() || value->get_string().empty()) continue;
        who = value->get_string();
      } else if (const json::value* alias = event.if_contains("distinct_id")) {
        if (alias->as_string() != who) {
          who = alias->as_string();
          key = "alias";
        }
      }
      out.BeginEvent(event.at("event").as_string(), {.time_ms = Ms(event.at("time").as_string())});
      out.AddIdentity(key, who);
      for (const auto& member : properties)
        AddValue(&out, member.key(), member.value(), types_.properties.at(member.key()));
      out.EndItem();
    }
    Append(out.Finish());
  }

  const CaseTypes& types_;
  const std::string subject_;
  io::SimFileSystem disk_;
  ManualClock clock_{0};
  io::SimRandom random_{1};
  std::unique_ptr<engine::Engine> engine_;
};

}  // namespace waypost::services
