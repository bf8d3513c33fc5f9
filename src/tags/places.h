// The places that tags are put in: categories, which are paths ("客户价值/资产"), and albums. They
// are what tags name; what a place is called in English stands beside, once for all tags.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "catalog/catalog.h"
#include "tags/definition.h"

namespace waypost::tags {

inline constexpr size_t kMaxPlaceName = 200;  // bytes, in English

class Places {
 public:
  // None yet, with the English names that are kept in `catalog`.
  static Result<Places> Open(catalog::Catalog& catalog);

  // Those of a tag. What a category is in is a place too, of no tag of its own.
  void Add(const TagBody& body);
  // The English names of those of a tag, for finding it by.
  std::string WordsOf(const TagBody& body) const;

  // {"categories","albums"}: each a list of {"name","name_en"}; a category's is that of the last
  // step of its path, and "" takes it away. Places that are not named stay as they are. All of it
  // is read before anything is kept. Errors: kInvalid "bad_tag" with the path; the catalog's.
  Result<> Name(std::string_view text, catalog::Catalog& catalog, int64_t now_ms);

  // {"categories","albums"}: lists of {"name","count","name_en"} by name; "name_en" only when there
  // is one.
  boost::json::object Json() const;

 private:
  struct Place {
    int64_t count = 0;    // tags
    std::string name_en;  // empty: none
    bool there = false;   // a tag is in it, or in one below
  };
  using Kind = std::map<std::string, Place, std::less<>>;

  Kind categories_, albums_;
  int64_t version_ = 0;  // of the names; 0: none were kept
};

}  // namespace waypost::tags
