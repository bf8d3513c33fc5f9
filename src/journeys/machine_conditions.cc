// Conditions on a customer that are waited for, or that end a journey: asked when he comes, and
// whenever somebody tells that what they speak of has become another. Nothing is asked in between.
#include <algorithm>

#include "journeys/machine.h"

namespace waypost::journeys {

static_assert(kMaxBranches < 32, "Token::held_already has a bit for each branch");

const std::map<Subject, std::vector<JourneyIndex>>& Machine::Subjects() {
  LearnInterests();
  return subjects_;
}

void Machine::OnSubject(Ordinal customer, const Subject& subject, int64_t at_ms, Out* out) {
  const auto found = Subjects().find(subject);
  if (found == subjects_.end() || !state_.FindCustomer(customer)) return;
  Begin(at_ms, out);
  AskAnew(customer, &found->second);
  End(out);
}

void Machine::OnSubject(const Subject& subject, int64_t at_ms, Out* out) {
  const auto found = Subjects().find(subject);
  if (found == subjects_.end()) return;
  std::vector<Ordinal> customers = Inside();
  for (const JourneyIndex journey : found->second) {
    for (const auto& [customer, watches] : state_.journeys()[journey].watches)
      customers.push_back(customer);
  }
  std::ranges::sort(customers);
  const auto twice = std::ranges::unique(customers);
  customers.erase(twice.begin(), twice.end());
  for (const Ordinal customer : customers) OnSubject(customer, subject, at_ms, out);
}

std::vector<Ordinal> Machine::Inside() const {
  std::vector<Ordinal> inside;
  for (const auto& [customer, known] : state_.customers()) {
    if (!known.entries.empty()) inside.push_back(customer);
  }
  std::ranges::sort(inside);
  return inside;
}

// Who leaves does before anybody goes on, and who called before who was called. A goal is met
// before anybody goes on by what met it.
void Machine::AskAnew(Ordinal customer, const std::vector<JourneyIndex>* journeys) {
  std::vector<EntryId> entries;
  if (const Customer* known = state_.FindCustomer(customer)) entries = known->entries;
  std::ranges::sort(entries);
  const auto asked = [&](EntryId id) {
    const Entry* entry = state_.FindEntry(id);
    return entry && (!journeys || std::ranges::binary_search(*journeys, entry->journey));
  };
  for (const EntryId id : entries) {
    if (asked(id)) (void)LeaveIfEnded(id);
  }
  for (const EntryId id : entries) {
    if (asked(id)) AskGoal(id);
  }
  for (const EntryId id : entries) {
    if (asked(id)) AskAnew(id);
  }
  for (JourneyIndex journey = 0; journey < state_.journeys().size(); ++journey) {
    if (!journeys || std::ranges::binary_search(*journeys, journey))
      AskLateGoals(journey, customer);
  }
}

void Machine::AskAnew(EntryId id) {
  std::vector<uint32_t> waiting;
  for (const Token& token : EntryOf(id).tokens) waiting.push_back(token.id);
  for (const uint32_t token_id : waiting) {
    const Entry* entry = state_.FindEntry(id);
    if (!entry) return;
    const Token* found = entry->FindToken(token_id);
    if (!found || found->state != TokenState::kWaiting) continue;
    Token token = *found;
    const Node& node = state_.JourneyOf(*entry).nodes[token.node];
    if (node.kind != NodeKind::kWaitEvent) continue;
    const uint32_t held_already = token.held_already;
    std::optional<size_t> became;
    for (size_t i = 0; i < node.branches.size() && !became; ++i) {
      if (!node.branches[i].match.of_customer()) continue;
      const Truth holds = world_.conditions.Test(node.branches[i].match.where, FactsOf(*entry));
      if (holds == Truth::kNo || holds == Truth::kUnknown) token.held_already &= ~(1u << i);
      if (holds == Truth::kYes && (token.held_already >> i & 1) == 0) became = i;
    }
    if (token.held_already != held_already) Do(change::TokenSet{id, token});
    if (became) Matched(id, token_id, *became);
  }
}

std::optional<Exit> Machine::EndedBy(const Journey& definition, const Facts& facts) const {
  for (const EventMatch& match : definition.exit_on) {
    if (!match.of_customer() || world_.conditions.Test(match.where, facts) != Truth::kYes) continue;
    const auto subjects = world_.conditions.SubjectsOf(match.where);
    const bool of_segments =
        subjects.ok() && std::ranges::all_of(subjects.value(), [](const Subject& subject) {
          return subject.kind == Subject::Kind::kSegment;
        });
    return of_segments ? Exit::kExitSegment : Exit::kExitCondition;
  }
  return {};
}

bool Machine::LeaveIfEnded(EntryId id) {
  const Entry& entry = EntryOf(id);
  const std::optional<Exit> reason = EndedBy(state_.JourneyOf(entry), FactsOf(entry));
  if (reason) Leave(id, *reason);
  return reason.has_value();
}

}  // namespace waypost::journeys
