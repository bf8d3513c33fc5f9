#include "journeys/reasons.h"

#include <iterator>

#include "base/check.h"

namespace waypost::journeys {
namespace {

constexpr ReasonText kRejects[] = {
    {},
    {"duplicate_event", "同一事件重复上报", "the same event came before"},
    {"duplicate_in_run", "名单内重复", "twice in one list"},
    {"unknown_user", "客户不存在", "no such customer"},
    {"not_started", "旅程未开始", "the journey has not started"},
    {"ended", "旅程已结束", "the journey has ended"},
    {"paused", "旅程已暂停", "the journey is paused"},
    {"filter", "不符合进入条件", "the entry condition does not hold"},
    {"reentry_once", "只能进入一次", "only one entry a customer"},
    {"reentry_interval", "距上次进入或退出的时间不足", "too soon after the last entry or exit"},
    {"reentry_limit", "周期内进入次数已满", "as many entries in the period as allowed"},
    {"active", "客户正在该旅程中", "the customer is in the journey already"},
    {"active_key", "同一关联键正在该旅程中", "the key is in the journey already"},
    {"cap_total", "进入总量已满", "as many entries as allowed"},
    {"cap_daily", "当日进入量已满", "as many entries today as allowed"},
    {"out_of_scope", "超出数据权限范围", "outside the data scope"},
    {"holdout", "属于对照组", "in the hold-out"},
    {"rollout_excluded", "不在当前放量范围", "outside the traffic let in so far"},
    {"journey_cap", "同时参与的旅程数已达上限", "in as many journeys at once as allowed"},
    {"wave_excluded", "被批次排除", "left out of the wave"},
    {"cap_run", "本次名单进入量已满", "as many entries of the run as allowed"},
    {"cap_each", "同组客户进入量已满", "as many entries of such customers as allowed"},
};

constexpr ReasonText kOutcomes[] = {
    {"planned", "待发送", "decided, waiting to be handed off"},
    {"claimed", "发送中", "being handed off"},
    {"sent", "已提交", "submitted to the provider"},
    {"accepted", "渠道已受理", "accepted by the provider"},
    {"delivered", "已送达", "delivered"},
    {"opened", "已打开", "opened"},
    {"clicked", "已点击", "clicked"},
    {"replied", "已回复", "answered"},
    {},
    {},
    {},
    {},
    {},
    {},
    {},
    {},
    {"unknown", "结果未知，待核对", "handed off, result unknown, to be reconciled"},
    {"rejected", "渠道拒绝", "refused by the provider"},
    {"bounced", "退回", "bounced"},
    {"not_reachable", "无可用触达地址", "no address on this channel"},
    {"not_permitted", "客户未授权该渠道或用途", "no consent for the channel and purpose"},
    {"suppressed", "在禁发名单中", "on a suppression list"},
    {"capped", "超过触达频次", "over a frequency cap"},
    {"quiet_dropped", "免打扰时段，已丢弃", "dropped in quiet hours"},
    {"expired", "超过有效期", "past its time to live"},
    {"budget_exhausted", "预算已用完", "the budget is used up"},
    {"throttled_out", "限速期内未能发送", "not sent within the rate"},
    {"render_error", "内容变量缺失或渲染失败", "the content could not be made"},
    {"cancelled", "已取消", "cancelled"},
    {"out_of_stock", "权益库存不足", "the benefit is out of stock"},
};

constexpr ReasonText kExits[] = {
    {},
    {"completed", "走完旅程", "finished"},
    {"goal", "达成目标", "met the goal"},
    {"exit_event", "触发退出事件", "did what ends the journey"},
    {"exit_segment", "离开或进入指定客群", "a segment changed"},
    {"opted_out", "客户退订", "opted out"},
    {"stopped", "旅程被停止", "the journey was stopped"},
    {"journey_ended", "旅程到期", "the journey ended"},
    {"max_duration", "超过最长停留时间", "stayed as long as allowed"},
    {"no_branch", "不符合任何分支", "no branch fits"},
    {"dead_end", "后续未连接", "nothing follows"},
    {"loop_limit", "循环次数已满", "as many rounds as allowed"},
    {"exhausted", "所有触达方式均未成功", "every channel tried"},
    {"node_removed", "所在节点已删除", "the node was removed"},
    {"version_migrated_out", "版本切换时退出", "left at a change of version"},
    {"merged", "客户合并", "merged with another customer"},
    {"erased", "客户信息已删除", "erased"},
    {"error", "执行出错", "something failed"},
    {"capped", "超过触达频次", "over a frequency cap"},
    {"key_date_missing", "关键日期为空", "the date is not known"},
    {"key_date_past", "关键日期已过", "the date is past"},
    {"exit_condition", "符合退出条件", "what ends the journey became true"},
    {"too_late", "等待结束得太晚", "a wait ended later than allowed"},
};

template <size_t N>
bool Known(const ReasonText (&texts)[N], uint8_t number) {
  return number < N && !texts[number].name.empty();
}

template <size_t N>
const ReasonText& At(const ReasonText (&texts)[N], uint8_t number) {
  CHECK(Known(texts, number));
  return texts[number];
}

}  // namespace

const ReasonText& TextOf(Reject reason) { return At(kRejects, static_cast<uint8_t>(reason)); }
const ReasonText& TextOf(Outcome outcome) { return At(kOutcomes, static_cast<uint8_t>(outcome)); }
const ReasonText& TextOf(Exit reason) { return At(kExits, static_cast<uint8_t>(reason)); }

bool IsReject(uint8_t number) { return Known(kRejects, number); }
bool IsOutcome(uint8_t number) { return Known(kOutcomes, number); }
bool IsExit(uint8_t number) { return Known(kExits, number); }

std::optional<Outcome> FindOutcome(std::string_view name) {
  for (size_t i = 0; i < std::size(kOutcomes); ++i) {
    if (!name.empty() && kOutcomes[i].name == name) return static_cast<Outcome>(i);
  }
  return {};
}

std::string_view EventOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::kSent:
    case Outcome::kAccepted:
      return "$touch_sent";
    case Outcome::kDelivered:
      return "$touch_delivered";
    case Outcome::kOpened:
      return "$touch_opened";
    case Outcome::kClicked:
      return "$touch_clicked";
    case Outcome::kUnknown:
      return "$touch_unknown";
    default:
      return NeverHappened(outcome) ? "$touch_failed" : "";
  }
}

bool Recalls(Exit reason) {
  switch (reason) {
    case Exit::kCompleted:
    case Exit::kNoBranch:
    case Exit::kDeadEnd:
    case Exit::kLoopLimit:
    case Exit::kExhausted:
    case Exit::kCapped:
    case Exit::kKeyDateMissing:
    case Exit::kKeyDatePast:
    case Exit::kTooLate:
    case Exit::kError:
      return false;
    default:
      return true;
  }
}

}  // namespace waypost::journeys
