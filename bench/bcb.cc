#include "bcb.h"

#include <algorithm>
#include <cmath>

namespace waypost::bench {
namespace {

constexpr uint64_t kSeed = 20'260'101;
constexpr int kBranches = 3000, kManagers = 20'000;

enum Kind : uint8_t {
  kAppStart = 1,
  kAppEnd,
  kPageView,
  kTabClick,
  kLoginSuccess,
  kLoginFail,
  kBalanceQuery,
  kBillQuery,
  kSearch,
  kBannerExposure,
  kBannerClick,
  kProductList,
  kProductDetail,
  kProductCompare,
  kFavoriteAdd,
  kBuyClick,
  kRiskAssess,
  kPaySubmit,
  kOtpVerify,
  kPurchaseSuccess,
  kPurchaseFail,
  kRedeem,
  kTransferEntry,
  kTransferSubmit,
  kTransferSuccess,
  kPaymentQr,
  kBillPay,
  kLoanView,
  kLoanApply,
  kLoanDocUpload,
  kLoanSubmit,
  kLoanApproved,
  kCardApply,
  kCardActivate,
  kPushReceive,
  kPushClick,
  kSmsClick,
  kAdClick,
  kManagerContact,
  kBranchVisit
};
constexpr std::string_view kEventNames[] = {"",
                                            "app_start",
                                            "app_end",
                                            "page_view",
                                            "tab_click",
                                            "login_success",
                                            "login_fail",
                                            "balance_query",
                                            "bill_query",
                                            "search",
                                            "banner_exposure",
                                            "banner_click",
                                            "product_list_view",
                                            "product_detail",
                                            "product_compare",
                                            "favorite_add",
                                            "buy_click",
                                            "risk_assess",
                                            "pay_submit",
                                            "otp_verify",
                                            "purchase_success",
                                            "purchase_fail",
                                            "redeem_success",
                                            "transfer_entry",
                                            "transfer_submit",
                                            "transfer_success",
                                            "payment_qr",
                                            "bill_pay",
                                            "loan_view",
                                            "loan_apply",
                                            "loan_doc_upload",
                                            "loan_submit",
                                            "loan_approved",
                                            "card_apply",
                                            "card_activate",
                                            "push_receive",
                                            "push_click",
                                            "sms_click",
                                            "ad_click",
                                            "rm_contact",
                                            "branch_visit"};
constexpr std::string_view kPlatforms[] = {"android", "ios",    "miniapp",   "h5",
                                           "web",     "branch", "callcenter"};
constexpr std::string_view kChannels[] = {
    "natural", "appstore",  "wechat",   "douyin",     "baidu",    "alipay",    "sms",
    "push",    "branch_qr", "rm_share", "toutiao",    "weibo",    "partner_a", "partner_b",
    "email",   "bank_site", "kol",      "offline_ad", "referral", "other"};
constexpr std::string_view kProductTypes[] = {"deposit", "fund", "wealth", "insurance",
                                              "loan",    "card", "gold"};
constexpr int kNatural = 0, kDouyin = 3, kSms = 6, kPush = 7, kBranchQr = 8, kManagerShare = 9;
constexpr int kAtBranch = 5, kByPhone = 6;  // platforms
constexpr double kHours[24] = {.3,  .15, .1,  .08, .1,  .3,  .8,  1.5, 2.2, 2.6, 2.6, 2.2,
                               2.0, 1.8, 1.9, 2.1, 2.2, 2.0, 2.1, 2.6, 3.0, 2.8, 1.8, .8};

uint64_t Mix(uint64_t x) {
  x += 0x9E3779B97F4A7C15ull;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
  return x ^ (x >> 31);
}

// The specification's random stream. Where two draws meet in one expression below, they are taken
// into names first: their order is part of the data.
class Stream {
 public:
  Stream(uint64_t stream, uint64_t index) : state_(Mix(kSeed ^ Mix(stream ^ Mix(index)))) {}
  double Unit() {
    const uint64_t bits = Mix(state_);
    state_ += 0x9E3779B97F4A7C15ull;
    return static_cast<double>(bits >> 11) * 0x1.0p-53;
  }
  uint32_t Below(uint32_t limit) { return static_cast<uint32_t>(Unit() * limit); }
  bool Chance(double p) { return Unit() < p; }
  double Normal() {
    const double a = std::max(Unit(), 1e-300), b = Unit();
    return std::sqrt(-2 * std::log(a)) * std::cos(6.283185307179586 * b);
  }
  double Exponential(double mean) { return -mean * std::log(std::max(Unit(), 1e-300)); }
  // Failures before the first success, at most 20.
  int Geometric(double success) {
    int n = 0;
    while (n < 20 && !Chance(success)) ++n;
    return n;
  }

