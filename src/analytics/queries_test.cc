// Runs tests/queries: events, a question, and what the answer must say. the format is described in
// tests/queries/README.md. Every case runs over several layouts of the same events.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "analytics/ask.h"
#include "analytics/test_world.h"
#include "exec/limit.h"
#include "model/time_text.h"

namespace waypost::analytics {
namespace {

namespace json = boost::json;

std::filesystem::path Root() { return std::filesystem::path(WAYPOST_SOURCE_DIR) / "tests/queries"; }

struct Query {
  std::vector<WorldEvent> events;
  std::map<std::string, json::object> attributes;
  std::map<std::string, ValueType> types;
  std::vector<std::string> passive;
  std::string question;
  std::vector<std::pair<std::string, std::string>> expected;  // path, JSON
  std::string error;
  int64_t now_ms = 0;
};

ValueType TypeOf(std::string_view name) {
  for (int t = 1; t <= 8; ++t) {
    if (ValueTypeName(static_cast<ValueType>(t)) == name) return static_cast<ValueType>(t);
  }
  ADD_FAILURE() << "no type " << name;
  return ValueType::kString;
}

json::object Object(const std::string& text) {
  const size_t begin = text.find('{');
  return begin == text.npos ? json::object() : json::parse(text.substr(begin)).as_object();
}

Query Parse(std::istream& in) {
  Query result;
  enum { kHead, kEvents, kAsk, kExpect } part = kHead;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    std::string first, second, third;
    words >> first;
    if (line == "events") {
      part = kEvents;
    } else if (line == "----") {
      part = kExpect;
    } else if (first == "ask" && part != kExpect) {
      part = kAsk;
      result.question = line.substr(4);
    } else if (first == "now") {
      words >> second;
      result.now_ms = ParseDateTime(second)->UtcMs();
    } else if (first == "passive") {
      words >> second;
      result.passive.push_back(second);
    } else if (first == "type") {
      words >> second >> third;
      result.types[second] = TypeOf(third);
    } else if (first == "customer") {
      words >> second;
      result.attributes[second] = Object(line);
    } else if (part == kEvents) {
      words >> second >> third;
      const auto time = ParseDateTime(third);
      EXPECT_TRUE(time) << line;
      if (time) result.events.push_back({first, second, time->UtcMs(), Object(line)});
    } else if (part == kAsk) {
      result.question += line;
    } else if (first == "error") {
      result.error = line.substr(6);
    } else {
      const size_t equals = line.find(" = ");
      EXPECT_NE(equals, line.npos) << line;
      result.expected.emplace_back(line.substr(0, equals), line.substr(equals + 3));
    }
  }
  return result;
}

// "everyone.steps[*].count": [*] collects from every item of a list.
json::value Select(const json::value& from, std::string_view path) {
  if (path.empty()) return from;
  if (path[0] == '.') return Select(from, path.substr(1));
  if (path[0] == '[') {
    const size_t end = path.find(']');
    const std::string index(path.substr(1, end - 1));
    if (index != "*") return Select(from.as_array().at(std::stoul(index)), path.substr(end + 1));
    json::array all;
    for (const json::value& item : from.as_array())
      all.push_back(Select(item, path.substr(end + 1)));
    return all;
  }
  const size_t end = std::min(path.find_first_of(".["), path.size());
  return Select(from.as_object().at(path.substr(0, end)), path.substr(end));
}

// Numbers are the same however they are written.
bool Same(const json::value& a, const json::value& b) {
  if (a.is_number() && b.is_number()) return a.to_number<double>() == b.to_number<double>();
  if (!a.is_array() || !b.is_array()) return a == b;
  return std::equal(a.get_array().begin(), a.get_array().end(), b.get_array().begin(),
                    b.get_array().end(), Same);
}

class QueriesTest : public testing::TestWithParam<std::string> {};

TEST_P(QueriesTest, AnswersAsWritten) {
  std::ifstream in(Root() / GetParam());
  const Query test = Parse(in);
  for (const WorldLayout& layout :
       {WorldLayout{}, WorldLayout{3, false, 1, 2}, WorldLayout{2, true, 1, 3},
        WorldLayout{2, false, 3, 4}, WorldLayout{1, true, 2, 5}}) {
    World world;
    for (const WorldEvent& event : test.events) world.Add(event);
    world.attributes = test.attributes;
    world.types = test.types;
    world.passive = test.passive;
    const column::SnapshotView snapshot = world.Build(layout);
    for (const unsigned threads : {1u, 3u}) {
      const auto answer =
          Ask(test.question, snapshot, world, {.now_ms = test.now_ms, .threads = threads});
      if (!test.error.empty()) {
        ASSERT_FALSE(answer.ok()) << answer.value();
        EXPECT_THAT(answer.error().message(), testing::HasSubstr(test.error));
        continue;
      }
      ASSERT_TRUE(answer.ok()) << answer.error().message();
      const json::value parsed = json::parse(answer.value());
      for (const auto& [path, value] : test.expected) {
        const json::value found = Select(parsed, path);
        EXPECT_TRUE(Same(found, json::parse(value))) << path << " is " << json::serialize(found);
      }
      // It may be given up after any piece of its work.
      for (size_t pieces = 0, given_up = layout.seed == 1; given_up > 0; ++pieces) {
        std::atomic<size_t> begun = 0;
        exec::Limit limit([&] { return begun++ >= pieces; });
        const auto again =
            Ask(test.question, snapshot, world, {.now_ms = test.now_ms, .threads = threads});
        given_up = limit.hit();
        if (!given_up) {
          EXPECT_EQ(again.value(), answer.value());
        }
      }
    }
  }
}

std::vector<std::string> Files() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(Root())) {
    if (entry.path().extension() == ".test")
      files.push_back(std::filesystem::relative(entry.path(), Root()).string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

INSTANTIATE_TEST_SUITE_P(, QueriesTest, testing::ValuesIn(Files()), [](const auto& file) {
  std::string name;
  for (const char c : file.param) name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
});

}  // namespace
}  // namespace waypost::analytics
