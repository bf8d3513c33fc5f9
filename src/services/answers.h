// What journeys ask about customers, answered from what is applied at that moment: conditions are
// EQL through the one plan (analytics/rules.h, exec/selection.h), asked of one customer.
//
// A condition on an event (`where`) speaks of its properties; any other speaks of the customer, and
// of what he came in with as `entry.amount`. Days are those of the server's time zone. A segment
// means its last run; a new one is seen within a second, and so are rows of tables.
//
// A tag means its newest values, of a live tag those of within the last second. What a live segment
// or tag says before it is known of everybody, as when a server starts, is worked out of the
// customer alone.
//
// Every call is made with the applied state held still.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analytics/rules.h"
#include "engine/applier.h"
#include "journeys/conditions.h"
#include "services/catalogs.h"
#include "services/contents.h"

namespace waypost::services {

// What an entry came with, beside its properties: who it is.
inline constexpr std::string_view kPersonKey = "$person_key", kPersonValue = "$person_value";

class Answers final : public journeys::Conditions,
                      public journeys::Customers,
                      public journeys::Renderer {
 public:
  Answers(Catalogs& catalogs, std::string project, std::string zone)
      : catalogs_(catalogs), project_(std::move(project)), zone_(std::move(zone)) {}

  void Attach(const engine::Applier& applied) { applied_ = &applied; }
  // From here on a condition that is asked of an earlier moment finds what had happened by then and
  // nothing later; of a sequence its beginning. Attributes and sets stay those of now.
  void AskOfThePast() { past_ = true; }
  const std::string& zone() const { return zone_; }
  const engine::Applier& applied() const { return *applied_; }
  const identity::IdentityGraph& identities() const { return applied_->identities(); }
  // Something was applied since the last question.
  void Changed() { near_.reset(); }
  // Segments have other members, or tags other values, than conditions were made ready with.
  void SetsChanged() {
    for (auto& [name, set] : sets_) set.looked_ms = 0;
    ready_.clear();
  }

  // What tells who somebody is cannot be asked of through it: it has no name. Only checks; borrows
  // this.
  std::unique_ptr<journeys::Conditions> ForBarred() const;

  Result<> Check(std::string_view condition, journeys::About about) const override;
  Result<> CheckAttribute(std::string_view name, journeys::AskedFor what) const override {
    return CheckAttribute(name, what, false);
  }
  journeys::Truth Test(std::string_view condition, const journeys::Facts& facts) const override;
  // Attributes, segments and tags of now.
  Result<std::vector<journeys::Subject>> SubjectsOf(std::string_view condition) const override;
  std::optional<std::string> Attribute(Ordinal customer, std::string_view name) const override;
  std::optional<Ordinal> Root(Ordinal customer) const override {
    if (identities().erased(customer)) return {};
    return identities().root(customer);
  }
  std::optional<Ordinal> Named(const journeys::Facts& facts) const override;
  // The identity that the customer came in with, else the one it is known by.
  std::optional<std::string> Address(const journeys::Facts& facts,
                                     std::string_view channel) const override;
  bool HasDone(Ordinal customer, const journeys::Deed& deed, int64_t after_ms,
               int64_t until_ms) const override;
  // Of a text's name that chooses a row of a table (content/template.h): whether there are that
  // table, its column and what the condition speaks of. Others may be anything. Errors: kInvalid,
  // kNotFound "unknown_table".
  Result<> CheckRowOf(std::string_view name, bool barred) const;
  // services/contents.h; dates are those of `zone`.
  Result<std::string> Render(std::string_view text, const journeys::Facts& facts) const override;

 private:
  Result<> CheckAttribute(std::string_view name, journeys::AskedFor what, bool barred) const;
  // A condition ready to be asked in [from_ms, until_ms).
  struct Ready {
    eql::Query query;
    exec::Rule rule;
    std::vector<uint32_t> given;  // properties it needs of the event at hand
    bool of_customer = false;     // needs the customer's snapshot
    column::Wanted wanted;        // in it
    bool of_members = false;      // of segments, lists or tags: sets and values by ordinal
    bool of_one = false;          // true of the customer alone
    int64_t from_ms = 0, until_ms = 0;
  };
  struct Set {
    segments::Segments::LastRun run;
    int64_t looked_ms = 0;
  };
  class Sets;
  class Tags;
  class Barred;

  // Of nobody a condition is only checked.
  using Whom = std::optional<Ordinal>;
  Result<const Ready*> Prepare(std::string_view condition, journeys::About about, int64_t now_ms,
                               Whom whom) const;
  Result<Ready> Resolve(eql::Query query, journeys::About about, int64_t now_ms, Whom whom,
                        bool barred = false) const;
  std::optional<std::string> OfRow(const journeys::Facts& facts, std::string_view name) const;
  bool Ask(const Ready& ready, const exec::Rule& rule, Ordinal customer,
           const journeys::Properties* properties) const;
  std::optional<eql::Rule> Having(std::string_view name, std::string_view text) const;
  std::shared_ptr<const store::Snapshot> Near(Ordinal root, const column::Wanted& wanted) const;

  Catalogs& catalogs_;
  const std::string project_;
  const std::string zone_;
  const Contents contents_;
  const engine::Applier* applied_ = nullptr;
  bool past_ = false;
  // Kept to answer quicker; no answer depends on it.
  mutable std::map<std::pair<journeys::About, std::string>, Ready, std::less<>> ready_;
  mutable std::map<std::pair<std::string, std::string>, Set, std::less<>> sets_;
  struct NearOne {
    Ordinal root = 0;
    column::Wanted wanted;
    std::shared_ptr<const store::Snapshot> snapshot;
  };
  mutable std::optional<NearOne> near_;
  mutable Ready of_one_;  // the last that was
};

}  // namespace waypost::services
