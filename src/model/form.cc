#include "model/form.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/nearest.h"

namespace waypost {
namespace {

constexpr size_t kNamesShown = 40;

}  // namespace

Form Form::Child(const boost::json::value& json, std::string path) const {
  Form child(json, error_, std::move(path));
  child.depth_ = depth_ + 1;
  return child;
}

Error Form::Bad(std::string_view what) const {
  return Error(Code::kInvalid, std::string(error_),
               path_.empty() ? std::string(what) : fmt::format("{}: {}", path_, what));
}

Error Form::Masked(std::string_view name) const {
  return Error(Code::kInvalid, "values_masked",
               fmt::format("{}: the values of '{}' are masked for you", path_, name));
}

Error Form::Unknown(std::string_view text, std::span<const std::string> known) const {
  const std::string nearest = Nearest(text, known);
  if (!nearest.empty())
    return Bad(fmt::format("there is no '{}'; did you mean '{}'?", text, nearest));
  if (known.size() > kNamesShown) return Bad(fmt::format("there is no '{}'", text));
  return Bad(fmt::format("there is no '{}'; use one of: {}", text, fmt::join(known, ", ")));
}

Result<std::string> Form::Text() const {
  if (!json_->is_string()) return Bad("give a text");
  return std::string(json_->get_string());
}

Result<bool> Form::Flag() const {
  if (!json_->is_bool()) return Bad("give true or false");
  return json_->get_bool();
}

Result<int64_t> Form::Whole(int64_t min, int64_t max) const {
  std::optional<int64_t> value;
  if (json_->is_int64()) value = json_->get_int64();
  if (!value || *value < min || *value > max) {
    return Bad(fmt::format("give a whole number from {} to {}", min, max));
  }
  return *value;
}

Result<double> Form::Real() const {
  const double real = json_->is_number() ? json_->to_number<double>() : std::nan("");
  if (!std::isfinite(real)) return Bad("give a number");
  return real == 0 ? 0.0 : real;  // not -0
}

Result<double> Form::Real(double least, double most) const {
  const double number = TRY(Real());
  if (!(number >= least && number <= most))
    return Bad(fmt::format("give a number from {} to {}", least, most));
  const std::string text =
      std::abs(number) < 1e-8 ? fmt::format("{:.22f}", number) : fmt::format("{:.15g}", number);
  double kept = 0;
  std::from_chars(text.data(), text.data() + text.size(), kept);
  return kept;
}

Result<int64_t> Form::DurationMs() const {
  constexpr int64_t kMax = int64_t{1} << 50;
  if (json_->is_number()) return Whole(0, kMax);
  const std::string text = TRY(Text());
  int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit(end, static_cast<size_t>(text.data() + text.size() - end));
  constexpr std::pair<std::string_view, int64_t> kUnits[] = {{"ms", 1},         {"s", 1000},
                                                             {"m", 60'000},     {"h", 3'600'000},
                                                             {"d", 86'400'000}, {"w", 604'800'000}};
  for (const auto& [name, ms] : kUnits) {
    if (error == std::errc() && unit == name && count >= 0 && count <= kMax / ms) return count * ms;
  }
  return Bad(fmt::format("'{}' is no duration; write 30s, 15m, 24h, 7d or 2w", text));
}

Result<std::vector<Form>> Form::List(size_t min, size_t max) const {
  if (!json_->is_array()) return Bad("give a list");
  const boost::json::array& array = json_->get_array();
  if (array.size() < min || array.size() > max) {
    return Bad(fmt::format("give {} to {} items, not {}", min, max, array.size()));
  }
  std::vector<Form> items;
  for (size_t i = 0; i < array.size(); ++i)
    items.push_back(Child(array[i], fmt::format("{}[{}]", path_, i)));
  return items;
}

Result<std::vector<Form>> Form::OneOrList(size_t max) const {
  if (is_list()) return List(1, max);
  return std::vector<Form>{*this};
}

std::string Form::PathOf(std::string_view key) const {
  return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

std::optional<Form> Form::Find(std::string_view key) const {
  if (!json_->is_object()) return {};
  const boost::json::value* found = json_->get_object().if_contains(key);
  if (!found || found->is_null()) return {};
  return Child(*found, PathOf(key));
}

Result<std::vector<std::pair<std::string, Form>>> Form::Members(size_t max) const {
  if (!json_->is_object()) return Bad("give an object");
  const boost::json::object& object = json_->get_object();
  if (object.size() > max)
    return Bad(fmt::format("give up to {} members, not {}", max, object.size()));
  std::vector<std::pair<std::string, Form>> members;
  for (const auto& [key, value] : object) members.emplace_back(key, Child(value, PathOf(key)));
  return members;
}

Result<Form> Form::Need(std::string_view key) const {
  if (!json_->is_object()) return Bad("give an object");
  const std::optional<Form> found = Find(key);
  if (!found) return Bad(fmt::format("'{}' is missing", key));
  return *found;
}

Result<> Form::Only(std::initializer_list<std::string_view> keys) const {
  if (!json_->is_object()) return Bad("give an object");
  for (const auto& member : json_->get_object()) {
    const std::string_view key = member.key();
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
    return Unknown(key, std::vector<std::string>(keys.begin(), keys.end()));
  }
  return {};
}

}  // namespace waypost
