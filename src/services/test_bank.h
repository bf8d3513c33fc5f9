// For tests: a small bank in a folder of its own, as a server has it.
#pragma once

#include <gtest/gtest.h>

#include "base/test_folder.h"
#include "demo/bank.h"
#include "io/real_file_system.h"
#include "io/real_network.h"
#include "io/real_random.h"
#include "services/batch_feed.h"
#include "services/catalogs.h"
#include "services/engines.h"
#include "services/sights.h"

namespace waypost::services {

class TestBank {
 public:
  TestBank(const Clock& clock, uint32_t customers)
      : config{.data = folder_.path()}, machine{*files_, *network_, random_, clock} {
    EXPECT_TRUE(engines.Open(machine, config, {"default"}, &catalogs).ok());
    engine::Engine* engine = engines.Find("default").value();
    EXPECT_TRUE(engine->ChangePlan(demo::BankPlan("default")).ok());
    BatchFeed feed(*engine);
    EXPECT_TRUE(
        demo::WriteBank({.customers = customers, .now_ms = clock.NowMs()}, [&](Bytes batch) {
          return feed.Append(std::move(batch));
        }).ok());
    EXPECT_TRUE(feed.Finish().ok());
    EXPECT_TRUE(engine->Flush().ok());
  }
  ~TestBank() { engines.Stop(); }

 private:
  const TestFolder folder_;
  const std::unique_ptr<io::FileSystem> files_ = io::MakeRealFileSystem();
  const std::unique_ptr<io::Network> network_ = io::MakeRealNetwork();
  io::RealRandom random_;

 public:
  const Config config;
  const Machine machine;
  Catalogs catalogs{machine, config};
  Engines engines;
  Sights sights{engines, &catalogs, machine.clock, config};
};

}  // namespace waypost::services
