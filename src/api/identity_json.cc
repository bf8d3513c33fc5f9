#include "api/identity_json.h"

#include <boost/json.hpp>

#include "base/clock.h"

namespace waypost::api {
namespace {

namespace json = boost::json;
using identity::AttributeRule;
using identity::KeyRule;
using identity::KeyRules;
using identity::Normaliser;
using identity::Strength;

constexpr int64_t kMaxDays = 36'500;
constexpr std::string_view kNormalisers[] = {"plain", "phone", "lower"};

Error Bad(const std::string& place, std::string_view expected) {
  return {Code::kInvalid, "bad_identity_rules", place + ": " + std::string(expected)};
}

json::array List(const std::vector<std::string>& texts) {
  return json::array(texts.begin(), texts.end());
}

// The fields of one object, each asked for once; what nobody asked for is an error.
class Fields {
 public:
  Fields(const json::object& object, std::string place)
      : object_(object), place_(std::move(place)) {}

  Result<> Text(std::string_view name, std::string* out) {
    const json::value* value = Find(name);
    if (!value) return {};
    if (!value->is_string()) return Bad(Place(name), "give a text");
    *out = value->get_string();
    return {};
  }
  Result<> Whole(std::string_view name, int64_t max, int64_t* out) {
    const json::value* value = Find(name);
    if (!value) return {};
    if (!value->is_int64() || value->get_int64() < 0 || value->get_int64() > max) {
      return Bad(Place(name), "give a whole number from 0 to " + std::to_string(max));
    }
    *out = value->get_int64();
    return {};
  }
  Result<> Flag(std::string_view name, bool* out) {
    const json::value* value = Find(name);
    if (!value) return {};
    if (!value->is_bool()) return Bad(Place(name), "give true or false");
    *out = value->get_bool();
    return {};
  }
  Result<> Texts(std::string_view name, std::vector<std::string>* out) {
    const json::value* value = Find(name);
    if (!value) return {};
    if (!value->is_array()) return Bad(Place(name), "give a list of texts");
    for (const json::value& item : value->get_array()) {
      if (!item.is_string()) return Bad(Place(name), "give a list of texts");
      out->emplace_back(item.get_string());
    }
    return {};
  }
  const json::array* Objects(std::string_view name) {
    const json::value* value = Find(name);
    return value ? value->if_array() : nullptr;
  }
  Result<> Finish() const {
    for (const auto& field : object_) {
      if (std::find(known_.begin(), known_.end(), field.key()) == known_.end()) {
        return Bad(Place(field.key()), "there is no such field");
      }
    }
    return {};
  }
  std::string Place(std::string_view name) const {
    return place_ + (place_.empty() ? "" : ".") + std::string(name);
  }

