#include "channels/dispatcher.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <iterator>
#include <thread>
#include <utility>

#include "io/give_way.h"

namespace waypost::channels {

constexpr size_t kLyingReady = 8;  // hand-offs, for each that is under way at once

// One channel, its queue and its threads.
class Dispatcher::Lane {
 public:
  Lane(std::shared_ptr<Channel> channel, const Clock& clock, std::function<void(Report)> give)
      : channel_(std::move(channel)), clock_(clock), give_(std::move(give)) {
    for (uint32_t i = 0; i < channel_->traits().at_once; ++i) {
      threads_.emplace_back([this] { Work(); });
    }
  }
  ~Lane() { Stop(); }

  const Traits& traits() const { return channel_->traits(); }

  size_t Room() {
    const std::lock_guard lock(mutex_);
    const size_t most = kLyingReady * size_t{traits().at_once} * traits().together;
    size_t room = most - std::min(most, queue_.size() + busy_);
    if (traits().per_second > 0) {
      const int64_t now = clock_.NowMs();
      while (!taken_ms_.empty() && taken_ms_.front() <= now - 1'000) taken_ms_.pop_front();
      room = std::min(
          room, traits().per_second - std::min<size_t>(traits().per_second, taken_ms_.size()));
    }
    return room;
  }

  void Put(Report::Of of, std::vector<Message> messages) {
    std::vector<Report> reports;
    for (Message& message : messages) {
      reports.push_back({of, std::move(message), {HandOff::kBusy, "stopped"}, {}});
    }
    const bool counts = of == Report::Of::kSend && traits().per_second > 0;
    {
      const std::lock_guard lock(mutex_);
      if (!stopping_) {
        if (counts) taken_ms_.insert(taken_ms_.end(), reports.size(), clock_.NowMs());
        std::ranges::move(reports, std::back_inserter(queue_));
        for (size_t i = 0; i < std::min(reports.size(), threads_.size()); ++i)
          changed_.notify_one();
        return;
      }
    }
    for (Report& report : reports) give_(std::move(report));
  }

  // What is queued but not begun is given back as busy.
  void Stop() {
    std::deque<Report> left;
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
      left.swap(queue_);
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
    for (Report& report : left) give_(std::move(report));
  }

 private:
  // What is decided about customers comes first: their messages can wait in the log.
  void Work() {
    io::GiveWay();
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
      if (stopping_) return;
      std::vector<Report> reports = TakeTogether();
      busy_ += reports.size();
      lock.unlock();
      if (reports[0].of == Report::Of::kSend) {
        SendTogether(&reports);
      } else if (reports[0].of == Report::Of::kFind) {
        reports[0].yes = channel_->Find(reports[0].message);
      } else {
        reports[0].yes = channel_->Recall(reports[0].message);
      }
      for (Report& report : reports) give_(std::move(report));
      lock.lock();
      busy_ -= reports.size();
    }
  }

  // What is first in the queue, and what may go with it. REQUIRES: mutex_; something is queued.
  std::vector<Report> TakeTogether() {
    std::vector<Report> taken;
    do {
      taken.push_back(std::move(queue_.front()));
      queue_.pop_front();
    } while (taken[0].of == Report::Of::kSend && taken.size() < traits().together &&
             !queue_.empty() && queue_.front().of == Report::Of::kSend);
    return taken;
  }

  void SendTogether(std::vector<Report>* reports) {
    std::vector<Message> messages;
    for (const Report& report : *reports) messages.push_back(report.message);
    std::vector<Answer> answers = channel_->SendAll(messages);
    CHECK(answers.size() == reports->size());
    for (size_t i = 0; i < answers.size(); ++i) (*reports)[i].answer = std::move(answers[i]);
  }

  const std::shared_ptr<Channel> channel_;
  const Clock& clock_;
  const std::function<void(Report)> give_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Report> queue_;
  size_t busy_ = 0;
  std::deque<int64_t> taken_ms_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

Dispatcher::Dispatcher(const Clock& clock, std::shared_ptr<Channel> rest,
                       std::function<void()> wake)
    : clock_(clock), wake_(std::move(wake)) {
  rest_ = std::make_shared<Lane>(std::move(rest), clock_, [this](Report r) { Give(std::move(r)); });
}

Dispatcher::~Dispatcher() { Stop(); }

void Dispatcher::Set(const std::string& name, std::shared_ptr<Channel> channel) {
  std::shared_ptr<Lane> lane;
  if (channel) {
    lane = std::make_shared<Lane>(std::move(channel), clock_,
                                  [this](Report r) { Give(std::move(r)); });
  }
  std::shared_ptr<Lane> old;
  {
    const std::lock_guard lock(mutex_);
    const auto found = lanes_.find(name);
    if (found != lanes_.end()) old = found->second;
    if (lane) {
      lanes_[name] = std::move(lane);
    } else if (found != lanes_.end()) {
      lanes_.erase(found);
    }
  }
  if (old) old->Stop();
}

std::shared_ptr<Dispatcher::Lane> Dispatcher::LaneOf(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto found = lanes_.find(name);
  return found == lanes_.end() ? rest_ : found->second;
}

Traits Dispatcher::TraitsOf(const std::string& name) { return LaneOf(name)->traits(); }
size_t Dispatcher::RoomOf(const std::string& name) { return LaneOf(name)->Room(); }

// REQUIRES: all are of one channel.
void Dispatcher::Put(Report::Of of, std::vector<Message> messages) {
  const std::shared_ptr<Lane> lane = LaneOf(messages.front().channel);
  lane->Put(of, std::move(messages));
}

void Dispatcher::Send(std::vector<Message> messages) {
  std::map<std::string, std::vector<Message>> by_channel;
  for (Message& message : messages) by_channel[message.channel].push_back(std::move(message));
  for (auto& [channel, some] : by_channel) Put(Report::Of::kSend, std::move(some));
}
void Dispatcher::Find(Message message) { Put(Report::Of::kFind, {std::move(message)}); }
void Dispatcher::Recall(Message message) { Put(Report::Of::kRecall, {std::move(message)}); }

void Dispatcher::Give(Report report) {
  {
    const std::lock_guard lock(mutex_);
    reports_.push_back(std::move(report));
  }
  wake_();
}

std::vector<Report> Dispatcher::Take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(reports_, {});
}

void Dispatcher::Stop() {
  std::vector<std::shared_ptr<Lane>> lanes;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, lane] : lanes_) lanes.push_back(lane);
    lanes.push_back(rest_);
  }
  for (const auto& lane : lanes) lane->Stop();
}

}  // namespace waypost::channels
