// What journeys hear of the log: who did what, who is whom, and the decisions there already.
#include "services/journeys.h"
#include "services/own_events.h"

namespace waypost::services {
namespace {

constexpr std::string_view kTelling = "$touch_";

}  // namespace

// Our own come back as well, and change nothing.
Result<> Journeys::OnDecisions(std::span<const uint8_t> record) {
  if (engine_) return {};
  const std::vector<journeys::Decision> decisions = TRY(journeys::DecodeDecisions(record));
  for (const journeys::Decision& decision : decisions) TRY(machine_->Replay(decision));
  return {};
}

bool Journeys::IsUndecided(LogPosition position) {
  answers_.Changed();
  if (position != at_) {
    at_ = position;
    decided_before_ = position < machine_->state().inputs_to();
  }
  if (!decided_before_) machine_->SetInputsTo(position + 1);
  return !decided_before_;
}

bool Journeys::IsNews(LogPosition position, const BatchReader& batch) {
  // What a file says was done happened long ago.
  return batch.header().import_chunk.empty() && IsUndecided(position);
}

// Who was erased leaves by himself (journey_sending.cc).
void Journeys::OnIdentity(LogPosition position, int64_t time_ms, Ordinal ordinal) {
  const identity::IdentityGraph& graph = answers_.identities();
  if (graph.erased(ordinal) || !IsUndecided(position)) return;
  machine_->OnIdentity(graph.root(ordinal), graph.Members(ordinal), time_ms, &pending_);
}

void Journeys::LookForAwaited(const BatchReader& batch, const ItemView& item, Ordinal customer) {
  if (!machine_->AwaitsAnybody()) return;
  for (const IdentityView& identity : item.identities) {
    machine_->OnKnown(std::string(identity.key) + ":" + std::string(identity.value), customer,
                      batch.header().ingest_ms, &pending_);
  }
}

void Journeys::OnProfile(LogPosition position, const BatchReader& batch, const ItemView& item,
                         Ordinal customer) {
  if (batch.header().source == kOwnSource) Told(item.meta.dedup_key);
  // Attributes are those of now, also where a file brings them.
  if (!IsUndecided(position)) return;
  LookForAwaited(batch, item, customer);
  for (const PropertyView& property : item.properties) {
    machine_->OnAttribute(customer, batch.names()[property.name], batch.header().ingest_ms,
                          &pending_);
  }
}

// All decisions about one record are in one record, so a record is decided whole or not at all.
void Journeys::OnEvent(LogPosition position, const BatchReader& batch, const ItemView& item,
                       Ordinal customer) {
  // What we say ourselves is news to nobody.
  if (item.what.starts_with(kTelling)) return Told(item.meta.dedup_key);
  if (!IsNews(position, batch)) return;
  LookForAwaited(batch, item, customer);
  if (!machine_->Wants(item.what)) return;
  journeys::Properties properties;
  properties.emplace_back(kPersonKey, item.identities[0].key);
  properties.emplace_back(kPersonValue, item.identities[0].value);
  for (const PropertyView& property : item.properties) {
    properties.emplace_back(batch.names()[property.name], engine::ValueAsText(property.value));
  }
  machine_->OnEvent({customer, item.what, properties, batch.header().ingest_ms}, &pending_);
  Pack();
}

}  // namespace waypost::services
