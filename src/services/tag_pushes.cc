#include "services/tag_pushes.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>

#include "base/hash.h"
#include "base/logger.h"
#include "exec/customer_values.h"
#include "model/time_text.h"
#include "services/body.h"
#include "services/journey_json.h"
#include "services/retry.h"
#include "services/sensors_form.h"
#include "tags/summary.h"
#include "tags/value_file.h"

namespace waypost::services {
namespace {

namespace json = boost::json;

constexpr uint64_t kMaxJournal = 1ull << 30;
constexpr uint32_t kAllBlocks = 1 << 16;
constexpr size_t kMaxSince = 50'000;
constexpr int64_t kKeepMs = 300'000;
constexpr uint32_t kMaxTries = 12;
constexpr size_t kDeadShown = 100;

std::string LineOf(json::object line) { return json::serialize(line); }

std::string ValueOf(const analytics::TagValues::Values& values, uint32_t customer) {
  return json::serialize(
      tags::ValueJson(values.type, values.columns->Find(customer >> 16), customer & 0xFFFF));
}

// What the channel is given of a change: as it is, or as the event that it names.
std::string TextOf(const json::object& change, const std::string& text) {
  const std::string event = TextIn(change, "event");
  return event.empty() ? text : SensorsRecord(change, event);
}

void Add(uint32_t customer, exec::CustomerBits* customers) {
  customers->resize(std::max<size_t>(customers->size(), customer / 64 + 1));
  (*customers)[customer / 64] |= 1ull << (customer % 64);
}

// -1 when there is none.
int64_t NumberIn(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value && value->is_int64() ? value->get_int64() : -1;
}

}  // namespace

// Journals.

std::string PushLane::ValuesPath(const std::string& tag) const {
  return directory_ + "/" + order_.id + "-" + tag + ".values";
}

Result<> PushLane::ReadLine(const json::object& line) {
  const auto number = [&](std::string_view key) { return NumberIn(line, key); };
  const json::value *change = line.if_contains("change"), *after = line.if_contains("after");
  if (number("n") > 0 && change && change->is_object()) {
    const json::value* is = change->get_object().if_contains("after");
    if (!line.contains("old") && is) {
      told_[TextIn(change->get_object(), "tag")].since[static_cast<uint32_t>(number("of"))] =
          json::serialize(*is);
    }
    if (number("decision") > 0) taken_to_ = {number("decision"), number("place")};
    waiting_.push_back({number("n"), json::serialize(*change), 0, {}});
    next_ = std::max(next_, number("n") + 1);
  } else if (after && line.contains("had")) {
    told_[TextIn(line, "had")].since[static_cast<uint32_t>(number("of"))] = json::serialize(*after);
  } else if (number("next") > 0) {
    next_ = std::max(next_, number("next"));
    sent_ = static_cast<uint64_t>(std::max<int64_t>(number("sent"), 0));
    missed_ = static_cast<uint64_t>(std::max<int64_t>(number("missed"), 0));
    taken_to_ = {number("decision"), number("place")};
  } else if (number("again") > 0) {
    auto lost = dead_.extract(number("again"));
    if (!lost.empty()) waiting_.push_back(std::move(lost.mapped()));
  } else {
    const bool dead = number("dead") > 0;
    const auto at = std::ranges::find(waiting_, number(dead ? "dead" : "done"), &Line::number);
    if (at == waiting_.end())
      return Error(Code::kCorrupt, "damaged_file", JournalPath() + ": a line makes no sense");
    if (dead) dead_[at->number] = {at->number, at->text, 0, TextIn(line, "why")};
    if (!dead) ++sent_;
    waiting_.erase(at);
  }
  return {};
}

Result<> PushLane::Open() {
  for (const std::string& tag : order_.tags) {
    auto values = tags::ReadValues(machine_.files, ValuesPath(tag));
    if (!values.ok() && values.error().code() != Code::kNotFound) return values.error();
    if (values.ok()) told_[tag].values = std::move(values).value();
  }
  const auto read = io::ReadFile(machine_.files, JournalPath(), kMaxJournal);
  if (!read.ok() && read.error().code() != Code::kNotFound) return read.error();
  if (read.ok()) {
    std::string_view text(reinterpret_cast<const char*>(read.value().data()), read.value().size());
    // A line without an end was being written when the server ended.
    for (size_t end = text.find('\n'); end != text.npos; end = text.find('\n')) {
      json::error_code error;
      const json::value line = json::parse(text.substr(0, end), error);
      if (error || !line.is_object())
        return Error(Code::kCorrupt, "damaged_file", JournalPath() + ": a line is no JSON object");
      TRY(ReadLine(line.get_object()));
      text.remove_prefix(end + 1);
    }
  }
  return Rewrite();
}

// REQUIRES: nobody else is at it.
Result<> PushLane::Rewrite() {
  std::string text = LineOf({{"next", next_},
                             {"sent", sent_},
                             {"missed", missed_},
                             {"decision", taken_to_.first},
                             {"place", taken_to_.second}}) +
                     "\n";
  for (const auto& [tag, told] : told_) {
    for (const auto& [customer, after] : told.since)
      text += LineOf({{"had", tag}, {"of", customer}, {"after", json::parse(after)}}) + "\n";
  }
  const auto add = [&](const Line& line) {
    text +=
        LineOf({{"n", line.number}, {"of", 0}, {"old", true}, {"change", json::parse(line.text)}}) +
        "\n";
  };
  for (const auto& [number, line] : dead_) {
    add(line);
    text += LineOf({{"dead", number}, {"why", line.why}}) + "\n";
  }
  for (const Line& line : waiting_) add(line);
  journal_.reset();
  TRY(io::ReplaceFile(machine_.files, JournalPath(), AsBytes(text)));
  journal_ = TRY(machine_.files.OpenAppend(JournalPath()));
  return {};
}

// REQUIRES: mutex_ is held.
Result<> PushLane::Append(const std::vector<std::string>& lines, bool sync) {
  if (!journal_) return Error(Code::kIo, JournalPath() + " could not be written");
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  Result<> written = journal_->Append(AsBytes(text));
  if (written.ok() && sync) written = journal_->Sync();
  if (!written.ok()) journal_.reset();  // until it is opened again
  return written;
}

void PushLane::Forget() {
  journal_.reset();
  (void)machine_.files.Remove(JournalPath());
  for (const std::string& tag : order_.tags) (void)machine_.files.Remove(ValuesPath(tag));
}

// Taking changes.

bool PushLane::IsAbsorbed(uint32_t customer) {
  bool absorbed = false;
  engine_.Look([&](const engine::Applier& applier) {
    const auto& identities = applier.identities();
    absorbed = customer < identities.ordinal_count() && !identities.erased(customer) &&
               identities.root(customer) != customer;
  });
  return absorbed;
}

std::optional<std::pair<std::string, std::string>> PushLane::NameOf(uint32_t customer) {
  std::optional<std::pair<std::string, std::string>> name;
  engine_.Look([&](const engine::Applier& applier) {
    const auto& identities = applier.identities();
    if (customer >= identities.ordinal_count() || identities.erased(customer)) return;
    const IdentityView known = identities.identity(customer);
    name = {std::string(known.key), std::string(known.value)};
    if (order_.key.empty() || order_.key == known.key) return;
    name.reset();
    for (const Ordinal member : identities.Members(customer)) {
      const IdentityView other = identities.identity(member);
      if (!name && other.key == order_.key)
        name = {std::string(other.key), std::string(other.value)};
    }
  });
  return name;
}

// Everyone below the block `end_block` was told what is now, but for those of whom `since` says
// otherwise; the others what they were.
Result<> PushLane::KeepValues(const std::string& tag, uint32_t end_block, Told* told) {
  column::CustomerColumns columns;
  for (const auto& [block, column] : told->now->columns->columns()) {
    if (block < end_block) columns.Set(block, column, told->now->columns);
  }
  if (told->values && end_block != kAllBlocks) {
    for (const auto& [block, column] : told->values->columns.columns()) {
      if (block >= end_block) columns.Set(block, column, told->values);
    }
  }
  const tags::Evaluated values = tags::Unpack(told->now->type, columns);
  column::SnapshotView all;
  all.ordinal_count =
      static_cast<uint32_t>(std::max(values.values.numbers.size(), values.values.codes.size()));
  TRY(tags::WriteValues(machine_.files, ValuesPath(tag), values, all));
  told->values = TRY(tags::ReadValues(machine_.files, ValuesPath(tag)));
  std::erase_if(told->since, [&](const auto& one) {
    return one.first >> 16 < end_block && one.second == ValueOf(*told->now, one.first);
  });
  told->kept_ms = told->now_ms;
  const std::lock_guard lock(mutex_);
  return Rewrite();
}

Result<> PushLane::Take(const TagChange& change) {
  const std::lock_guard taking(take_mutex_);
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return {};  // who comes after finds it by comparing
  }
  const std::string& tag = change.tag.id;
  Told& told = told_[tag];
  told.now = change.now;
  told.now_ms = change.at_ms;
  if (!told.values || told.values->type != change.now.type) {  // from here on it is told
    told.behind = false;
    told.since.clear();
    told.apart.clear();
    TRY(KeepValues(tag, kAllBlocks, &told));
    told.now.reset();
    return {};
  }
  if (told.behind || !change.before) return TakeBlocks(tag, DifferingFrom(told), &told);
  exec::CustomerBits looked = change.changed;
  for (const uint32_t customer : told.apart) Add(customer, &looked);
  return TakeBlocks(tag, looked, &told);
}

