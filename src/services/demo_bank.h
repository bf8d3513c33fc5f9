// The demo bank of `waypost demo`: made at the first start, open while the server runs.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "api/services.h"
#include "base/clock.h"
#include "demo/bank.h"
#include "engine/engine.h"

namespace waypost::services {

struct DemoArguments {
  uint32_t customers = 100'000;
  uint32_t days = 365;
  bool still = false;  // nobody visits, and no journey runs
};

struct DemoDesks {
  api::TagShelf& tags;
  api::SegmentBook& segments;
  api::JourneyDesk& journeys;
  api::ChannelDesk& channels;
  api::SavedDesk& saved;
};

// Customers with a story of so many days, tables, tags; and, when the bank is not to be still,
// segments, rules for messages, running journeys, templates, saved questions and a dashboard. Says
// on standard output how it gets on.
Result<> MakeDemoBank(engine::Engine& engine, const DemoDesks& desks, const Clock& clock,
                      const DemoArguments& arguments);

// Of the managers in `city`, the one with the most tasks to come, and then customers; empty when
// there is none.
Result<std::string> BusiestManager(api::Questions& questions, std::string_view city);

// While it lives some customer visits the bank twice a second.
class OpenBank {
 public:
  // Both must outlive it.
  OpenBank(engine::Engine& engine, const Clock& clock, uint32_t customers);
  ~OpenBank();

 private:
  void Run();

  engine::Engine& engine_;
  const Clock& clock_;
  demo::BankDay day_;
  std::mutex mutex_;
  std::condition_variable closing_;
  bool closed_ = false;
  std::thread thread_;
};

}  // namespace waypost::services
