#include "services/journey_uses.h"

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <set>

#include "eql/rule.h"
#include "eql/text.h"
#include "governance/approval.h"
#include "journeys/definition.h"
#include "services/body.h"

namespace waypost::services {
namespace {

namespace json = boost::json;
using catalog::Reference;

// By kind and name, as written.
using Names = std::set<std::pair<std::string, std::string>>;

// Hears of every condition of a definition that is checked with it; all are good.
class NamesHeard final : public journeys::Conditions {
 public:
  explicit NamesHeard(Names* names) : names_(*names) {}

  Result<> Check(std::string_view condition, journeys::About) const override {
    using Kind = eql::Rule::Kind;
    const Result<eql::Query> query = eql::ParseQuery(condition);
    if (!query.ok()) return {};
    for (const auto& [kind, word] :
         {std::pair{Kind::kSegment, "segment"}, {Kind::kList, "list"}, {Kind::kTag, "tag"}}) {
      for (std::string& name : eql::NamesOf(query.value(), kind))
        names_.emplace(word, std::move(name));
    }
    return {};
  }
  Result<> CheckAttribute(std::string_view, journeys::AskedFor) const override { return {}; }
  journeys::Truth Test(std::string_view, const journeys::Facts&) const override {
    return journeys::Truth::kUnknown;
  }
  Result<std::vector<journeys::Subject>> SubjectsOf(std::string_view) const override {
    return std::vector<journeys::Subject>();
  }

 private:
  Names& names_;
};

}  // namespace

Result<std::vector<Used>> UsesOf(ProjectCatalog& catalog, std::string_view definition) {
  Names names;
  journeys::CheckJourney(definition, NamesHeard(&names));
  const json::object said = TRY(ObjectOf(definition));
  const json::value* entry = said.if_contains("entry");
  for (const std::string kind : {"segment", "tag"}) {
    std::string name = entry && entry->is_object() ? TextIn(entry->get_object(), kind, "") : "";
    if (!name.empty()) names.emplace(kind, std::move(name));
  }
  std::vector<Reference> open;
  for (const auto& [kind, name] : names) {
    const auto found =
        kind == "tag" ? catalog.tags->FindNamed(name) : catalog.segments->FindNamed(kind, name);
    if (!found.ok() && found.error().code() != Code::kNotFound) return found.error();
    if (found.ok()) open.push_back({kind, found.value().id});
  }
  std::map<Reference, std::string> hashes;
  while (!open.empty()) {
    const Reference of = open.back();
    open.pop_back();
    if (of.kind == "table" || hashes.contains(of)) continue;
    const catalog::Definition used = TRY(catalog.catalog->Get(of));
    hashes[of] = governance::ContentHash(used.body);
    open.insert(open.end(), used.uses.begin(), used.uses.end());
  }
  std::vector<Used> uses;
  for (auto& [of, hash] : hashes) uses.push_back({of, hash});
  return uses;
}

}  // namespace waypost::services
