#include "server/command_words.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/nearest.h"

namespace waypost::server {

Result<> CheckCommand(const CLI::App& app, std::span<char*> words) {
  const CLI::App* of = &app;
  std::string path = app.get_name();
  for (const std::string_view word : words) {
    const std::vector<const CLI::App*> commands =
        of->get_subcommands([](const CLI::App* one) { return !one->get_name().empty(); });
    if (commands.empty() || word.starts_with('-')) break;
    std::vector<std::string> names;
    for (const CLI::App* command : commands) names.push_back(command->get_name());
    const auto found = std::ranges::find(names, word);
    if (found == names.end()) {
      const std::string nearest = Nearest(word, names);
      return Error(
          Code::kInvalid,
          fmt::format("there is no command '{} {}'{}; '{} --help' names them all", path, word,
                      nearest.empty() ? "" : ", did you mean '" + nearest + "'?", path));
    }
    of = commands[static_cast<size_t>(found - names.begin())];
    path += " " + *found;
  }
  return {};
}

}  // namespace waypost::server
