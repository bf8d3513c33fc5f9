#include "server/users.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cstdio>

#include "base/logger.h"
#include "people/user_calls.h"
#include "server/commands.h"
#include "server/running_server.h"

namespace waypost::server {
namespace {

using people::UserCall;
using UserVerb = UserCall::Verb;

constexpr std::string_view kCommandLine = "command line";  // who the audit log says it was

// How a call is made of a running server, and what the audit log calls it.
struct Route {
  std::string method, target, audit;
};

Route RouteOf(const UserCall& call) {
  const std::string one = "/v1/users/" + call.name;
  switch (call.verb) {
    case UserVerb::kList:
      return {"GET", "/v1/users", ""};
    case UserVerb::kRoles:
      return {"GET", "/v1/roles", ""};
    case UserVerb::kShow:
      return {"GET", one, ""};
    case UserVerb::kCreate:
      return {"POST", "/v1/users", "user.created"};
    case UserVerb::kChange:
      return {"PATCH", one, "user.changed"};
    case UserVerb::kSetRoles:
      return {"PUT", one + "/roles", "user.roles_set"};
    case UserVerb::kReset:
      return {"POST", one + "/password", "user.password_reset"};
    default:
      return {};  // no command
  }
}

// On the data folder itself, whose audit log nobody else has open.
Result<std::string> AnswerHere(services::ServerAudit& audit, people::People& people,
                               const UserCall& call) {
  const Route route = RouteOf(call);
  TRY(audit.Ready());
  Result<std::string> answer = people::Answer(people, call, [](std::string_view) { return false; });
  if (route.audit.empty()) return answer;
  TRY(audit.Record({.what = route.audit,
                    .who = std::string(kCommandLine),
                    .target = route.method + " " + route.target,
                    .detail = call.body,
                    .status = answer.ok() ? 200 : 400}));
  return answer;
}

}  // namespace

Result<std::unique_ptr<people::People>> OpenPeople(const services::Machine& machine,
                                                   const services::Config& config) {
  const people::PasswordProfile* profile = people::FindPasswordProfile(config.password_profile);
  CHECK(profile != nullptr);
  return people::People::Open(
      TRY(services::OpenCatalog(machine, config, config.data + std::string(kPeopleFile),
                                "waypost")),
      machine.clock, machine.random, {.passwords = *profile});
}

Result<> MakeDemoUsers(people::People& people, services::ServerAudit& audit,
                       std::string_view manager) {
  TRY(people.structure().PutOrganisation(
      {.id = "shanghai", .zh = "上海分行", .en = "Shanghai branch", .rows = "city = '上海市'"}));
  const auto make = [&](const std::string& name, const people::Role& role, std::string_view zh,
                        std::string_view en) -> Result<> {
    const bool there = people.Find(name).has_value();
    const std::string password =
        there ? TRY(people.Reset(name, false))
              : TRY(people.Create({name, std::string(zh), {role.id}, {}, true}));
    TRY(audit.Record({.what = there ? "user.password_reset" : "user.created",
                      .who = std::string(kCommandLine),
                      .target = name,
                      .status = 200}));
    fmt::print("  {:<22} {}  {}, {}\n", name, password, zh, en);
    return {};
  };
  for (const people::Role& role : people::BuiltInRoles()) {
    TRY(make(role.id, role, role.zh, role.en));
    if (role.id == "lead") TRY(make("branch_manager", role, "分行行长", "Branch manager"));
  }
  TRY(people.SetStanding("branch_manager", {.organisation = "shanghai"}));
  return people.SetStanding(
      "relationship_manager",
      {.organisation = "shanghai",
       .rows = manager.empty() ? "" : fmt::format("manager = '{}'", manager)});
}

Result<> User(const services::Machine& machine, const services::Config& config,
              const UserArguments& arguments) {
  TRY(machine.files.CreateDirectory(config.data));
  auto audit = services::ServerAudit::Open(machine, config);
  if (!audit.ok() && audit.error().name() != "locked") return std::move(audit).error();
  const std::unique_ptr<people::People> people =
      audit.ok() ? TRY(OpenPeople(machine, config)) : nullptr;
  for (const UserCall& call : arguments.calls) {
    const Route route = RouteOf(call);
    const std::string answer =
        TRY(people ? AnswerHere(*audit.value(), *people, call)
                   : AskRunningServer(machine, config, route.target, call.body, route.method));
    std::puts(answer.c_str());
  }
  return {};
}

std::string UserBody(std::string_view name, std::string_view title,
                     const std::vector<std::string>& roles) {
  return "{\"name\":" + JsonQuoted(name) + ",\"title\":" + JsonQuoted(title) + "," +
         RolesBody(roles).substr(1);
}

std::string RolesBody(const std::vector<std::string>& roles) {
  std::string body = "{\"roles\":[";
  for (const std::string& role : roles) body += (body.back() == '[' ? "" : ",") + JsonQuoted(role);
  return body + "]}";
}

}  // namespace waypost::server
