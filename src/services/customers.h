// One customer as JSON, out of the engines.
#pragma once

#include "api/services.h"
#include "services/catalogs.h"
#include "services/engines.h"
#include "services/sights.h"

namespace waypost::services {

class EngineCustomers final : public api::Customers {
 public:
  EngineCustomers(const Engines& engines, Catalogs& catalogs, Sights& sights, const Clock& clock,
                  const Config& config)
      : engines_(engines),
        catalogs_(catalogs),
        sights_(sights),
        clock_(clock),
        seconds_(config.question_seconds) {}

  Result<std::string> Customer(const api::Sight& sight, std::string_view key,
                               std::string_view value) override;
  std::optional<Result<std::string>> CustomerAtOnce(const api::Sight& sight, std::string_view key,
                                                    std::string_view value) override;
  Result<std::string> Profile(const api::Sight& sight, std::string_view key, std::string_view value,
                              const api::ProfileAsk& ask) override;
  Result<std::string> Timeline(const api::Sight& sight, std::string_view key,
                               std::string_view value, const api::TimelineAsk& ask) override;
  Result<std::string> Rows(const api::Sight& sight, std::string_view key, std::string_view value,
                           const api::RowsAsk& ask) override;
  Result<std::string> Erase(std::string_view project, std::string_view key,
                            std::string_view value) override;
  Result<std::string> Cut(std::string_view project, std::string_view key,
                          std::string_view value) override;
  Result<std::string> Search(const api::Sight& sight, std::string_view text) override;

 private:
  const Engines& engines_;
  Catalogs& catalogs_;
  Sights& sights_;
  const Clock& clock_;
  const unsigned seconds_;
};

}  // namespace waypost::services
