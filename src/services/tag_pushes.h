// Changes of tags (标签快递), and what journeys decide, pushed to others: each change of a
// customer's value, and each thing that happened to a customer in a journey, goes to a channel, as
// a rule a signed webhook, at least once and, of one delivery and customer, in the order of the
// changes.
//
// A delivery is a journal, <project>/deliveries/<id>.jsonl: a change is on disk before it is sent,
// under a key that stays the same however often it is sent. What was told of each customer is
// known from the values of a moment (<id>-<tag>.values) and the changes since; after a crash what
// nobody wrote down is found by comparing, so nothing is missed but what came and went back. When
// more changes at once than may wait, the rest is found by comparing too, once half has been sent.
#pragma once

#include <boost/json/object.hpp>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "engine/engine.h"
#include "services/journeys.h"
#include "services/live_tags.h"
#include "services/machine.h"

namespace waypost::services {

// What is pushed, and where to.
struct PushOrder {
  std::string id;
  std::vector<std::string> tags;  // ids
  std::string channel;
  std::string key;  // the kind of identity that names a customer; empty: what he is known by
  // What of journeys, a bit for each TraceLine::What, and of which; none: of all.
  uint32_t decisions = 0;
  bool sensors = false;  // as the events that Sensors Focus tells (services/sensors_form.h)
  std::vector<std::string> journeys;
};

class PushLane {
 public:
  static constexpr size_t kMaxLines = 500'000;    // of journeys, that wait
  static constexpr size_t kMaxWaiting = 100'000;  // changes, and those of the block it ends in
  PushLane(const Machine& machine, std::string directory, PushOrder order, engine::Engine& engine,
           Journeys& journeys, size_t max_waiting = kMaxWaiting)
      : max_waiting_(max_waiting),
        machine_(machine),
        directory_(std::move(directory)),
        order_(std::move(order)),
        engine_(engine),
        journeys_(journeys) {}
  ~PushLane() { Stop(); }

  // Reads what is there. kCorrupt names the line.
  Result<> Open();
  void Start();
  void Stop();
  // Removes its files. After Stop.
  void Forget();

  const PushOrder& order() const { return order_; }
  // Of the thread that advances tags.
  Result<> Take(const TagChange& change);
  // Those it follows of them; those it has already are left out. With kMaxLines waiting the rest is
  // missed, and counted.
  Result<> Take(std::span<const DecidedLine> lines);
  // {"waiting", "sent", "missed", "dead": [{"number", "tag", "customer", "why", ...}]}
  boost::json::object State();
  // The dead go again.
  Result<> Retry();

 private:
  struct Line {
    int64_t number = 0;
    std::string text;  // JSON of the change
    uint32_t tries = 0;
    std::string why;  // dead
  };
  // What was told: values of a moment, and of customers since, as JSON.
  struct Told {
    std::shared_ptr<const tags::DayValues> values;
    std::map<uint32_t, std::string> since;
    // Of those, who are known as another and are told what is new once they are themselves again.
    std::set<uint32_t> apart;
    int64_t kept_ms = 0;
    bool behind = true;  // all customers are to be compared
    // What is to be told, until all of it is.
    std::optional<analytics::TagValues::Values> now;
    int64_t now_ms = 0;
  };
  std::string JournalPath() const { return directory_ + "/" + order_.id + ".jsonl"; }
  std::string ValuesPath(const std::string& tag) const;
  Result<> ReadLine(const boost::json::object& line);
  Result<> Rewrite();
  Result<> Append(const std::vector<std::string>& lines, bool sync);
  bool IsAbsorbed(uint32_t customer);
  std::optional<std::pair<std::string, std::string>> NameOf(uint32_t customer);
  Result<> TakeBlocks(const std::string& tag, const exec::CustomerBits& looked, Told* told);
  void TakeRest();
  static exec::CustomerBits DifferingFrom(const Told& told);
  Result<> KeepValues(const std::string& tag, uint32_t end_block, Told* told);
  void Work();
  // The next ones, of different customers, as many as the channel takes together. Under mutex_.
  std::vector<Line> NextLines() const;
  void Send(std::vector<Line> lines);
  bool IsGivenUp(const Line& line, int64_t now_ms) const;
  void Settle(int64_t number, std::string_view how, const std::string& why);

  const size_t max_waiting_;
  const Machine machine_;
  const std::string directory_;
  const PushOrder order_;
  engine::Engine& engine_;
  Journeys& journeys_;

  std::mutex take_mutex_;             // before mutex_
  std::map<std::string, Told> told_;  // by tag; under take_mutex_

  std::mutex mutex_;
  std::condition_variable wake_;
  std::unique_ptr<io::WritableFile> journal_;
  std::deque<Line> waiting_;
  std::map<int64_t, Line> dead_;
  int64_t next_ = 1;
  uint64_t sent_ = 0, missed_ = 0;
  std::pair<int64_t, int64_t> taken_to_{0, -1};  // decision and place of the last line of a journey
  bool rest_ = false;                            // more is to be taken once there is room
  bool stopping_ = false;
  std::thread thread_;
};

// The lanes of one project. Any thread may call any method but those of the listeners.
class TagPushes final : public TagListener, public DecisionListener {
 public:
  TagPushes(const Machine& machine, std::string project, Catalogs& catalogs)
      : machine_(machine), project_(std::move(project)), catalogs_(catalogs) {}

  // Reads the orders there are. Before tags are followed; once.
  Result<> Open(engine::Engine& engine, Journeys& journeys);
  // Begins to send, and to hear of journeys. For a server. Errors: Journeys::FollowLines's.
  Result<> Start();
  void Stop();

  Result<> Set(PushOrder order);
  Result<> Remove(const std::string& id);
  // Null: there is none.
  std::shared_ptr<PushLane> Find(const std::string& id);

  bool Follows(const tags::LiveDefinition& tag) override;
  void OnValues(const TagChange& change) override;
  Result<> OnLines(std::span<const DecidedLine> lines) override;

 private:
  std::vector<std::shared_ptr<PushLane>> Lanes();
  Result<> FollowLines();

  const Machine machine_;
  const std::string project_;
  Catalogs& catalogs_;
  engine::Engine* engine_ = nullptr;
  Journeys* journeys_ = nullptr;
  std::string directory_;
  std::mutex
      set_mutex_;  // before mutex_; one change of a lane after the other, and no line between
  std::mutex mutex_;
  bool started_ = false;
  std::map<std::string, std::shared_ptr<PushLane>> lanes_;
};

inline constexpr std::string_view kDeliveryKind = "delivery";
// The order that a definition of that kind holds; nothing when it is one of files.
std::optional<PushOrder> PushOrderOf(const catalog::Definition& definition);

}  // namespace waypost::services
