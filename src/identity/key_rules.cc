#include "identity/key_rules.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/clock.h"

namespace waypost::identity {
namespace {

constexpr uint8_t kRulesVersion = 2;
constexpr size_t kMaxKeys = 200;
constexpr size_t kMaxBlocked = 10'000;
constexpr size_t kMaxPatterns = 20;
constexpr size_t kMaxName = 128;

constexpr std::array<std::string_view, 12> kNobody = {
    "-1",      "null",      "nil",   "none", "nan",    "undefined",
    "unknown", "anonymous", "guest", "n/a",  "(null)", "[object object]",
};
constexpr std::array<std::string_view, 6> kAttributeKinds = {"last", "first", "source",
                                                             "min",  "max",   "union"};

constexpr std::string_view kSpaces = " \t\r\n";

std::string_view Trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(kSpaces);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpaces) - begin + 1);
}

std::string Lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

constexpr size_t kChinaMobileDigits = 11;

// As it is when it has anything but digits and the marks people put between them.
std::string PhoneDigits(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      digits += c;
    } else if (std::string_view("+-() ").find(c) == std::string_view::npos) {
      return std::string(text);
    }
  }
  for (const std::string_view code : {"0086", "86"}) {
    const bool mobile =
        digits.size() == code.size() + kChinaMobileDigits && digits[code.size()] == '1';
    if (mobile && digits.starts_with(code)) return digits.substr(code.size());
  }
  return digits;
}

KeyRule Strong(std::string name, uint8_t priority, Normaliser normaliser = Normaliser::kPlain) {
  return {.name = std::move(name),
          .strength = Strength::kStrong,
          .priority = priority,
          .normaliser = normaliser,
          .values = 1};
}

KeyRule Shared(std::string name) { return {.name = std::move(name), .look_back_ms = 30 * kDayMs}; }

void Write(const std::vector<std::string>& texts, ByteWriter* out) {
  out->Varint(texts.size());
  for (const std::string& text : texts) out->Text(text);
}

std::vector<std::string> Texts(ByteReader* in) {
  std::vector<std::string> texts;
  for (uint64_t n = in->Varint(); n > 0 && in->ok(); --n) texts.emplace_back(in->Text());
  return texts;
}

Error Bad(std::string message) {
  return {Code::kInvalid, "bad_identity_rules", std::move(message)};
}

Result<> CheckKey(const KeyRule& key) {
  const std::string where = "keys." + key.name + ": ";
  if (key.name.empty() || key.name.size() > kMaxName) {
    return Bad("keys: a name has 1 to 128 bytes");
  }
  if (key.window_ms < 0 || key.look_back_ms < 0) return Bad(where + "a time is not negative");
  if (key.window_ms > 0 && key.values == 0) return Bad(where + "a window needs \"values\"");
  if (key.look_back_ms > 0 && key.strength == Strength::kStrong) {
    return Bad(where + "only weak keys look back");
  }
  if (key.blocked.size() > kMaxBlocked || key.blocked_patterns.size() > kMaxPatterns) {
    return Bad(where + "at most 10,000 blocked values and 20 patterns");
  }
  for (const std::string& pattern : key.blocked_patterns) {
    const re2::RE2 compiled(pattern, re2::RE2::Quiet);
    if (!compiled.ok()) {
      return Bad(fmt::format("{}pattern \"{}\": {}", where, pattern, compiled.error()));
    }
  }
  return {};
}

}  // namespace

KeyRules KeyRules::Defaults() {
  return {.keys = {Strong("customer_no", 0), Strong("login", 1), Strong("certified", 2),
                   Strong("card", 3), Strong("phone", 4, Normaliser::kPhone),
                   Strong("email", 5, Normaliser::kLower), Strong("unionid", 6), Shared("device"),
                   Shared("anonymous"), Shared("cookie")}};
}

const KeyRule* KeyRules::Find(std::string_view name) const {
  const auto found =
      std::find_if(keys.begin(), keys.end(), [&](const KeyRule& k) { return k.name == name; });
  return found == keys.end() ? nullptr : &*found;
}

Result<> KeyRules::Check() const {
  if (keys.size() > kMaxKeys) return Bad("keys: at most 200");
  if (largest_cluster < 2) return Bad("largest_cluster: at least 2");
  if (most_customers_a_day < 1) return Bad("most_customers_a_day: at least 1");
  std::set<std::string_view> names;
  for (const KeyRule& key : keys) {
    TRY(CheckKey(key));
    if (!names.insert(key.name).second) return Bad("keys." + key.name + ": is there twice");
    if (!key.parent.empty() && (key.parent == key.name || !Find(key.parent))) {
      return Bad("keys." + key.name + ": the parent must be another of the keys");
    }
  }
  names.clear();
  for (const AttributeRule& attribute : attributes) {
    if (attribute.name.empty() || !names.insert(attribute.name).second) {
      return Bad("attributes: each needs a name of its own");
    }
    const bool known = std::find(kAttributeKinds.begin(), kAttributeKinds.end(), attribute.kind) !=
                       kAttributeKinds.end();
    if (!known) {
      return Bad("attributes." + attribute.name + ": say last, first, source, min, max or union");
    }
  }
  return {};
}

