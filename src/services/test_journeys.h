// For tests: journeys of one project on a disk that forgets, opened and closed as servers and
// commands do.
//
//   TEST_F(JourneysTest, ...) { Open(true); EnterAnn(); ... Close(); }
#pragma once

#include <gtest/gtest.h>

#include <future>

#include "io/sim_file_system.h"
#include "io/sim_network.h"
#include "io/sim_random.h"
#include "services/engines.h"
#include "services/journeys.h"

namespace waypost::services {

inline constexpr std::string_view kWelcome = R"({"id":"welcome","entry":{"kind":"api"},
  "nodes":[{"id":"start","type":"entry"},{"id":"hello","type":"send","channel":"sms","text":"hi"},
           {"id":"pause","type":"wait","for":"1d"}],
  "edges":[{"from":"start","to":"hello"},{"from":"hello","to":"pause"}]})";

class JourneysTest : public testing::Test {
 protected:
  void Open(bool serving) {
    engines_ = std::make_unique<Engines>();
    const Result<> opened = engines_->Open(machine_, config_, {"default"});
    ASSERT_TRUE(opened.ok()) << opened.error().message();
    if (serving) {
      ASSERT_TRUE(engines_->StartJourneys().ok());
    }
  }
  void Close() {
    engines_->Stop();
    engines_.reset();
  }
  void CutPower() {
    disk_.InjectFault({.kind = io::FaultKind::kPowerOff, .sticky = true});
    engines_.reset();
    disk_.ClearFault();
    disk_.Crash(1);
  }
  Journeys& journeys() { return *engines_->FindJourneys("").value(); }
  engine::Engine& engine() { return *engines_->Find("").value(); }

  void Know(const std::string& login) {
    BatchWriter out({.project = "default", .source = "test", .ingest_ms = clock_.NowMs()});
    out.BeginEvent("Seen", {.time_ms = clock_.NowMs()});
    out.AddIdentity("login", login);
    out.EndItem();
    Append(out);
  }
  // Applied when it returns.
  void Append(BatchWriter& batch) {
    std::promise<bool> done;
    engine().Append(batch.Finish(),
                    [&](const Result<LogPosition>& at) { done.set_value(at.ok()); });
    EXPECT_TRUE(done.get_future().get());
    EXPECT_TRUE(engine().Read().ok());
  }
  void EnterAnn() {
    Know("ann");
    ASSERT_TRUE(journeys().Publish(kWelcome).ok());
    const Result<std::string> entered = journeys().Enter("welcome", {{"login", "ann"}, {}, {}});
    ASSERT_TRUE(entered.ok()) << entered.error().message();
  }
  // Names of our own events that are in the log, one for each.
  std::vector<std::string> Told() {
    EXPECT_TRUE(engine().Read().ok());
    std::vector<std::string> told;
    for (const auto& bytes : engine().RecentBatches()) {
      BatchReader batch = BatchReader::Open(*bytes).value();
      while (const auto item = batch.Next().value()) {
        if (item->what.starts_with("$touch_")) told.emplace_back(item->what);
      }
    }
    return told;
  }
  // A copy of what the journeys know.
  journeys::State StateOf() {
    Bytes kept;
    engine().Look([&](const engine::Applier&) { kept = journeys().Encode(); });
    return journeys::State::Decode(kept).value();
  }

  io::SimFileSystem disk_;
  io::SimNetwork network_;
  io::SimRandom random_{1};
  ManualClock clock_{1'790'000'000'000};
  Machine machine_{disk_, network_, random_, clock_};
  Config config_{.data = "/data"};
  std::unique_ptr<Engines> engines_;
};

}  // namespace waypost::services
