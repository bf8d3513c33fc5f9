#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/hash.h"
#include "files/cell_reader.h"
#include "files/import_job.h"
#include "files/json_lines_reader.h"
#include "files/table_file.h"
#include "files/table_proposal.h"

namespace waypost::files {
namespace {

constexpr size_t kRows = 1'000;

// The types a column's cells fit so far; the first that is left is proposed.
constexpr ValueType kCandidates[] = {ValueType::kInt,  ValueType::kDecimal,  ValueType::kDouble,
                                     ValueType::kDate, ValueType::kDateTime, ValueType::kString};

// Ways to write a time that are tried besides ISO; the first that all cells fit is proposed. Those
// of digits alone are tried only in columns named for a time.
constexpr std::string_view kPatterns[] = {
    "yyyyMMdd",   "yyMMdd",     "yyyyMMdd HH:mm:ss",   "yyMMdd HH:mm:ss",  "yyyyMMddHHmmss",
    "yyyy/MM/dd", "dd.MM.yyyy", "yyyy/MM/dd HH:mm:ss", "yyyy/MM/dd HH:mm", "dd.MM.yyyy HH:mm"};

struct Guess {
  std::string name;
  std::vector<CellReader> readers;  // as kCandidates
  std::array<bool, std::size(kCandidates)> fits;
  std::vector<std::pair<std::string_view, CellReader>> patterns = {};  // that fit so far
  bool flags_only = true;                                              // true, false, yes, no, ...
  bool any = false;
  int64_t largest = 0;
  uint64_t filled = 0;             // cells with a value
  std::set<uint64_t> values = {};  // their hashes
};

// Numbers that begin with 0 or + are names: of accounts, telephones, postcodes.
bool IsName(std::string_view text) {
  return text.starts_with('+') || (text.size() > 1 && text[0] == '0' && text[1] != '.');
}

void Look(const Field& field, Guess* guess) {
  if (field.kind == Field::Kind::kAbsent) return;
  const bool is_text = field.kind == Field::Kind::kText;
  if (is_text && field.value.text.empty()) return;
  guess->any = true;
  std::string scratch;
  const std::string_view text = CellText(field.value, &scratch);
  ++guess->filled;
  guess->values.insert(Hash64(text));
  guess->flags_only &= text == "true" || text == "false" || text == "TRUE" || text == "FALSE";
  for (size_t i = 0; i < guess->fits.size(); ++i) {
    std::string_view reason;
    const auto value = guess->readers[i].Read(field, &reason);
    const bool number = kCandidates[i] == ValueType::kInt ||
                        kCandidates[i] == ValueType::kDecimal ||
                        kCandidates[i] == ValueType::kDouble;
    guess->fits[i] = guess->fits[i] && value && !(number && is_text && IsName(text)) &&
                     !(kCandidates[i] == ValueType::kDate && text.size() != 10);
    if (value && kCandidates[i] == ValueType::kInt)
      guess->largest = std::max(guess->largest, value->whole);
  }
  std::erase_if(guess->patterns, [&](auto& pattern) {
    std::string_view reason;
    return !pattern.second.Read(field, &reason);
  });
}

bool IsNamedForATime(std::string_view name) {
  std::string lower(name);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return std::ranges::any_of(std::array<std::string_view, 4>{"date", "time", "日期", "时间"},
                             [&](std::string_view word) { return lower.find(word) != lower.npos; });
}

bool IsDigits(std::string_view pattern) {
  return pattern.find_first_of("/. ") == std::string_view::npos;
}

Result<Guess> GuessNothing(const std::string& name) {
  Guess guess{.name = name, .readers = {}, .fits = {}};
  guess.fits.fill(true);
  for (const ValueType type : kCandidates)
    guess.readers.push_back(TRY(CellReader::Make(type, "iso", "|", "UTC")));
  for (const std::string_view pattern : kPatterns) {
    if (IsDigits(pattern) && !IsNamedForATime(name)) continue;
    guess.patterns.emplace_back(pattern,
                                TRY(CellReader::Make(ValueType::kDateTime, pattern, "|", "UTC")));
  }
  return guess;
}

ValueType TypeOf(const Guess& guess) {
  if (!guess.any) return ValueType::kString;
  if (guess.flags_only) return ValueType::kBool;
  if (!guess.patterns.empty()) {
    const bool moment = guess.patterns[0].first.find("HH") != std::string_view::npos;
    return moment ? ValueType::kDateTime : ValueType::kDate;
  }
  return kCandidates[std::ranges::find(guess.fits, true) - guess.fits.begin()];
}

std::string PatternOf(const Guess& guess) {
  return guess.any && !guess.patterns.empty() ? std::string(guess.patterns[0].first) : "iso";
}

Result<std::string> Head(io::FileSystem& files, const std::string& path, TableRules* rules) {
  auto text = OpenText(TRY(MakeFileSource(files, path, nullptr)), Encoding::kUtf8);
  if (!text.ok() && text.error().message().find("gbk") != std::string::npos) {
    rules->encoding = Encoding::kGbk;
    text = OpenText(TRY(MakeFileSource(files, path, nullptr)), Encoding::kGbk);
  }
  if (!text.ok()) return std::move(text).error().While(path);
  std::string head(64 << 10, '\0');
  head.resize(TRY(ReadFully(*text.value(), head)));
  return head;
}

// The delimiter the first line has most of; a header unless the first line has a number.
void FindDialect(std::string_view head, CsvOptions* csv) {
  const std::string_view line = head.substr(0, head.find('\n'));
  for (const char delimiter : {',', ';', '\t', '|'}) {
    if (std::ranges::count(line, delimiter) > std::ranges::count(line, csv->delimiter))
      csv->delimiter = delimiter;
  }
  if (line.find(csv->delimiter) == line.npos && line.find("  ") != line.npos) {
    csv->delimiter = ' ';
    csv->merge_delimiters = true;
  }
  CsvOptions probe = *csv;
  probe.header = false;
  auto reader = CsvReader::Open(MakeTextSource(std::string(line) + "\n"), probe);
  if (!reader.ok()) return;
  const auto record = reader.value()->Next();
  if (!record.ok() || !record.value()) return;
  CellReader number = CellReader::Make(ValueType::kDouble, "iso", "|", "UTC").value();
  std::string_view reason;
  for (const Field& field : record.value()->fields) csv->header &= !number.Read(field, &reason);
}

Result<std::vector<Guess>> LookAtRows(io::FileSystem& files, const std::string& path,
                                      const TableRules& rules, std::vector<std::string> wanted) {
  const auto table = TRY(OpenTable(files, path, rules, std::move(wanted), nullptr));
  std::vector<Guess> guesses;
  for (const std::string& name : table->columns()) guesses.push_back(TRY(GuessNothing(name)));
  for (size_t row = 0; row < kRows; ++row) {
    const Record* record = TRY(table->Next());
    if (!record) break;
    for (size_t i = 0; i < record->fields.size(); ++i) Look(record->fields[i], &guesses[i]);
  }
  return guesses;
}

// The first column with one of these names, whatever their case; else nothing.
std::string FindNamed(const std::vector<Guess>& guesses,
                      std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    for (const Guess& guess : guesses) {
      if (std::ranges::equal(guess.name, name, [](char a, char b) { return (a | 32) == (b | 32); }))
        return guess.name;
    }
  }
  return {};
}

// A column of moments, rather one with a plain name; else one of dates that has such a name.
std::optional<TimeRule> FindTime(const std::vector<Guess>& guesses) {
  const std::string named = FindNamed(guesses, {"time", "timestamp", "event_time", "date"});
  for (const bool by_name : {true, false}) {
    for (const Guess& guess : guesses) {
      if (!guess.any || TypeOf(guess) != ValueType::kDateTime) continue;
      if (!by_name || guess.name == named) return TimeRule{guess.name, PatternOf(guess)};
    }
  }
  for (const Guess& guess : guesses) {
    const bool whole = guess.any && TypeOf(guess) == ValueType::kInt;
    if (whole && guess.largest > 1'000'000'000'000 && guess.largest < 4'000'000'000'000)
      return TimeRule{guess.name, "epoch_ms"};
  }
  for (const Guess& guess : guesses) {
    if (guess.name != named || !guess.any) continue;
    if (TypeOf(guess) == ValueType::kDate) return TimeRule{named, PatternOf(guess)};
    if (TypeOf(guess) == ValueType::kInt && guess.largest > 1'000'000'000)
      return TimeRule{named, "epoch_s"};
  }
  return std::nullopt;
}

std::string Stem(std::string_view path) {
  path = path.substr(path.rfind('/') + 1);
  return std::string(path.substr(0, path.find('.')));
}

// The first rows, and how the file is written.
Result<std::vector<Guess>> LookAtFile(io::FileSystem& files, const std::string& path,
                                      TableRules* table) {
  TableRules& rules = *table;
  rules.format = FormatOf(path);
  std::vector<std::string> wanted;
  if (rules.format != Format::kParquet) {
    const std::string head = TRY(Head(files, path, &rules));
    if (rules.format == Format::kJsonLines) {
      wanted = TRY(FindJsonColumns(*MakeTextSource(head.substr(0, head.rfind('\n') + 1)), kRows));
    } else {
      FindDialect(head, &rules.csv);
    }
  }
  const std::vector<Guess> guesses = TRY(LookAtRows(files, path, rules, wanted));
  if (!rules.csv.header) {
    for (const Guess& guess : guesses) rules.csv.columns.push_back(guess.name);
  }
  return guesses;
}

PropertyRule PropertyOf(const Guess& guess) {
  return {
      .name = guess.name, .column = guess.name, .type = TypeOf(guess), .format = PatternOf(guess)};
}

bool CanBeKey(const Guess& guess, uint64_t rows) {
  return rows > 0 && guess.values.size() == rows && TypeOf(guess) != ValueType::kDouble;
}

bool IsCalledId(std::string_view name) {
  return name.ends_with("id") || name.ends_with("ID") || name.ends_with("Id") ||
         name.ends_with("编号");
}

// As far as it can be one.
std::string IdOf(std::string_view name) {
  std::string id(name.substr(0, 64));
  for (char& c : id) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!word && c != '-') c = '_';
  }
  return id;
}

}  // namespace

