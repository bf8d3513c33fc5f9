#include "services/key_ring.h"

#include <gtest/gtest.h>

namespace waypost::services {
namespace {

using ingest::WireFormat;

Config TwoProjects() {
  Config config;
  config.projects = {{.name = "bank",
                      .time_zone = "Asia/Shanghai",
                      .late_days = 2,
                      .sources = {{"web", "k1"}, {"app", "k2"}}},
                     {.name = "closed", .open_to_sensors = false, .sources = {{"web", "k3"}}}};
  return config;
}

// "project/source" that credentials open, or "".
std::string Opened(const KeyRing& ring, WireFormat format, const ingest::Credentials& credentials) {
  const auto source = ring.FindSource(format, credentials);
  return source ? source->project + "/" + source->name : "";
}

TEST(KeyRingTest, AKeyOpensItsSource) {
  const auto ring = KeyRing::Make(TwoProjects(), "");
  ASSERT_TRUE(ring.ok());
  EXPECT_EQ(Opened(ring.value(), WireFormat::kSegment, {.write_key = "k2"}), "bank/app");
  EXPECT_EQ(Opened(ring.value(), WireFormat::kOwn, {.write_key = "k3"}), "closed/web");
  EXPECT_EQ(Opened(ring.value(), WireFormat::kOwn, {.write_key = "k4"}), "");
  EXPECT_EQ(Opened(ring.value(), WireFormat::kOwn, {}), "");
  EXPECT_EQ(ring.value().FindSource(WireFormat::kOwn, {.write_key = "k1"})->late_limit_ms,
            172'800'000);
}

TEST(KeyRingTest, AProjectsNameIsEnoughForSensorsOnly) {
  const auto ring = KeyRing::Make(TwoProjects(), "");
  ASSERT_TRUE(ring.ok());
  EXPECT_EQ(Opened(ring.value(), WireFormat::kSensors, {.project = "bank"}), "bank/web");
  EXPECT_EQ(Opened(ring.value(), WireFormat::kSensors, {.project = "bank", .token = "k2"}),
            "bank/app");
  EXPECT_EQ(Opened(ring.value(), WireFormat::kSensors, {.project = "bank", .token = "wrong"}), "");
  EXPECT_EQ(Opened(ring.value(), WireFormat::kSensors, {.project = "closed"}), "");
  EXPECT_EQ(Opened(ring.value(), WireFormat::kSensors, {.project = "nobody"}), "");
  EXPECT_EQ(Opened(ring.value(), WireFormat::kSegment, {.project = "bank"}), "");
}

TEST(KeyRingTest, WithoutProjectsThereIsADefaultOne) {
  const auto ring = KeyRing::Make({}, "made");
  ASSERT_TRUE(ring.ok());
  EXPECT_EQ(Opened(ring.value(), WireFormat::kSegment, {.write_key = "made"}), "default/default");
  EXPECT_EQ(Opened(ring.value(), WireFormat::kSensors, {}), "default/default");
}

TEST(KeyRingTest, MistakesAreNamed) {
  Config zone = TwoProjects();
  zone.projects[0].time_zone = "Asia/Nowhere";
  Config twice = TwoProjects();
  twice.projects[1].sources[0].write_key = "k1";
  Config same = TwoProjects();
  same.projects[1].name = "bank";
  for (const Config& config : {zone, twice, same}) EXPECT_FALSE(KeyRing::Make(config, "").ok());
}

TEST(KeyRingTest, ProjectsAreListedWithoutKeys) {
  const auto ring = KeyRing::Make(TwoProjects(), "");
  ASSERT_TRUE(ring.ok());
  EXPECT_EQ(ring.value().ProjectsJson(),
            R"({"projects":[{"name":"bank","time_zone":"Asia/Shanghai","sources":["web","app"]},)"
            R"({"name":"closed","time_zone":"UTC","sources":["web"]}]})");
}

}  // namespace
}  // namespace waypost::services
