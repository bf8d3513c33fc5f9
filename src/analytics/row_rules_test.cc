// Rules about rows of tables against an oracle that goes through one customer's rows after the
// other.
#include "analytics/row_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <set>

#include "analytics/rules.h"
#include "analytics/test_world.h"
#include "eql/text.h"

namespace waypost::analytics {
namespace {

using testing::HasSubstr;

constexpr int64_t kAskedMs = 1'775'001'600'000;  // 2026-04-01T00:00Z
constexpr int64_t kToday = kAskedMs / 86'400'000;

struct Product {
  int64_t id = 0;
  std::optional<std::string> type;
};
struct Holding {
  std::string user;
  int64_t product = 0;            // 0: none; some are of no product there is
  std::optional<int64_t> amount;  // ten-thousandths
  int64_t matures = 0;            // days since 1970
};

const Table kProduct{.id = "product",
                     .columns = {{.name = "product_id", .type = ValueType::kInt},
                                 {.name = "ptype", .display_zh = "类别"}},
                     .key = {"product_id"}};
const Table kHolding{
    .id = "holding",
    .display_zh = "持仓",
    .columns = {{.name = "product_id", .type = ValueType::kInt, .refers = "product"},
                {.name = "amount", .display_zh = "金额", .type = ValueType::kDecimal},
                {.name = "matures", .type = ValueType::kDate}},
    .owner = Table::Owner::kCustomer};

const Table kCustomer{
    .id = "customer",
    .columns = {{.name = "favourite", .type = ValueType::kInt, .refers = "product"}}};

// Tables as they are kept: blocks of rows.
class Shelf final : public Tables {
 public:
  void Add(const Table& table, uint32_t ordinal, std::vector<column::Cell> cells) {
    Kept& kept = kept_[table.id];
    kept.table = std::make_shared<const Table>(table);
    auto& builder = kept.builders[ordinal >> 16];
    if (!builder) builder = std::make_unique<column::BlockBuilder>(ordinal >> 16, 0);
    builder->Add({.local = ordinal & 0xFFFF, .cells = cells});
  }
  void Seal(const column::SnapshotView& snapshot) {
    kept_["customer"].table = std::make_shared<const Table>(kCustomer);
    for (auto& [id, kept] : kept_) {
      kept.view = snapshot;
      kept.view.blocks.clear();
      for (auto& [number, builder] : kept.builders) {
        const column::Image& image = kept.images.emplace_back(builder->Build());
        const column::EventBlock& block =
            kept.blocks.emplace_back(column::ReadBlockImage(image.bytes()).value());
        kept.rows.push_back(&block);
        kept.view.blocks.push_back({.block = number, .parts = {&block}, .attributes = {}});
      }
    }
  }
  Result<Found> Find(std::string_view name) const override {
    for (const auto& [id, kept] : kept_) {
      if (id != name && kept.table->display_zh != name) continue;
      const auto stays = [](const auto& thing) {
        return std::shared_ptr<std::remove_reference_t<decltype(thing)>>(std::shared_ptr<void>(),
                                                                         &thing);
      };
      Found found{kept.table, nullptr, stays(kept.rows)};
      if (kept.table->owner == Table::Owner::kCustomer) found.of_customers = stays(kept.view);
      return found;
    }
    return Error(Code::kNotFound, "unknown_table", "there is no such table");
  }

 private:
  struct Kept {
    std::shared_ptr<const Table> table;
    std::map<uint32_t, std::unique_ptr<column::BlockBuilder>> builders;
    std::deque<column::Image> images;
    std::deque<column::EventBlock> blocks;
    std::vector<const column::EventBlock*> rows;
    column::SnapshotView view;
  };
  std::map<std::string, Kept> kept_;
};

column::Cell Whole(uint32_t column, column::ColumnType type, int64_t value) {
  return {.property = column, .type = type, .whole = value};
}

struct Bank {
  World world;
  std::vector<Product> products;
  std::vector<Holding> holdings;