Result<TableProposal> ProposeTable(io::FileSystem& files, const std::string& path,
                                   const std::string& id) {
  TableProposal out;
  const std::vector<Guess> guesses = TRY(LookAtFile(files, path, &out.mapping.table));
  uint64_t rows = 0;
  for (const Guess& guess : guesses) rows = std::max(rows, guess.filled);
  out.table.id = id.empty() ? IdOf(Stem(path)) : id;
  out.mapping.kind = Mapping::Kind::kRows;
  out.mapping.rows.table = out.table.id;
  for (const bool called : {true, false}) {
    for (const Guess& guess : guesses) {
      if (out.table.key.empty() && CanBeKey(guess, rows) && (!called || IsCalledId(guess.name)))
        out.table.key = {guess.name};
    }
  }
  out.mapping.rows.numbered = out.table.key.empty();
  const std::string customer =
      FindNamed(guesses, {"login", "user_id", "userid", "distinct_id", "customer_id", "customerid",
                          "client_id", "客户号"});
  if (!customer.empty()) {
    out.table.owner = Table::Owner::kCustomer;
    out.mapping.identities = {{.key = "login", .column = customer}};
  }
  for (const Guess& guess : guesses) {
    const PropertyRule rule = PropertyOf(guess);
    out.table.columns.push_back({.name = rule.name, .type = rule.type});
    out.mapping.properties.push_back(rule);
    out.report +=
        fmt::format("column {}: {}{}, {} different values, {} of {} rows empty\n", rule.name,
                    ValueTypeName(rule.type), rule.format == "iso" ? "" : " " + rule.format,
                    guess.values.size(), rows - guess.filled, rows);
  }
  out.report +=
      out.table.key.empty()
          ? "no column has another value in each row: rows are named by their number\n"
          : fmt::format("key: {}, another value in each of these rows\n", out.table.key[0]);
  return out;
}

Result<Mapping> InferMapping(io::FileSystem& files, const std::string& path) {
  Mapping mapping;
  const std::vector<Guess> guesses = TRY(LookAtFile(files, path, &mapping.table));
  std::string identity =
      FindNamed(guesses, {"login", "user_id", "userid", "distinct_id", "customer_id", "customerid",
                          "client_id", "account_id", "case", "id", "identity"});
  if (identity.empty()) identity = kRowColumn;
  mapping.identities = {{.key = "login", .column = identity}};
  mapping.time = FindTime(guesses);
  mapping.event_column =
      FindNamed(guesses, {"event", "event_name", "event_id", "activity", "action"});
  mapping.kind = mapping.time ? Mapping::Kind::kEvents : Mapping::Kind::kProfiles;
  if (!mapping.time) mapping.event_column.clear();
  if (mapping.time && mapping.event_column.empty()) mapping.event_name = Stem(path);
  for (const Guess& guess : guesses) {
    const bool used = guess.name == identity || guess.name == mapping.event_column ||
                      (mapping.time && guess.name == mapping.time->column) ||
                      IsProtectedName(guess.name);
    if (!used) mapping.properties.push_back(PropertyOf(guess));
  }
  return mapping;
}

}  // namespace waypost::files
