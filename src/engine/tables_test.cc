#include "engine/tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "engine/engine.h"
#include "io/sim_file_system.h"
#include "io/sim_random.h"
#include "store/verify.h"

namespace waypost::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr int64_t kLoadedMs = 1'790'000'000'000;

Table Holdings() {
  return {.id = "holdings",
          .display_zh = "持仓",
          .columns = {{.name = "product_id", .type = ValueType::kInt},
                      {.name = "amount", .type = ValueType::kDecimal},
                      {.name = "opened", .type = ValueType::kDate}},
          .key = {"product_id"},
          .owner = Table::Owner::kCustomer};
}

// Who holds which account, and what happened on accounts.
Table Dispositions() {
  return {.id = "disposition",
          .columns = {{.name = "disp_id", .type = ValueType::kInt},
                      {.name = "account_id", .type = ValueType::kInt}},
          .key = {"disp_id"},
          .owner = Table::Owner::kCustomer};
}
Table Loans() {
  return {.id = "loan",
          .columns = {{.name = "loan_id", .type = ValueType::kInt},
                      {.name = "account_id", .type = ValueType::kInt},
                      {.name = "amount", .type = ValueType::kInt}},
          .key = {"loan_id"},
          .owner = Table::Owner::kThrough,
          .through = "disposition",
          .by = "account_id"};
}

class TablesTest : public testing::Test {
 protected:
  TablesTest() { Open(); }

  void Open(const std::string& directory = "/data") {
    engine_ = nullptr;
    auto opened = Engine::Open(*disk_, clock_, random_,
                               {.directory = directory, .erasure_list = "/erasures"});
    ASSERT_TRUE(opened.ok()) << opened.error().message();
    engine_ = std::move(opened).value();
  }
  void Declare(const Table& table) {
    const auto changed = engine_->ChangeTable({table});
    ASSERT_TRUE(changed.ok()) << changed.error().message();
  }
  void Append(Bytes batch) {
    std::promise<bool> answer;
    engine_->Append(std::move(batch),
                    [&](const Result<LogPosition>& done) { answer.set_value(done.ok()); });
    ASSERT_TRUE(answer.get_future().get());
  }

  using Cells = std::vector<std::pair<std::string, Value>>;
  struct Row {
    std::string who;  // empty: nobody
    Cells cells;
  };
  void Send(const std::string& table, const std::vector<Row>& rows, ItemKind kind = ItemKind::kRow,
            std::string_view chunk = {}) {
    BatchWriter out({"default", "test", now_ms_, chunk});
    for (const Row& row : rows) {
      out.BeginItem(kind, table, {}, {.time_ms = now_ms_});
      if (!row.who.empty()) out.AddIdentity("login", row.who);
      for (const auto& [name, value] : row.cells) out.AddProperty(name, value);
      out.EndItem();
    }
    Append(out.Finish());
  }
  static Row Holding(const std::string& who, int64_t product, int64_t amount) {
    return {who, {{"product_id", Value::Int(product)}, {"amount", Value::Int(amount)}}};
  }

