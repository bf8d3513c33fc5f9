// The journeys of every project, for the API.
#pragma once

#include "api/services.h"
#include "services/approval_desk.h"
#include "services/engines.h"
#include "services/sights.h"

namespace waypost::services {

class EngineJourneys final : public api::JourneyDesk {
 public:
  // `approvals` say what may be published; null: for reading only.
  // `catalogs` have the templates that a journey may be made of; null as well for reading only.
  EngineJourneys(const Engines& engines, Sights& sights, EngineApprovals* approvals = nullptr,
                 Catalogs* catalogs = nullptr)
      : engines_(engines), sights_(sights), approvals_(approvals), catalogs_(catalogs) {}

  std::string Schema() override { return std::string(journeys::JourneySchema()); }
  Result<std::string> Check(const api::Sight& sight, std::string_view definition) override;
  Result<std::string> Rehearse(const api::Sight& sight, std::string_view definition,
                               int64_t days) override;
  Result<std::string> Test(const api::Sight& sight, std::string_view body) override;
  Result<std::string> Publish(const api::Sight& sight, std::string_view definition) override;
  Result<std::string> SetPhase(std::string_view project, const std::string& journey,
                               std::string_view body) override;
  Result<std::string> ChooseWay(std::string_view project, const std::string& journey,
                                const std::string& node, std::string_view body) override;
  Result<std::string> Release(const api::Sight& sight, const std::string& journey,
                              std::string_view body) override;
  Result<std::string> Enter(std::string_view project, const std::string& journey,
                            std::string_view body) override;
  Result<std::string> SetPolicy(std::string_view project, std::string_view policy) override;
  Result<std::string> SetHeld(std::string_view project, std::string_view body) override;
  Result<std::string> SetConsent(std::string_view project, std::string_view body,
                                 const std::string& who) override;
  Result<std::string> ShowPolicy(std::string_view project) override;
  Result<std::string> Consents(const api::Sight& sight) override;
  Result<std::string> ConsentsOf(const api::Sight& sight, const std::string& key,
                                 const std::string& value) override;
  Result<std::string> Tasks(const api::Sight& sight, const api::TaskAsk& ask) override;
  Result<std::string> StepTask(const api::Sight& sight, const std::string& task,
                               std::string_view body, const std::string& who) override;
  Result<std::string> GiveReceipt(std::string_view project, std::string_view body) override;
  Result<std::string> List(const api::Sight& sight) override;
  Result<std::string> Show(const api::Sight& sight, const std::string& journey) override;
  Result<std::string> Versions(std::string_view project, const std::string& journey) override;
  Result<std::string> ShowVersion(std::string_view project, const std::string& journey,
                                  uint32_t version, uint32_t since) override;
  Result<std::string> Trace(const api::Sight& sight, const std::string& key,
                            const std::string& value) override;
  Result<std::string> Why(const api::Sight& sight, const std::string& journey,
                          const std::string& key, const std::string& value) override;
  Result<std::string> CustomersAt(const api::Sight& sight, const std::string& journey,
                                  const std::string& node, const api::AtNodeAsk& ask) override;
  Result<std::string> StandingAt(const api::Sight& sight, const std::string& journey,
                                 const std::string& node) override;
  Result<std::string> Outbox(const api::Sight& sight, size_t limit) override;

 private:
  // The project's journeys, for a question about somebody whom the caller sees.
  Result<Journeys*> Of(const api::Sight& sight, const std::string& key, const std::string& value);

  const Engines& engines_;
  Sights& sights_;
  EngineApprovals* const approvals_;
  Catalogs* const catalogs_;
};

}  // namespace waypost::services
