// A question's JSON being read: every value knows where in the question it stands, so that every
// complaint does too ("steps[1].where.op: ...").
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace waypost::analytics {

// One value of the question. Borrows the JSON document.
class Form {
 public:
  Form(const boost::json::value& json, std::string path) : json_(&json), path_(std::move(path)) {}

  const boost::json::value& json() const { return *json_; }
  const std::string& path() const { return path_; }
  // kInvalid "bad_question": "<path>: <what>".
  Error Bad(std::string_view what) const;
  // "values_masked": whoever asks is not shown what `name` holds.
  Error Masked(std::string_view name) const;

  bool is_text() const { return json_->is_string(); }
  bool is_object() const { return json_->is_object(); }
  bool is_list() const { return json_->is_array(); }
  bool is_number() const { return json_->is_number(); }

  Result<std::string> Text() const;
  Result<bool> Flag() const;
  // Whole numbers within [min, max].
  Result<int64_t> Whole(int64_t min, int64_t max) const;
  Result<double> Real() const;
  // A number from least to most, both included, to fifteen digits and 22 places: what is kept as
  // JSON and read again is the same number only then (the reader multiplies by a power of ten,
  // exact up to 10^22).
  Result<double> Real(double least, double most) const;
  // "7d", "90m", "30s", "500ms", "2w", "1h", or whole milliseconds; not negative.
  Result<int64_t> DurationMs() const;
  // The items of a list of min..max.
  Result<std::vector<Form>> List(size_t min, size_t max) const;
  // The items of a list, or the value itself as one.
  Result<std::vector<Form>> OneOrList(size_t max) const;

  // A member of an object; nothing when absent or null.
  std::optional<Form> Find(std::string_view key) const;
  Result<Form> Need(std::string_view key) const;
  // An object with no members but these. The error suggests what was meant.
  Result<> Only(std::initializer_list<std::string_view> keys) const;

  // The value that this text stands for.
  template <typename T>
  Result<T> Choice(std::initializer_list<std::pair<std::string_view, T>> choices) const {
    const std::string text = TRY(Text());
    std::vector<std::string> names;
    for (const auto& [name, value] : choices) {
      if (name == text) return value;
      names.emplace_back(name);
    }
    return Unknown(text, names);
  }
  // "there is no 'x'; did you mean 'y'?" or the list of what there is.
  Error Unknown(std::string_view text, std::span<const std::string> known) const;

 private:
  const boost::json::value* json_;
  std::string path_;
};

}  // namespace waypost::analytics
