#include "demo/bank.h"

namespace waypost::demo {
namespace {

struct Event {
  const char* name;
  const char* zh;
  const char* en;
};
constexpr Event kEvents[] = {
    {"app_start", "打开应用", "App opened"},
    {"app_end", "离开应用", "App closed"},
    {"page_view", "浏览页面", "Page viewed"},
    {"login_success", "登录成功", "Logged in"},
    {"login_fail", "登录失败", "Login failed"},
    {"banner_exposure", "横幅曝光", "Banner shown"},
    {"banner_click", "横幅点击", "Banner clicked"},
    {"product_list_view", "浏览产品列表", "Product list viewed"},
    {"product_detail", "浏览产品详情", "Product viewed"},
    {"favorite_add", "加入自选", "Product kept"},
    {"buy_click", "点击购买", "Purchase begun"},
    {"risk_assess", "风险测评", "Risk assessed"},
    {"pay_submit", "提交支付", "Payment submitted"},
    {"otp_verify", "短信验证", "Code entered"},
    {"purchase_success", "购买成功", "Product bought"},
    {"purchase_fail", "购买失败", "Purchase failed"},
    {"transfer_entry", "进入转账", "Transfer opened"},
    {"transfer_submit", "提交转账", "Transfer submitted"},
    {"transfer_success", "转账成功", "Money transferred"},
    {"payment_qr", "扫码支付", "Paid by code"},
    {"bill_pay", "生活缴费", "Bill paid"},
    {"loan_view", "浏览贷款", "Loan viewed"},
    {"loan_apply", "申请贷款", "Loan application begun"},
    {"loan_doc_upload", "上传贷款资料", "Loan documents sent"},
    {"loan_submit", "提交贷款申请", "Loan application sent"},
    {"loan_approved", "贷款审批通过", "Loan approved"},
    {"card_apply", "申请信用卡", "Card applied for"},
    {"card_activate", "激活信用卡", "Card activated"},
    {"balance_query", "查询余额", "Balance looked up"},
    {"bill_query", "查询账单", "Statement looked up"},
    {"search", "搜索", "Searched"},
    {"campaign_click", "点击活动入口", "Campaign entered"},
    {"push_receive", "收到推送", "Push received"},
    {"push_click", "点击推送", "Push clicked"},
    {"manager_call", "客户经理联系", "Called by manager"},
    {"branch_visit", "到访网点", "Branch visited"},
    {"salary_received", "代发工资入账", "Salary received"},
};

struct PlannedProperty {
  const char* name;
  ValueType type;
  DataClass data_class;
  const char* zh;
  const char* en;
};
constexpr PlannedProperty kProperties[] = {
    {"amount", ValueType::kDecimal, DataClass::kC2, "金额", "Amount"},
    {"assets", ValueType::kDecimal, DataClass::kC2, "资产规模", "Assets"},
    {"bill", ValueType::kString, DataClass::kC1, "缴费项目", "Bill"},
    {"birthday", ValueType::kDate, DataClass::kC2, "出生日期", "Birthday"},
    {"branch", ValueType::kString, DataClass::kC1, "网点", "Branch"},
    {"campaign", ValueType::kString, DataClass::kC1, "活动", "Campaign"},
    {"channel", ValueType::kString, DataClass::kC1, "来源", "Came by"},
    {"city", ValueType::kString, DataClass::kC1, "城市", "City"},
    {"duration_ms", ValueType::kInt, DataClass::kC1, "时长（毫秒）", "Duration (ms)"},
    {"first_channel", ValueType::kString, DataClass::kC1, "首次来源", "First came by"},
    {"gender", ValueType::kString, DataClass::kC2, "性别", "Gender"},
    {"manager", ValueType::kString, DataClass::kC1, "客户经理", "Manager"},
    {"name", ValueType::kString, DataClass::kC2, "姓名", "Name"},
    {"occupation", ValueType::kString, DataClass::kC2, "职业", "Occupation"},
    {"page", ValueType::kString, DataClass::kC1, "页面", "Page"},
    {"platform", ValueType::kString, DataClass::kC1, "平台", "Platform"},
    {"product_id", ValueType::kString, DataClass::kC1, "产品编号", "Product number"},
    {"product_name", ValueType::kString, DataClass::kC1, "产品名称", "Product"},
    {"product_type", ValueType::kString, DataClass::kC1, "产品类型", "Product type"},
    {"province", ValueType::kString, DataClass::kC1, "省份", "Province"},
    {"reason", ValueType::kString, DataClass::kC1, "原因", "Reason"},
    {"registered", ValueType::kDate, DataClass::kC1, "开户日期", "Customer since"},
    {"risk_level", ValueType::kInt, DataClass::kC1, "风险等级", "Risk level"},
    {"salary_here", ValueType::kBool, DataClass::kC2, "本行代发", "Salary paid here"},
    {"session_id", ValueType::kInt, DataClass::kC1, "会话", "Session"},
    {"suitable", ValueType::kBool, DataClass::kC1, "适当性匹配", "Suitable"},
    {"term_days", ValueType::kInt, DataClass::kC1, "期限（天）", "Term (days)"},
    {"touch_group", ValueType::kString, DataClass::kC1, "触达分组", "Held out or reached"},
    {"vip", ValueType::kInt, DataClass::kC1, "贵宾等级", "VIP level"},
    {"yield", ValueType::kDouble, DataClass::kC1, "年化收益率（%）", "Yield (%)"},
};

}  // namespace

PlanChange BankPlan(std::string_view project) {
  PlanChange plan{.project = std::string(project)};
  for (const PlannedProperty& p : kProperties)
    plan.properties.push_back({p.name, p.type, p.data_class, p.zh, p.en});
  for (const Event& e : kEvents) plan.events.push_back({e.name, e.zh, e.en});
  return plan;
}

}  // namespace waypost::demo
