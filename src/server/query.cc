#include <cstdio>

#include "api/http_message.h"
#include "base/logger.h"
#include "server/commands.h"
#include "server/running_server.h"
#include "services/questions.h"

namespace waypost::server {

Result<> Query(const services::Machine& machine, const services::Config& config,
               const QueryArguments& arguments) {
  services::Engines engines;
  const Result<> opened = engines.Open(machine, config, {arguments.project});
  Result<std::string> answer = std::string();
  if (opened.ok()) {
    services::Catalogs catalogs(machine, config);
    services::Sights sights(engines, &catalogs, machine.clock, config);
    services::EngineQuestions questions(engines, machine.clock, config, sights, &catalogs);
    answer = arguments.explain ? questions.Explain({arguments.project}, arguments.question)
                               : questions.Ask({arguments.project}, arguments.question);
    engines.Stop();
  } else if (opened.error().name() == "locked") {
    const std::string path = arguments.explain ? "/v1/query/explain" : "/v1/query";
    answer = AskRunningServer(machine, config, path + "?project=" + arguments.project,
                              arguments.question);
  } else {
    return opened;
  }
  std::puts(TRY(std::move(answer)).c_str());
  return {};
}

}  // namespace waypost::server
