#include "server/config_flags.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <string_view>

#include "services/text_file.h"

namespace waypost::server {

ConfigFlags::ConfigFlags(CLI::App* command) {
  command->add_option("--config", file_, "Configuration file (TOML); WAYPOST_CONFIG names one too");
  for (const services::Setting& setting : services::Settings()) {
    if (setting.secret) continue;
    const std::string key(setting.key);
    command
        ->add_option_function<std::string>(
            services::FlagName(key), [this, key](const std::string& value) { flags_[key] = value; },
            std::string(setting.help) + " [" + setting.show({}) + "; " +
                services::EnvironmentName(key) + "]")
        ->group("Settings");
  }
}

Result<services::Config> ConfigFlags::Read(io::FileSystem& files) const {
  services::Environment environment;
  for (char** entry = environ; *entry; ++entry) {
    const std::string_view all = *entry;  // NAME=VALUE
    environment.emplace(all.substr(0, all.find('=')), all.substr(all.find('=') + 1));
  }
  services::Config config;
  const std::string file = file_.empty() ? environment["WAYPOST_CONFIG"] : file_;
  if (!file.empty())
    TRY(services::ApplyToml(TRY(services::ReadTextFile(files, file)), file, &config));
  TRY(services::ApplyEnvironment(environment, &config));
  TRY(services::ApplyFlags(flags_, &config));
  return config;
}

}  // namespace waypost::server
