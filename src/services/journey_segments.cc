// Journeys that customers come into by a segment.
#include <algorithm>
#include <bit>

#include "base/logger.h"
#include "services/journeys.h"
#include "services/past_segment.h"

namespace waypost::services {
namespace {

using journeys::Decision;
using journeys::State;

constexpr uint64_t kHeardMark = 0x3130445241454857;  // "WHEARD01"

template <typename Visit>
void ForEachBit(const exec::CustomerBits& bits, Visit visit) {
  for (size_t w = 0; w < bits.size(); ++w) {
    for (uint64_t left = bits[w]; left; left &= left - 1)
      visit(static_cast<Ordinal>(w * 64) + static_cast<Ordinal>(std::countr_zero(left)));
  }
}

}  // namespace

// The machine's state, then what was heard of segments, the size of that, and a mark, which states
// from before there were segments lack.
Bytes Journeys::Encode() const {
  Bytes bytes = machine_->state().Encode();
  ByteWriter heard;
  heard.Varint(heard_.size());
  for (const auto& [id, members] : heard_) {
    heard.Text(id);
    heard.Varint(exec::CountBits(members));
    uint64_t last = 0;
    ForEachBit(members, [&](Ordinal customer) {
      heard.Varint(customer - last);
      last = customer;
    });
  }
  heard.U64(heard.size());
  heard.U64(kHeardMark);
  const Bytes more = heard.Take();
  bytes.insert(bytes.end(), more.begin(), more.end());
  return bytes;
}

Result<> Journeys::Restore(std::span<const uint8_t> bytes) {
  if (bytes.size() >= 16 && ByteReader(bytes.last(8)).U64() == kHeardMark) {
    const uint64_t size = ByteReader(bytes.last(16)).U64();
    if (size > bytes.size() - 16) return Error(Code::kCorrupt, "journeys: what was heard is cut");
    ByteReader in(bytes.subspan(bytes.size() - 16 - size, size));
    for (uint64_t count = in.Varint(); count > 0 && in.ok(); --count) {
      exec::CustomerBits& members = heard_[std::string(in.Text())];
      uint64_t customer = 0;
      for (uint64_t left = in.Varint(); left > 0 && in.ok(); --left) {
        customer += in.Varint();
        if (customer > UINT32_MAX) return Error(Code::kCorrupt, "journeys: no such customer");
        members.resize(std::max<size_t>(members.size(), customer / 64 + 1));
        members[customer / 64] |= 1ull << (customer % 64);
      }
    }
    if (!in.ok()) return Error(Code::kCorrupt, "journeys: what was heard makes no sense");
    bytes = bytes.first(bytes.size() - 16 - size);
  }
  State state = TRY(State::Decode(bytes));
  machine_ = std::make_unique<journeys::Machine>(std::move(state),
                                                 journeys::World{answers_, answers_, answers_});
  return {};
}

// The live segment that customers come in by, or nothing.
Result<std::optional<segments::Segments::LastRun>> Journeys::SegmentOf(
    std::string_view definition) const {
  const journeys::Checked checked = journeys::CheckJourney(definition, answers_);
  if (!checked.journey || checked.journey->entry.segment.empty())
    return std::optional<segments::Segments::LastRun>();
  const std::string& name = checked.journey->entry.segment;
  segments::Segments& segments = *TRY(catalogs_.Find(project_))->segments;
  if (checked.journey->entry.kind != journeys::EntryKind::kSegment) {
    TRY(segments.FindNamed("segment", name));
    return std::optional<segments::Segments::LastRun>();
  }
  auto run = TRY(segments.LastRunOf("segment", name, 0));
  if (run.live) return std::optional(std::move(run));
  return Error(Code::kInvalid, "journey_invalid",
               "entry.segment: customers come in as they come into the segment, and '" + name +
                   "' is not live: change it to \"refresh\": \"live\"");
}

Result<> Journeys::FollowSegment(std::string_view id, const exec::CustomerBits& members) {
  const journeys::JourneyState& journey =
      machine_->state().journeys()[*machine_->state().FindJourney(id)];
  const journeys::EntryRule& entry = journey.now().entry;
  heard_.try_emplace(entry.segment, members);
  if (!entry.include_existing || entry.on_leave) return {};
  return machine_->List(id, OrdinalsOf(members), NowMs(), &pending_);
}

void Journeys::OnMembers(std::span<const LiveSegments::Change> changes) {
  bool heard = false;
  Hold([&] {
    for (const auto& [segment, members] : changes) {
      std::map<std::string, std::vector<const journeys::JourneyState*>> followers;
      for (const journeys::JourneyState& journey : machine_->state().journeys()) {
        const journeys::EntryRule& entry = journey.now().entry;
        if (entry.kind == journeys::EntryKind::kSegment && segment.IsCalled(entry.segment))
          followers[entry.segment].push_back(&journey);
      }
      for (const auto& [name, journeys] : followers) Hear(name, *members, journeys);
      heard |= !followers.empty();
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

void Journeys::Hear(const std::string& segment, const exec::CustomerBits& members,
                    std::span<const journeys::JourneyState* const> journeys) {
  const auto [heard, first] = heard_.try_emplace(segment, members);
  if (first) return;
  exec::CustomerBits moved = members;
  moved.resize(std::max(members.size(), heard->second.size()));
  for (size_t w = 0; w < heard->second.size(); ++w) moved[w] ^= heard->second[w];
  heard->second = members;
  std::vector<Ordinal> came, left;
  ForEachBit(moved, [&](Ordinal customer) {
    // Who is known by another ordinal now has neither come nor left.
    if (answers_.identities().root(customer) != customer) return;
    const bool in =
        customer / 64 < members.size() && (members[customer / 64] >> (customer % 64) & 1);
    (in ? came : left).push_back(customer);
  });
  for (const journeys::JourneyState* journey : journeys)
    machine_->OnMembers(journey->id, came, left, NowMs(), &pending_);
}

// Who came or left by the decisions since what was heard was kept.
void Journeys::HearAgain(const Decision& decision) {
  const auto hear = [&](journeys::JourneyIndex index, Ordinal customer, bool moved_on = true) {
    const journeys::EntryRule& entry = machine_->state().journeys()[index].now().entry;
    if (entry.kind == journeys::EntryKind::kTag) HearTagAgain(entry, customer, moved_on);
    const auto heard = heard_.find(entry.segment);
    if (entry.kind != journeys::EntryKind::kSegment || heard == heard_.end()) return;
    exec::CustomerBits& members = heard->second;
    members.resize(std::max<size_t>(members.size(), customer / 64 + 1));
    const uint64_t bit = 1ull << (customer % 64);
    uint64_t& word = members[customer / 64];
    word = entry.on_leave == moved_on ? word & ~bit : word | bit;
  };
  // Who is listed has come, and comes in later. Who is waited for has come; whom nobody waits for
  // any longer has gone again, unless he is in.
  for (const journeys::Change& change : decision.changes) {
    if (const auto* listed = std::get_if<journeys::change::Listed>(&change)) {
      for (const Ordinal customer : listed->customers) hear(listed->journey, customer);
    }
    if (const auto* armed = std::get_if<journeys::change::Armed>(&change))
      hear(armed->journey, armed->customer);
    if (const auto* disarmed = std::get_if<journeys::change::Disarmed>(&change))
      hear(disarmed->journey, disarmed->customer, false);
    if (const auto* queued = std::get_if<journeys::change::Queued>(&change))
      hear(queued->journey, queued->customer);
    if (const auto* entered = std::get_if<journeys::change::Entered>(&change))
      hear(entered->journey, entered->customer);
    if (const auto* refused = std::get_if<journeys::change::Refused>(&change))
      hear(refused->journey, refused->customer);
  }
}

}  // namespace waypost::services