Result<> PushLane::Take(std::span<const DecidedLine> decided) {
  const std::lock_guard lock(mutex_);
  if (stopping_) return Error(Code::kUnavailable, "stopping", "the delivery is being stopped");
  std::vector<std::string> lines;
  std::vector<Line> changes;
  int64_t next = next_;
  uint64_t missed = 0;
  std::pair<int64_t, int64_t> to = taken_to_;
  for (const DecidedLine& one : decided) {
    const std::pair<int64_t, int64_t> at{one.decision, one.place};
    const bool follows = order_.decisions >> static_cast<uint32_t>(one.what) & 1 &&
                         (order_.journeys.empty() ||
                          std::ranges::find(order_.journeys, one.journey) != order_.journeys.end());
    if (at <= to || !follows) continue;
    to = at;
    json::object of = one.shown;
    of["delivery"] = order_.id;
    of["at"] = of.at("time");
    of.erase("time");
    of["id"] = fmt::format("{}-{}", one.decision, one.place);
    std::vector<std::string_view> events{""};
    if (order_.sensors) events = SensorsEventsOf(one);
    for (const std::string_view event : events) {
      if (waiting_.size() + changes.size() >= kMaxLines) {
        ++missed;
        continue;
      }
      if (!event.empty()) of["event"] = event;
      changes.push_back({next, json::serialize(of), 0, {}});
      lines.push_back(LineOf({{"n", next},
                              {"old", true},
                              {"decision", at.first},
                              {"place", at.second},
                              {"change", of}}));
      ++next;
    }
  }
  if (!lines.empty()) TRY(Append(lines, true));
  if (missed > 0) {
    LogError("journeys.push_missed", {{"delivery", order_.id}, {"lines", std::to_string(missed)}});
  }
  next_ = next;
  missed_ += missed;
  taken_to_ = to;
  for (Line& line : changes) waiting_.push_back(std::move(line));
  wake_.notify_all();
  return {};
}

