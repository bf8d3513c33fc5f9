// One object of a journey's document being read. Nothing stops at a fault: it is noted with its
// node and field, a default is taken, and reading goes on, so that the author sees all at once.
#pragma once

#include <boost/json/object.hpp>
#include <initializer_list>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "journeys/definition.h"

namespace waypost::journeys {

class Document {
 public:
  // Borrows all. `path` is put before field names: "entry.".
  Document(const boost::json::object& json, std::string node, std::string path,
           std::vector<Fault>* faults)
      : json_(json), node_(std::move(node)), path_(std::move(path)), faults_(faults) {}
  // Members nobody asked for are faults, told by the destructor.
  ~Document();
  Document(const Document&) = delete;

  using Values = decltype(Fault::values);
  void Complain(std::string_view field, std::string_view code, std::string message,
                Values values = {}) const;
  // A field that is given is a fault unless it `counts`: it would change nothing.
  void OnlyIf(std::string_view field, bool counts, std::string_view when);
  void Warn(std::string_view field, std::string_view code, std::string message) const;
  // Complains of one that cannot be asked; an empty one is none.
  void CheckCondition(std::string_view field, const std::string& condition,
                      const Conditions& conditions, About about = About::kCustomer) const;

  // Likewise of one that is followed: somebody has to tell of all that it speaks of.
  void CheckFollowed(std::string_view field, const std::string& condition,
                     const Conditions& conditions) const;
  // Complains unless customers have an attribute of this name that can be that.
  void CheckAttribute(std::string_view field, const std::string& name, const Conditions& conditions,
                      AskedFor what = AskedFor::kAnything) const;

  bool Has(std::string_view field) { return Find(field) != nullptr; }
  std::string Text(std::string_view field, bool needed = false);
  bool Flag(std::string_view field, bool absent = false);
  int64_t Whole(std::string_view field, int64_t absent, int64_t min, int64_t max);
  // 0 when there is none.
  double Number(std::string_view field);
  // "12.5" percent as ten-thousandths.
  uint32_t Percent(std::string_view field);
  // A decimal as ten-thousandths of money, not negative.
  int64_t Money(std::string_view field);
  Span Length(std::string_view field, bool needed = false);
  std::optional<int64_t> TimeOfDay(std::string_view field);
  // An instant: with an offset, or local in `zone`.
  std::optional<int64_t> Instant(std::string_view field, Zone zone);
  std::optional<int64_t> Day(std::string_view field);
  std::optional<Zone> ZoneOf(std::string_view field, bool needed = false);
  EventMatch Match(std::string_view field, bool needed);
  std::vector<Window> Windows(std::string_view field);
  uint8_t Weekdays(std::string_view field);
  // A list of some of these names, the first being the lowest bit; 0 when there is none.
  uint32_t Several(std::string_view field, std::span<const std::string_view> names);
  // Some words, none of them empty or twice.
  std::vector<std::string> Words(std::string_view field, size_t max);
  const boost::json::object* Object(std::string_view field);
  // The objects of a list; other items are faults.
  std::vector<const boost::json::object*> List(std::string_view field, size_t max);

  template <typename T>
  T Choice(std::string_view field, T absent,
           std::initializer_list<std::pair<std::string_view, T>> choices) {
    const std::string text = Text(field);
    if (text.empty()) return absent;
    std::string known;
    for (const auto& [name, value] : choices) {
      if (name == text) return value;
      known += (known.empty() ? "" : ", ") + std::string(name);
    }
    Complain(field, "unknown_value", "there is no '" + text + "'; use one of: " + known,
             {{"given", text}, {"choices", known}});
    return absent;
  }

  const std::string& node() const { return node_; }
  const std::string& path() const { return path_; }
  std::vector<Fault>* faults() const { return faults_; }

 private:
  const boost::json::value* Find(std::string_view field);
  EventMatch MatchOf(const boost::json::value& json, std::string_view field);

  const boost::json::object& json_;
  const std::string node_, path_;
  std::vector<Fault>* const faults_;
  std::set<std::string, std::less<>> asked_;
};

}  // namespace waypost::journeys
