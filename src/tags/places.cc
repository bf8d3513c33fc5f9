#include "tags/places.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <functional>

#include "model/form.h"
#include "tags/tag_json.h"

namespace waypost::tags {
namespace {

namespace json = boost::json;

const catalog::Reference kNames{"tag_places", "english"};
constexpr size_t kMaxNamed = 5'000;  // in a call

// Calls `visit` with "a", "a/b" and "a/b/c" for "a/b/c".
void ForEachStep(const std::string& path, const std::function<void(std::string_view)>& visit) {
  for (size_t end = 0; end != path.npos;) {
    end = path.find('/', end + 1);
    visit(std::string_view(path).substr(0, end));
  }
}

template <typename Kind>
json::array ListJson(const Kind& places) {
  json::array list;
  for (const auto& [name, place] : places) {
    if (!place.there) continue;
    json::object one{{"name", name}, {"count", place.count}};
    if (!place.name_en.empty()) one["name_en"] = place.name_en;
    list.push_back(std::move(one));
  }
  return list;
}

template <typename Kind>
json::object NamesJson(const Kind& places) {
  json::object names;
  for (const auto& [name, place] : places) {
    if (!place.name_en.empty()) names[name] = place.name_en;
  }
  return names;
}

template <typename Kind>
void ReadNames(const json::value& kept, std::string_view key, Kind* places) {
  for (const auto& [name, name_en] : kept.at(key).as_object())
    (*places)[std::string(name)].name_en = name_en.as_string();
}

template <typename Kind>
Result<> ReadNamed(const Form& form, Kind* places) {
  for (const Form& item : TRY(form.List(0, kMaxNamed))) {
    TRY(item.Only({"name", "name_en"}));
    const Form name = TRY(item.Need("name")), name_en = TRY(item.Need("name_en"));
    const auto place = places->find(TRY(name.Text()));
    if (place == places->end() || !place->second.there) return name.Bad("no tag is there");
    std::string called = TRY(name_en.Text());
    if (called.size() > kMaxPlaceName)
      return name_en.Bad(fmt::format("over {} bytes", kMaxPlaceName));
    place->second.name_en = std::move(called);
  }
  return {};
}

}  // namespace

Result<Places> Places::Open(catalog::Catalog& catalog) {
  Places places;
  const Result<catalog::Definition> kept = catalog.Get(kNames);
  if (!kept.ok() && kept.error().code() == Code::kNotFound) return places;
  const catalog::Definition names = TRY(kept);
  places.version_ = names.version;
  const json::value body = json::parse(names.body);
  ReadNames(body, "categories", &places.categories_);
  ReadNames(body, "albums", &places.albums_);
  return places;
}

void Places::Add(const TagBody& body) {
  for (const std::string& path : body.categories) {
    ForEachStep(path, [&](std::string_view step) { categories_[std::string(step)].there = true; });
    ++categories_[path].count;
  }
  for (const std::string& album : body.albums) {
    albums_[album].there = true;
    ++albums_[album].count;
  }
}

std::string Places::WordsOf(const TagBody& body) const {
  std::string words;
  const auto add = [&](const Kind& places, std::string_view name) {
    if (const auto found = places.find(name); found != places.end())
      words += " " + found->second.name_en;
  };
  for (const std::string& path : body.categories)
    ForEachStep(path, [&](std::string_view step) { add(categories_, step); });
  for (const std::string& album : body.albums) add(albums_, album);
  return words;
}

Result<> Places::Name(std::string_view text, catalog::Catalog& catalog, int64_t now_ms) {
  const json::value body(TRY(ReadBody(text)));
  const Form form(body, kBadTag, "");
  TRY(form.Only({"categories", "albums"}));
  if (const auto named = form.Find("categories")) TRY(ReadNamed(*named, &categories_));
  if (const auto named = form.Find("albums")) TRY(ReadNamed(*named, &albums_));
  catalog::Definition names{.kind = kNames.kind, .id = kNames.id, .version = version_};
  names.body = json::serialize(
      json::object{{"categories", NamesJson(categories_)}, {"albums", NamesJson(albums_)}});
  TRY(version_ == 0 ? catalog.Create(names, now_ms) : catalog.Change(names, now_ms));
  return {};
}

json::object Places::Json() const {
  return {{"categories", ListJson(categories_)}, {"albums", ListJson(albums_)}};
}

}  // namespace waypost::tags
