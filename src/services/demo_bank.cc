#include "services/demo_bank.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cstdio>

#include "demo/bank_texts.h"
#include "services/bank_tags.h"
#include "services/batch_feed.h"

namespace waypost::services {
namespace {

namespace json = boost::json;
using SegmentVerb = api::SegmentCall::Verb;

constexpr std::chrono::milliseconds kBetweenVisits{500};

// Says what was made, and how long it took since the last.
class Progress {
 public:
  explicit Progress(const Clock& clock) : clock_(clock), last_ns_(clock.MonotonicNs()) {}
  void Made(std::string_view what) {
    const int64_t now_ns = clock_.MonotonicNs();
    fmt::print("  {} ({:.1f} s)\n", what, static_cast<double>(now_ns - last_ns_) / 1e9);
    std::fflush(stdout);
    last_ns_ = now_ns;
  }

 private:
  const Clock& clock_;
  int64_t last_ns_;
};

Result<> MakeHistory(engine::Engine& engine, const Clock& clock, const DemoArguments& arguments) {
  TRY(engine.ChangePlan(demo::BankPlan("default")));
  for (const Table& table : demo::BankTables()) TRY(engine.ChangeTable({.table = table}));
  BatchFeed feed(engine);
  TRY(demo::WriteBank({.customers = arguments.customers,
                       .days = arguments.days,
                       .now_ms = clock.NowMs(),
                       .tables = true},
                      [&](Bytes batch) { return feed.Append(std::move(batch)); }));
  TRY(feed.Finish());
  return engine.Flush();
}

Result<> MakeSegments(api::SegmentBook& book, const json::array& segments) {
  for (const json::value& segment : segments) {
    const std::string id(segment.at("id").as_string());
    Result<std::string> made =
        book.Call({.verb = SegmentVerb::kCreate, .body = json::serialize(segment)});
    if (made.ok()) made = book.Call({.verb = SegmentVerb::kRun, .id = id});
    if (!made.ok()) return std::move(made).error().While(id);
  }
  return {};
}

Result<> MakeJourneys(const DemoDesks& desks, const json::object& things) {
  api::JourneyDesk& desk = desks.journeys;
  for (const json::value& channel : things.at("channels").as_array()) {
    TRY(desks.channels.Call({.verb = api::ChannelCall::Verb::kPut,
                             .channel = std::string(channel.at("name").as_string()),
                             .body = json::serialize(channel)}));
  }
  TRY(desk.SetPolicy("", json::serialize(things.at("policy"))));
  for (const json::value& journey : things.at("journeys").as_array()) {
    Result<std::string> made = desk.Publish({}, json::serialize(journey));
    if (!made.ok()) return std::move(made).error().While(journey.at("id").as_string());
  }
  return {};
}

// Everybody's, and the lead's to change.
Result<> MakeSaved(api::SavedDesk& desk, std::string_view kind, const json::array& all) {
  for (const json::value& one : all) {
    json::object form = one.as_object();
    const std::string id(form.at("id").as_string());
    form.erase("id");
    form["shared"] = true;
    Result<std::string> made = desk.Call({.verb = api::SavedCall::Verb::kPut,
                                          .kind = std::string(kind),
                                          .id = id,
                                          .who = "lead",
                                          .body = json::serialize(form)});
    if (!made.ok()) return std::move(made).error().While(id);
  }
  return {};
}

}  // namespace

Result<> MakeDemoBank(engine::Engine& engine, const DemoDesks& desks, const Clock& clock,
                      const DemoArguments& arguments) {
  fmt::print("Making a bank of {} customers and {} days\n", arguments.customers, arguments.days);
  Progress progress(clock);
  TRY(MakeHistory(engine, clock, arguments));
  progress.Made(fmt::format("{} events, with accounts and holdings", engine.status().rows));
  TRY(MakeBankTags(desks.tags, demo::BankTags(), clock.NowMs()));
  const json::value things = json::parse(demo::BankThings());
  TRY(desks.tags.Call(
      {.verb = api::TagCall::Verb::kNamePlaces, .body = json::serialize(things.at("tag_places"))}));
  progress.Made("tags");
  if (arguments.still) return {};
  TRY(MakeSegments(desks.segments, things.at("segments").as_array()));
  progress.Made("segments");
  TRY(MakeJourneys(desks, things.as_object()));
  progress.Made("journeys");
  TRY(MakeSaved(desks.saved, "template", things.at("templates").as_array()));
  TRY(MakeSaved(desks.saved, "question", things.at("questions").as_array()));
  TRY(MakeSaved(desks.saved, "dashboard", things.at("dashboards").as_array()));
  progress.Made("templates and questions");
  return {};
}

Result<std::string> BusiestManager(api::Questions& questions, std::string_view city) {
  const auto group = [](std::string_view name, const std::string& eql) {
    return json::value{{"name", name}, {"who", {{"eql", eql}}}};
  };
  const std::string theirs = fmt::format("city = '{}'", city);
  const json::value question{
      {"ask", "portrait"},
      {"groups",
       {group("due", theirs + " AND vip >= 2 AND ANY holding[matures NEXT 30 DAYS]"),
        group("all", theirs)}},
      {"by", json::array{"manager"}}};
  const json::value answer = json::parse(TRY(questions.Ask({}, json::serialize(question))));
  std::string busiest;
  std::pair<int64_t, int64_t> most;
  for (const json::value& row : answer.at_pointer("/fields/0/rows").as_array()) {
    if (!row.at("value").is_string()) continue;
    const std::pair counts{row.at_pointer("/groups/0/count").to_number<int64_t>(),
                           row.at_pointer("/groups/1/count").to_number<int64_t>()};
    if (counts <= most) continue;
    most = counts;
    busiest = row.at("value").as_string();
  }
  return busiest;
}

OpenBank::OpenBank(engine::Engine& engine, const Clock& clock, uint32_t customers)
    : engine_(engine),
      clock_(clock),
      day_({.customers = customers, .now_ms = clock.NowMs()}),
      thread_([this] { Run(); }) {}

OpenBank::~OpenBank() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  closing_.notify_all();
  thread_.join();
}

// A visit that cannot be kept has not been: the next one is another's.
void OpenBank::Run() {
  BatchFeed feed(engine_);
  std::unique_lock lock(mutex_);
  while (!closing_.wait_for(lock, kBetweenVisits, [this] { return closed_; }))
    feed.Append(day_.Visit(clock_.NowMs()), [](Result<>) {});
}

}  // namespace waypost::services