 private:
  const json::value* Find(std::string_view name) {
    known_.push_back(name);
    return object_.if_contains(name);
  }
  const json::object& object_;
  const std::string place_;
  std::vector<std::string_view> known_;
};

Result<KeyRule> KeyOf(const json::value& value, const std::string& place) {
  if (!value.is_object()) return Bad(place, "give an object");
  Fields fields(value.get_object(), place);
  KeyRule key;
  std::string strength = "weak", normaliser = "plain";
  int64_t priority = 255, values = -1, window_days = 0, look_back_days = 0;
  TRY(fields.Text("key", &key.name));
  TRY(fields.Text("strength", &strength));
  TRY(fields.Whole("priority", 255, &priority));
  TRY(fields.Text("normaliser", &normaliser));
  TRY(fields.Whole("values", 1'000'000, &values));
  TRY(fields.Whole("window_days", kMaxDays, &window_days));
  TRY(fields.Whole("look_back_days", kMaxDays, &look_back_days));
  TRY(fields.Text("parent", &key.parent));
  TRY(fields.Texts("blocked", &key.blocked));
  TRY(fields.Texts("blocked_patterns", &key.blocked_patterns));
  TRY(fields.Flag("hashed", &key.hashed));
  TRY(fields.Finish());
  if (strength != "weak" && strength != "strong") {
    return Bad(fields.Place("strength"), "say weak or strong");
  }
  const auto* known = std::find(std::begin(kNormalisers), std::end(kNormalisers), normaliser);
  if (known == std::end(kNormalisers)) {
    return Bad(fields.Place("normaliser"), "say plain, phone or lower");
  }
  key.strength = strength == "strong" ? Strength::kStrong : Strength::kWeak;
  key.normaliser = static_cast<Normaliser>(known - std::begin(kNormalisers));
  key.priority = static_cast<uint8_t>(priority);
  key.values = values >= 0 ? static_cast<uint32_t>(values) : strength == "strong";
  key.window_ms = window_days * kDayMs;
  key.look_back_ms = look_back_days * kDayMs;
  return key;
}

Result<AttributeRule> AttributeOf(const json::value& value, const std::string& place) {
  if (!value.is_object()) return Bad(place, "give an object");
  Fields fields(value.get_object(), place);
  AttributeRule attribute{.kind = "last"};
  TRY(fields.Text("attribute", &attribute.name));
  TRY(fields.Text("keep", &attribute.kind));
  TRY(fields.Texts("sources", &attribute.sources));
  TRY(fields.Finish());
  return attribute;
}

}  // namespace

std::string KeyRulesJson(const KeyRules& rules) {
  json::array keys, attributes;
  for (const KeyRule& key : rules.keys) {
    keys.push_back({{"key", key.name},
                    {"strength", key.strength == Strength::kStrong ? "strong" : "weak"},
                    {"priority", key.priority},
                    {"normaliser", kNormalisers[static_cast<size_t>(key.normaliser)]},
                    {"values", key.values},
                    {"window_days", key.window_ms / kDayMs},
                    {"look_back_days", key.look_back_ms / kDayMs},
                    {"parent", key.parent},
                    {"blocked", List(key.blocked)},
                    {"blocked_patterns", List(key.blocked_patterns)},
                    {"hashed", key.hashed}});
  }
  for (const AttributeRule& attribute : rules.attributes) {
    attributes.push_back({{"attribute", attribute.name},
                          {"keep", attribute.kind},
                          {"sources", List(attribute.sources)}});
  }
  return json::serialize(json::object{{"keys", keys},
                                      {"largest_cluster", rules.largest_cluster},
                                      {"most_customers_a_day", rules.most_customers_a_day},
                                      {"attributes", attributes}});
}

Result<KeyRules> KeyRulesOf(std::string_view text) {
  boost::system::error_code error;
  const json::value root = json::parse(text, error);
  if (error) return Error(Code::kInvalid, "bad_json", "the rules are not valid JSON");
  if (!root.is_object()) return Bad("rules", "give an object");
  Fields fields(root.get_object(), "");
  KeyRules rules;
  int64_t largest = rules.largest_cluster, most = rules.most_customers_a_day;
  TRY(fields.Whole("largest_cluster", 100'000, &largest));
  TRY(fields.Whole("most_customers_a_day", 1'000'000, &most));
  const json::array* keys = fields.Objects("keys");
  if (!keys) return Bad("keys", "give a list of objects");
  for (size_t i = 0; i < keys->size(); ++i) {
    rules.keys.push_back(TRY(KeyOf((*keys)[i], "keys[" + std::to_string(i) + "]")));
  }
  if (const json::array* attributes = fields.Objects("attributes")) {
    for (size_t i = 0; i < attributes->size(); ++i) {
      const std::string place = "attributes[" + std::to_string(i) + "]";
      rules.attributes.push_back(TRY(AttributeOf((*attributes)[i], place)));
    }
  }
  TRY(fields.Finish());
  rules.largest_cluster = static_cast<uint32_t>(largest);
  rules.most_customers_a_day = static_cast<uint32_t>(most);
  TRY(rules.Check());
  return rules;
}

Result<IdentityName> IdentityOf(std::string_view text) {
  boost::system::error_code error;
  const json::value root = json::parse(text, error);
  if (error) return Error(Code::kInvalid, "bad_json", "the identity is not valid JSON");
  const auto field = [&](const char* name) -> std::string {
    const json::value* value = root.is_object() ? root.get_object().if_contains(name) : nullptr;
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
  };
  IdentityName identity{field("key"), field("value")};
  if (identity.key.empty() || identity.value.empty()) {
    return Error(Code::kInvalid, "bad_request", "key, value: give the identity, two texts");
  }
  return identity;
}

}  // namespace waypost::api
