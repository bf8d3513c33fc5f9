// The channels of every project: described in the catalog, their secrets sealed beside the
// description, at work in the project's journeys.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "api/services.h"
#include "api/tries.h"
#include "channels/description.h"
#include "channels/sealed.h"
#include "services/catalogs.h"
#include "services/contents.h"
#include "services/engines.h"

namespace waypost::services {

// Any thread.
class EngineChannels final : public api::ChannelDesk {
 public:
  // All must outlive the desk, and `egress` the journeys.
  EngineChannels(const Machine& machine, const Engines& engines, Catalogs& catalogs,
                 const channels::SealKey& key, io::EgressRules rules, io::Egress& egress)
      : machine_(machine),
        engines_(engines),
        catalogs_(catalogs),
        key_(key),
        rules_(std::move(rules)),
        egress_(egress) {}

  // Puts every channel to work; before the journeys start. One that cannot be read is logged, and
  // its messages wait.
  Result<> Load();

  Result<std::string> Call(const api::ChannelCall& call) override;

 private:
  using Secrets = std::map<std::string, std::string>;  // sealed, by name

  Result<std::string> List(const std::string& project);
  Result<std::string> Show(const std::string& project, const std::string& name);
  Result<std::string> Put(const std::string& project, const std::string& name,
                          const std::string& body);
  Result<std::string> Remove(const std::string& project, const std::string& name);
  Result<std::string> SetSecrets(const std::string& project, const std::string& name,
                                 const std::string& body);
  Result<std::string> Try(const std::string& project, const std::string& name,
                          const std::string& body);
  Result<std::string> TakeReceipts(const std::string& project, const api::ChannelCall& call);
  Result<std::string> Unsubscribe(const std::string& project, const api::ChannelCall& call);

  Result<> Keep(const std::string& project, catalog::Definition definition, bool made,
                const std::string& description, const Secrets& secrets);
  Result<std::shared_ptr<channels::Channel>> Make(const std::string& project,
                                                  const channels::Description& description,
                                                  const Secrets& secrets) const;
  std::string Token(const std::string& project, const std::string& name) const;
  std::string Proof(const std::string& project, const std::string& name,
                    std::string_view key) const;

  const Machine machine_;
  const Engines& engines_;
  Catalogs& catalogs_;
  const channels::SealKey key_;
  const io::EgressRules rules_;
  io::Egress& egress_;
  const Contents contents_;
  api::Tries guesses_{machine_.clock, api::Tries::kMostOfAddress};  // of links, by address
  std::mutex change_mutex_;                                         // one change after the other
};

}  // namespace waypost::services