void PushLane::TakeRest() {
  const std::lock_guard taking(take_mutex_);
  for (auto& [tag, told] : told_) {
    if (!told.behind || !told.now || !told.values) continue;
    if (const Result<> taken = TakeBlocks(tag, DifferingFrom(told), &told); !taken.ok()) {
      LogError("tags.push_stuck", {{"delivery", order_.id}, {"error", taken.error().message()}});
    }
  }
}

// Whom it may have to tell something.
exec::CustomerBits PushLane::DifferingFrom(const Told& told) {
  exec::CustomerBits looked = exec::Changed(told.values->columns, *told.now->columns);
  for (const auto& [customer, after] : told.since) Add(customer, &looked);
  return looked;
}

// Block by block, until more would wait than may.
Result<> PushLane::TakeBlocks(const std::string& tag, const exec::CustomerBits& looked,
                              Told* told) {
  told->behind = true;  // unless all goes well
  const analytics::TagValues::Values kept{told->values->type,
                                          {told->values, &told->values->columns}};
  std::vector<std::string> lines;
  std::vector<Line> changes;
  std::vector<std::pair<uint32_t, std::string>> since;
  std::unique_lock lock(mutex_);
  const size_t waiting = waiting_.size();
  int64_t next = next_;
  lock.unlock();
  const auto take = [&](uint32_t customer) {
    const auto known = told->since.find(customer);
    std::string before = known == told->since.end() ? ValueOf(kept, customer) : known->second;
    std::string after = ValueOf(*told->now, customer);
    told->apart.erase(customer);
    if (before == after) return;
    if (IsAbsorbed(customer)) {
      told->apart.insert(customer);
      since.emplace_back(customer, std::move(before));
      return;
    }
    since.emplace_back(customer, after);
    const auto name = NameOf(customer);
    if (!name) return;
    json::object of{{"delivery", order_.id},
                    {"tag", tag},
                    {"customer", {{"key", name->first}, {"value", name->second}}},
                    {"before", json::parse(before)},
                    {"after", json::parse(after)},
                    {"at", DateTimeText(told->now_ms)}};
    changes.push_back({next, json::serialize(of), 0, {}});
    lines.push_back(LineOf({{"n", next}, {"of", customer}, {"change", std::move(of)}}));
    ++next;
  };
  size_t w = 0;
  while (w < looked.size() && waiting + lines.size() < max_waiting_) {
    const size_t end = std::min(w + column::PersonIndex::kWords, looked.size());
    for (; w < end; ++w) {
      for (uint64_t left = looked[w]; left; left &= left - 1)
        take(static_cast<uint32_t>(w * 64) + static_cast<uint32_t>(std::countr_zero(left)));
    }
  }
  const bool all = w >= looked.size();
  lock.lock();
  if (!lines.empty()) TRY(Append(lines, true));
  next_ = next;
  for (Line& line : changes) waiting_.push_back(std::move(line));
  rest_ |= !all;
  lock.unlock();
  wake_.notify_all();
  for (auto& [customer, after] : since) told->since[customer] = std::move(after);
  told->behind = !all;
  if (told->since.size() >= told->apart.size() + kMaxSince ||
      told->now_ms >= told->kept_ms + kKeepMs) {
    TRY(KeepValues(tag, all ? kAllBlocks : static_cast<uint32_t>(w / column::PersonIndex::kWords),
                   told));
  }
  if (all) told->now.reset();
  return {};
}

