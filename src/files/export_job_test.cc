#include "files/export_job.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/test_folder.h"
#include "column/block_image.h"
#include "files/import_job.h"
#include "files/parquet.h"
#include "io/real_file_system.h"
#include "model/batch.h"

namespace waypost::files {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAreArray;

constexpr int64_t kMonth = 1'767'225'600'000;  // 2026-01-01 UTC
constexpr PropertyId kAmount = 16, kNote = 17, kTags = 18, kRate = 19, kCity = 20;

class Names final : public ExportNames {
 public:
  std::string EventName(EventTypeId type) const override { return type == 1 ? "buy" : "view"; }
  std::optional<EventTypeId> FindEvent(std::string_view name) const override {
    return name == "buy"    ? std::optional<EventTypeId>(1)
           : name == "view" ? std::optional<EventTypeId>(2)
                            : std::nullopt;
  }
  std::vector<Property> EventProperties() const override {
    return {{kAmount, "amount", ValueType::kDecimal},
            {kNote, "note", ValueType::kString},
            {kTags, "tags", ValueType::kList},
            {kRate, "rate", ValueType::kDouble}};
  }
  std::vector<Property> Attributes() const override {
    return {{kCity, "city", ValueType::kString}};
  }
  Identity IdentityOf(Ordinal ordinal) const override {
    return {ordinal % 2 ? "device" : "login", "u" + std::to_string(ordinal)};
  }
};

column::Cell Cell(PropertyId property, column::ColumnType type) {
  column::Cell cell;
  cell.property = property;
  cell.type = type;
  return cell;
}
column::Cell Text(PropertyId property, std::string_view text,
                  column::ColumnType type = column::ColumnType::kString) {
  column::Cell cell = Cell(property, type);
  cell.text = text;
  return cell;
}
column::Cell Whole(PropertyId property, column::ColumnType type, int64_t whole) {
  column::Cell cell = Cell(property, type);
  cell.whole = whole;
  return cell;
}
column::Cell Real(PropertyId property, double real) {
  column::Cell cell = Cell(property, column::ColumnType::kDouble);
  cell.real = real;
  return cell;
}

// Two blocks: customers 0 and 1 buy and view, customer 65,536 views.
class ExportJobTest : public ::testing::Test {
 protected:
  ExportJobTest() {
    const std::string_view items[] = {"a,b", "c\"d"};
    tags_ = PackList(items);
    column::BlockBuilder first(0, kMonth);
    const column::Cell buy[] = {Whole(kAmount, column::ColumnType::kDecimal, -123'450),
                                Text(kNote, "=1+1\n\"x\""),
                                Text(kTags, tags_, column::ColumnType::kList)};
    first.Add({.event_type = 1, .local = 0, .time_ms = kMonth + 5, .cells = buy});
    const column::Cell view[] = {Whole(kRate, column::ColumnType::kInt, 3)};
    first.Add({.event_type = 2, .local = 1, .time_ms = kMonth + 7, .cells = view});
    column::BlockBuilder second(1, kMonth);
    const column::Cell other[] = {Real(kRate, 0.5), Text(kNote, "备注")};
    second.Add({.event_type = 2, .local = 0, .time_ms = kMonth + 9, .cells = other});
    images_ = {first.Build(), second.Build()};
    for (const auto& image : images_)
      blocks_.push_back(column::ReadBlockImage(image.bytes()).value());

    const column::Cell prague = Text(kCity, "Praha"), shanghai = Text(kCity, "上海");
    const column::Cell* cities[] = {nullptr, &prague, &shanghai};
    images_.push_back(column::BuildColumn(kCity, column::ColumnType::kString, cities));
    snapshot_.ordinal_count = 65'537;
    snapshot_.blocks.resize(2);
    for (uint32_t i = 0; i < 2; ++i)
      snapshot_.blocks[i] = {.block = i, .parts = {&blocks_[i]}, .attributes = {}};
    snapshot_.blocks[0].attributes = {column::ReadColumnImage(images_[2].bytes()).value()};
  }

  std::string Path(const std::string& name) const { return folder_ / name; }
  Result<ExportReport> Export(ExportOptions options) {
    return ExportJob(files_).Run(snapshot_, names_, options);
  }
  std::string Written(ExportOptions options) {
    options.path = Path("out");
    const auto report = Export(options);
    if (!report.ok()) return report.error().message();
    const std::string text(AsText(io::ReadFile(files_, options.path, 1 << 20).value()));
    EXPECT_EQ(report.value().bytes, text.size());
    return text;
  }

  const TestFolder folder_;
  const std::unique_ptr<io::FileSystem> disk_ = io::MakeRealFileSystem();
  io::FileSystem& files_ = *disk_;
  Names names_;
  std::string tags_;
  std::vector<column::Image> images_;
  std::vector<column::EventBlock> blocks_;
  column::SnapshotView snapshot_;
};

TEST_F(ExportJobTest, CsvIsSafeForSpreadsheets) {
  EXPECT_EQ(Written({}),
            "identity_key,identity,event,time,amount,note,tags,rate\n"
            "login,u0,buy,2026-01-01T00:00:00.005Z,-12.345,\"'=1+1\n\"\"x\"\"\",\"a,b|c\"\"d\",\n"
            "device,u1,view,2026-01-01T00:00:00.007Z,,,,3\n"
            "login,u65536,view,2026-01-01T00:00:00.009Z,,备注,,0.5\n");
}

TEST_F(ExportJobTest, JsonLinesKeepTypes) {
  EXPECT_THAT(
      Written({.format = Format::kJsonLines, .events = {"buy"}}),
      StartsWith(
          "{\"identity_key\":\"login\",\"identity\":\"u0\",\"event\":\"buy\",\"time\":"
          "\"2026-01-01T00:00:00.005Z\",\"amount\":-12.345,\"note\":\"=1+1\\u000a\\\"x\\\"\","
          "\"tags\":[\"a,b\","));
}

TEST_F(ExportJobTest, RangeEventsAndPropertiesAreChosen) {
  EXPECT_EQ(Written({.from_ms = kMonth + 7, .to_ms = kMonth + 9, .properties = {"rate"}}),
            "identity_key,identity,event,time,rate\ndevice,u1,view,2026-01-01T00:00:00.007Z,3\n");
}

TEST_F(ExportJobTest, UnknownNamesAreRefusedAndFilesNotOverwritten) {
  EXPECT_EQ(Written({.events = {"sell"}}), "there is no event \"sell\"");
  EXPECT_EQ(Written({.properties = {"colour"}}), "there is no property \"colour\"");
  Written({});
  EXPECT_EQ(Export({.path = Path("out")}).error().code(), Code::kConflict);
}

TEST_F(ExportJobTest, ErasedCustomersAreLeftOut) {
  snapshot_.erased.assign(65'537 / 64 + 1, 0);
  snapshot_.erased[0] = 1;
  EXPECT_THAT(Written({.properties = {"rate"}}), ::testing::Not(HasSubstr("u0,")));
}

TEST_F(ExportJobTest, CustomersAreOneRowEachWithTheirAttributes) {
  snapshot_.ordinal_count = 4;
  EXPECT_EQ(Written({.kind = ExportOptions::Kind::kCustomers}),
            "identity_key,identity,city\nlogin,u0,\ndevice,u1,Praha\nlogin,u2,上海\ndevice,u3,\n");
}

TEST_F(ExportJobTest, ACustomerOfSeveralIdentitiesIsOneRow) {
  snapshot_.ordinal_count = 3;
  const Ordinal members[] = {0, 2};
  snapshot_.clusters = column::Clusters({{{.root = 2, .members = members}}});
  snapshot_.clustered = {0b101};
  EXPECT_EQ(Written({.kind = ExportOptions::Kind::kCustomers}),
            "identity_key,identity,city\ndevice,u1,Praha\nlogin,u2,上海\n");
}

// Items as "u0 buy 1767225600005 amount=4:-123450 ...", properties by name.
struct ItemSink final : Sink {
  void Append(Bytes payload, std::function<void(Result<>)> done) override {
    BatchReader batch = BatchReader::Open(payload).value();
    while (const auto item = batch.Next().value()) {
      std::map<std::string, std::string> properties;
      for (const PropertyView& property : item->properties) {
        const Value& value = property.value;
        properties[std::string(batch.names()[property.name])] =
            std::to_string(static_cast<int>(value.type)) + ":" +
            (value.type == ValueType::kDouble ? std::to_string(value.real)
                                              : std::to_string(value.whole)) +
            std::string(value.text);
      }
      std::string out = std::string(item->identities[0].key) + "=" +
                        std::string(item->identities[0].value) + " " + std::string(item->what) +
                        " " + std::to_string(item->meta.time_ms);
      for (const auto& [name, value] : properties) out += " " + name + "=" + value;
      items.push_back(out);
    }
    done({});
  }
  std::vector<std::string> items;
};

class RoundTripTest : public ExportJobTest,
                      public ::testing::WithParamInterface<std::pair<Format, std::string>> {};

TEST_P(RoundTripTest, ExportedEventsComeBackTheSame) {
  const auto& [format, name] = GetParam();
  ASSERT_TRUE(Export({.path = Path(name), .format = format}).ok());
  Mapping mapping;
  mapping.identities = {{.key_column = "identity_key", .column = "identity"}};
  mapping.event_column = "event";
  mapping.time = TimeRule{"time", "iso"};
  for (const ExportNames::Property& property : names_.EventProperties()) {
    mapping.properties.push_back(
        {.name = property.name, .column = property.name, .type = property.type});
  }
  ItemSink sink;
  const ManualClock clock(kMonth + 1'000'000);
  const auto report =
      ImportJob(files_, clock, &sink).Run({.sources = {Path(name)}, .mapping = mapping});
  ASSERT_TRUE(report.ok()) << report.error().message();
  EXPECT_EQ(report.value().rejected, 0u);
  // CSV says that it made the formula harmless, and lists have no quoting in it.
  const std::string note = format == Format::kCsv ? "'=1+1\n\"x\"" : "=1+1\n\"x\"";
  EXPECT_THAT(sink.items,
              ElementsAre("login=u0 buy 1767225600005 amount=4:-123450 note=5:0" + note +
                              " tags=8:0" + tags_,
                          "device=u1 view 1767225600007 rate=3:3.000000",
                          "login=u65536 view 1767225600009 note=5:0备注 rate=3:0.500000"));
}

INSTANTIATE_TEST_SUITE_P(Formats, RoundTripTest,
                         ::testing::Values(std::pair(Format::kCsv, "out.csv"),
                                           std::pair(Format::kJsonLines, "out.jsonl"),
                                           std::pair(Format::kParquet, "out.parquet")),
                         [](const auto& test) { return test.param.second.substr(4); });

TEST_F(ExportJobTest, ParquetIsReadInOrderFromAnyPosition) {
  ASSERT_TRUE(Export({.path = Path("out.parquet"), .format = Format::kParquet}).ok());
  auto all = OpenParquet(Path("out.parquet"), {}).value();
  EXPECT_THAT(
      std::vector<std::string>(all->columns().begin(), all->columns().end()),
      ElementsAre("identity_key", "identity", "event", "time", "amount", "note", "tags", "rate"));
  auto some = OpenParquet(Path("out.parquet"), {"identity"}).value();
  ASSERT_TRUE(some->Seek({.offset = 0, .records = 2, .lines = 2}).ok());
  const Record* record = some->Next().value();
  ASSERT_NE(record, nullptr);
  EXPECT_EQ(record->number, 3u);
  EXPECT_EQ(record->fields[0].value.text, "u65536");
  EXPECT_EQ(some->Next().value(), nullptr);
}

TEST_F(ExportJobTest, WhatIsNoParquetIsRefused) {
  ASSERT_TRUE(files_.Create(Path("x.parquet")).value()->Append(AsBytes("id,a\n1,x\n")).ok());
  EXPECT_EQ(OpenParquet(Path("x.parquet"), {}).error().name(), "bad_file");
  ASSERT_TRUE(Export({.path = Path("out.parquet"), .format = Format::kParquet}).ok());
  EXPECT_THAT(OpenParquet(Path("out.parquet"), {"colour"}).error().message(),
              HasSubstr("no column \"colour\""));
}

}  // namespace
}  // namespace waypost::files
