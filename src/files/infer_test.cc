#include <gtest/gtest.h>

#include "files/import_job.h"
#include "files/table_proposal.h"
#include "io/sim_file_system.h"

namespace waypost::files {
namespace {

// "events customer_id @date yyyyMMdd amount:decimal", "profiles $row a:int".
std::string Proposed(std::string_view text, const std::string& name = "/sales.csv") {
  io::SimFileSystem disk;
  auto file = disk.Create(name).value();
  EXPECT_TRUE(file->Append(AsBytes(text)).ok());
  const Result<Mapping> mapping = InferMapping(disk, name);
  if (!mapping.ok()) return mapping.error().message();
  const Mapping& m = mapping.value();
  std::string out = m.kind == Mapping::Kind::kEvents ? "events " : "profiles ";
  out += m.identities[0].column;
  if (m.time) out += " @" + m.time->column + " " + m.time->format;
  for (const PropertyRule& rule : m.properties) {
    out += " " + rule.name + ":" + std::string(ValueTypeName(rule.type));
    if (rule.format != "iso") out += "(" + rule.format + ")";
  }
  return out;
}

TEST(InferTest, ProposesWhatTheColumnsLookLike) {
  const struct {
    std::string_view text, proposed;
  } cases[] = {
      {"user_id,time,amount\n1,2026-01-01T00:00:00Z,1.50\n",
       "events user_id @time iso amount:decimal"},
      // A moment with a plain name before the first one.
      {"case,reg_date,time\n1,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z\n",
       "events case @time iso reg_date:datetime"},
      {"account_id;date;opened date\n7;930101;930705\n8;930102;931231\n",
       "events account_id @date yyMMdd opened date:date(yyMMdd)"},
      {"card_id;disp_id;issued\n1;2;931107 00:00:00\n",
       "events $row @issued yyMMdd HH:mm:ss card_id:int disp_id:int"},
      {"id,日期\n1,2026/01/31\n", "profiles id 日期:date(yyyy/MM/dd)"},
      // Digits are a date only in a column that says so.
      {"id,code\n1,20260131\n", "profiles id code:int"},
      {" customer_id  date cds  dollars\n 00001 19970101  1   11.77\n",
       "events customer_id @date yyyyMMdd cds:int dollars:decimal"},
      // Nobody is merged with others of the same age.
      {"age,job\n30,clerk\n30,farmer\n", "profiles $row age:int job:string"},
  };
  for (const auto& [text, proposed] : cases) EXPECT_EQ(Proposed(text), proposed) << text;
}

// "orders key=order_id customer=user_id order_id:int ...".
std::string ProposedTable(std::string_view text, const std::string& name) {
  io::SimFileSystem disk;
  auto file = disk.Create(name).value();
  EXPECT_TRUE(file->Append(AsBytes(text)).ok());
  const TableProposal proposal = ProposeTable(disk, name, "").value();
  EXPECT_EQ(ParseMapping(MappingText(proposal.mapping), "m", {}).value().rows.table,
            proposal.table.id);
  EXPECT_TRUE(CheckTables({&proposal.table, 1}).ok());
  std::string out = proposal.table.id;
  for (const std::string& key : proposal.table.key) out += " key=" + key;
  for (const IdentityRule& rule : proposal.mapping.identities) out += " customer=" + rule.column;
  for (const TableColumn& column : proposal.table.columns)
    out += " " + column.name + ":" + std::string(ValueTypeName(column.type));
  return out;
}

TEST(InferTest, ProposesATableWithAKeyWhenOneIsThere) {
  EXPECT_EQ(ProposedTable("user_id,order_id,amount\n7,1,1.50\n7,2,2.50\n", "/orders.csv"),
            "orders key=order_id customer=user_id user_id:int order_id:int amount:decimal");
  EXPECT_EQ(ProposedTable("A1;A2;A11\n1;Praha;12541\n2;Benesov;8507\n", "/my district.asc"),
            "my_district key=A1 A1:int A2:string A11:int");
  EXPECT_EQ(ProposedTable("client_id,product\n1,5\n1,5\n", "/holdings.csv"),
            "holdings customer=client_id client_id:int product:int");
}

}  // namespace
}  // namespace waypost::files