Bytes KeyRules::Encode() const {
  ByteWriter out;
  out.U8(kRulesVersion);
  out.Varint(largest_cluster);
  out.Varint(most_customers_a_day);
  out.Varint(keys.size());
  for (const KeyRule& key : keys) {
    out.Text(key.name);
    out.U8(static_cast<uint8_t>(key.strength));
    out.U8(key.priority);
    out.U8(static_cast<uint8_t>(key.normaliser));
    out.Varint(key.values);
    out.Varint(static_cast<uint64_t>(key.window_ms));
    out.Varint(static_cast<uint64_t>(key.look_back_ms));
    out.Text(key.parent);
    Write(key.blocked, &out);
    Write(key.blocked_patterns, &out);
    out.U8(key.hashed);
  }
  out.Varint(attributes.size());
  for (const AttributeRule& attribute : attributes) {
    out.Text(attribute.name);
    out.Text(attribute.kind);
    Write(attribute.sources, &out);
  }
  return out.Take();
}

Result<KeyRules> KeyRules::Decode(std::span<const uint8_t> bytes) {
  const Error cut(Code::kCorrupt, "identity rules: cut or impossible");
  ByteReader in(bytes);
  const uint8_t version = in.U8();
  if (version < 1 || version > kRulesVersion) return cut;
  KeyRules rules;
  rules.largest_cluster = static_cast<uint32_t>(in.Varint());
  rules.most_customers_a_day = static_cast<uint32_t>(in.Varint());
  for (uint64_t n = in.Varint(); n > 0 && in.ok(); --n) {
    KeyRule key{.name = std::string(in.Text())};
    const uint8_t strength = in.U8();
    key.priority = in.U8();
    const uint8_t normaliser = in.U8();
    if (strength > 1 || normaliser > 2) return cut;
    key.strength = static_cast<Strength>(strength);
    key.normaliser = static_cast<Normaliser>(normaliser);
    key.values = static_cast<uint32_t>(in.Varint());
    key.window_ms = static_cast<int64_t>(in.Varint());
    key.look_back_ms = static_cast<int64_t>(in.Varint());
    key.parent = in.Text();
    key.blocked = Texts(&in);
    key.blocked_patterns = Texts(&in);
    const uint8_t hashed = version >= 2 ? in.U8() : 0;
    if (hashed > 1) return cut;
    key.hashed = hashed == 1;
    rules.keys.push_back(std::move(key));
  }
  for (uint64_t n = in.Varint(); n > 0 && in.ok(); --n) {
    AttributeRule attribute{std::string(in.Text()), std::string(in.Text())};
    attribute.sources = Texts(&in);
    rules.attributes.push_back(std::move(attribute));
  }
  if (!in.ok() || !in.done() || !rules.Check().ok()) return cut;
  return rules;
}

KeyJudge::KeyJudge(KeyRule rule, KeyedHash hash) : rule_(std::move(rule)), hash_(std::move(hash)) {
  for (const std::string& pattern : rule_.blocked_patterns) {
    patterns_.push_back(std::make_shared<const re2::RE2>(pattern, re2::RE2::Quiet));
  }
  if (!rule_.hashed || !hash_.ready()) return;
  const std::vector<std::string> blocked = rule_.blocked;
  for (const std::string& value : blocked) rule_.blocked.push_back(Normalised(value));
}

std::string KeyJudge::Normalised(std::string_view value) const {
  std::string written = Written(Trimmed(value));
  const bool stays = !rule_.hashed || !hash_.ready() || KeyedHash::IsOne(written);
  return stays || IsNobody(written) ? written : hash_.Of(rule_.name, written);
}

std::string KeyJudge::Written(std::string_view trimmed) const {
  switch (rule_.normaliser) {
    case Normaliser::kPhone:
      return PhoneDigits(trimmed);
    case Normaliser::kLower:
      return Lowered(trimmed);
    case Normaliser::kPlain:
      break;
  }
  return std::string(trimmed);
}

// Of itself or by a pattern.
bool KeyJudge::IsNobody(std::string_view value) const {
  if (value.find_first_not_of("0-") == std::string_view::npos) {
    return true;  // also "" and zero UUIDs
  }
  if (value.size() <= 15 &&
      std::find(kNobody.begin(), kNobody.end(), Lowered(value)) != kNobody.end()) {
    return true;
  }
  return std::any_of(patterns_.begin(), patterns_.end(),
                     [&](const auto& p) { return re2::RE2::FullMatch(value, *p); });
}

bool KeyJudge::IsBlocked(std::string_view value) const {
  return IsNobody(value) ||
         std::find(rule_.blocked.begin(), rule_.blocked.end(), value) != rule_.blocked.end();
}

}  // namespace waypost::identity
