#include "exec/activity.h"

#include <memory>

namespace waypost::exec {
namespace {

struct ActivityTask {
  ActivityResult result;
  std::vector<bool> active;  // of the customer in hand, by bucket
};

class Activity {
 public:
  Activity(const ActivitySpec& spec, const Binding& binding)
      : spec_(spec), binding_(binding), asked_(spec.buckets.count() - 1) {}

  std::unique_ptr<ActivityTask> MakeTask() const {
    auto task = std::make_unique<ActivityTask>();
    task->result.states.resize(asked_);
    task->result.active_in.resize(asked_ + 1);
    return task;
  }

  void RunBlock(const BoundBlock& block, ActivityTask* task) const {
    BlockBits plain, present;
    PlainCustomers(binding_.snapshot(), block.view->block, &plain);
    PresentCustomers(block, 0, &present);
    Intersect(&present, plain);
    VisitPlain(binding_, block, present, 0,
               [&](const Customer& customer) { Visit(customer, task); });
  }

  void RunClusters(size_t begin, size_t end, ActivityTask* task) const {
    VisitClusters(binding_, begin, end, [&](const Customer& customer) { Visit(customer, task); });
  }

 private:
  void Visit(const Customer& customer, ActivityTask* task) const {
    bool seen = Gather(customer, &task->active);
    uint32_t count = 0;
    for (uint32_t b = 0; b < asked_; ++b) {
      const bool before = task->active[b], now = task->active[b + 1];
      seen |= before;
      count += now;
      if (!before && !now) continue;
      const LifecycleState state = !now     ? LifecycleState::kDormant
                                   : before ? LifecycleState::kCurrent
                                   : seen   ? LifecycleState::kResurrected
                                            : LifecycleState::kNew;
      ++task->result.states[b][static_cast<size_t>(state)];
      const bool wanted = spec_.wanted && spec_.wanted->bucket == b &&
                          spec_.wanted->state == static_cast<uint32_t>(state);
      if (wanted) task->result.customers.Add(customer.ordinal);
    }
    ++task->result.active_in[count];
    if (spec_.wanted && !spec_.wanted->state && spec_.wanted->active_in == count)
      task->result.customers.Add(customer.ordinal);
  }

  // The buckets with an event; true when there was one before all of them.
  bool Gather(const Customer& customer, std::vector<bool>* active) const {
    active->assign(asked_ + 1, false);
    bool earlier = false;
    for (const Place& place : customer.places) {
      place.ForEachRows([&](const BoundSlice& slice, column::RowRange rows) {
        for (uint32_t row = rows.begin; row < rows.end; ++row) {
          if (!slice.Mask(row, customer.row)) continue;
          const int32_t bucket = spec_.buckets.Find(slice.TimeMs(row));
          if (bucket < 0) {
            earlier = true;
          } else if (bucket <= static_cast<int32_t>(asked_)) {
            (*active)[static_cast<size_t>(bucket)] = true;
          }
        }
      });
    }
    return earlier;
  }

  const ActivitySpec& spec_;
  const Binding& binding_;
  const uint32_t asked_;
};

}  // namespace

BindSpec ActivityBinding(const ActivitySpec& spec) {
  BindSpec bind;
  bind.roles = {spec.events};
  bind.time = spec.buckets.range();
  if (spec.ever) bind.time.from_ms = TimeRange{}.from_ms;
  bind.ignored = spec.ignored;
  bind.population = spec.population;
  return bind;
}

ActivityResult RunActivity(const ActivitySpec& spec, const Binding& binding, unsigned threads) {
  const Activity activity(spec, binding);
  const auto tasks = RunOverCustomers(
      binding, threads, [&] { return activity.MakeTask(); },
      [&](ActivityTask* task, const BoundBlock& block) { activity.RunBlock(block, task); },
      [&](ActivityTask* task, size_t begin, size_t end) {
        activity.RunClusters(begin, end, task);
      });
  ActivityResult result = std::move(activity.MakeTask()->result);
  for (const std::unique_ptr<ActivityTask>& task : tasks) {
    for (size_t b = 0; b < result.states.size(); ++b) {
      for (size_t s = 0; s < kLifecycleStates; ++s)
        result.states[b][s] += task->result.states[b][s];
    }
    for (size_t k = 0; k < result.active_in.size(); ++k)
      result.active_in[k] += task->result.active_in[k];
    result.customers.AddAll(task->result.customers);
  }
  return result;
}

}  // namespace waypost::exec
