#include "services/own_events.h"

namespace waypost::services {
namespace {

struct OwnName {
  std::string_view name, zh, en;
};
constexpr OwnName kOwnEvents[] = {
    {"$touch_sent", "触达已发送", "Message sent"},
    {"$touch_delivered", "触达已送达", "Message delivered"},
    {"$touch_opened", "触达已打开", "Message opened"},
    {"$touch_clicked", "触达已点击", "Message clicked"},
    {"$touch_unknown", "触达结果未知", "Message in doubt"},
    {"$touch_failed", "触达未发出", "Message not sent"},
    {"$consent_set", "授权变更", "Consent changed"},
};
struct OwnProperty : OwnName {
  ValueType type = ValueType::kString;
};
constexpr OwnProperty kOwnProperties[] = {
    {{"journey", "旅程", "Journey"}},
    {{"node", "旅程节点", "Journey node"}},
    {{"channel", "渠道", "Channel"}},
    {{"touch", "触达编号", "Message id"}},
    {{"outcome", "触达结果", "Outcome"}},
    {{"purpose", "授权用途", "Purpose"}},
    {{"allowed", "是否授权", "Allowed"}, ValueType::kBool},
    {{"by", "操作人", "By"}},
};

}  // namespace

PlanChange UndeclaredOwnEvents(const TrackingPlan& plan, std::string_view project) {
  PlanChange change{.project = std::string(project)};
  for (const OwnProperty& own : kOwnProperties) {
    const PlanProperty* known = plan.FindProperty(own.name);
    if (known && known->declared) continue;
    PropertyChange& property = change.properties.emplace_back();
    property.name = own.name;
    if (known) continue;
    property.type = own.type;
    property.display_zh = own.zh;
    property.display_en = own.en;
  }
  for (const OwnName& own : kOwnEvents) {
    const PlanEvent* known = plan.FindEvent(own.name);
    if (known && known->declared) continue;
    change.events.push_back({std::string(own.name), std::string(own.zh), std::string(own.en), {}});
  }
  return change;
}

}  // namespace waypost::services
