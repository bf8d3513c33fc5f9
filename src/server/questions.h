// Questions to engines.
#pragma once

#include "analytics/ask.h"
#include "api/services.h"
#include "server/catalogs.h"
#include "server/config.h"
#include "server/engines.h"

namespace waypost::server {

class EngineQuestions final : public api::Questions {
 public:
  // Without catalogs questions cannot name segments.
  EngineQuestions(const Engines& engines, const Clock& clock, const Config& config,
                  Catalogs* catalogs = nullptr)
      : engines_(engines),
        catalogs_(catalogs),
        clock_(clock),
        time_zone_(config.time_zone),
        threads_(config.question_threads) {}

  Result<std::string> Ask(std::string_view project, std::string_view question) override;
  Result<std::string> Explain(std::string_view project, std::string_view question) override;

 private:
  using Answer = decltype(&analytics::Ask);
  Result<std::string> With(Answer answer, std::string_view project, std::string_view question);

  const Engines& engines_;
  Catalogs* const catalogs_;
  const Clock& clock_;
  const std::string time_zone_;
  const unsigned threads_;
};

}  // namespace waypost::server
