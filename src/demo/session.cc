#include "demo/session.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include "base/clock.h"

namespace waypost::demo {
namespace {

constexpr std::string_view kPages[] = {"首页",     "财富",     "账户总览", "生活缴费",
                                       "转账汇款", "贷款",     "信用卡",   "积分商城",
                                       "我的",     "消息中心", "基金市场", "活动中心"};
constexpr std::string_view kBills[] = {"水费", "电费", "燃气费", "话费", "物业费"};
constexpr std::string_view kFailures[] = {"余额不足", "超出限额", "验证码错误", "产品售罄"};

Value Money(int64_t ten_thousandths) { return Value::Decimal(ten_thousandths); }

class Session {
 public:
  Session(const Customer& customer, const World& world, int64_t time_ms, const Campaign* campaign,
          int64_t number, Random* random, Story* story)
      : customer_(customer),
        world_(world),
        campaign_(campaign),
        random_(*random),
        story_(*story),
        begin_ms_(time_ms),
        at_ms_(time_ms),
        common_{Property{"platform", Value::String(customer.platform)},
                Property{"channel", Value::String(campaign ? "活动" : "自然")},
                Property{"session_id", Value::Int(customer.number * int64_t{10'000} + number)}} {}

  void Tell() {
    if (campaign_) Do("campaign_click", 4, {{"campaign", Value::String(campaign_->name)}});
    Do("app_start", 2, {});
    Browse();
    LogIn();
    for (int n = random_.Repeats(known_ ? 0.5 : 0.2, 8); n > 0; --n) {
      if (known_) Act();
      Browse();
    }
    Do("app_end", 0, {{"duration_ms", Value::Int(at_ms_ - begin_ms_)}});
  }

 private:
  // Happens now; then about `pause_s` seconds pass.
  void Do(std::string_view event, double pause_s, std::initializer_list<Property> properties) {
    story_.Tell(at_ms_, event, known_, properties, common_);
    at_ms_ += static_cast<int64_t>(1000 * pause_s * (0.3 + random_.Exponential(0.7))) + 1;
  }

  void Browse() {
    for (int n = random_.Repeats(0.55, 10); n > 0; --n) {
      const size_t page = random_.Popular(std::size(kPages));
      Do("page_view", 14, {{"page", Value::String(kPages[page])}});
    }
    if (!random_.Chance(0.3)) return;
    const Campaign& shown = SomeCampaign(world_, at_ms_, &random_);
    Do("banner_exposure", 2, {{"campaign", Value::String(shown.name)}});
    if (random_.Chance(0.06)) Do("banner_click", 4, {{"campaign", Value::String(shown.name)}});
  }

  void LogIn() {
    if (!random_.Chance(0.8)) return;
    if (random_.Chance(0.05)) Do("login_fail", 12, {{"reason", Value::String("密码错误")}});
    known_ = true;
    Do("login_success", 3, {});
  }

  void Act() {
    const Customer& c = customer_;
    const std::array weights{c.wealth, c.transfer, c.pay, c.loan, c.card, c.look};
    switch (random_.Weighted(weights)) {
      case 0:
        return Invest();
      case 1:
        return Transfer();
      case 2:
        return Pay();
      case 3:
        return Borrow();
      case 4:
        return ApplyForCard();
      default:
        return Look();
    }
  }

  // The customer's own type first: one above their appetite for risk is passed over most of the
  // time.
  const Product& ChooseProduct() {
    for (int tries = 0;; ++tries) {
      const Product& product = world_.products[random_.Popular(world_.products.size())];
      const bool wanted = campaign_ && product.type == campaign_->product_type;
      if (tries == 4 || wanted || (product.risk <= customer_.risk + 1 && random_.Chance(0.7)))
        return product;
    }
  }

  void Invest() {
    Do("product_list_view", 8, {});
    const Product* product = nullptr;
    for (int n = random_.Repeats(0.5, 6); n > 0; --n) {
      product = &ChooseProduct();
      Do("product_detail", 25,
         {{"product_id", Value::String(product->id)},
          {"product_name", Value::String(product->name)},
          {"product_type", Value::String(product->type)},
          {"yield", Value::Double(product->yield)}});
    }
    if (random_.Chance(0.06)) Do("favorite_add", 3, {{"product_id", Value::String(product->id)}});
    const bool drawn = campaign_ && product->type == campaign_->product_type;
    if (random_.Chance(drawn ? 0.34 : 0.20)) Buy(*product);
  }

  // Whole hundreds of yuan, more for who has more.
  int64_t Amount() {
    const double yuan = random_.LogNormal(7.6 + 0.9 * customer_.vip, 1.1);
    return static_cast<int64_t>(std::max(1.0, std::floor(yuan / 100))) * 100 * kDecimalScale;
  }

  void Buy(const Product& product) {
    const int64_t amount = Amount();
    const Property id{"product_id", Value::String(product.id)};
    const Property type{"product_type", Value::String(product.type)};
    const Property money{"amount", Money(amount)};
    Do("buy_click", 6, {id, type, money});
    if (product.risk > 2) {
      const bool suits = product.risk <= customer_.risk + 1;
      Do("risk_assess", 40, {id, {"suitable", Value::Bool(suits)}});
      if (!suits && random_.Chance(0.8)) return;
    }
    if (!random_.Chance(0.65)) return;
    Do("pay_submit", 5, {id, type, money});
    if (!random_.Chance(0.94)) return;
    Do("otp_verify", 10, {});
    if (random_.Chance(0.9)) {
      Do("purchase_success", 3,
         {id,
          {"product_name", Value::String(product.name)},
          type,
          money,
          {"term_days", Value::Int(product.term_days)}});
    } else {
      Do("purchase_fail", 4, {id, money, {"reason", Value::String(kFailures[random_.Popular(4)])}});
    }
  }

  void Transfer() {
    Do("transfer_entry", 12, {});
    if (!random_.Chance(0.74)) return;
    const Property money{"amount",
                         Money(static_cast<int64_t>(random_.LogNormal(6.4, 1.4) * 100) * 100)};
    Do("transfer_submit", 6, {money});
    if (random_.Chance(0.9)) Do("otp_verify", 9, {});
    if (random_.Chance(0.94)) Do("transfer_success", 3, {money});
  }

  void Pay() {
    const Property money{"amount",
                         Money(static_cast<int64_t>(random_.LogNormal(3.8, 1.0) * 100) * 100)};
    if (random_.Chance(0.7)) {
      Do("payment_qr", 5, {money});
    } else {
      Do("bill_pay", 8,
         {money, {"bill", Value::String(kBills[random_.Popular(std::size(kBills))])}});
    }
  }

  void Borrow() {
    Do("loan_view", 20, {});
    if (!random_.Chance(0.2)) return;
    Do("loan_apply", 60, {});
    if (!random_.Chance(0.62)) return;
    Do("loan_doc_upload", 90, {});
    if (!random_.Chance(0.75)) return;
    const Property money{"amount", Money(random_.Between(1, 30) * 10'000 * kDecimalScale)};
    Do("loan_submit", 5, {money});
    if (!random_.Chance(0.55)) return;
    const int64_t later = 12 * kHourMs + static_cast<int64_t>(random_.Exponential(1.2) * kDayMs);
    story_.Tell(at_ms_ + later, "loan_approved", true, {money});
  }

  void ApplyForCard() {
    Do("card_apply", 90, {});
    if (!random_.Chance(0.5)) return;
    const int64_t later = 4 * kDayMs + static_cast<int64_t>(random_.Exponential(3) * kDayMs);
    story_.Tell(at_ms_ + later, "card_activate", true, {});
  }

  void Look() {
    Do("balance_query", 6, {});
    if (random_.Chance(0.35)) Do("bill_query", 12, {});
    if (random_.Chance(0.08)) Do("search", 9, {});
  }

  const Customer& customer_;
  const World& world_;
  const Campaign* campaign_;
  Random& random_;
  Story& story_;
  int64_t begin_ms_;
  int64_t at_ms_;
  bool known_ = false;
  std::array<Property, 3> common_;
};

int MonthOf(int64_t time_ms) {
  const std::chrono::days day{(time_ms + kLocalOffsetMs) / kDayMs};
  return static_cast<int>(
      unsigned{std::chrono::year_month_day{std::chrono::sys_days{day}}.month()});
}

}  // namespace

const Campaign& SomeCampaign(const World& world, int64_t time_ms, Random* random) {
  const int month = MonthOf(time_ms);
  for (size_t i = random->Popular(world.campaigns.size());; ++i) {
    const Campaign& campaign = world.campaigns[i % world.campaigns.size()];
    if (campaign.first_month <= month && month <= campaign.last_month) return campaign;
  }
}

void TellSession(const Customer& customer, const World& world, int64_t time_ms,
                 const Campaign* campaign, int64_t number, Random* random, Story* story) {
  Session(customer, world, time_ms, campaign, number, random, story).Tell();
}

}  // namespace waypost::demo