  // "ann 7 100" for each row: whose, and the whole numbers of its cells, in order.
  std::vector<std::string> Rows(const std::string& table, bool of_customers = true) {
    return Shown(table, of_customers ? &TableRows::of_customers : &TableRows::rows);
  }
  using Blocks = std::shared_ptr<const store::RowBlocks> TableRows::*;
  std::vector<std::string> Shown(const std::string& table, Blocks which) {
    const bool of_customers = which != &TableRows::rows;
    const Reading reading = engine_->Read().value();
    std::vector<std::string> found;
    for (const TableRows& rows : reading.tables->tables) {
      if (rows.table->id != table || !(rows.*which)) continue;
      for (const auto& [number, block] : (rows.*which)->blocks) {
        for (const column::EventSlice& slice : block->events.slices) {
          slice.persons.ForEach(
              [&, first = number << kBlockBits](uint32_t local, column::RowRange range) {
                for (uint32_t row = range.begin; row < range.end; ++row) {
                  std::string text;
                  engine_->Look([&](const Applier& applier) {
                    if (of_customers) text = applier.identities().identity(first | local).value;
                  });
                  for (const column::Column& column : slice.columns) {
                    const bool decimal = column.type() == column::ColumnType::kDecimal;
                    const int64_t from = column.property() >= kSinceColumn ? kLoadedMs : 0;
                    text += " " + (column.IsNull(row) ? "-"
                                                      : std::to_string((column.Whole(row) - from) /
                                                                       (decimal ? 10'000 : 1)));
                  }
                  found.push_back(text);
                }
              });
        }
      }
    }
    return found;
  }
  std::map<std::string, uint64_t> SetAside() {
    std::map<std::string, uint64_t> counts;
    engine_->Look([&](const Applier& applier) { counts = applier.quarantine().counts(); });
    return counts;
  }

  std::unique_ptr<io::SimFileSystem> disk_ = std::make_unique<io::SimFileSystem>();
  ManualClock clock_{kLoadedMs};
  int64_t now_ms_ = kLoadedMs;  // of what is sent
  io::SimRandom random_{1};
  std::unique_ptr<Engine> engine_;
};

TEST_F(TablesTest, ARowTakesThePlaceOfTheRowOfItsKeyAlsoAfterARestart) {
  Declare(Holdings());
  Send("holdings", {Holding("ann", 7, 100), Holding("ann", 3, 50), Holding("bob", 9, 10)});
  Send("holdings", {Holding("bob", 7, 200)});  // it is another's now
  Send("holdings", {{"", {{"product_id", Value::Int(3)}}}}, ItemKind::kRowDelete);
  const std::vector<std::string> rows = {"bob 7 200", "bob 9 10"};
  EXPECT_EQ(Rows("holdings"), rows);
  Open();  // from the log
  EXPECT_EQ(Rows("holdings"), rows);
  ASSERT_TRUE(engine_->Flush().ok());
  Open();  // from the flush
  EXPECT_EQ(Rows("holdings"), rows);
  Send("holdings", {Holding("ann", 9, 11)});
  Open();  // from both
  EXPECT_EQ(Rows("holdings"), (std::vector<std::string>{"ann 9 11", "bob 7 200"}));
  EXPECT_TRUE(store::VerifyStore(*disk_, "/data/store").value().damage.empty());
}

TEST_F(TablesTest, WhatDoesNotFitIsSetAsideAndTheRestOfItsRowStays) {
  Declare(Holdings());
  Send("holdings",
       {{"ann",
         {{"product_id", Value::Int(1)}, {"amount", Value::String("a lot")}, {"x", Value::Int(1)}}},
        {"ann", {{"amount", Value::Int(1)}}},
        {"", {{"product_id", Value::Int(2)}}}});
  Send("holding", {Holding("ann", 1, 1)});
  EXPECT_THAT(Rows("holdings"), ElementsAre("ann 1"));
  EXPECT_EQ(SetAside(), (std::map<std::string, uint64_t>{{"no_identity", 1},
                                                         {"row_without_key", 1},
                                                         {"type_mismatch", 1},
                                                         {"undeclared_column", 1},
                                                         {"unknown_table", 1}}));
}

TEST_F(TablesTest, ALoadThatReplacesIsSeenInOneStepAndOnce) {
  Declare(Holdings());
  Send("holdings", {Holding("ann", 1, 1), Holding("ann", 2, 2)});
  Send("holdings", {Holding("ann", 2, 20), Holding("bob", 5, 5)}, ItemKind::kStagedRow, "day2/f:0");
  EXPECT_THAT(Rows("holdings"), ElementsAre("ann 1 1", "ann 2 2"));
  ASSERT_TRUE(engine_->Flush().ok());
  Open();  // what was staged is kept
  Send("holdings", {Holding("ann", 2, 20), Holding("bob", 5, 5)}, ItemKind::kStagedRow, "day2/f:0");
  Send("holdings", {Holding("bob", 6, 6)}, ItemKind::kStagedRow, "day2/f:1");
  Send("holdings", {{}}, ItemKind::kRowsReplace, "day2/end");
  const std::vector<std::string> rows = {"ann 2 20", "bob 5 5", "bob 6 6"};
  EXPECT_EQ(Rows("holdings"), rows);
  Send("holdings", {{}}, ItemKind::kRowsReplace, "day2/end");
  EXPECT_EQ(Rows("holdings"), rows);
  Open();
  EXPECT_EQ(Rows("holdings"), rows);
  Send("holdings", {{}}, ItemKind::kRowsReplace, "day3/end");  // of no rows
  EXPECT_THAT(Rows("holdings"), IsEmpty());
}

TEST_F(TablesTest, RowsOfAnAccountAreOfAllWhoHoldIt) {
  Declare(Dispositions());
  Declare(Loans());
  const auto disposition = [](const std::string& who, int64_t id, int64_t account) {
    return Row{who, {{"disp_id", Value::Int(id)}, {"account_id", Value::Int(account)}}};
  };
  const auto loan = [](int64_t id, int64_t account, int64_t amount) {
    return Row{"",
               {{"loan_id", Value::Int(id)},
                {"account_id", Value::Int(account)},
                {"amount", Value::Int(amount)}}};
  };
  Send("loan", {loan(1, 10, 500), loan(2, 20, 700), loan(3, 30, 900)});
  EXPECT_THAT(Rows("loan"), IsEmpty());
  EXPECT_THAT(Rows("loan", false), ElementsAre(" 1 10 500", " 2 20 700", " 3 30 900"));
  Send("disposition",
       {disposition("ann", 1, 10), disposition("bob", 2, 10), disposition("bob", 3, 20)});
  EXPECT_THAT(Rows("loan"), ElementsAre("ann 1 10 500", "bob 1 10 500", "bob 2 20 700"));

  // What was bob's alone goes with him; what he shared stays with ann.
  ASSERT_TRUE(engine_->Backup("/backup").ok());
  ASSERT_TRUE(engine_->EraseCustomer("login", "bob").ok());
  EXPECT_THAT(Rows("disposition"), ElementsAre("ann 1 10"));
  EXPECT_THAT(Rows("loan"), ElementsAre("ann 1 10 500"));
  EXPECT_THAT(Rows("loan", false), ElementsAre(" 1 10 500", " 3 30 900"));
  Open();
  EXPECT_THAT(Rows("loan", false), ElementsAre(" 1 10 500", " 3 30 900"));
  Open("/backup");  // from before he was erased
  EXPECT_THAT(Rows("disposition"), ElementsAre("ann 1 10"));
  EXPECT_THAT(Rows("loan", false), ElementsAre(" 1 10 500", " 3 30 900"));
}

TEST_F(TablesTest, WhatRowsWereStaysKnownSinceAndUntilWhen) {
  Table table = Holdings();
  Declare(table);
  Send("holdings", {Holding("ann", 1, 5)});  // nobody knows since when
  table.history = true;
  Declare(table);
  const auto at = [&](int64_t ms, const std::vector<Row>& rows, ItemKind kind = ItemKind::kRow,
                      std::string_view chunk = {}) {
    now_ms_ = kLoadedMs + ms;
    Send("holdings", rows, kind, chunk);
  };
  at(10, {Holding("ann", 1, 6), Holding("bob", 2, 7)});
  at(20, {Holding("bob", 2, 7)});  // as it was
  at(30, {Holding("bob", 2, 8)});
  at(30, {Holding("bob", 2, 9)});  // it was 8 for no time at all
  at(40, {{"", {{"product_id", Value::Int(2)}}}}, ItemKind::kRowDelete);
  at(50, {Holding("ann", 1, 6), Holding("ann", 3, 1)}, ItemKind::kStagedRow, "day@1/0");
  at(60, {{}}, ItemKind::kRowsReplace, "day@1/end");
  at(70, {Holding("ann", 4, 1)}, ItemKind::kStagedRow, "day@2/0");
  at(80, {{}}, ItemKind::kRowsReplace, "day@2/end");
  const std::vector<std::string> rows = {"ann 4 1 70"};
  const std::vector<std::string> past = {"ann 1 5 - 10", "ann 1 6 10 80", "ann 3 1 50 80",
                                         "bob 2 7 10 30", "bob 2 9 30 40"};
  const auto holds = [&] {
    EXPECT_EQ(Rows("holdings"), rows);
    EXPECT_EQ(Shown("holdings", &TableRows::past_of_customers), past);
  };
  holds();
  Open();  // from the log
  holds();
  ASSERT_TRUE(engine_->Flush().ok());
  Open();  // from the flush
  holds();
  ASSERT_TRUE(engine_->EraseCustomer("login", "ann").ok());
  EXPECT_THAT(Rows("holdings"), IsEmpty());
  EXPECT_THAT(Shown("holdings", &TableRows::past_of_customers),
              ElementsAre("bob 2 7 10 30", "bob 2 9 30 40"));
  table.history = false;
  Declare(table);
  Open();
  EXPECT_THAT(Shown("holdings", &TableRows::past_of_customers), IsEmpty());
}

TEST_F(TablesTest, ALoadTakesThePlaceOfThoseOfItsNameThatDidNotEnd) {
  Declare(Holdings());
  for (const char* load : {"source@1/0", "source@2/0"})
    Send("holdings", {Holding("ann", 1, 1)}, ItemKind::kStagedRow, load);
  Send("holdings", {{}}, ItemKind::kRowsReplace, "source@1/end");
  EXPECT_THAT(Rows("holdings"), IsEmpty()) << "its rows were given up when the next began";
}

TEST_F(TablesTest, ADeclarationChangesOnlyAsItsRowsAllow) {
  Declare(Holdings());
  Send("holdings", {Holding("ann", 7, 100)});
  Table wider = Holdings();
  wider.columns.insert(wider.columns.begin(), {.name = "note"});
  Declare(wider);  // its place is the last, whatever was said
  EXPECT_THAT(Rows("holdings"), ElementsAre("ann 7 100"));
  const auto refused = [&](Table table) {
    const auto changed = engine_->ChangeTable({std::move(table)});
    return changed.ok() ? std::string("taken") : changed.error().message();
  };
  Table other = wider;
  other.columns[2].type = ValueType::kInt;
  EXPECT_THAT(refused(other), HasSubstr("the type of 'amount' must stay decimal"));
  other = wider;
  other.key = {"opened"};
  EXPECT_THAT(refused(other), HasSubstr("its key must stay"));
  other = wider;
  other.columns[1].refers = "produkt";
  EXPECT_THAT(refused(other), HasSubstr("did you mean 'product'?"));
  other = wider;
  other.columns[3].data_class = DataClass::kC3;
  EXPECT_THAT(refused(other), HasSubstr("class C3"));
  Declare(Dispositions());
  Declare(Loans());
  EXPECT_EQ(engine_->ChangeTable({Dispositions(), true}).error().name(), "in_use");
  ASSERT_TRUE(engine_->ChangeTable({Holdings(), true}).ok());
  Declare(Holdings());
  EXPECT_THAT(Rows("holdings"), IsEmpty());
  Open();
  EXPECT_THAT(Rows("holdings"), IsEmpty());
}

TEST(TableChangeTest, IsReadBackAsItWasWritten) {
  Table table = Loans();
  table.columns[1].refers = "account";
  table.columns[2].display_zh = "金额";
  table.valid_from = "opened";
  table.history = true;
  const Bytes bytes = TableChange{table}.Encode();
  EXPECT_EQ(TableChange::Decode(bytes).value().table, table);
  Bytes first = bytes;  // as version 1 had it
  first[0] = 1;
  first.resize(bytes.size() - 9);
  table.valid_from.clear();
  table.history = false;
  EXPECT_EQ(TableChange::Decode(first).value().table, table);
  for (size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(TableChange::Decode(std::span(bytes).first(size)).ok()) << size;
}

}  // namespace
}  // namespace waypost::engine
