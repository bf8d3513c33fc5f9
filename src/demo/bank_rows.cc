#include "demo/bank_rows.h"

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "demo/bank.h"

namespace waypost::demo {
namespace {

using Columns = std::initializer_list<Property>;

// `owner`: null for a thing.
void WriteRow(std::string_view table, const Customer* owner, int64_t time_ms,
              std::span<const Property> columns, BatchWriter* out) {
  out->BeginItem(ItemKind::kRow, table, {}, {.time_ms = time_ms});
  if (owner != nullptr) out->AddIdentity("login", owner->login);
  for (const Property& column : columns) out->AddProperty(column.name, column.value);
  out->EndItem();
}
void WriteRow(std::string_view table, const Customer* owner, int64_t time_ms, Columns columns,
              BatchWriter* out) {
  WriteRow(table, owner, time_ms, std::span(columns.begin(), columns.size()), out);
}

class Belongings {
 public:
  Belongings(const Customer& customer, int64_t end_ms, BatchWriter* out)
      : customer_(customer), end_ms_(end_ms), out_(*out) {}

  void Account(std::string_view kind, int64_t opened_day, int64_t balance) {
    const std::string id = customer_.login + "-A" + std::to_string(++accounts_);
    WriteRow("account", &customer_, end_ms_,
             {{"account_id", Value::String(id)},
              {"kind", Value::String(kind)},
              {"opened", Value::Date(opened_day)},
              {"organisation_id", Value::String(customer_.branch->name)},
              {"balance", Value::Decimal(balance)}},
             &out_);
  }

  // What is due is not held any more.
  void Holding(std::string_view product, int64_t bought_day, int64_t term_days, int64_t amount) {
    const int64_t due_day = bought_day + term_days;
    if (term_days > 0 && due_day <= (end_ms_ + kLocalOffsetMs) / kDayMs) return;
    const std::string id = customer_.login + "-H" + std::to_string(++holdings_);
    out_.BeginItem(ItemKind::kRow, "holding", {}, {.time_ms = end_ms_});
    out_.AddIdentity("login", customer_.login);
    out_.AddProperty("holding_id", Value::String(id));
    out_.AddProperty("product_id", Value::String(product));
    out_.AddProperty("amount", Value::Decimal(amount));
    out_.AddProperty("bought", Value::Date(bought_day));
    if (term_days > 0) out_.AddProperty("matures", Value::Date(due_day));
    out_.EndItem();
  }

