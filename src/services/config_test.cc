#include "services/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waypost::services {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// The error of a file, or "" when it is fine.
std::string ErrorOf(std::string_view toml) {
  Config config;
  const auto applied = ApplyToml(toml, "waypost.toml", &config);
  return applied.ok() ? "" : applied.error().message();
}

TEST(ConfigTest, AFileSetsWhatItNamesAndLeavesTheRest) {
  Config config;
  ASSERT_TRUE(ApplyToml(R"(
    data = "/srv/waypost"
    [listen]
    port = 9000
    [[project]]
    name = "bank"
    time_zone = "Asia/Shanghai"
    [[project.source]]
    name = "web"
    write_key = "k1"
    [[project.source]]
    name = "app"
    write_key = "k2"
  )",
                        "waypost.toml", &config)
                  .ok());
  EXPECT_EQ(config.data, "/srv/waypost");
  EXPECT_EQ(config.listen_port, 9000);
  EXPECT_EQ(config.listen_address, "127.0.0.1");
  ASSERT_EQ(config.projects.size(), 1u);
  EXPECT_EQ(config.projects[0].time_zone, "Asia/Shanghai");
  ASSERT_EQ(config.projects[0].sources.size(), 2u);
  EXPECT_EQ(config.projects[0].sources[1].write_key, "k2");
}

TEST(ConfigTest, AWrongKeyIsAnErrorWithFileAndLine) {
  const struct {
    std::string_view toml, error;
  } kCases[] = {
      {"dta = 1", "waypost.toml:1: unknown key \"dta\""},
      {"\n[listen]\nprt = 1", "waypost.toml:3: unknown key \"listen.prt\""},
      {"[nothing]\nx = 1", "waypost.toml:1: unknown key \"nothing\""},
      {"[listen]\nport = 70000", "waypost.toml:2: listen.port: expected a whole number"},
      {"[listen]\nport = 1.5", "waypost.toml:2: listen.port: expected"},
      {"[listen]\nport = [1]", "waypost.toml:2: listen.port: expected"},
      {"data = \"\"", "waypost.toml:1: data: expected"},
      {"\ntime_zone = \"Mars/Olympus\"",
       "waypost.toml:2: time_zone: expected an IANA time zone such as Asia/Shanghai"},
      {"[[project]]\nname = \"a\"\ntime_zone = \"UTC+8\"",
       "waypost.toml:3: project.time_zone: expected an IANA time zone"},
      {"[api]\nopen_on_loopback = 1",
       "waypost.toml:2: api.open_on_loopback: expected true or false"},
      {"\nlisten = 1", "waypost.toml:2: unknown key \"listen\""},
      {"project = 1", "waypost.toml:1: expected [[project]]"},
      {"[[project]]\nname = \"a\"\nnme = \"b\"", "waypost.toml:3: unknown key \"project.nme\""},
      {"\n[[project]]\nname = \"a\"", "waypost.toml:2: a project needs a [[project.source]]"},
      {"[[project]]\nname = \"a\"\n[[project.source]]\nname = \"w\"",
       "waypost.toml:3: a source needs a name and a write_key"},
      {"\n\ndata = ", "waypost.toml:3: "},
      {"data = 1\ndata = 2", "waypost.toml:2: "},
      {"data = \"x\"\n[+project]", "waypost.toml:2: "},
      {"data = \"x\"\né = 1", "waypost.toml:2: "},
      {"data = \"x\"\nあ = 1", "waypost.toml:2: "},
  };
  for (const auto& [toml, error] : kCases) EXPECT_THAT(ErrorOf(toml), StartsWith(error)) << toml;
}

TEST(ConfigTest, FlagsWinOverTheEnvironmentAndThatOverTheFile) {
  Config config;
  ASSERT_TRUE(ApplyToml("[listen]\nport = 1\naddress = \"::1\"\nthreads = 7", "f", &config).ok());
  ASSERT_TRUE(ApplyEnvironment(
                  {{"WAYPOST_LISTEN_PORT", "2"}, {"WAYPOST_LISTEN_ADDRESS", "127.0.0.2"}}, &config)
                  .ok());
  ASSERT_TRUE(ApplyFlags({{"listen.port", "3"}}, &config).ok());
  EXPECT_EQ(config.listen_port, 3);
  EXPECT_EQ(config.listen_address, "127.0.0.2");
  EXPECT_EQ(config.listen_threads, 7u);
}

TEST(ConfigTest, AWrongVariableOrFlagIsNamed) {
  Config config;
  const auto set = ApplyEnvironment({{"WAYPOST_LISTEN_PORT", "x"}}, &config);
  ASSERT_FALSE(set.ok());
  EXPECT_THAT(set.error().message(), StartsWith("WAYPOST_LISTEN_PORT: "));
  const auto zone = ApplyEnvironment({{"WAYPOST_TIME_ZONE", "Mars/Olympus"}}, &config);
  ASSERT_FALSE(zone.ok());
  EXPECT_THAT(zone.error().message(), StartsWith("WAYPOST_TIME_ZONE: expected an IANA time zone"));
  const auto flag = ApplyFlags({{"listen.port", "-1"}}, &config);
  ASSERT_FALSE(flag.ok());
  EXPECT_THAT(flag.error().message(), StartsWith("--listen-port: "));
}

// Others may set variables that begin with our name: an orchestrator WAYPOST_SERVICE_HOST.
TEST(ConfigTest, AVariableOfOneOfOurSectionsThatIsNoSettingIsAnError) {
  Config config;
  const auto set = ApplyEnvironment({{"WAYPOST_LISTEN_PROT", "1"}}, &config);
  ASSERT_FALSE(set.ok());
  EXPECT_EQ(set.error().message(),
            "WAYPOST_LISTEN_PROT is no setting; did you mean WAYPOST_LISTEN_PORT?");
  EXPECT_TRUE(ApplyEnvironment({{"WAYPOST_SERVICE_HOST", "10.0.0.1"},
                                {"WAYPOST_PORT", "tcp://10.0.0.1:8123"},
                                {"WAYPOST_CONFIG", "a.toml"}},
                               &config)
                  .ok());
}

TEST(ConfigTest, EveryDefaultIsOneThatCanBeSet) {
  for (const Setting& setting : Settings()) {
    Config config;
    const std::string shown = setting.show(config);
    EXPECT_EQ(shown.empty(), setting.secret) << setting.key;
    if (setting.secret) continue;
    EXPECT_TRUE(setting.set(config, shown).ok()) << setting.key;
    EXPECT_EQ(setting.show(config), shown);
  }
}

}  // namespace
}  // namespace waypost::services
