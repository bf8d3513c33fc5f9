// "ask": "sequence"
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "analytics/plan.h"
#include "exec/sequence.h"

namespace waypost::analytics {
namespace {

using exec::SequenceSpec;

constexpr size_t kMaxPattern = 1'000;

// Reads "(?1)(?t<=2)(?2).*.": (?k) is one of events[k - 1], "." any of the events, ".*" any number
// of them; (?t OP n) says how long after the item before the next one comes, others between them.
class PatternReader {
 public:
  PatternReader(const Form& form, std::string text, size_t sets)
      : form_(form), text_(std::move(text)), sets_(sets) {}

  Result<std::vector<SequenceSpec::Item>> Read() {
    if (text_.size() > kMaxPattern) return form_.Bad("the pattern is over 1,000 bytes");
    while (at_ < text_.size()) TRY(ReadOne());
    if (items_.empty()) return form_.Bad("the pattern has no event");
    if (timed_) return Bad("a time stands between two events");
    return std::move(items_);
  }

 private:
  Error Bad(std::string_view what) const {
    return form_.Bad(fmt::format("byte {}: {}", at_ + 1, what));
  }
  bool Take(std::string_view token) {
    if (!std::string_view(text_).substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }

  Result<> ReadOne() {
    if (Take(".*")) {
      next_.skips = true;
      return {};
    }
    if (Take(".")) return Add({});
    if (Take("(?t")) return ReadTime();
    if (Take("(?")) {
      const size_t written = at_ - 2;
      const size_t set = static_cast<size_t>(TRY(ReadNumber()));
      if (set < 1 || set > sets_) {
        at_ = written;
        return Bad(fmt::format("there are events 1 to {}, but no {}", sets_, set));
      }
      if (!Take(")")) return Bad("write ')'");
      return Add(static_cast<uint32_t>(set - 1));
    }
    return Bad("write (?1), (?t<=60), . or .*");
  }

  Result<> Add(std::optional<uint32_t> set) {
    if (items_.size() == exec::kMaxSequenceItems)
      return Bad(fmt::format("over {} events", exec::kMaxSequenceItems));
    next_.set = set;
    items_.push_back(std::exchange(next_, {}));
    timed_ = false;
    return {};
  }

  Result<int64_t> ReadNumber() {
    int64_t number = 0;
    const char* begin = text_.data() + at_;
    const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), number);
    if (error != std::errc() || number < 0 || number > (int64_t{1} << 40))
      return Bad("write a whole number");
    at_ += static_cast<size_t>(end - begin);
    return number;
  }

  Result<> ReadTime() {
    if (items_.empty()) return Bad("a time stands between two events");
    constexpr std::pair<std::string_view, char> kOps[] = {
        {"<=", 'l'}, {">=", 'g'}, {"==", '='}, {"<", '<'}, {">", '>'}};
    const auto* op = std::find_if(std::begin(kOps), std::end(kOps),
                                  [&](const auto& o) { return Take(o.first); });
    if (op == std::end(kOps)) return Bad("write <=, <, >=, > or ==");
    int64_t ms = TRY(ReadNumber());
    ms *= Take("ms")  ? 1
          : Take("m") ? 60'000
          : Take("h") ? 3'600'000
          : Take("d") ? 86'400'000
                      : 1'000;
    if (text_[at_ - 1] >= '0' && text_[at_ - 1] <= '9') (void)Take("s");
    if (!Take(")")) return Bad("write ')' (times are in seconds, or with ms, s, m, h or d)");
    next_.skips = timed_ = true;
    if (op->second != 'l' && op->second != '<')
      next_.min_gap_ms = std::max(next_.min_gap_ms, op->second == '>' ? ms + 1 : ms);
    if (op->second != 'g' && op->second != '>')
      next_.max_gap_ms = std::min(next_.max_gap_ms, op->second == '<' ? ms - 1 : ms);
    return {};
  }

