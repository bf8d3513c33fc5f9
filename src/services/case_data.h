// For tests: a published case whose events are a file of the shared data.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "files/csv_reader.h"
#include "files/text_source.h"
#include "services/case_question.h"

namespace waypost::services {

// Gives the case the events of `file`, a table of sales (CustomerID, InvoiceDate): a purchase for
// each moment at which a customer has rows, none for rows without a customer. Its query, which is
// prose about that table, becomes one in the words of the others.
inline void ReadDataSet(const std::filesystem::path& file, json::object* test) {
  std::ifstream in(file, std::ios::binary);
  ASSERT_TRUE(in) << file;
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  auto text =
      files::OpenText(files::MakeTextSource(std::move(bytes)), files::Encoding::kUtf8).value();
  const auto table = files::CsvReader::Open(std::move(text), {}).value();
  const auto column = [&](std::string_view name) {
    return std::ranges::find(table->columns(), name) - table->columns().begin();
  };
  const auto customer = static_cast<size_t>(column("CustomerID"));
  const auto date = static_cast<size_t>(column("InvoiceDate"));
  std::set<std::pair<std::string, std::string>> purchases;
  while (const files::Record* row = table->Next().value()) {
    ASSERT_TRUE(row->problem.empty()) << file << ": " << row->line << ": " << row->problem;
    if (row->fields[customer].value.text.empty()) continue;
    purchases.emplace(row->fields[date].value.text, row->fields[customer].value.text);
  }
  json::array events;
  for (const auto& [when, who] : purchases) {
    events.push_back({{"user", who},
                      {"event", "purchase"},
                      {"time", when.substr(0, 10) + "T" + when.substr(11)}});
  }
  json::object& query = (*test)["query"].as_object();
  const json::array& cohorts = test->at("expected").at("cohorts").as_array();
  query["target"] = query["returning"] = {{"event", "purchase"}};
  query["intervals"] = cohorts.size();
  query["date_to_raw"] = Text(cohorts.back()) + "-01T00:00:00";
  (*test)["events"] = std::move(events);
}

}  // namespace waypost::services
