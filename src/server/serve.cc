#include <fmt/format.h>

#include <cstdio>
#include <functional>
#include <optional>
#include <thread>

#include "api/api.h"
#include "base/logger.h"
#include "server/backup.h"
#include "server/commands.h"
#include "server/users.h"
#include "services/audit_trail.h"
#include "services/channel_desk.h"
#include "services/collector.h"
#include "services/customers.h"
#include "services/delivery_desk.h"
#include "services/demo_bank.h"
#include "services/health.h"
#include "services/identities.h"
#include "services/journey_desk.h"
#include "services/journey_templates.h"
#include "services/plan_service.h"
#include "services/questions.h"
#include "services/saved_desk.h"
#include "services/secret_file.h"
#include "services/segment_service.h"
#include "services/tables.h"
#include "services/tag_service.h"

namespace waypost::server {
namespace {

constexpr int64_t kDrainMs = 8'000;  // of the ten seconds a stop may take

// What serves, in the order it is made. Its parts refer to each other, so it stays where it is.
class Server {
 public:
  static Result<std::unique_ptr<Server>> Make(const services::Machine& machine,
                                              const services::Config& config) {
    TRY(machine.files.CreateDirectory(config.data));
    const auto secret = [&](const std::string& configured, const std::string& name) {
      return configured.empty()
                 ? services::ReadOrMakeSecret(machine.files, machine.random, config.data, name)
                 : Result<std::string>(configured);
    };
    const std::string token = TRY(secret(config.api_token, "api_token"));
    const std::string write_key =
        config.projects.empty() ? TRY(secret(config.write_key, "write_key")) : std::string();
    services::KeyRing keys = TRY(services::KeyRing::Make(config, write_key));
    auto audit = TRY(services::ServerAudit::Open(machine, config));
    auto people = TRY(OpenPeople(machine, config));
    const channels::SealKey seal_key = TRY(services::SealKeyOf(machine, config));
    TRY(people::CheckProviderRules(config.oidc));
    io::EgressRules rules = TRY(io::EgressRules::Read(config.egress_allow));
    return std::unique_ptr<Server>(new Server(machine, config, token, std::move(keys),
                                              std::move(audit), std::move(people), seal_key,
                                              std::move(rules)));
  }

  // Answers /readyz from here on, with "replaying" until the engines are open.
  Result<> Start() {
    listener_ = TRY(machine_.network.Listen(
        {.address = config_.listen_address,
         .port = config_.listen_port,
         .threads = static_cast<int>(config_.listen_threads),
         .max_connections = config_.listen_connections,
         .refusal = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nContent-Length: 0\r\n"
                    "Connection: close\r\n\r\n"},
        api::MakeHttpSessions(api_, machine_.clock, totals_)));
    Result<> opened = engines_.Open(machine_, config_, keys_.ProjectNames(), &catalogs_);
    if (opened.ok()) opened = segments_.Sweep();
    if (opened.ok()) opened = channels_.Load();
    if (opened.ok()) opened = engines_.StartJourneys();
    if (opened.ok()) {
      scheduler_.Start();
      loader_.Start();
    } else {
      Stop();
    }
    return opened;
  }

  // Stops accepting, lets begun requests end, then ends threads in the order that leaves no answer
  // without its connection.
  void Stop() {
    health_.Drain();
    listener_->Drain();
    const int64_t end_ns = machine_.clock.MonotonicNs() + kDrainMs * 1'000'000;
    while (listener_->connection_count() > 0 && machine_.clock.MonotonicNs() < end_ns) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    sources_.Stop();
    workers_.Stop();
    loader_.Stop();
    scheduler_.Stop();
    engines_.Stop();
    listener_.reset();
  }

  std::string address() const {
    return fmt::format("http://{}:{}", config_.listen_address, listener_->port());
  }
  const services::Engines& engines() const { return engines_; }
  people::People& people() { return *people_; }
  services::ServerAudit& audit() { return *audit_; }
  bool has_people() const { return !people_->All().empty(); }
  api::Questions& questions() { return questions_; }
  services::DemoDesks desks() { return {tags_, segments_, journeys_, channels_, saved_}; }

