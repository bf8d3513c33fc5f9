// table: the calls of the API, as commands.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "files/import_job.h"
#include "files/table_proposal.h"
#include "server/commands.h"
#include "server/running_server.h"
#include "services/secret_file.h"
#include "services/table_json.h"
#include "services/tables.h"

namespace waypost::server {
namespace {

using TableVerb = api::TableCall::Verb;

// How a verb is a call: the method, and what of its path follows the table's id.
struct TableRoute {
  TableVerb verb;
  const char *method, *path;
};
constexpr TableRoute kRoutes[] = {
    {TableVerb::kList, "GET", ""},
    {TableVerb::kShow, "GET", ""},
    {TableVerb::kDeclare, "PUT", ""},
    {TableVerb::kRemove, "DELETE", ""},
    {TableVerb::kRows, "GET", "/rows"},
    {TableVerb::kUpload, "POST", "/rows"},
    {TableVerb::kSource, "GET", "/source"},
    {TableVerb::kSetSource, "PUT", "/source"},
    {TableVerb::kRemoveSource, "DELETE", "/source"},
    {TableVerb::kSetPassword, "PUT", "/source/password"},
    {TableVerb::kCheckSource, "POST", "/source/check"},
    {TableVerb::kLoadSource, "POST", "/source/load"},
};

}  // namespace

Result<> ShowTable(const services::Machine& machine, const services::Config& config,
                   const TableArguments& arguments) {
  const api::TableCall& call = arguments.call;
  const auto here = [&](services::Engines& engines) -> Result<std::string> {
    services::Catalogs catalogs(machine, config);
    services::TableSources sources(machine, engines, catalogs,
                                   TRY(services::SealKeyOf(machine, config)),
                                   TRY(io::EgressRules::Read(config.egress_allow)));
    return services::EngineTables(engines, catalogs, machine.clock, sources).Call(call);
  };
  std::string path = "/v1/tables";
  if (call.verb != TableVerb::kList) path += "/" + Escaped(call.id);
  const TableRoute& route = *std::ranges::find(kRoutes, call.verb, &TableRoute::verb);
  path += route.path;
  return PrintAnswer(
      machine, config, call.project, here,
      {route.method,
       fmt::format("{}?project={}&limit={}&after={}&whole={}", path, Escaped(call.project),
                   call.limit, Escaped(call.after), call.whole),
       call.body});
}

Result<> ProposeTable(const services::Machine& machine, const std::string& file,
                      const std::string& id) {
  const files::TableProposal proposal = TRY(files::ProposeTable(machine.files, file, id));
  std::printf("%s\n%s", services::DeclarationText(proposal.table).c_str(),
              files::MappingText(proposal.mapping).c_str());
  files::ImportJob job(machine.files, machine.clock, nullptr);
  const files::ImportReport report =
      TRY(job.Run({.sources = {file}, .mapping = proposal.mapping, .dry_run = true}));
  std::fprintf(stderr, "%s%s", proposal.report.c_str(), report.Text().c_str());
  return {};
}

}  // namespace waypost::server