 private:
  uint64_t state_;
};

int ChoosePlatform(Stream& r) {
  if (r.Chance(0.55)) return 0;
  if (r.Chance(0.6)) return 1;
  if (r.Chance(0.6)) return 2;
  return r.Chance(0.5) ? 3 : 4;
}

int VipLevel(int64_t cents) {
  return cents > 500'000'000 ? 3 : cents > 50'000'000 ? 2 : cents > 5'000'000 ? 1 : 0;
}

}  // namespace

BcbZipf::BcbZipf(int count, double exponent) {
  double sum = 0;
  for (int i = 1; i <= count; ++i) cumulative_.push_back(sum += 1 / std::pow(i, exponent));
  for (double& share : cumulative_) share /= sum;
}

int BcbZipf::Rank(double unit) const {
  return static_cast<int>(std::lower_bound(cumulative_.begin(), cumulative_.end(), unit) -
                          cumulative_.begin());
}

Bcb::Bcb()
    : cities_(300, 1.0),
      channels_(20, 1.1),
      products_(kBcbProducts, 1.05),
      pages_(400, 1.0),
      campaigns_(200, 1.1) {
  double sum = 0;
  for (double weight : kHours) hours_.push_back(sum += weight);
  for (double& share : hours_) share /= sum;
}

BcbUser Bcb::User(uint32_t id) const {
  Stream r(1, id);
  BcbUser u;
  u.id = id;
  u.registered =
      r.Chance(0.85) ? -static_cast<int>(1 + r.Below(3000)) : static_cast<int>(r.Below(kBcbDays));
  u.gender = r.Chance(0.51) ? 1 : 2;
  u.birth_year = 1950 + static_cast<int>(r.Below(58));
  u.city = cities_.Rank(r.Unit()) + 1;
  u.province = u.city * 7 % 31 + 1;
  u.branch = 1 + static_cast<int>(r.Below(kBranches));
  u.manager = 1 + static_cast<int>(r.Below(kManagers));
  u.risk = 1 + std::min(4, static_cast<int>(r.Unit() * r.Unit() * 6));
  u.income = 1 + std::min(7, static_cast<int>(r.Exponential(2.2)));
  u.aum_cents = static_cast<int64_t>(std::min(std::exp(9.2 + 1.9 * r.Normal()), 5e8)) * 100;
  u.vip = VipLevel(u.aum_cents);
  u.channel = channels_.Rank(r.Unit());
  u.score = 300 + static_cast<int64_t>(650 * std::pow(r.Unit(), 0.6));
  u.rate = std::min(400.0, std::exp(0.80 + 1.2 * r.Normal()));
  u.churn_day = r.Chance(0.2) ? static_cast<int>(r.Below(kBcbDays)) : kBcbDays + 1;
  u.platform = ChoosePlatform(r);
  u.wealth = 0.10 + 0.25 * (u.vip > 0) + 0.1 * r.Unit();
  u.transfer = 0.15 + 0.2 * r.Unit();
  u.loan = 0.03 + 0.05 * (u.income < 3);
  return u;
}

// The stream gives the user's accounts first, whose draws are passed over, as are a holding's
// dates.
void Bcb::Holdings(const BcbUser& user, std::vector<BcbHolding>* holdings) const {
  holdings->clear();
  Stream r(5, user.id);
  const int second = r.Chance(0.45), third = r.Chance(0.15);
  for (int draws = 1 + 2 * (second + third); draws > 0; --draws) r.Unit();
  int count = 0;
  if (user.vip > 0) {
    count = 1 + r.Geometric(0.4);
  } else if (r.Chance(0.35)) {
    count = 1 + r.Geometric(0.7);
  }
  for (int i = 0; i < count; ++i) {
    const int product = products_.Rank(r.Unit()) + 1;
    holdings->push_back({product, user.aum_cents / (2 + i * 2) / 100 * 100 + 10'000});
    r.Unit();
    r.Unit();
  }
}

// One user's 90 days.
class BcbLife {
 public:
  BcbLife(const Bcb& bcb, const BcbUser& user, std::vector<BcbEvent>* events)
      : bcb_(bcb), user_(user), events_(*events), r_(2, user.id) {
    first_day_ = std::max(0, user.registered);
    end_day_ = std::min(kBcbDays, user.churn_day);
    if (end_day_ <= first_day_) end_day_ = std::min(kBcbDays, first_day_ + 1);
  }

  void Live() {
    const double share = (end_day_ - first_day_) / static_cast<double>(kBcbDays);
    const int sessions = static_cast<int>(user_.rate * share + r_.Unit());
    for (int i = 0; i < sessions; ++i) Session();
    const int pushes = static_cast<int>(share * 25 * r_.Unit());
    for (int i = 0; i < pushes; ++i) ReceivePush();
    if (user_.vip > 0) MeetManager();
    if (r_.Chance(0.25 * share)) VisitBranch();
    PutInOrder();
  }

 private:
  // A day the user is there; Saturdays and Sundays are tried again with probability 0.3.
  int SomeDay() {
    int day = 0;
    for (int tries = 0; tries < 4; ++tries) {
      day = first_day_ + static_cast<int>(r_.Below(static_cast<uint32_t>(end_day_ - first_day_)));
      const int weekday = (day + 4) % 7;
      if ((weekday != 0 && weekday != 6) || r_.Chance(0.7)) break;
    }
    return day;
  }

  int64_t TimeOfDay(int day) {
    const double x = r_.Unit();
    const auto hour =
        std::lower_bound(bcb_.hours_.begin(), bcb_.hours_.end(), x) - bcb_.hours_.begin();
    return kBcbBeginMs + day * kBcbDayMs + hour * 3'600'000 + r_.Below(3'600'000);
  }

  int64_t SomeTime() { return TimeOfDay(SomeDay()); }
  int Campaign() { return bcb_.campaigns_.Rank(r_.Unit()) + 1; }
  int Product() { return bcb_.products_.Rank(r_.Unit()) + 1; }
  int Page() { return bcb_.pages_.Rank(r_.Unit()) + 1; }

  // What an event has beside its kind; the rest comes from the session.
  struct More {
    int page = 0, product = 0, campaign = 0;
    int64_t amount_cents = 0;
    uint32_t duration_ms = 0;
    int result = 1;
  };

  void Put(Kind kind, int64_t time_ms, uint32_t session, const More& more) {
    events_.push_back({time_ms, kind, session, static_cast<uint8_t>(platform_),
                       static_cast<uint8_t>(channel_), static_cast<uint16_t>(more.page),
                       static_cast<uint16_t>(more.product), static_cast<uint16_t>(more.campaign),
                       more.amount_cents, more.duration_ms, static_cast<uint8_t>(more.result), 0});
  }
  // In the session, now.
  void Put(Kind kind, const More& more) { Put(kind, time_ms_, session_, more); }
  // Then `least_ms` to `least_ms + spread_ms` pass.
  void Wait(int64_t least_ms, uint32_t spread_ms) { time_ms_ += least_ms + r_.Below(spread_ms); }
  void WaitAbout(int64_t least_ms, double mean_ms) {
    time_ms_ += least_ms + static_cast<int>(r_.Exponential(mean_ms));
  }

  void Session() {
    time_ms_ = SomeTime();
    ++session_;
    platform_ = r_.Chance(0.85) ? user_.platform : static_cast<int>(r_.Below(5));
    channel_ = r_.Chance(0.7) ? kNatural : bcb_.channels_.Rank(r_.Unit());
    Arrive();
    const int64_t begin_ms = time_ms_;
    Put(kAppStart, {.page = 1, .campaign = campaign_});
    Wait(500, 3000);
    if (r_.Chance(0.75)) LogIn();
    for (int n = 1 + r_.Geometric(0.55); n > 0; --n) Act();
    const int64_t length_ms = std::min<int64_t>(time_ms_ - begin_ms, 4'000'000'000);
    Put(kAppEnd, {.duration_ms = static_cast<uint32_t>(length_ms)});
  }

  // One session in nine begins with a click on something the bank sent.
  void Arrive() {
    campaign_ = 0;
    const double touch = r_.Unit();
    if (touch >= 0.11) return;
    campaign_ = Campaign();
    if (touch < 0.05) {
      const int session_channel = channel_;
      if (channel_ == kNatural) channel_ = kDouyin;
      Put(kAdClick, {.campaign = campaign_});
      channel_ = session_channel;
      return Wait(2000, 8000);
    }
    const bool push = touch < 0.09;
    channel_ = push ? kPush : kSms;
    Put(push ? kPushClick : kSmsClick, {.campaign = campaign_});
    Wait(1500, push ? 4000 : 9000);
  }

  void LogIn() {
    if (r_.Chance(0.06)) {
      Put(kLoginFail, {.page = 2, .result = 0});
      Wait(5000, 20'000);
    }
    Put(kLoginSuccess, {.page = 2});
    Wait(1000, 4000);
  }

  void Act() {
    if (r_.Chance(0.6)) SeeBanner();
    const double what = r_.Unit();
    Browse();
    const BcbUser& u = user_;
    if (what < u.wealth) {
      Invest();
    } else if (what < u.wealth + u.transfer) {
      Transfer();
    } else if (what < u.wealth + u.transfer + u.loan) {
      Borrow();
    } else if (what < u.wealth + u.transfer + u.loan + 0.02) {
      ApplyForCard();
    } else if (what < u.wealth + u.transfer + u.loan + 0.20) {
      Pay();
    } else {
      LookAround();
    }
  }

  void SeeBanner() {
    Put(kBannerExposure, {.page = 1, .campaign = Campaign()});
    Wait(200, 2000);
    if (!r_.Chance(0.05)) return;
    Put(kBannerClick, {.page = 1, .campaign = Campaign()});
    Wait(1000, 5000);
  }

  void Browse() {
    for (int n = 1 + r_.Geometric(0.6); n > 0; --n) {
      const uint32_t duration_ms = 1000 + r_.Below(60'000);
      Put(kPageView, {.page = Page(), .duration_ms = duration_ms});
      WaitAbout(1500, 15'000);
    }
    if (!r_.Chance(0.3)) return;
    Put(kTabClick, {.page = Page()});
    Wait(500, 3000);
  }

  void Invest() {
    Put(kProductList, {.page = 10});
    WaitAbout(2000, 9000);
    int product = 0;
    for (int n = 1 + r_.Geometric(0.55); n > 0; --n) {
      product = Product();
      Put(kProductDetail, {.page = 11, .product = product, .duration_ms = 2000 + r_.Below(90'000)});
      WaitAbout(3000, 25'000);
    }
    if (r_.Chance(0.08)) {
      Put(kProductCompare, {.page = 12, .product = product});
      Wait(2000, 9000);
    }
    if (r_.Chance(0.06)) {
      Put(kFavoriteAdd, {.page = 11, .product = product});
      Wait(1000, 3000);
    }
    if (r_.Chance(0.22)) Buy(product);
  }

  void Buy(int product) {
    const double yuan = 100 * std::ceil(std::exp(8.0 + 1.3 * r_.Normal()) / 100);
    const int64_t cents = static_cast<int64_t>(yuan) * 100;
    Put(kBuyClick, {.page = 13, .product = product, .amount_cents = cents});
    Wait(1500, 9000);
    if (r_.Chance(0.45)) {
      Put(kRiskAssess, {.page = 14, .product = product, .result = r_.Chance(0.85)});
      Wait(5000, 60'000);
    }
    if (!r_.Chance(0.62)) return;
    Put(kPaySubmit, {.page = 15, .product = product, .amount_cents = cents});
    Wait(1000, 8000);
    if (!r_.Chance(0.92)) return;
    Put(kOtpVerify, {.page = 16, .product = product, .result = r_.Chance(0.95)});
    Wait(2000, 20'000);
    if (r_.Chance(0.87)) {
      Put(kPurchaseSuccess,
          {.page = 17, .product = product, .campaign = campaign_, .amount_cents = cents});
    } else {
      Put(kPurchaseFail, {.page = 17, .product = product, .amount_cents = cents, .result = 0});
    }
    Wait(1000, 5000);
  }

  void Transfer() {
    Put(kTransferEntry, {.page = 20});
    Wait(3000, 15'000);
    if (!r_.Chance(0.72)) return;
    const int64_t cents = static_cast<int64_t>(std::exp(6.2 + 1.5 * r_.Normal()) * 100);
    Put(kTransferSubmit, {.page = 21, .amount_cents = cents});
    Wait(2000, 9000);
    if (r_.Chance(0.95)) {
      Put(kOtpVerify, {.page = 16, .result = r_.Chance(0.96)});
      Wait(2000, 15'000);
    }
    if (r_.Chance(0.93)) Put(kTransferSuccess, {.page = 22, .amount_cents = cents});
    Wait(1000, 4000);
  }

  void Borrow() {
    Put(kLoanView, {.page = 30});
    WaitAbout(4000, 20'000);
    if (!r_.Chance(0.18)) return;
    Put(kLoanApply, {.page = 31});
    Wait(8000, 60'000);
    if (!r_.Chance(0.62)) return;
    Put(kLoanDocUpload, {.page = 32});
    Wait(20'000, 120'000);
    if (!r_.Chance(0.72)) return;
    const int64_t cents = int64_t{1 + r_.Below(30)} * 1'000'000;
    Put(kLoanSubmit, {.page = 33, .amount_cents = cents});
    if (r_.Chance(0.55)) {
      const int64_t later = 43'200'000 + static_cast<int64_t>(r_.Exponential(1.2 * 86'400'000));
      Put(kLoanApproved, time_ms_ + later, 0, {.amount_cents = cents});
    }
    time_ms_ += 2000;
  }

  void ApplyForCard() {
    Put(kCardApply, {.page = 40});
    if (r_.Chance(0.5)) {
      const int64_t later = 5 * kBcbDayMs + static_cast<int64_t>(r_.Exponential(3.0 * 86'400'000));
      Put(kCardActivate, time_ms_ + later, 0, {.page = 41});
    }
    Wait(5000, 30'000);
  }

  void Pay() {
    const int64_t cents = static_cast<int64_t>(std::exp(4.0 + 1.0 * r_.Normal()) * 100);
    Put(r_.Chance(0.7) ? kPaymentQr : kBillPay, {.page = 50, .amount_cents = cents});
    Wait(2000, 9000);
  }

  void LookAround() {
    if (r_.Chance(0.7)) {
      Put(kBalanceQuery, {.page = 60});
      Wait(2000, 9000);
    }
    if (r_.Chance(0.3)) {
      Put(kBillQuery, {.page = 61});
      Wait(2000, 20'000);
    }
    if (r_.Chance(0.1)) {
      Put(kSearch, {.page = 62});
      Wait(2000, 9000);
    }
    if (!r_.Chance(0.02)) return;
    const int64_t cents = static_cast<int64_t>(std::exp(8.0 + 1.2 * r_.Normal()) * 100);
    Put(kRedeem, {.page = 63, .product = Product(), .amount_cents = cents});
    time_ms_ += 2000;
  }

  void ReceivePush() {
    platform_ = user_.platform;
    channel_ = kPush;
    const int campaign = Campaign();
    const int64_t day = first_day_ + r_.Below(static_cast<uint32_t>(end_day_ - first_day_));
    const int64_t time_ms = kBcbBeginMs + day * kBcbDayMs + 36'000'000 + r_.Below(36'000'000);
    Put(kPushReceive, time_ms, 0, {.campaign = campaign});
  }

  void MeetManager() {
    platform_ = kByPhone;
    channel_ = kManagerShare;
    for (uint32_t n = r_.Below(static_cast<uint32_t>(1 + 2 * user_.vip)); n > 0; --n) {
      const uint32_t duration_ms = 60'000 + r_.Below(900'000);
      Put(kManagerContact, SomeTime(), 0, {.duration_ms = duration_ms});
      events_.back().employee = static_cast<uint32_t>(user_.manager);
    }
  }

  void VisitBranch() {
    platform_ = kAtBranch;
    channel_ = kBranchQr;
    const uint32_t duration_ms = 600'000 + r_.Below(1'800'000);
    Put(kBranchVisit, SomeTime(), 0, {.duration_ms = duration_ms});
    events_.back().employee = static_cast<uint32_t>(user_.manager);
  }

  // By time, made strictly increasing; what falls out of the window is dropped.
  void PutInOrder() {
    const int64_t end_ms = kBcbBeginMs + kBcbDays * kBcbDayMs;
    std::erase_if(events_, [&](const BcbEvent& e) { return e.time_ms >= end_ms; });
    std::stable_sort(events_.begin(), events_.end(),
                     [](const BcbEvent& a, const BcbEvent& b) { return a.time_ms < b.time_ms; });
    for (size_t i = 1; i < events_.size(); ++i) {
      events_[i].time_ms = std::max(events_[i].time_ms, events_[i - 1].time_ms + 1);
    }
    while (!events_.empty() && events_.back().time_ms >= end_ms) events_.pop_back();
  }

  const Bcb& bcb_;
  const BcbUser& user_;
  std::vector<BcbEvent>& events_;
  Stream r_;
  int first_day_ = 0, end_day_ = 0;
  uint32_t session_ = 0;
  int64_t time_ms_ = 0;
  int platform_ = 0, channel_ = 0, campaign_ = 0;
};

void Bcb::Events(const BcbUser& user, std::vector<BcbEvent>* events) const {
  events->clear();
  BcbLife(*this, user, events).Live();
}

std::string_view BcbEventName(int event) { return kEventNames[event]; }
std::string_view BcbPlatformName(int platform) { return kPlatforms[platform]; }
std::string_view BcbChannelName(int channel) { return kChannels[channel]; }
std::string_view BcbProductType(int product) {
  return kProductTypes[Stream(3, static_cast<uint64_t>(product)).Below(std::size(kProductTypes))];
}
uint64_t BcbSessionId(const BcbUser& user, const BcbEvent& event) {
  return event.session == 0 ? 0 : uint64_t{user.id} * 65'536 + event.session;
}

}  // namespace waypost::bench
