// Conditions on a customer that journeys wait for, or that end them: who is told of when a segment
// or a tag changes. Attributes change with records of the log (journey_following.cc).
//
// What was told need not survive a restart: the first change after it is told of everybody who is
// in, and asking once more changes nothing.
#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "base/clock.h"
#include "services/journeys.h"

namespace waypost::services {
namespace {

constexpr int64_t kLookAheadMs = 90 * kDayMs;  // for years that have no calendar

}  // namespace

using journeys::Subject;

void Journeys::TellMembers(const Subject& segment,
                           const std::shared_ptr<const exec::CustomerBits>& members) {
  answers_.SetsChanged();
  auto& told = told_[segment.name];
  if (!told) {
    TellMoved(segment, nullptr);
  } else {
    exec::CustomerBits moved(std::max(told->size(), members->size()));
    for (size_t w = 0; w < moved.size(); ++w) {
      moved[w] = (w < told->size() ? (*told)[w] : 0) ^ (w < members->size() ? (*members)[w] : 0);
    }
    TellMoved(segment, &moved);
  }
  told = members;
}

void Journeys::TellMoved(const Subject& subject, const exec::CustomerBits* moved) {
  if (!moved) return machine_->OnSubject(subject, HeardMs(), &pending_);
  for (size_t w = 0; w < moved->size(); ++w) {
    for (uint64_t left = (*moved)[w]; left; left &= left - 1) {
      const auto customer =
          static_cast<Ordinal>(w * 64) + static_cast<Ordinal>(std::countr_zero(left));
      if (customer < answers_.identities().ordinal_count())
        machine_->OnSubject(answers_.identities().root(customer), subject, HeardMs(), &pending_);
    }
  }
}

std::vector<journeys::Fault> Journeys::NotFollowed(const journeys::Journey& journey) const {
  const auto fault_of = [&](const Subject& subject) -> Result<> {
    if (subject.kind == Subject::Kind::kAttribute) return {};
    const ProjectCatalog& catalog = *TRY(catalogs_.Find(project_));
    if (subject.kind == Subject::Kind::kSegment) {
      if (TRY(catalog.segments->LastRunOf("segment", subject.name, 0)).live) return {};
      return Error(
          Code::kInvalid, "not_followed",
          "the segment '" + subject.name + "' is not live: change it to \"refresh\": \"live\"");
    }
    return CheckCertified(subject.name);
  };
  std::vector<journeys::Fault> faults;
  ForEachFollowed(journey, [&](const std::string& node, std::string_view field,
                               const std::string& condition) {
    const auto subjects = answers_.SubjectsOf(condition);
    if (!subjects.ok()) return;  // said already
    for (const Subject& subject : subjects.value()) {
      const Result<> followed = fault_of(subject);
      if (!followed.ok())
        faults.push_back({node, std::string(field), "not_followed", followed.error().message()});
    }
  });
  return faults;
}

std::vector<journeys::Fault> Journeys::WithoutCalendar(const journeys::Journey& journey) const {
  const journeys::Holidays& holidays = machine_->state().policy().holidays;
  const int64_t begin = std::max(NowMs(), journey.start_ms.value_or(0));
  const int64_t end = std::min(begin + kLookAheadMs, journey.end_ms.value_or(INT64_MAX));
  const auto year_of = [&](int64_t at_ms) {
    return journeys::ToCivil(journey.zone.DayOf(at_ms)).year;
  };
  std::vector<journeys::Fault> faults;
  const auto warn = [&](int year, const std::string& node, std::string_view field) {
    faults.push_back(
        {node, std::string(field), "unknown_year",
         fmt::format("the working days of {} are not known: nothing goes by them until "
                     "the rules for messages have them as a calendar",
                     year),
         true});
  };
  for (int year = year_of(begin); year <= year_of(end); ++year) {
    if (holidays.KnowsYear(year)) continue;
    if (journey.entry.kind == journeys::EntryKind::kBatch &&
        journey.entry.schedule.adjust != journeys::Adjust::kNone)
      warn(year, {}, "entry.schedule.adjust");
    for (const journeys::Node& node : journey.nodes) {
      const bool by_calendar = std::ranges::any_of(node.windows, [](const auto& window) {
        return window.days != journeys::Window::Days::kWeekdays;
      });
      if (by_calendar)
        warn(year, node.id, node.kind == journeys::NodeKind::kWait ? "window" : "windows");
    }
  }
  return faults;
}

}  // namespace waypost::services
