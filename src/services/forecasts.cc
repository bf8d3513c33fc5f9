#include "services/forecasts.h"

#include <algorithm>

#include "base/hash.h"

namespace waypost::services {
namespace {

namespace json = boost::json;

constexpr uint64_t kMaxForecasts = 64 << 20;

// The same however it is written, and whatever it does to those inside.
std::string HashOf(std::string_view definition) {
  json::object object = json::parse(definition).as_object();
  object.erase("in_flight");
  object.erase("release");
  return std::to_string(Hash64(json::serialize(object)));
}

}  // namespace

Result<std::unique_ptr<Forecasts>> Forecasts::Open(io::FileSystem& files, std::string path) {
  std::unique_ptr<Forecasts> opened(new Forecasts(files, std::move(path)));
  const auto read = io::ReadFile(files, opened->path_, kMaxForecasts);
  if (!read.ok() && read.error().code() == Code::kNotFound) return opened;
  if (!read.ok()) return read.error();
  json::error_code error;
  const json::value kept = json::parse(
      std::string_view(reinterpret_cast<const char*>(read.value().data()), read.value().size()),
      error);
  const bool fits = !error && kept.is_object() && kept.as_object().contains("rehearsed") &&
                    kept.as_object().contains("published") && kept.at("rehearsed").is_array() &&
                    kept.at("published").is_object();
  if (!fits) return Error(Code::kCorrupt, "damaged_file", opened->path_ + ": it makes no sense");
  opened->rehearsed_ = kept.at("rehearsed").as_array();
  opened->published_ = kept.at("published").as_object();
  return opened;
}

Result<> Forecasts::Write() const {
  const std::string text =
      json::serialize(json::object{{"rehearsed", rehearsed_}, {"published", published_}});
  return io::ReplaceFile(files_, path_, AsBytes(text));
}

Result<> Forecasts::OnRehearsed(std::string_view definition, json::object forecast) {
  const std::string of = HashOf(definition);
  const std::lock_guard lock(mutex_);
  for (auto at = rehearsed_.begin(); at != rehearsed_.end();)
    at = at->at("of").as_string() == of ? rehearsed_.erase(at) : at + 1;
  if (rehearsed_.size() == kKept) rehearsed_.erase(rehearsed_.begin());
  rehearsed_.push_back({{"of", of}, {"forecast", std::move(forecast)}});
  return Write();
}

Result<> Forecasts::OnPublished(const std::string& journey, uint32_t version,
                                std::string_view definition) {
  const std::string of = HashOf(definition);
  const std::lock_guard lock(mutex_);
  const bool had = published_.erase(journey) > 0;
  const auto said = std::ranges::find_if(
      rehearsed_, [&](const json::value& one) { return one.at("of").as_string() == of; });
  if (said == rehearsed_.end()) return had ? Write() : Result<>();
  json::object forecast = said->at("forecast").as_object();
  forecast["version"] = version;
  published_[journey] = std::move(forecast);
  return Write();
}

std::optional<json::object> Forecasts::Find(const std::string& journey) const {
  const std::lock_guard lock(mutex_);
  const json::value* found = published_.if_contains(journey);
  return found ? std::optional(found->as_object()) : std::nullopt;
}

}  // namespace waypost::services
