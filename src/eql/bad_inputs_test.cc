// The hostile texts of the shared cases that a parser must answer, with the codes they expect.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>

#include "eql/text.h"

namespace waypost::eql {
namespace {

namespace json = boost::json;

std::string Repeated(std::string_view text, size_t times) {
  std::string all;
  for (size_t i = 0; i < times; ++i) all += text;
  return all;
}

// Texts whose recipe is more than a literal, by case.
std::map<std::string, std::string> Recipes() {
  return {{"Q01", ""},
          {"Q03", Repeated("(", 10'000) + "1" + Repeated(")", 10'000)},
          {"Q05", Repeated("a=1 OR ", 49'999) + "a=1"}};
}

// What a Python literal, perhaps with .encode(), stands for.
std::string Literal(std::string make) {
  make = make.substr(0, make.rfind(".encode()"));
  return make.substr(1, make.size() - 2);
}

TEST(EqlBadInputs, GetTheirErrorsAndRunNothing) {
  const char* set = std::getenv("WAYPOST_SHARED");
  const std::string shared = set ? set : std::string(WAYPOST_SOURCE_DIR) + "/../shared";
  std::ifstream file(shared + "/cases/bad_inputs.jsonl");
  if (!file) GTEST_SKIP() << shared << "/cases/bad_inputs.jsonl is not there";
  const std::map<std::string, std::string> recipes = Recipes();
  size_t cases = 0;
  for (std::string line; std::getline(file, line);) {
    const json::object row = json::parse(line).as_object();
    if (row.at("surface").as_string() != "eql" || row.at("make").is_null()) continue;
    const std::string id(row.at("id").as_string());
    const auto recipe = recipes.find(id);
    const std::string text =
        recipe != recipes.end() ? recipe->second : Literal(std::string(row.at("make").as_string()));
    const auto query = ParseQuery(text);
    ++cases;
    const std::string code(row.at("code").as_string());
    if (code == "ok_or_error") continue;  // whatever it was, it ended
    ASSERT_FALSE(query.ok()) << id << ": " << text.substr(0, 60);
    // Masked columns cannot be asked for at all: the statement that would is refused.
    EXPECT_EQ(query.error().name(), code == "masked" ? "eql_forbidden" : code)
        << id << ": " << query.error().message();
    EXPECT_TRUE(query.error().message().starts_with("line 1, column ")) << id;
  }
  EXPECT_EQ(cases, 21u);
}

}  // namespace
}  // namespace waypost::eql
