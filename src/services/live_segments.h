// The live segments and tags of one project: a thread that takes in what happened to customers as
// soon as it is applied, and the moments at which time alone moves somebody, and tells who came and
// left, and whose values are others.
//
// Members and values are views of the events (analytics/lookout.h): after a restart they are worked
// out anew. Any thread may call any method.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "engine/engine.h"
#include "engine/watcher.h"
#include "segments/live_rule.h"
#include "services/catalogs.h"
#include "services/live_tags.h"

namespace waypost::services {

class LiveSegments final : public engine::Watcher, public segments::LiveMembers {
 public:
  // A segment whose members have changed, with the names it may be called by.
  struct Change {
    const segments::LiveDefinition& segment;
    std::shared_ptr<const exec::CustomerBits> members;  // now
  };
  using Listener = std::function<void(std::span<const Change>)>;

  LiveSegments(const Machine& machine, std::string project, Catalogs& catalogs, std::string zone,
               unsigned threads)
      : machine_(machine),
        project_(std::move(project)),
        catalogs_(catalogs),
        zone_(std::move(zone)),
        threads_(threads),
        tags_(project_, zone_) {}
  ~LiveSegments() override { Stop(); }

  // After the engine is open. Listeners are called by the thread, of segments with all whose
  // members are known for the first time or have changed; with `tell_at_once` also before this
  // returns, with what is known by then. Errors: the catalog's.
  Result<> Start(engine::Engine& engine, Listener listener, std::vector<TagListener*> tag_listeners,
                 bool tell_at_once);
  void Stop();

  // How long after something was applied members had taken it in: of the last thousand turns.
  struct Lag {
    uint64_t p50_us = 0, p99_us = 0;
  };
  Lag lag();

  std::optional<exec::CustomerBits> Find(std::string_view id) override;
  void Changed() override;

  void OnEvent(Ordinal customer, EventTypeId event) override { Touch(customer, event); }
  void OnAttributes(Ordinal customer) override { Touch(customer, analytics::kAttributesChanged); }
  void OnIdentity(Ordinal ordinal) override { Touch(ordinal, analytics::kIdentityChanged); }

 private:
  struct Live {
    segments::LiveDefinition definition;
    segments::LiveRule rule;
    uint64_t moves = 0;
    bool told = false;
    bool failing = false;
  };

  void Touch(uint32_t customer, uint32_t what);
  void Work();
  void TryTurn();
  Result<> Turn();
  Result<> ReadDefinitions();
  uint64_t SetsVersion(const eql::Query& query, tags::Tags& tags,
                       const engine::TableSet& tables) const;
  Change Tell(Live* live, size_t moves);

  const Machine machine_;
  const std::string project_;
  Catalogs& catalogs_;
  const std::string zone_;
  const unsigned threads_;
  engine::Engine* engine_ = nullptr;
  Listener listener_;

  std::mutex wake_mutex_;
  std::condition_variable wake_;
  std::vector<std::pair<uint32_t, uint32_t>> touched_;  // customer, what
  int64_t touched_ns_ = 0;                              // when the first of them came
  bool awake_ = false, changed_ = true, stopping_ = false;

  // The thread's own, once it is there.
  bool failing_ = false;
  std::map<std::string, Live, std::less<>> live_;  // by id
  LiveTags tags_;
  bool again_ = false;   // segments changed that a tag may be made of
  int64_t read_ms_ = 0;  // when definitions were read
  int64_t runs_ = 0;     // of all segments and lists

  std::mutex members_mutex_;
  std::deque<uint64_t> lags_us_;
  std::map<std::string, std::shared_ptr<const exec::CustomerBits>, std::less<>> members_;

  std::thread thread_;
};

}  // namespace waypost::services
