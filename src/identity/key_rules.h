// What a project says of its kinds of identity: how much each proves, how its values are written,
// how many a customer may have. Data of the project: a change is a record of the log, and the
// clusters are folded anew under it.
//
// As bytes (RecordKind::kIdentityRules):
//   u8 version = 2 · varint largest cluster · varint most customers a day
//   varint keys · (text name · u8 strength · u8 priority · u8 normaliser · varint values
//     · varint window_ms · varint look_back_ms · text parent · varint n · text value * n
//     · varint n · text pattern * n · u8 hashed, which version 1 has not) *
//   varint attributes · (text name · u8 kind · varint n · text source * n) *
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "identity/keyed_hash.h"

namespace re2 {
class RE2;
}

namespace waypost::identity {

enum class Strength : uint8_t {
  kWeak = 0,    // a device, a cookie: may pass from one customer to another
  kStrong = 1,  // a login, a customer number: for one customer only
};

// The one way values are written. All take spaces around away.
enum class Normaliser : uint8_t {
  kPlain = 0,  // as they come
  kPhone = 1,  // digits, numbers of mainland China without country code
  kLower = 2,  // lower case, for e-mail addresses
};

struct KeyRule {
  std::string name;
  Strength strength = Strength::kWeak;
  // Among the strong identities of a customer the one of lowest priority names it.
  uint8_t priority = 255;
  Normaliser normaliser = Normaliser::kPlain;
  // Values one customer may have; 0: any number. With a window, values that were linked longer ago
  // do not count.
  uint32_t values = 0;
  int64_t window_ms = 0;
  // Of a weak key: what was done before a customer signed in belongs to the customer as far back;
  // 0: all of it.
  int64_t look_back_ms = 0;
  std::string parent = {};  // cutting off an identity of this key cuts off its children
  std::vector<std::string> blocked = {};           // values that stand for nobody
  std::vector<std::string> blocked_patterns = {};  // RE2, over the whole value
  // Values are kept as keyed hashes: what came reaches neither the log nor a view.
  bool hashed = false;
  friend bool operator==(const KeyRule&, const KeyRule&) = default;
};

// How the value of a customer's attribute is chosen: "last", "first", "source", "min", "max",
// "union" (store/survivorship.h).
struct AttributeRule {
  std::string name, kind;
  std::vector<std::string> sources = {};  // for "source", the best first
  friend bool operator==(const AttributeRule&, const AttributeRule&) = default;
};

struct KeyRules {
  std::vector<KeyRule> keys;                   // others are weak and plain
  uint32_t largest_cluster = 1'000;            // identities of one customer
  uint32_t most_customers_a_day = 20;          // that one value may be linked to
  std::vector<AttributeRule> attributes = {};  // others are "last"
  friend bool operator==(const KeyRules&, const KeyRules&) = default;

  static KeyRules Defaults();
  // Null when `name` has no rule of its own.
  const KeyRule* Find(std::string_view name) const;
  // Errors: kInvalid "bad_identity_rules" with the place.
  Result<> Check() const;

  Bytes Encode() const;
  // Errors: kCorrupt.
  static Result<KeyRules> Decode(std::span<const uint8_t> bytes);
};

// A rule made ready: for judging many values.
class KeyJudge {
 public:
  explicit KeyJudge(KeyRule rule, KeyedHash hash = {});
  const KeyRule& rule() const { return rule_; }
  // As it is kept: of a `hashed` key its hash, when there is a secret to make it with. What stands
  // for nobody by itself or by a pattern stays readable, or nobody could judge it later.
  std::string Normalised(std::string_view value) const;
  // True for values that programs send for "nobody" (empty, zeros, "-1", "null", ...) and those of
  // the rule. Such an identity has a timeline, but joins nobody with anybody.
  bool IsBlocked(std::string_view value) const;

 private:
  std::string Written(std::string_view value) const;
  bool IsNobody(std::string_view value) const;

  KeyRule rule_;
  KeyedHash hash_;
  std::vector<std::shared_ptr<const re2::RE2>> patterns_;
};

}  // namespace waypost::identity
