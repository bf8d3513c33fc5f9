// One customer as JSON, out of the engines.
#pragma once

#include "api/services.h"
#include "server/engines.h"

namespace waypost::server {

class EngineCustomers final : public api::Customers {
 public:
  explicit EngineCustomers(const Engines& engines) : engines_(engines) {}

  Result<std::string> Customer(std::string_view project, std::string_view key,
                               std::string_view value) override;
  Result<std::string> Timeline(std::string_view project, std::string_view key,
                               std::string_view value, const api::TimelineAsk& ask) override;
  Result<std::string> Erase(std::string_view project, std::string_view key,
                            std::string_view value) override;

 private:
  const Engines& engines_;
};

}  // namespace waypost::server
