#include "services/plan_names.h"

#include "model/displayed.h"
#include "model/masking.h"

namespace waypost::services {
namespace {

std::optional<analytics::PropertyName> FindSeen(const TrackingPlan& plan, std::string_view name,
                                                SeenOn where) {
  const PlanProperty* property = plan.FindProperty(name);
  if (!property) property = Displayed(plan.properties(), name);
  if (!property) return std::nullopt;
  const bool fixed = property->id < kFirstPlanProperty;
  // What is declared but was never seen may be asked for: it is NULL everywhere.
  const bool unseen = !fixed && !property->seen_on;
  if (!(property->seen_on & where) && !unseen && !(fixed && where == kSeenOnEvents))
    return std::nullopt;
  return analytics::PropertyName{property->id, property->type};
}

std::vector<std::string> NamesSeen(const TrackingPlan& plan, SeenOn where) {
  std::vector<std::string> names;
  for (const PlanProperty& property : plan.properties()) {
    if (property.seen_on & where) names.push_back(property.name);
  }
  return names;
}

// Whether values can be used to find somebody: numbers cannot.
bool TellsWho(const PlanProperty& property) {
  const bool finds = property.type == ValueType::kString || property.type == ValueType::kList ||
                     property.type == ValueType::kDate || property.type == ValueType::kDateTime;
  return finds && IsPersonal(property);
}

}  // namespace

std::optional<EventTypeId> PlanNames::Event(std::string_view name) const {
  const PlanEvent* event = plan_.FindEvent(name);
  if (!event) event = Displayed(plan_.events(), name);
  return event ? std::optional(event->id) : std::nullopt;
}
std::optional<analytics::PropertyName> PlanNames::Property(std::string_view name) const {
  return FindSeen(plan_, name, kSeenOnEvents);
}
std::optional<analytics::PropertyName> PlanNames::Attribute(std::string_view name) const {
  return FindSeen(plan_, name, kSeenOnCustomers);
}

std::vector<std::string> PlanNames::EventNames() const {
  std::vector<std::string> names;
  for (const PlanEvent& event : plan_.events()) names.push_back(event.name);
  return names;
}
std::vector<std::string> PlanNames::PropertyNames() const {
  return NamesSeen(plan_, kSeenOnEvents);
}
std::vector<std::string> PlanNames::AttributeNames() const {
  return NamesSeen(plan_, kSeenOnCustomers);
}

std::optional<analytics::PropertyName> QuestionNames::Unbarred(
    std::optional<analytics::PropertyName> found) const {
  const PlanProperty* property = found ? plan_->FindProperty(found->id) : nullptr;
  if (!property || !TellsWho(*property)) return found;
  if (veil_.barred) return std::nullopt;
  found->shown = !veil_.masked;
  return found;
}

std::vector<std::string> QuestionNames::Unbarred(std::vector<std::string> names) const {
  std::erase_if(names, [&](const std::string& name) {
    return veil_.barred && TellsWho(*plan_->FindProperty(name));
  });
  return names;
}

std::optional<analytics::PropertyName> QuestionNames::Property(std::string_view name) const {
  return Unbarred(PlanNames::Property(name));
}
std::optional<analytics::PropertyName> QuestionNames::Attribute(std::string_view name) const {
  return Unbarred(PlanNames::Attribute(name));
}
std::vector<std::string> QuestionNames::PropertyNames() const {
  return Unbarred(PlanNames::PropertyNames());
}
std::vector<std::string> QuestionNames::AttributeNames() const {
  return Unbarred(PlanNames::AttributeNames());
}

std::string QuestionNames::CustomerName(Ordinal ordinal) const {
  std::string name;
  if (engine_ == nullptr) return name;
  engine_->Look([&](const engine::Applier& applier) {
    if (ordinal >= applier.identities().ordinal_count()) return;
    const IdentityView identity = applier.identities().identity(ordinal);
    const bool hide = veil_.masked && IsPersonalKey(identity.key);
    name = std::string(identity.key) + ":" +
           (hide ? Masked(identity.value) : std::string(identity.value));
  });
  return name;
}

}  // namespace waypost::services
