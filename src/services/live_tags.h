// The tags of one project whose values are followed: live ones, worked out as events come
// (tags/live_tag.h), and those of runs that somebody listens to. For the thread of LiveSegments,
// which advances them; any thread may ask for values.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "analytics/lookout.h"
#include "tags/live_tag.h"
#include "tags/tags.h"

namespace waypost::services {

// A tag has other values.
struct TagChange {
  const tags::LiveDefinition& tag;
  int64_t at_ms = 0;
  // Values before, unless they are known for the first time, and now; of whom they differ.
  std::optional<analytics::TagValues::Values> before;
  analytics::TagValues::Values now;
  exec::CustomerBits changed;
};

// Who wants to know. Called by the thread of LiveSegments.
class TagListener {
 public:
  virtual ~TagListener() = default;
  virtual bool Follows(const tags::LiveDefinition& tag) = 0;
  // First with the values there are, then with each change.
  virtual void OnValues(const TagChange& change) = 0;
};

class LiveTags final : public tags::LiveValues {
 public:
  LiveTags(std::string project, std::string zone)
      : project_(std::move(project)), zone_(std::move(zone)) {}
  // Before anything is read.
  void SetListeners(std::vector<TagListener*> listeners) { listeners_ = std::move(listeners); }
  void SetWake(std::function<void()> wake) { wake_ = std::move(wake); }

  // Reads definitions, and which of them somebody follows.
  Result<> Read(tags::Tags& tags);
  bool idle() const { return live_.empty() && of_runs_.empty(); }
  // Before this moment time alone changes nothing.
  int64_t next_ms() const;
  // Grows with every change of a live tag that the query names.
  uint64_t MovesOf(const eql::Query& query) const;

  // Takes in what happened and tells listeners. `sets_version` of a query is what else it names.
  // What a tag cannot be made of leaves its values as they are, and is logged once.
  using SetsVersion = std::function<uint64_t(const eql::Query&)>;
  void Advance(tags::Tags& tags, const analytics::LookMoment& moment,
               const analytics::Touches& touches, const SetsVersion& sets_version);

  std::optional<Now> Find(std::string_view id) override;
  void Changed() override { wake_(); }

 private:
  struct Live {
    tags::LiveDefinition definition;
    std::vector<eql::Query> queries;
    std::shared_ptr<tags::LiveTag> tag;
    uint64_t moves = 0;
    bool failing = false;
    std::vector<TagListener*> listeners;
    std::optional<analytics::TagValues::Values> told;
  };
  // Of a tag that is run: the run that was told.
  struct OfRuns {
    tags::LiveDefinition definition;
    std::vector<TagListener*> listeners;
    int64_t number = 0;
    std::optional<analytics::TagValues::Values> told;
  };

  void TellOfRuns(tags::Tags& tags, const analytics::LookMoment& moment);
  std::vector<TagListener*> ListenersOf(const tags::LiveDefinition& tag) const;

  const std::string project_;
  const std::string zone_;
  std::vector<TagListener*> listeners_;
  std::function<void()> wake_ = [] {};

  // The thread's own.
  std::vector<Live> live_;  // those that others are made of first
  std::map<std::string, OfRuns> of_runs_;

  std::mutex mutex_;
  int64_t day_ = 0;                                                           // of the last moment
  std::map<std::string, std::shared_ptr<tags::LiveTag>, std::less<>> known_;  // whose values are
};

}  // namespace waypost::services
