// Any bytes as a question: an answer or a refusal, never a crash.
#include "analytics/ask.h"
#include "model/value.h"

namespace {

class FewNames final : public waypost::analytics::Names {
 public:
  std::optional<waypost::EventTypeId> Event(std::string_view name) const override {
    return name.size() == 1 ? std::optional<waypost::EventTypeId>(name[0]) : std::nullopt;
  }
  std::optional<waypost::analytics::PropertyName> Property(std::string_view name) const override {
    if (name.size() != 1 || name[0] < '1' || name[0] > '8') return {};
    return waypost::analytics::PropertyName{16, static_cast<waypost::ValueType>(name[0] - '0')};
  }
  std::optional<waypost::analytics::PropertyName> Attribute(std::string_view name) const override {
    return Property(name);
  }
  std::vector<std::string> EventNames() const override { return {"a"}; }
  std::vector<std::string> PropertyNames() const override { return {"1"}; }
  std::vector<std::string> AttributeNames() const override { return {"1"}; }
  std::string CustomerName(waypost::Ordinal) const override { return {}; }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const FewNames names;
  waypost::column::SnapshotView snapshot;
  snapshot.clustered.assign(1, 0);
  const std::string_view question(reinterpret_cast<const char*>(data), size);
  (void)waypost::analytics::Ask(question, snapshot, names, {.now_ms = 1'775'000'000'000});
  (void)waypost::analytics::Explain(question, snapshot, names, {.now_ms = 1'775'000'000'000});
  return 0;
}
