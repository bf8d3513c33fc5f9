#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/logger.h"
#include "server/commands.h"
#include "server/running_server.h"
#include "services/customers.h"

namespace waypost::server {
Result<> ShowCustomer(const services::Machine& machine, const services::Config& config,
                      const CustomerArguments& arguments) {
  const auto here = [&](services::Engines& engines) -> Result<std::string> {
    services::Catalogs catalogs(machine, config);
    services::Sights sights(engines, &catalogs, machine.clock, config);
    services::EngineCustomers customers(engines, catalogs, sights, machine.clock, config);
    if (arguments.erase) return customers.Erase(arguments.project, arguments.key, arguments.value);
    if (arguments.cut) return customers.Cut(arguments.project, arguments.key, arguments.value);
    if (arguments.profile) {
      return customers.Profile({arguments.project}, arguments.key, arguments.value,
                               {.tags = arguments.tags, .events = arguments.limit});
    }
    if (!arguments.timeline)
      return customers.Customer({arguments.project}, arguments.key, arguments.value);
    return customers.Timeline({arguments.project}, arguments.key, arguments.value,
                              {.before = arguments.before, .limit = arguments.limit});
  };
  const std::string in_project = "?project=" + Escaped(arguments.project);
  if (arguments.erase || arguments.cut) {
    const std::string body =
        "{\"key\":" + JsonQuoted(arguments.key) + ",\"value\":" + JsonQuoted(arguments.value) + "}";
    return PrintAnswer(
        machine, config, arguments.project, here,
        {"POST", (arguments.erase ? "/v1/erasures" : "/v1/identity/cuts") + in_project, body});
  }
  std::string target = "/v1/customers/" + Escaped(arguments.key) + "/" + Escaped(arguments.value);
  if (arguments.profile) {
    target += "/profile" + in_project + "&events=" + std::to_string(arguments.limit) +
              "&tags=" + Escaped(fmt::format("{}", fmt::join(arguments.tags, ",")));
  } else {
    if (arguments.timeline) target += "/timeline";
    target += in_project + "&limit=" + std::to_string(arguments.limit) +
              "&before=" + Escaped(arguments.before);
  }
  return PrintAnswer(machine, config, arguments.project, here, {"GET", target, ""});
}

}  // namespace waypost::server
