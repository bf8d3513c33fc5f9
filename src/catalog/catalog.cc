#include "catalog/catalog.h"

#include <map>

namespace waypost::catalog {

std::vector<Definition> UsedFirst(std::vector<Definition> definitions) {
  std::map<Reference, Definition*> waiting;
  for (Definition& definition : definitions)
    waiting.emplace(Reference{definition.kind, definition.id}, &definition);
  std::vector<Definition> ordered;
  const auto take = [&](const auto& self, const Reference& of) -> void {
    const auto one = waiting.extract(of);
    if (!one) return;
    for (const Reference& used : one.mapped()->uses) self(self, used);
    ordered.push_back(std::move(*one.mapped()));
  };
  while (!waiting.empty()) take(take, Reference(waiting.begin()->first));
  return ordered;
}

}  // namespace waypost::catalog