  explicit Bank(uint32_t seed) {
    std::mt19937 random(seed);
    const auto below = [&](uint32_t n) { return static_cast<int64_t>(random() % n); };
    for (int64_t id = 1; id <= 9; ++id) {
      const char* types[] = {"fund", "wealth", "gold"};
      products.push_back(
          {id, below(4) ? std::optional<std::string>(types[below(3)]) : std::nullopt});
    }
    for (int u = 0; u < 30; ++u) {
      const std::string user = "u" + std::to_string(u);
      world.Add(user, "seen", kAskedMs - 1'000);
      world.Add(user, "seen", kAskedMs - 500);
      world.Add(user, "seen", kAskedMs - 100);
      for (int64_t n = below(5); n > 0; --n) {
        holdings.push_back({user, below(11),
                            below(4) ? std::optional(below(9) * 2'500) : std::nullopt,
                            kToday - 20 + below(60)});
      }
    }
    std::shuffle(holdings.begin(), holdings.end(), random);
  }

  const Product* Find(int64_t id) const {
    const auto found = std::ranges::find(products, id, &Product::id);
    return found == products.end() ? nullptr : &*found;
  }
  bool Is(const Holding& holding, std::string_view type) const {
    const Product* product = Find(holding.product);
    return product && product->type == type;
  }

  // Rows of a customer of several ordinals are dealt out among them.
  void Fill(const column::SnapshotView& snapshot, Shelf* shelf,
            const Table& table = kHolding) const {
    using Type = column::ColumnType;
    for (const Product& product : products) {
      std::vector<column::Cell> cells = {Whole(0, Type::kInt, product.id)};
      if (product.type)
        cells.push_back({.property = 1, .type = Type::kString, .text = *product.type});
      shelf->Add(kProduct, static_cast<uint32_t>(product.id), cells);
    }
    std::map<std::string, std::vector<uint32_t>> places;
    for (const uint32_t o : world.Customers()) {
      const auto cluster = snapshot.clusters.Find(o);
      places[world.UserOf(o)] =
          cluster ? std::vector<uint32_t>(cluster->members.begin(), cluster->members.end())
                  : std::vector<uint32_t>{o};
    }
    size_t turn = 0;
    for (const Holding& holding : holdings) {
      const std::vector<uint32_t>& ordinals = places[holding.user];
      std::vector<column::Cell> cells = {Whole(2, Type::kDate, holding.matures)};
      if (holding.product) cells.push_back(Whole(0, Type::kInt, holding.product));
      if (holding.amount) cells.push_back(Whole(1, Type::kDecimal, *holding.amount));
      shelf->Add(table, ordinals[turn++ % ordinals.size()], cells);
    }
    shelf->Seal(snapshot);
  }
};

using Rows = std::vector<const Holding*>;
using Truth = std::function<bool(const Bank&, const Rows&)>;

template <typename Keep>
Rows Only(const Rows& rows, Keep keep) {
  Rows kept;
  std::ranges::copy_if(rows, std::back_inserter(kept), [&](const Holding* h) { return keep(*h); });
  return kept;
}
std::vector<int64_t> Amounts(const Rows& rows) {
  std::vector<int64_t> amounts;
  for (const Holding* holding : rows) {
    if (holding->amount) amounts.push_back(*holding->amount);
  }
  return amounts;
}
int64_t Sum(const Rows& rows) {
  int64_t sum = 0;
  for (const int64_t amount : Amounts(rows)) sum += amount;
  return sum;
}

struct RowCase {
  std::string_view eql;
  Truth holds;
};

std::vector<RowCase> RowCases() {
  const auto fund = [](const Bank& bank, const Rows& rows) {
    return Only(rows, [&](const Holding& h) { return bank.Is(h, "fund"); });
  };
  return {
      {"ANY holding", [](const Bank&, const Rows& rows) { return !rows.empty(); }},
      {"COUNT(holding) = 0", [](const Bank&, const Rows& rows) { return rows.empty(); }},
      {"NONE holding[amount >= 1]",
       [](const Bank&, const Rows& rows) {
         return std::ranges::none_of(Amounts(rows), [](int64_t a) { return a >= 10'000; });
       }},
      {"ALL holding[金额 >= 1]",
       [](const Bank&, const Rows& rows) {
         return std::ranges::all_of(rows, [](const Holding* h) { return h->amount >= 10'000; });
       }},
      {"COUNT(持仓[product_id.ptype = fund]) >= 2",
       [=](const Bank& bank, const Rows& rows) { return fund(bank, rows).size() >= 2; }},
      {"SUM(holding[product_id.类别 = fund].amount) >= 1.25",
       [=](const Bank& bank, const Rows& rows) {
         const Rows funds = fund(bank, rows);
         return !Amounts(funds).empty() && Sum(funds) >= 12'500;
       }},
      {"SUM(holding.amount) BETWEEN 0.5 AND 2",
       [](const Bank&, const Rows& rows) {
         return !Amounts(rows).empty() && Sum(rows) >= 5'000 && Sum(rows) <= 20'000;
       }},
      {"MAX(holding.amount) < 1",
       [](const Bank&, const Rows& rows) {
         const auto amounts = Amounts(rows);
         return !amounts.empty() && std::ranges::max(amounts) < 10'000;
       }},
      {"NOT MIN(holding.amount) > 0",
       [](const Bank&, const Rows& rows) {
         const auto amounts = Amounts(rows);
         return amounts.empty() || std::ranges::min(amounts) <= 0;
       }},
      {"AVG(holding.amount) > 1",
       [](const Bank&, const Rows& rows) {
         const auto amounts = Amounts(rows);
         return !amounts.empty() && Sum(rows) > 10'000 * static_cast<int64_t>(amounts.size());
       }},
      {"DISTINCT(holding.product_id) >= 2",
       [](const Bank&, const Rows& rows) {
         std::set<int64_t> products;
         for (const Holding* h : rows) products.insert(h->product);
         products.erase(0);
         return products.size() >= 2;
       }},
      {"ANY holding[matures NEXT 7 DAYS AND NOT product_id.ptype = gold]",
       [](const Bank& bank, const Rows& rows) {
         return !Only(rows, [&](const Holding& h) {
                   return h.matures > kToday && h.matures <= kToday + 7 && !bank.Is(h, "gold");
                 }).empty();
       }},
      {"ANY holding[product_id.ptype IS NULL]",
       [](const Bank& bank, const Rows& rows) {
         return !Only(rows, [&](const Holding& h) {
                   const Product* product = bank.Find(h.product);
                   return !product || !product->type;
                 }).empty();
       }},
      {"ANY holding[product_id.ptype != fund AND (amount IS NULL OR amount > 1)]",
       [](const Bank& bank, const Rows& rows) {
         return !Only(rows, [&](const Holding& h) {
                   const Product* product = bank.Find(h.product);
                   return product && product->type && *product->type != "fund" &&
                          (!h.amount || *h.amount > 10'000);
                 }).empty();
       }},
  };
}

TEST(RowRulesTest, SelectWhoAnOracleSelects) {
  const WorldLayout layouts[] = {{}, {.spread_blocks = true}, {.ordinals_per_user = 3}};
  for (uint32_t seed = 0; seed < 2; ++seed) {
    for (const WorldLayout& layout : layouts) {
      Bank bank(seed);
      const column::SnapshotView snapshot = bank.world.Build(layout);
      Shelf shelf;
      bank.Fill(snapshot, &shelf);
      for (const auto& [eql, holds] : RowCases()) {
        const auto query = eql::ParseQuery(eql).value();
        const auto resolved =
            ResolveQuery(query, bank.world, {.now_ms = kAskedMs, .tables = &shelf});
        ASSERT_TRUE(resolved.ok()) << eql << "\n" << resolved.error().message();
        std::set<std::string> expected, found;
        for (int u = 0; u < 30; ++u) {
          const std::string user = "u" + std::to_string(u);
          Rows rows;
          for (const Holding& holding : bank.holdings) {
            if (holding.user == user) rows.push_back(&holding);
          }
          if (holds(bank, rows)) expected.insert(user);
        }
        const exec::CustomerBits bits = RunQuery(resolved.value(), snapshot, 2);
        for (const uint32_t o : bank.world.Customers()) {
          if (bits[o / 64] >> (o % 64) & 1) found.insert(bank.world.UserOf(o));
        }
        EXPECT_EQ(found, expected) << eql << " seed " << seed;
        EXPECT_TRUE(exec::ReadsRows(resolved.value().rule)) << eql;
      }
    }
  }
}

// A holding is one until the day it matures.
struct HoldingCase {
  std::string_view eql;
  int64_t day;  // meant
  Truth holds;
};

TEST(RowRulesTest, RowsCountFromAndToADayAtTheMomentMeant) {
  Table until = kHolding;
  until.valid_to = "matures";
  const HoldingCase cases[] = {
      {"COUNT(holding) = 2", kToday,
       [](const Bank&, const Rows& rows) { return rows.size() == 2; }},
      {"ANY holding AT '2026-04-15'", kToday + 14,
       [](const Bank&, const Rows& rows) { return !rows.empty(); }},
      {"NONE holding AT 10 DAYS AGO", kToday - 10,
       [](const Bank&, const Rows& rows) { return rows.empty(); }},
      {"ALL holding[amount >= 1] AT '2026-04-10 09:30'", kToday + 9,
       [](const Bank&, const Rows& rows) {
         return std::ranges::all_of(rows, [](const Holding* h) { return h->amount >= 10'000; });
       }},
      {"SUM(holding[product_id.ptype = fund].amount AT '2026-03-20') >= 1", kToday - 12,
       [](const Bank& bank, const Rows& rows) {
         const Rows funds = Only(rows, [&](const Holding& h) { return bank.Is(h, "fund"); });
         return !Amounts(funds).empty() && Sum(funds) >= 10'000;
       }},
      {"FIND customer AT '2026-03-25' WHERE COUNT(holding) >= 2", kToday - 7,
       [](const Bank&, const Rows& rows) { return rows.size() >= 2; }},
  };
  Bank bank(3);
  const column::SnapshotView snapshot = bank.world.Build({.ordinals_per_user = 2});
  Shelf shelf;
  bank.Fill(snapshot, &shelf, until);
  for (const auto& [eql, day, holds] : cases) {
    const auto resolved = ResolveQuery(eql::ParseQuery(eql).value(), bank.world,
                                       {.now_ms = kAskedMs, .tables = &shelf});
    ASSERT_TRUE(resolved.ok()) << eql << "\n" << resolved.error().message();
    uint64_t expected = 0;
    for (int u = 0; u < 30; ++u) {
      Rows rows;
      for (const Holding& holding : bank.holdings) {
        if (holding.user == "u" + std::to_string(u) && holding.matures > day)
          rows.push_back(&holding);
      }
      expected += holds(bank, rows);
    }
    EXPECT_GT(expected, 0u) << eql;
    EXPECT_EQ(exec::CountBits(RunQuery(resolved.value(), snapshot, 1)), expected) << eql;
  }
}

TEST(RowRulesTest, AnAttributeNamesAThing) {
  Bank bank(1);
  for (int u = 0; u < 30; u += 2)
    bank.world.attributes["u" + std::to_string(u)]["favourite"] = u % 9;
  const column::SnapshotView snapshot = bank.world.Build({});
  Shelf shelf;
  bank.Fill(snapshot, &shelf);
  const auto count = [&](std::string_view eql) {
    const auto resolved = ResolveQuery(eql::ParseQuery(eql).value(), bank.world,
                                       {.now_ms = kAskedMs, .tables = &shelf});
    EXPECT_TRUE(resolved.ok()) << eql << ": " << resolved.error().message();
    return exec::CountBits(RunQuery(resolved.value(), snapshot, 1));
  };
  uint64_t funds = 0, unknown = 15;  // who have no favourite
  for (int u = 0; u < 30; u += 2) {
    const Product* product = bank.Find(u % 9);
    funds += product && product->type == "fund";
    unknown += !product || !product->type;
  }
  ASSERT_GT(funds, 0u);
  EXPECT_EQ(count("favourite.ptype = fund"), funds);
  EXPECT_EQ(count("favourite.类别 IS NULL"), unknown);
}

TEST(RowRulesTest, MistakesSayWhatWasMeant) {
  Bank bank(1);
  const column::SnapshotView snapshot = bank.world.Build({});
  Shelf shelf;
  bank.Fill(snapshot, &shelf);
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"ANY holdin", "there is no such table"},
      {"ANY product", "the rows of 'product' are of no customer"},
      {"ALL holding", "ALL needs a condition"},
      {"ANY holding[amout > 1]",
       "line 1, column 13: table 'holding' has no column 'amout'; did you mean 'amount'?"},
      {"ANY holding[product_id.ptpe = fund]", "did you mean 'ptype'?"},
      {"ANY holding[amount.x = 1]", "column 'amount' of 'holding' names no other table"},
      {"SUM(holding.matures) > 1", "SUM needs a number; 'matures' is a date"},
      {"ANY holding[amount = abc]", "line 1, column 13: value: give a number"},
      {"ANY holding[amount UNDER 3]", "UNDER needs a column that names a thing of a tree"},
      {"ANY holding[product_id OVER 3]", "table 'product' is no tree"},
      {"ANY holding[amount AT TODAY > 1]", "line 1, column 13: rows are all meant at one moment"},
      {"favorite UNDER 3", "did you mean 'favourite'?"},
      {"favorite.ptype = fund", "table 'customer' has no column 'favorite'; did you mean"},
      {"favourite.ptype = fund", "there is no field 'favourite'"},
      {"ANY holding[DID(seen)]", "a filter has conditions on properties or columns"},
      {"COUNT(holding) CONTAINS 'a'", "COUNT cannot be compared with CONTAINS"},
  };
  for (const auto& [eql, message] : cases) {
    const auto resolved = ResolveQuery(eql::ParseQuery(eql).value(), bank.world,
                                       {.now_ms = kAskedMs, .tables = &shelf});
    ASSERT_FALSE(resolved.ok()) << eql;
    EXPECT_EQ(resolved.error().name(), "eql_unknown") << eql;
    EXPECT_THAT(resolved.error().message(), HasSubstr(message)) << eql;
  }
  const auto without =
      ResolveQuery(eql::ParseQuery("ANY holding").value(), bank.world, {.now_ms = kAskedMs});
  EXPECT_THAT(without.error().message(), HasSubstr("there are no tables here"));
}

}  // namespace
}  // namespace waypost::analytics
