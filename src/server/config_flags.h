// The settings of a command line: --config and one flag for each setting that is no secret.
#pragma once

#include <map>
#include <string>

#include "io/file_system.h"
#include "services/config.h"

namespace CLI {
class App;
}

namespace waypost::server {

class ConfigFlags {
 public:
  // Adds the flags to the command, which must not outlive this.
  explicit ConfigFlags(CLI::App* command);

  // What the file, the environment and the flags say, the later over the earlier. Errors: those of
  // services/config.h; ReadTextFile's.
  Result<services::Config> Read(io::FileSystem& files) const;

 private:
  std::string file_;
  std::map<std::string, std::string> flags_;
};

}  // namespace waypost::server
