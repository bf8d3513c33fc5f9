// Conditions as journeys see them: texts that somebody else checks and answers. There is one
// evaluator of conditions in Waypost, and it is not here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "model/ids.h"

namespace waypost::journeys {

// Properties as text; a property that is absent is not there.
using Properties = std::vector<std::pair<std::string, std::string>>;
std::optional<std::string_view> FindProperty(const Properties& properties, std::string_view name);

// A finite number, and nothing else in the text.
std::optional<double> NumberOf(std::string_view text);
// As people write it: "5", "0.3", never with more digits than a double keeps.
std::string NumberText(double number);

// What is known when a condition is asked. Borrowed during the call.
struct Facts {
  Ordinal customer = 0;
  int64_t now_ms = 0;
  std::string_view event = {};             // the event at hand; empty when there is none
  const Properties* properties = nullptr;  // of the event at hand
  const Properties* context = nullptr;     // of the entry: what it came with, what nodes wrote
};

// What an attribute is asked for: a date, which may be written in a text; that whole numbers, or
// any, are added to it, also where nobody has it yet.
enum class AskedFor : uint8_t { kAnything, kDate, kWholeNumber, kNumber };

// What a condition speaks of: a customer, or the event that a journey looks at.
enum class About : uint8_t { kCustomer, kEvent };

enum class Truth : uint8_t { kNo, kYes, kUnknown, kError };

// What a condition on a customer speaks of and somebody tells of when it becomes another: as long
// as none of them does, the condition says what it said.
struct Subject {
  enum class Kind : uint8_t { kAttribute, kSegment, kTag } kind = Kind::kAttribute;
  std::string name;  // as the condition calls it
  friend auto operator<=>(const Subject&, const Subject&) = default;
};

class Conditions {
 public:
  virtual ~Conditions() = default;
  // kInvalid says what is wrong with the text.
  virtual Result<> Check(std::string_view condition, About about) const = 0;
  // Whether customers have an attribute of this name that can be that. kInvalid
  // "unknown_attribute" says the nearest name; "not_date" and "not_number" what it is.
  virtual Result<> CheckAttribute(std::string_view name, AskedFor what) const = 0;
  // About the event when there is one at hand, else about the customer.
  // kUnknown where a value is missing; kError when it cannot be told at all.
  virtual Truth Test(std::string_view condition, const Facts& facts) const = 0;
  // All that a condition on a customer speaks of. kInvalid when there is more to it that nobody
  // tells of: what was done, time itself.
  virtual Result<std::vector<Subject>> SubjectsOf(std::string_view condition) const = 0;
};

// An event, of which the condition, if any, holds and that has the property, if one is named, with
// this value as text.
struct Deed {
  std::string_view event, condition, property, value;
};

// What a journey asks about a customer.
class Customers {
 public:
  virtual ~Customers() = default;
  // An attribute as text; nothing when the customer has none.
  virtual std::optional<std::string> Attribute(Ordinal customer, std::string_view name) const = 0;
  // Where messages of the channel go; nothing when the customer cannot be reached there.
  virtual std::optional<std::string> Address(const Facts& facts,
                                             std::string_view channel) const = 0;
  // Who the customer is now, after merges; nothing when he was erased.
  virtual std::optional<Ordinal> Root(Ordinal customer) const { return customer; }
  // The customer whom what an entry came with names; nothing when it names nobody.
  virtual std::optional<Ordinal> Named(const Facts&) const { return {}; }
  // Whether the customer did it in (after_ms, until_ms].
  virtual bool HasDone(Ordinal customer, const Deed& deed, int64_t after_ms,
                       int64_t until_ms) const = 0;
};

// A message's text made for one customer.
class Renderer {
 public:
  virtual ~Renderer() = default;
  // kInvalid "render_error" names the variable that is missing.
  virtual Result<std::string> Render(std::string_view text, const Facts& facts) const = 0;
};

// What a step may ask for. All are borrowed and only read; the answers go into the decision, so a
// replay asks nothing.
struct World {
  const Conditions& conditions;
  const Customers& customers;
  const Renderer& renderer;
};

}  // namespace waypost::journeys
