// A project's names as questions want them, out of one reading.
#pragma once

#include "analytics/names.h"
#include "engine/engine.h"

namespace waypost::server {

// Of a plan that stays where and as it is meanwhile; it knows no customers. Any thread.
class PlanNames : public analytics::Names {
 public:
  explicit PlanNames(const TrackingPlan& plan) : plan_(plan) {}

  std::optional<EventTypeId> Event(std::string_view name) const override;
  std::optional<analytics::PropertyName> Property(std::string_view name) const override;
  std::optional<analytics::PropertyName> Attribute(std::string_view name) const override;
  std::vector<std::string> EventNames() const override;
  std::vector<std::string> PropertyNames() const override;
  std::vector<std::string> AttributeNames() const override;
  std::string CustomerName(Ordinal) const override { return {}; }

 private:
  const TrackingPlan& plan_;
};

// Borrows the engine and holds the reading's plan. Any thread.
class QuestionNames final : public PlanNames {
 public:
  QuestionNames(engine::Engine& engine, std::shared_ptr<const TrackingPlan> plan)
      : PlanNames(*plan), engine_(engine), plan_(std::move(plan)) {}

  std::string CustomerName(Ordinal ordinal) const override;

 private:
  engine::Engine& engine_;
  const std::shared_ptr<const TrackingPlan> plan_;
};

}  // namespace waypost::server
