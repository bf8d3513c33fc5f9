// The server's settings: one TOML file, WAYPOST_* environment variables and command line flags.
// A flag wins over the environment, the environment over the file, the file over the default.
// docs/configuration.md lists them; `waypost serve --help` prints them from the same table.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "people/provider_rules.h"

namespace date {
class time_zone;
}

namespace waypost::services {

struct SourceConfig {
  std::string name;
  std::string write_key;
};

struct ProjectConfig {
  std::string name;
  std::string time_zone;  // IANA; empty: the server's
  int late_days = 0;      // older events get the time of their arrival; 0: as old as they say
  // Sensors Analytics SDKs may name the project and give no token.
  bool open_to_sensors = true;
  std::vector<SourceConfig> sources;
};

struct Config {
  std::string data = "waypost-data";
  std::string listen_address = "127.0.0.1";
  uint16_t listen_port = 8123;
  unsigned listen_threads = 2;
  size_t listen_connections = 10'000;
  std::string api_token;  // empty: from the data folder's api_token, made at first start
  bool api_open_on_loopback = false;
  std::string write_key;  // of the project made when none is configured; empty: as api_token
  std::string environment = "production";
  std::string time_zone = "UTC";
  std::string password_profile = "asvs";
  std::string audit_witness;   // file that signed heads of the audit log go to; empty: none
  std::string secrets_key;     // 64 hexadecimal digits; empty: as api_token
  std::string catalog_server;  // PostgreSQL, as libpq reads it; empty: files in the data folder
  std::string egress_allow;    // private addresses and ranges that channels may call
  people::ProviderRules oidc;
  unsigned question_threads = 2;
  unsigned question_seconds = 30;
  size_t question_queue = 100;
  uint64_t flush_rows = 2'000'000;
  unsigned flush_seconds = 300;
  // Of tags that nobody uses (tags::IdleRules).
  unsigned tags_idle_days = 90, tags_freeze_days = 30, tags_retire_days = 90;
  std::vector<ProjectConfig> projects;
};

// One setting: `key` in the file ("listen.port"), WAYPOST_LISTEN_PORT, --listen-port.
struct Setting {
  std::string_view key;
  std::string_view help;
  bool secret;  // no flag: command lines are for all to see
  // Errors: kInvalid saying what is expected.
  Result<> (*set)(Config& config, std::string_view value);
  std::string (*show)(const Config& config);  // for --help: the default
};

// By its IANA name; null when there is none.
const date::time_zone* FindZone(std::string_view name);

std::span<const Setting> Settings();
std::string EnvironmentName(std::string_view key);
std::string FlagName(std::string_view key);

using Environment = std::map<std::string, std::string>;  // variables by name

// Sets what `toml` says. `file` names it in errors. Errors: kInvalid "file:line: what is wrong".
Result<> ApplyToml(std::string_view toml, const std::string& file, Config* config);

// Sets what the environment says. Errors: kInvalid naming the variable, also one that begins as
// those of a section do ("WAYPOST_LISTEN_") and is no setting.
Result<> ApplyEnvironment(const Environment& environment, Config* config);

// Sets what flags say, by key. Errors: kInvalid naming the flag.
Result<> ApplyFlags(const std::map<std::string, std::string>& flags, Config* config);

}  // namespace waypost::services
