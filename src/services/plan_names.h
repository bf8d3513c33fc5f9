// A project's names as questions want them, out of one reading.
#pragma once

#include "analytics/names.h"
#include "engine/engine.h"

namespace waypost::services {

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

// What is kept from a caller. For who is `barred` there is nothing that is a person's but numbers,
// which are no use to find somebody; for who sees values `masked` these are not shown, and neither
// are identities in the names of customers.
struct Veil {
  bool masked = false;
  bool barred = false;
};

// Borrows the engine and holds the reading's plan. Any thread.
class QuestionNames final : public PlanNames {
 public:
  QuestionNames(engine::Engine& engine, std::shared_ptr<const TrackingPlan> plan,
                const Veil& veil = {})
      : PlanNames(*plan), engine_(&engine), plan_(std::move(plan)), veil_(veil) {}
  // Where no customer is named. Borrows the plan.
  QuestionNames(const TrackingPlan& plan, const Veil& veil)
      : PlanNames(plan), plan_(std::shared_ptr<void>(), &plan), veil_(veil) {}

  std::optional<analytics::PropertyName> Property(std::string_view name) const override;
  std::optional<analytics::PropertyName> Attribute(std::string_view name) const override;
  std::vector<std::string> PropertyNames() const override;
  std::vector<std::string> AttributeNames() const override;
  std::string CustomerName(Ordinal ordinal) const override;

 private:
  std::optional<analytics::PropertyName> Unbarred(
      std::optional<analytics::PropertyName> found) const;
  std::vector<std::string> Unbarred(std::vector<std::string> names) const;

  engine::Engine* const engine_ = nullptr;
  const std::shared_ptr<const TrackingPlan> plan_;
  const Veil veil_;
};

}  // namespace waypost::services
