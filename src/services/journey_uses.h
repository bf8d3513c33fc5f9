// What a journey's definition means by what it names: segments, lists and tags.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/catalogs.h"

namespace waypost::services {

// A definition of the catalog, with the SHA-256 of its body: another hash, another meaning.
struct Used {
  catalog::Reference of;
  std::string hash;
  friend auto operator<=>(const Used&, const Used&) = default;
};

// What the definition and its conditions name, and what that is made of, sorted. A name that is
// nothing's is left out, and so are conditions that cannot be read: whoever checks the definition
// says so. Tables are no definitions of the catalog. Errors: the catalog's.
Result<std::vector<Used>> UsesOf(ProjectCatalog& catalog, std::string_view definition);

}  // namespace waypost::services
