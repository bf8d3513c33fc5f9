// Journeys that customers come into by a segment.
#include <algorithm>

#include "base/logger.h"
#include "services/journeys.h"
#include "services/past_segment.h"

namespace waypost::services {
namespace {

using journeys::State;

constexpr uint64_t kHeardMark = 0x3130445241454857;  // "WHEARD01"

}  // namespace

Bytes Journeys::Encode() const { return machine_->state().Encode(); }

// What was heard of segments stood behind the state once, then its size and a mark.
Result<> Journeys::Restore(std::span<const uint8_t> bytes) {
  journeys::MembersOf heard;
  const bool apart = bytes.size() >= 16 && ByteReader(bytes.last(8)).U64() == kHeardMark;
  if (apart) {
    const uint64_t size = ByteReader(bytes.last(16)).U64();
    if (size > bytes.size() - 16) return Error(Code::kCorrupt, "journeys: what was heard is cut");
    ByteReader in(bytes.subspan(bytes.size() - 16 - size, size));
    for (uint64_t count = in.Varint(); count > 0 && in.ok(); --count) {
      journeys::Members& members = heard[std::string(in.Text())];
      uint64_t customer = 0;
      for (uint64_t left = in.Varint(); left > 0 && in.ok(); --left) {
        customer += in.Varint();
        if (customer > UINT32_MAX) return Error(Code::kCorrupt, "journeys: no such customer");
        members.Set(static_cast<Ordinal>(customer), true);
      }
    }
    if (!in.ok()) return Error(Code::kCorrupt, "journeys: what was heard makes no sense");
    bytes = bytes.first(bytes.size() - 16 - size);
  }
  State state = TRY(State::Decode(bytes));
  if (apart) state.SetHeard(std::move(heard));
  machine_ = std::make_unique<journeys::Machine>(std::move(state),
                                                 journeys::World{answers_, answers_, answers_});
  return {};
}

// The live segment that customers come in by, or nothing.
Result<std::optional<segments::Segments::LastRun>> Journeys::SegmentOf(
    std::string_view definition) const {
  const journeys::Checked checked =
      journeys::CheckJourney(definition, answers_);  // in whatever zone
  if (!checked.journey || checked.journey->entry.segment.empty())
    return std::optional<segments::Segments::LastRun>();
  const std::string& name = checked.journey->entry.segment;
  segments::Segments& segments = *TRY(catalogs_.Find(project_))->segments;
  if (checked.journey->entry.kind != journeys::EntryKind::kSegment) {
    TRY(segments.FindNamed("segment", name));
    return std::optional<segments::Segments::LastRun>();
  }
  auto run = TRY(segments.LastRunOf("segment", name, 0));
  if (run.rule) {
    return Error(
        Code::kUnavailable, "unavailable",
        "entry.segment: who is in '" + name + "' is being worked out; publish again in a moment");
  }
  if (run.live) return std::optional(std::move(run));
  return Error(Code::kInvalid, "journey_invalid",
               "entry.segment: customers come in as they come into the segment, and '" + name +
                   "' is not live: change it to \"refresh\": \"live\"");
}

// Only where it says so, and the version before did not of the same segment: they came in then.
bool Journeys::ListsExisting(const journeys::Journey& journey) const {
  const auto lists = [](const journeys::EntryRule& entry) {
    return entry.kind == journeys::EntryKind::kSegment && entry.include_existing && !entry.on_leave;
  };
  if (!lists(journey.entry)) return false;
  const auto index = machine_->state().FindJourney(journey.id);
  if (!index) return true;
  const journeys::EntryRule& before = machine_->state().journeys()[*index].now().entry;
  return !lists(before) || before.segment != journey.entry.segment;
}

Result<> Journeys::FollowSegment(const journeys::Journey& journey,
                                 const exec::CustomerBits& members, bool lists) {
  HearFirst({{journey.entry.segment, journeys::Members(members)}});
  if (!lists) return {};
  return machine_->List(journey.id, OrdinalsOf(members), NowMs(), &pending_);
}

void Journeys::HearFirst(journeys::MembersOf sets) {
  std::erase_if(sets,
                [&](const auto& set) { return machine_->state().heard().contains(set.first); });
  machine_->OnSets(sets, NowMs(), &pending_);
}

bool Journeys::FollowsSets() {
  bool follows = false;
  Hold([&] {
    follows = std::ranges::any_of(machine_->Subjects(), [](const auto& subject) {
      return subject.first.kind != journeys::Subject::Kind::kAttribute;
    });
    follows |= std::ranges::any_of(machine_->state().journeys(), [](const auto& journey) {
      return !journeys::SetsOf(journey.now().entry).empty();
    });
  });
  return follows;
}

int64_t Journeys::HeardMs() const {
  const std::optional<int64_t> due = machine_->state().NextTimerBound();
  return started_ || !due ? NowMs() : std::min(NowMs(), *due);
}

void Journeys::OnMembers(std::span<const LiveSegments::Change> changes) {
  bool heard = false;
  Hold([&] {
    for (const auto& [segment, members] : changes) {
      journeys::MembersOf now;
      for (const journeys::JourneyState& journey : machine_->state().journeys()) {
        const journeys::EntryRule& entry = journey.now().entry;
        if (entry.kind == journeys::EntryKind::kSegment && segment.IsCalled(entry.segment))
          now.try_emplace(entry.segment, *members);
      }
      heard |= !now.empty();
      machine_->OnSets(now, HeardMs(), &pending_);
      for (const journeys::Subject& subject :
           FollowedAs(journeys::Subject::Kind::kSegment, segment)) {
        TellMembers(subject, members);
        heard = true;
      }
    }
  });
  if (!heard) return;
  if (const Result<> written = WriteDecisions(); !written.ok()) {
    LogError("journeys.unwritten", {{"error", written.error().message()}});
  }
}

}  // namespace waypost::services
