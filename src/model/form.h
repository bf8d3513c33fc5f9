// JSON that somebody sends being read: every value knows where in the whole it stands, so that
// every complaint does too ("steps[1].where.op: ...").
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

namespace waypost {

// One value. Borrows the JSON document, and the name of the errors that complaints are. The whole
// has the path "".
class Form {
 public:
  Form(const boost::json::value& json, std::string_view error, std::string path)
      : json_(&json), error_(error), path_(std::move(path)) {}

  const boost::json::value& json() const { return *json_; }
  const std::string& path() const { return path_; }
  // How many lists and objects it lies in, from the form that was made.
  int depth() const { return depth_; }
  // kInvalid: "<path>: <what>".
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
  Result<double> Real() const;  // finite
  // A number from least to most, both included, to fifteen digits and 22 places: what is kept as
  // JSON and read again is the same number only then (the reader multiplies by a power of ten,
  // exact up to 10^22).
  Result<double> Real(double least, double most) const;
  // "7d", "90m", "30s", "500ms", "2w", "1h", or whole milliseconds; not negative.
  Result<int64_t> DurationMs() const;
  // The items of a list of min..max.
  Result<std::vector<Form>> List(size_t min = 0, size_t max = SIZE_MAX) const;
  // The items of a list, or the value itself as one.
  Result<std::vector<Form>> OneOrList(size_t max) const;

  // A member of an object; nothing when absent or null.
  std::optional<Form> Find(std::string_view key) const;
  Result<Form> Need(std::string_view key) const;
  // The members of an object, up to so many; null ones too.
  Result<std::vector<std::pair<std::string, Form>>> Members(size_t max) const;
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
  std::string PathOf(std::string_view key) const;  // of a member
  Form Child(const boost::json::value& json, std::string path) const;

  const boost::json::value* json_;
  std::string_view error_;
  std::string path_;
  int depth_ = 0;
};

}  // namespace waypost
