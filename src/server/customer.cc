#include <cstdio>

#include "base/logger.h"
#include "server/commands.h"
#include "server/customers.h"
#include "server/running_server.h"

namespace waypost::server {
namespace {

std::string Escaped(std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       c == '-' || c == '_' || c == '.';
    if (plain) {
      out += c;
    } else {
      out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return out;
}

}  // namespace

Result<> ShowCustomer(const Machine& machine, const Config& config,
                      const CustomerArguments& arguments) {
  Engines engines;
  const Result<> opened = engines.Open(machine, config, {arguments.project});
  Result<std::string> answer = std::string();
  if (opened.ok()) {
    Sights sights(engines, nullptr, machine.clock, config);
    EngineCustomers customers(engines, sights);
    answer = arguments.erase ? customers.Erase(arguments.project, arguments.key, arguments.value)
             : arguments.timeline
                 ? customers.Timeline({arguments.project}, arguments.key, arguments.value,
                                      {.before = arguments.before, .limit = arguments.limit})
                 : customers.Customer({arguments.project}, arguments.key, arguments.value);
    engines.Stop();
  } else if (opened.error().name() == "locked" && arguments.erase) {
    answer = AskRunningServer(machine, config, "/v1/erasures?project=" + Escaped(arguments.project),
                              "{\"key\":" + JsonQuoted(arguments.key) +
                                  ",\"value\":" + JsonQuoted(arguments.value) + "}");
  } else if (opened.error().name() == "locked") {
    std::string target = "/v1/customers/" + Escaped(arguments.key) + "/" + Escaped(arguments.value);
    if (arguments.timeline) target += "/timeline";
    target += "?project=" + Escaped(arguments.project);
    target += "&limit=" + std::to_string(arguments.limit) + "&before=" + arguments.before;
    answer = AskRunningServer(machine, config, target, "", "GET");
  } else {
    return opened;
  }
  std::puts(TRY(std::move(answer)).c_str());
  return {};
}

}  // namespace waypost::server