// Sending.

void PushLane::Start() {
  if (!thread_.joinable()) thread_ = std::thread([this] { Work(); });
}

void PushLane::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  const std::lock_guard taking(take_mutex_);  // what is being taken is taken whole
}

void PushLane::Work() {
  while (true) {
    std::vector<Line> lines;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return stopping_ || rest_ || !waiting_.empty(); });
      if (stopping_) return;
      if (rest_ && waiting_.size() <= max_waiting_ / 2) {
        rest_ = false;
      } else {
        lines = NextLines();
      }
    }
    lines.empty() ? TakeRest() : Send(std::move(lines));
  }
}

std::vector<PushLane::Line> PushLane::NextLines() const {
  const std::shared_ptr<channels::Channel> channel = journeys_.FindChannel(order_.channel);
  const size_t most = channel ? std::max(channel->traits().together, 1u) : 1;
  std::vector<Line> lines;
  std::set<std::string> customers;
  for (const Line& line : waiting_) {
    if (lines.size() == most) break;
    if (most > 1 &&
        !customers.insert(json::serialize(json::parse(line.text).at("customer"))).second)
      break;
    lines.push_back(line);
  }
  return lines;
}

// One after the other: what is not taken is sent again until it is, or too often or too long.
void PushLane::Send(std::vector<Line> lines) {
  const std::shared_ptr<channels::Channel> channel = journeys_.FindChannel(order_.channel);
  std::vector<channels::Message> messages;
  std::vector<int64_t> numbers;
  for (const Line& line : lines) {
    const json::value change = json::parse(line.text);
    const json::object& customer = change.at("customer").as_object();
    const std::string key = TextIn(customer, "key"), value = TextIn(customer, "value");
    bool known = false;
    engine_.Look([&](const engine::Applier& applier) {
      const auto found = applier.identities().Find(key, value);
      known = found && !applier.identities().erased(*found);
    });
    if (!known) {  // erased meanwhile
      Settle(line.number, "done", "");
      continue;
    }
    const std::string id = fmt::format("{:016x}{:016x}", Hash64(order_.id + line.text),
                                       Hash64(line.text + std::to_string(line.number)));
    numbers.push_back(line.number);
    messages.push_back({.key = id,
                        .channel = order_.channel,
                        .address = key + ":" + value,
                        .text = TextOf(change.as_object(), line.text),
                        .journey = order_.id,
                        .node = TextIn(change.as_object(), "tag"),
                        .time_ms = machine_.clock.NowMs()});
  }
  if (messages.empty()) return;
  const bool held = channel && journeys_.held();
  std::vector<channels::Answer> answers;
  if (channel && !held) {
    answers =
        messages.size() == 1 ? std::vector{channel->Send(messages[0])} : channel->SendAll(messages);
  } else {
    const std::string why =
        held ? "sending is held" : "there is no channel '" + order_.channel + "'";
    answers.assign(messages.size(), {channels::HandOff::kBusy, why});
  }
  uint32_t most_tries = 0;
  for (size_t i = 0; i < answers.size(); ++i) {
    if (answers[i].what == channels::HandOff::kAccepted) {
      Settle(numbers[i], "done", "");
      continue;
    }
    std::unique_lock lock(mutex_);
    const auto at = std::ranges::find(waiting_, numbers[i], &Line::number);
    if (at == waiting_.end()) continue;
    ++at->tries;
    at->why = answers[i].why;
    const bool given_up = answers[i].what == channels::HandOff::kRejected ||
                          (!held && IsGivenUp(*at, machine_.clock.NowMs()));
    if (!given_up) most_tries = std::max(most_tries, at->tries);
    lock.unlock();
    if (given_up) Settle(numbers[i], "dead", answers[i].why);
  }
  if (most_tries == 0) return;
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, std::chrono::milliseconds(DoublingPauseMs(most_tries, 500, 60'000)),
                 [&] { return stopping_; });
}

// What happened in journeys is tried for a day.
bool PushLane::IsGivenUp(const Line& line, int64_t now_ms) const {
  if (order_.decisions == 0) return line.tries >= kMaxTries;
  const auto time = ParseDateTime(TextIn(json::parse(line.text).as_object(), "at"));
  return !time || now_ms > time->UtcMs() + kDayMs;
}

void PushLane::Settle(int64_t number, std::string_view how, const std::string& why) {
  const std::lock_guard lock(mutex_);
  const auto at = std::ranges::find(waiting_, number, &Line::number);
  if (at == waiting_.end()) return;
  if (how == "dead") {
    at->why = why;
    dead_[number] = std::move(*at);
    LogError("tags.push_dead", {{"delivery", order_.id}, {"reason", why}});
  } else {
    ++sent_;
  }
  waiting_.erase(at);
  json::object line{{how, number}};
  if (!why.empty()) line["why"] = why;
  // When this is not kept, it is sent once more.
  (void)Append({LineOf(std::move(line))}, false);
}

json::object PushLane::State() {
  const std::lock_guard lock(mutex_);
  json::array dead;
  for (auto line = dead_.rbegin(); line != dead_.rend() && dead.size() < kDeadShown; ++line) {
    json::object one = json::parse(line->second.text).as_object();
    one["number"] = line->first;
    one["why"] = line->second.why;
    dead.push_back(std::move(one));
  }
  return {
      {"waiting", waiting_.size()}, {"sent", sent_},
      {"missed", missed_},          {"dead_count", dead_.size()},
      {"dead", std::move(dead)},    {"last_problem", waiting_.empty() ? "" : waiting_.front().why}};
}

Result<> PushLane::Retry() {
  {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> lines;
    for (const auto& [number, line] : dead_) lines.push_back(LineOf({{"again", number}}));
    if (!lines.empty()) TRY(Append(lines, true));
    for (auto& [number, line] : dead_) waiting_.push_back({number, std::move(line.text), 0, {}});
    dead_.clear();
  }
  wake_.notify_all();
  return {};
}

}  // namespace waypost::services
