#include "demo/bank.h"

namespace waypost::demo {
namespace {

constexpr Title kEvents[] = {
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

constexpr Title kProperties[] = {
    {"amount", "金额", "Amount"},
    {"assets", "资产规模", "Assets"},
    {"bill", "缴费项目", "Bill"},
    {"birthday", "出生日期", "Birthday"},
    {"branch", "网点", "Branch"},
    {"campaign", "活动", "Campaign"},
    {"channel", "来源", "Came by"},
    {"city", "城市", "City"},
    {"duration_ms", "时长（毫秒）", "Duration (ms)"},
    {"first_channel", "首次来源", "First came by"},
    {"gender", "性别", "Gender"},
    {"manager", "客户经理", "Manager"},
    {"name", "姓名", "Name"},
    {"occupation", "职业", "Occupation"},
    {"page", "页面", "Page"},
    {"platform", "平台", "Platform"},
    {"product_id", "产品编号", "Product number"},
    {"product_name", "产品名称", "Product"},
    {"product_type", "产品类型", "Product type"},
    {"province", "省份", "Province"},
    {"reason", "原因", "Reason"},
    {"registered", "开户日期", "Customer since"},
    {"risk_level", "风险等级", "Risk level"},
    {"salary_here", "本行代发", "Salary paid here"},
    {"session_id", "会话", "Session"},
    {"suitable", "适当性匹配", "Suitable"},
    {"term_days", "期限（天）", "Term (days)"},
    {"vip", "贵宾等级", "VIP level"},
    {"yield", "年化收益率", "Yield"},
};

}  // namespace

std::span<const Title> EventTitles() { return kEvents; }
std::span<const Title> PropertyTitles() { return kProperties; }

}  // namespace waypost::demo