  const Form& form_;
  const std::string text_;
  const size_t sets_;
  size_t at_ = 0;
  bool timed_ = false;
  SequenceSpec::Item next_;
  std::vector<SequenceSpec::Item> items_;
};

class SequencePlan final : public Plan {
 public:
  explicit SequencePlan(Scope* scope) : scope_(*scope) {}

  Result<> Read(const Form& question, Scope* scope) {
    TRY(question.Only({"ask", "range", "zone", "week_start", "day_start", "who", "ignore", "as_of",
                       "by", "top", "events", "pattern", "customers_of"}));
    TRY(scope->ReadPopulation(question));
    spec_.grouping = TRY(scope->Breakdown(question));
    spec_.range = TRY(scope->Range(question));
    const Form events = TRY(question.Need("events"));
    for (const Form& form : TRY(events.List(1, exec::kMaxSequenceSets)))
      spec_.sets.push_back(TRY(scope->Events(form)));
    const Form pattern = TRY(question.Need("pattern"));
    spec_.items = TRY(PatternReader(pattern, TRY(pattern.Text()), spec_.sets.size()).Read());
    if (const auto form = question.Find("customers_of")) {
      TRY(form->Only({"group"}));
      spec_.wanted.emplace();
      if (const auto group = form->Find("group"))
        spec_.wanted->group = TRY(scope->Group(*group, spec_.grouping));
    }
    spec_.properties = scope->properties();
    spec_.attributes = scope->attributes();
    spec_.ignored = scope->ignored();
    spec_.population = scope->population();
    return {};
  }

  exec::BindSpec Binding() const override { return exec::SequenceBinding(spec_); }
  std::string Describe() const override {
    return fmt::format(
        "sequence: a pattern of {} events, over each customer's events in time order",
        spec_.items.size());
  }

  Result<> Run(const column::SnapshotView& snapshot, Answer* out) const override {
    const exec::SequenceResult result = CountIn(snapshot);
    WriteRange(spec_.range, scope_, out);
    out->Key("everyone").Open('{').Key("considered").Count(result.considered);
    WriteCounts(result.everyone, out);
    out->Close('}');
    if (!spec_.grouping.dimensions.empty()) {
      std::vector<const exec::SequenceGroup*> order;
      for (const exec::SequenceGroup& group : result.groups) order.push_back(&group);
      std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
        if (a->values.empty() != b->values.empty()) return b->values.empty();
        return a->counts.customers > b->counts.customers;
      });
      out->Key("groups").Open('[');
      for (const exec::SequenceGroup* group : order) {
        out->Open('{').Key("by");
        WriteGroup(group->values, scope_, out);
        WriteCounts(group->counts, out);
        out->Close('}');
      }
      out->Close(']');
    }
    if (spec_.wanted) WriteCustomers(result.customers, scope_, out);
    return {};
  }

 private:
  static void WriteCounts(const exec::SequenceCounts& counts, Answer* out) {
    out->Key("matched").Count(counts.customers).Key("matches").Count(counts.matches);
  }

  exec::SequenceResult CountIn(const column::SnapshotView& snapshot) const {
    SequenceSpec spec = spec_;
    const exec::BindSpec bind = exec::SequenceBinding(spec);
    const exec::Binding binding(snapshot, bind, scope_.options().threads);
    exec::SequenceResult result = exec::RunSequence(spec, binding, scope_.options().threads);
    if (result.groups.size() <= scope_.top()) return result;
    std::vector<std::pair<double, exec::GroupTuple>> measured;
    for (const exec::SequenceGroup& group : result.groups)
      measured.emplace_back(static_cast<double>(group.counts.customers), group.values);
    spec.grouping = CloseGrouping(spec.grouping, scope_.top(), measured);
    return exec::RunSequence(spec, binding, scope_.options().threads);
  }

  const Scope& scope_;
  SequenceSpec spec_;
};

}  // namespace

Result<std::unique_ptr<Plan>> PlanSequence(const Form& question, Scope* scope) {
  auto plan = std::make_unique<SequencePlan>(scope);
  TRY(plan->Read(question, scope));
  return std::unique_ptr<Plan>(std::move(plan));
}

}  // namespace waypost::analytics
