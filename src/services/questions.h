// Questions to engines.
#pragma once

#include "analytics/ask.h"
#include "api/services.h"
#include "services/catalogs.h"
#include "services/config.h"
#include "services/engines.h"
#include "services/sights.h"

namespace waypost::services {

class EngineQuestions final : public api::Questions {
 public:
  // Without catalogs questions cannot name segments.
  EngineQuestions(const Engines& engines, const Clock& clock, const Config& config, Sights& sights,
                  Catalogs* catalogs = nullptr)
      : engines_(engines),
        sights_(sights),
        catalogs_(catalogs),
        clock_(clock),
        time_zone_(config.time_zone),
        threads_(config.question_threads),
        seconds_(config.question_seconds) {}

  Result<std::string> Ask(const api::Sight& sight, std::string_view question) override;
  Result<std::string> Explain(const api::Sight& sight, std::string_view question) override;

 private:
  using Answer = decltype(&analytics::Ask);
  Result<std::string> With(Answer answer, const api::Sight& sight, std::string_view question);

  const Engines& engines_;
  Sights& sights_;
  Catalogs* const catalogs_;
  const Clock& clock_;
  const std::string time_zone_;
  const unsigned threads_, seconds_;
};

}  // namespace waypost::services