 private:
  Server(const services::Machine& machine, const services::Config& config, const std::string& token,
         services::KeyRing keys, std::unique_ptr<services::ServerAudit> audit,
         std::unique_ptr<people::People> people, const channels::SealKey& seal_key,
         io::EgressRules rules)
      : machine_(machine),
        config_(config),
        keys_(std::move(keys)),
        audit_(std::move(audit)),
        people_(std::move(people)),
        egress_(machine.make_egress(rules)),
        catalogs_(machine, config),
        collector_(keys_, engines_, machine.clock),
        sights_(engines_, &catalogs_, machine.clock, config),
        questions_(engines_, machine.clock, config, sights_, &catalogs_),
        plan_(engines_, keys_, sights_),
        customers_(engines_, catalogs_, sights_, machine.clock, config),
        segments_(machine, engines_, catalogs_, sights_, config, &approvals_),
        identities_(engines_, sights_),
        tags_(machine, engines_, catalogs_, sights_, config, audit_.get()),
        deliveries_(machine, engines_, catalogs_, *audit_, config),
        scheduler_(machine.clock, {&tags_, &segments_, &deliveries_}),
        backups_(machine, engines_, catalogs_, *people_),
        approvals_(engines_, catalogs_, *people_, machine.clock, seal_key),
        saved_(engines_, catalogs_, machine.clock, &approvals_),
        sources_(machine, engines_, catalogs_, seal_key, rules),
        loader_(machine.clock, {&sources_}),
        tables_(engines_, catalogs_, machine.clock, sources_),
        journeys_(engines_, sights_, &approvals_, &catalogs_),
        journey_templates_(engines_, catalogs_, journeys_, machine.clock, &approvals_),
        channels_(machine, engines_, catalogs_, seal_key, std::move(rules), *egress_),
        health_(engines_, *audit_, machine.guard),
        workers_(machine.clock, static_cast<int>(config.question_threads), config.question_queue),
        provider_(config.oidc, people_->spent_tokens(), *egress_, machine.clock, machine.random),
        sign_in_({.token = token,
                  .open_on_loopback = config.api_open_on_loopback,
                  .provider = config.oidc.issuer.empty() ? nullptr : &provider_},
                 *people_, machine.clock, machine.random),
        api_({{collector_,
               questions_,
               plan_,
               customers_,
               segments_,
               identities_,
               tags_,
               backups_,
               health_,
               *audit_,
               {.files = machine.console, .environment = config.environment},
               &journeys_,
               &channels_,
               &approvals_,
               &saved_,
               &tables_,
               &deliveries_,
               &journey_templates_},
              workers_,
              metrics_,
              sign_in_,
              *people_,
              machine.random},
             machine.clock, machine.random.Next()) {}

  const services::Machine machine_;
  const services::Config config_;
  const services::KeyRing keys_;
  const std::unique_ptr<services::ServerAudit> audit_;
  const std::unique_ptr<people::People> people_;
  const std::unique_ptr<io::Egress> egress_;
  services::Catalogs catalogs_;
  services::Engines engines_;
  services::EngineCollector collector_;
  services::Sights sights_;
  services::EngineQuestions questions_;
  services::EnginePlan plan_;
  services::EngineCustomers customers_;
  services::EngineSegments segments_;
  services::EngineIdentities identities_;
  services::EngineTags tags_;
  services::EngineDeliveries deliveries_;
  services::Scheduler scheduler_;
  ProjectBackups backups_;
  services::EngineApprovals approvals_;
  services::EngineSaved saved_;
  services::TableSources sources_;
  services::Scheduler
      loader_;  // of its own: whoever waits for a database keeps nobody else waiting
  services::EngineTables tables_;
  services::EngineJourneys journeys_;
  services::EngineJourneyTemplates journey_templates_;
  services::EngineChannels channels_;
  services::EngineHealth health_;
  api::Metrics metrics_;
  api::SessionTotals totals_;
  api::WorkQueue workers_;
  people::Provider provider_;
  api::SignIn sign_in_;
  api::Api api_;
  std::unique_ptr<io::Listener> listener_;
};

void Greet(const services::Config& config, const Server& server) {
  const bool default_key = config.projects.empty() && config.write_key.empty();
  std::printf("Waypost serves %s\n", server.address().c_str());
  std::printf("Console: %s/console/\n", server.address().c_str());
  if (!server.has_people()) {
    std::printf("Nobody can sign in yet: waypost user create NAME --admin --data %s\n",
                config.data.c_str());
  }
  if (config.api_token.empty()) std::printf("API token: %s/api_token\n", config.data.c_str());
  if (default_key) std::printf("Write key: %s/write_key\n", config.data.c_str());
  std::fflush(stdout);
  LogInfo("server.ready", {{"address", server.address()}, {"data", config.data}});
}

// `before`: what has to end while the server still runs.
void WaitAndStop(Server& server, io::StopSignal& stop, const std::function<void()>& before = {}) {
  const int signal_number = stop.Wait();
  if (before) before();
  LogInfo("server.stopping", {{"signal", signal_number}});
  server.Stop();
  LogInfo("server.stopped");
}

}  // namespace

Result<> Serve(const services::Machine& machine, const services::Config& config,
               io::StopSignal& stop) {
  const auto server = TRY(Server::Make(machine, config));
  TRY(server->Start());
  Greet(config, *server);
  WaitAndStop(*server, stop);
  return {};
}

Result<> Demo(const services::Machine& machine, const services::Config& config,
              io::StopSignal& stop, const services::DemoArguments& arguments) {
  services::Config demo = config;
  demo.environment = "demo";
  // The bank's own (demo/customer.h), unless one was chosen.
  if (demo.time_zone == services::Config{}.time_zone) demo.time_zone = "Asia/Shanghai";
  const auto server = TRY(Server::Make(machine, demo));
  TRY(server->Start());
  engine::Engine* engine = TRY(server->engines().Find(""));
  if (engine->status().rows == 0) {
    const Result<> made =
        services::MakeDemoBank(*engine, server->desks(), machine.clock, arguments);
    if (!made.ok()) {
      server->Stop();
      return made;
    }
  }
  std::printf("Who may sign in, with passwords of this run:\n");
  const std::string manager = TRY(services::BusiestManager(server->questions(), "上海市"));
  const Result<> staffed = MakeDemoUsers(server->people(), server->audit(), manager);
  if (staffed.ok()) {
    Greet(config, *server);
    std::optional<services::OpenBank> open;
    if (!arguments.still) open.emplace(*engine, machine.clock, arguments.customers);
    WaitAndStop(*server, stop, [&] { open.reset(); });
  } else {
    server->Stop();
  }
  return staffed;
}

}  // namespace waypost::server
