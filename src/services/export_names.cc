#include "services/export_names.h"

#include "model/masking.h"

namespace waypost::services {
namespace {

std::vector<files::ExportNames::Property> Columns(const TrackingPlan& plan, SeenOn where,
                                                  bool masked) {
  std::vector<files::ExportNames::Property> columns;
  for (const PlanProperty& property : plan.properties()) {
    if (masked && IsPersonal(property)) continue;
    if (property.seen_on & where) columns.push_back({property.id, property.name, property.type});
  }
  return columns;
}

}  // namespace

std::string ExportedNames::EventName(EventTypeId type) const { return plan_->events()[type].name; }
std::optional<EventTypeId> ExportedNames::FindEvent(std::string_view name) const {
  const PlanEvent* event = plan_->FindEvent(name);
  return event ? std::optional(event->id) : std::nullopt;
}

std::vector<files::ExportNames::Property> ExportedNames::EventProperties() const {
  std::vector<Property> columns;
  for (const PlanProperty& fixed : TrackingPlan::fixed_properties()) {
    columns.push_back({fixed.id, fixed.name, fixed.type});
  }
  for (Property& seen : Columns(*plan_, kSeenOnEvents, masked_)) columns.push_back(std::move(seen));
  return columns;
}
std::vector<files::ExportNames::Property> ExportedNames::Attributes() const {
  return Columns(*plan_, kSeenOnCustomers, masked_);
}

files::ExportNames::Identity ExportedNames::IdentityOf(Ordinal ordinal) const {
  Identity found;
  engine_.Look([&](const engine::Applier& applier) {
    const IdentityView identity = applier.identities().identity(ordinal);
    const bool hide = masked_ && IsPersonalKey(identity.key);
    found = {std::string(identity.key),
             hide ? Masked(identity.value) : std::string(identity.value)};
  });
  return found;
}

}  // namespace waypost::services