 private:
  const Customer& customer_;
  const int64_t end_ms_;
  BatchWriter& out_;
  int accounts_ = 0, holdings_ = 0;
};

const Value* FindProperty(std::span<const Property> properties, std::string_view name) {
  const auto found = std::ranges::find(properties, name, &Property::name);
  return found == properties.end() ? nullptr : &found->value;
}

void WriteBought(const Story& story, Belongings* belongings) {
  for (const Story::Moment& moment : story.moments()) {
    if (moment.event != "purchase_success") continue;
    const auto properties = story.Properties(moment);
    const Value* product = FindProperty(properties, "product_id");
    const Value* amount = FindProperty(properties, "amount");
    const Value* term = FindProperty(properties, "term_days");
    belongings->Holding(product->text, (moment.time_ms + kLocalOffsetMs) / kDayMs, term->whole,
                        amount->whole);
  }
}

Table Thing(std::string id, std::string zh, std::string en, std::vector<TableColumn> columns) {
  Table table{.id = std::move(id), .display_zh = std::move(zh), .display_en = std::move(en)};
  table.key = {columns[0].name};
  table.columns = std::move(columns);
  return table;
}

Table OfCustomers(std::string id, std::string zh, std::string en,
                  std::vector<TableColumn> columns) {
  Table table = Thing(std::move(id), std::move(zh), std::move(en), std::move(columns));
  table.owner = Table::Owner::kCustomer;
  return table;
}

}  // namespace

std::vector<Table> BankTables() {
  using enum ValueType;
  using enum DataClass;
  return {
      Thing("product", "产品", "Product",
            {{"product_id", "产品编号", "Product number", kString, kC1},
             {"name", "产品名称", "Name", kString, kC1},
             {"type", "产品类型", "Type", kString, kC1},
             {"risk", "风险等级", "Risk", kInt, kC1},
             {"term_days", "期限（天）", "Term (days)", kInt, kC1},
             {"yield", "年化收益率（%）", "Yield (%)", kDouble, kC1}}),
      Thing("organisation", "机构", "Branch",
            {{"organisation_id", "机构", "Branch", kString, kC1},
             {"city", "城市", "City", kString, kC1},
             {"province", "省份", "Province", kString, kC1}}),
      Thing("employee", "客户经理", "Manager",
            {{"employee_id", "工号", "Number", kString, kC1},
             {"name", "姓名", "Name", kString, kC1},
             {"organisation_id", "所属机构", "Branch", kString, kC1, "organisation"}}),
      OfCustomers("account", "账户", "Account",
                  {{"account_id", "账户编号", "Account number", kString, kC2},
                   {"kind", "账户类型", "Kind", kString, kC1},
                   {"opened", "开户日期", "Opened", kDate, kC1},
                   {"organisation_id", "开户机构", "Branch", kString, kC1, "organisation"},
                   {"balance", "余额", "Balance", kDecimal, kC2}}),
      OfCustomers("holding", "持仓", "Holding",
                  {{"holding_id", "持仓编号", "Holding number", kString, kC2},
                   {"product_id", "产品", "Product", kString, kC1, "product"},
                   {"amount", "金额", "Amount", kDecimal, kC2},
                   {"bought", "购买日期", "Bought", kDate, kC1},
                   {"matures", "到期日", "Matures", kDate, kC1}}),
  };
}

void WriteThings(const World& world, int64_t time_ms, BatchWriter* out) {
  for (const Product& product : world.products) {
    std::vector<Property> columns{{"product_id", Value::String(product.id)},
                                  {"name", Value::String(product.name)},
                                  {"type", Value::String(product.type)},
                                  {"risk", Value::Int(product.risk)}};
    if (product.term_days > 0) columns.push_back({"term_days", Value::Int(product.term_days)});
    if (product.yield > 0) columns.push_back({"yield", Value::Double(product.yield)});
    WriteRow("product", nullptr, time_ms, std::span<const Property>(columns), out);
  }
  int managers = 0;
  for (const Branch& branch : world.branches) {
    const Property at{"organisation_id", Value::String(branch.name)};
    WriteRow(
        "organisation", nullptr, time_ms,
        {at, {"city", Value::String(branch.city)}, {"province", Value::String(branch.province)}},
        out);
    for (const std::string_view manager : branch.managers) {
      const std::string id = "E" + std::to_string(10'000 + ++managers);
      WriteRow("employee", nullptr, time_ms,
               {{"employee_id", Value::String(id)}, {"name", Value::String(manager)}, at}, out);
    }
  }
}

void WriteBelongings(const Customer& customer, const World& world, const Story& story,
                     int64_t end_ms, Random random, BatchWriter* out) {
  Belongings belongings(customer, end_ms, out);
  const int64_t cash = static_cast<int64_t>(random.Unit() * 0.3 * 100) * customer.assets / 100;
  belongings.Account("储蓄", customer.registered_day, cash);
  if (random.Chance(0.35)) belongings.Account("信用卡", customer.registered_day + 30, 0);
  if (customer.vip > 0 || random.Chance(0.2))
    belongings.Account("理财", customer.registered_day + 7, customer.assets / 2);
  WriteBought(story, &belongings);
  // Before the story, in whole hundreds of yuan.
  const int64_t first_day = (customer.joins_ms + kLocalOffsetMs) / kDayMs;
  for (int64_t n = random.Below(2 + customer.vip); n > 0; --n) {
    const Product& product = world.products[random.Popular(world.products.size())];
    const int64_t share = customer.assets / kDecimalScale / 100 / 8;
    const int64_t amount = (1 + random.Below(share + 1)) * 100 * kDecimalScale;
    belongings.Holding(product.id, first_day - random.Between(1, 300), product.term_days, amount);
  }
}

}  // namespace waypost::demo
