// The description of the question form against its reader: both know the same members, and what is
// asked in the tests and the documentation is as described.
#include "api/question_schema.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "analytics/ask.h"

namespace waypost::services {
namespace {

namespace json = boost::json;

const json::value& SchemaOf(const std::string& name) {
  return api::QuestionSchemas().at("Question" + name);
}

// The part of JSON Schema that is used. Empty, or why the value is not as described.
std::string Check(const json::value& schema, const json::value& value, const std::string& at) {
  const json::object& s = schema.as_object();
  if (const json::value* ref = s.if_contains("$ref")) {
    const std::string name(ref->as_string());
    return Check(api::QuestionSchemas().at(name.substr(name.rfind('/') + 1)), value, at);
  }
  for (const std::string_view several : {"anyOf", "oneOf"}) {
    const json::value* choices = s.if_contains(several);
    if (!choices) continue;
    std::string why;
    size_t fit = 0;
    for (const json::value& choice : choices->as_array()) {
      const std::string problem = Check(choice, value, at);
      fit += problem.empty();
      why += "\n  " + problem;
    }
    if (fit == 0 || (several == "oneOf" && fit > 1)) return at + " is none of:" + why;
  }
  if (const json::value* constant = s.if_contains("const"); constant && *constant != value)
    return at + " is not " + json::serialize(*constant);
  if (const json::value* words = s.if_contains("enum")) {
    const json::array& all = words->as_array();
    if (std::find(all.begin(), all.end(), value) == all.end()) return at + " is no word of these";
  }
  if (const json::value* types = s.if_contains("type")) {
    const auto is = [&](const json::value& type) {
      return (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
             (type == "string" && value.is_string()) || (type == "boolean" && value.is_bool()) ||
             (type == "integer" && value.is_int64()) || (type == "number" && value.is_number());
    };
    const json::array one{*types};
    const json::array& all = types->is_array() ? types->get_array() : one;
    if (std::none_of(all.begin(), all.end(), is)) return at + " has another type";
  }
  if (value.is_array()) {
    const json::value* least = s.if_contains("minItems");
    if (least && value.get_array().size() < least->to_number<size_t>()) return at + " is too short";
    const json::value* items = s.if_contains("items");
    for (size_t i = 0; items && i < value.get_array().size(); ++i) {
      const std::string problem =
          Check(*items, value.get_array()[i], at + "[" + std::to_string(i) + "]");
      if (!problem.empty()) return problem;
    }
  }
  if (!value.is_object()) return "";
  if (const json::value* required = s.if_contains("required")) {
    for (const json::value& name : required->as_array()) {
      if (!value.get_object().contains(name.as_string()))
        return at + " lacks " + json::serialize(name);
    }
  }
  const json::value* members = s.if_contains("properties");
  for (const auto& member : value.get_object()) {
    const json::value* known = members ? members->as_object().if_contains(member.key()) : nullptr;
    const std::string where = at + "." + std::string(member.key());
    const json::value* others = s.if_contains("additionalProperties");
    if (!known && others && *others == false) return where + " is not known";
    const std::string problem = known ? Check(*known, member.value(), where) : "";
    if (!problem.empty()) return problem;
  }
  return "";
}

// By the schema that the question's own word names.
std::string CheckQuestion(const json::value& question) {
  const std::string problem = Check(SchemaOf(""), question, "question");
  if (!problem.empty()) return problem;
  const json::value& kind =
      SchemaOf("").at("discriminator").at("mapping").at(question.at("ask").as_string());
  return Check(json::object{{"$ref", kind}}, question, "question");
}

class OneEvent final : public analytics::Names {
 public:
  std::optional<EventTypeId> Event(std::string_view) const override { return EventTypeId{1}; }
  std::optional<analytics::PropertyName> Property(std::string_view) const override {
    return analytics::PropertyName{16, ValueType::kInt};
  }
  std::optional<analytics::PropertyName> Attribute(std::string_view name) const override {
    return Property(name);
  }
  std::vector<std::string> EventNames() const override { return {}; }
  std::vector<std::string> PropertyNames() const override { return {}; }
  std::vector<std::string> AttributeNames() const override { return {}; }
  std::string CustomerName(Ordinal) const override { return {}; }
};

// What the reader says it knows where it finds a member it does not.
std::set<std::string> ReaderKnows(const std::string& question) {
  column::SnapshotView snapshot;
  snapshot.clustered.assign(1, 0);
  const auto answer = analytics::Ask(question, snapshot, OneEvent(), {.now_ms = 1'775'000'000'000});
  if (answer.ok()) return {"it is answered"};
  const std::string message = answer.error().message();
  const size_t list = message.find("use one of: ");
  if (list == message.npos) return {message};
  std::set<std::string> names;
  std::istringstream words(message.substr(list + 12));
  for (std::string word; words >> word;) {
    if (word.back() == ',') word.pop_back();
    names.insert(word);
  }
  return names;
}

std::set<std::string> Members(const json::value& schema) {
  std::set<std::string> names;
  const json::object* object = schema.if_object();
  if (const json::value* choices = object->if_contains("anyOf")) {
    for (const json::value& choice : choices->as_array()) {
      const std::set<std::string> more = Members(choice);
      names.insert(more.begin(), more.end());
    }
  }
  if (const json::value* members = object->if_contains("properties")) {
    for (const auto& member : members->as_object()) names.insert(member.key());
  }
  return names;
}

TEST(QuestionSchemaTest, KnowsTheMembersThatTheReaderKnows) {
  const std::string range = R"("range":{"last":7})";
  for (const std::string kind :
       {"Trends", "Funnel", "Retention", "Sequence", "Lifecycle", "Stickiness"}) {
    std::string word = kind;
    word[0] = static_cast<char>(std::tolower(word[0]));
    EXPECT_EQ(Members(SchemaOf(kind)), ReaderKnows(R"({"ask":")" + word + R"(","~~~~":1})"))
        << kind;
  }
  const std::string funnel = R"({"ask":"funnel","steps":["a","b"],)";
  const std::string lifecycle = R"({"ask":"lifecycle","events":"a",)";
  const auto of = [](const std::string& kind, const std::string& member) {
    return Members(SchemaOf(kind).at("properties").at(member));
  };
  EXPECT_EQ(Members(SchemaOf("Range")), ReaderKnows(lifecycle + R"("range":{"~~~~":1}})"));
  EXPECT_EQ(Members(SchemaOf("Filter")), ReaderKnows(lifecycle + range + R"(,"who":{"~~~~":1}})"));
  EXPECT_EQ(Members(SchemaOf("Dimension")), ReaderKnows(funnel + R"("by":{"~~~~":1}})"));
  EXPECT_EQ(Members(SchemaOf("Event")),
            ReaderKnows(R"({"ask":"lifecycle","events":{"~~~~":1},)" + range + "}"));
  EXPECT_EQ(Members(SchemaOf("Measure")),
            ReaderKnows(R"({"ask":"trends","measures":[{"~~~~":1}],)" + range + "}"));
  EXPECT_EQ(Members(SchemaOf("Step")), ReaderKnows(R"({"ask":"funnel","steps":[{"~~~~":1}]})"));
  EXPECT_EQ(Members(SchemaOf("Exclusion")), ReaderKnows(funnel + R"("exclude":{"~~~~":1}})"));
  EXPECT_EQ(of("Funnel", "session"), ReaderKnows(funnel + R"("session":{"~~~~":1}})"));
  EXPECT_EQ(of("Funnel", "touch"), ReaderKnows(funnel + R"("touch":{"~~~~":1}})"));
  EXPECT_EQ(of("Funnel", "times"), ReaderKnows(funnel + R"("times":{"~~~~":1}})"));
  EXPECT_EQ(of("Funnel", "customers_of"), ReaderKnows(funnel + R"("customers_of":{"~~~~":1}})"));
  EXPECT_EQ(of("Lifecycle", "customers_of"),
            ReaderKnows(lifecycle + range + R"(,"customers_of":{"~~~~":1}})"));
  const std::string retention = R"({"ask":"retention","start":"a","return":"b",)" + range;
  EXPECT_EQ(of("Retention", "value"), ReaderKnows(retention + R"(,"value":{"~~~~":1}})"));
  EXPECT_EQ(of("Retention", "customers_of"),
            ReaderKnows(retention + R"(,"customers_of":{"~~~~":1}})"));
}

TEST(QuestionSchemaTest, WhoMayBeARule) {
  const std::string start = R"({"ask":"lifecycle","events":"a","range":{"last":7},"who":)";
  for (const char* who : {R"({"eql":"IN SEGMENT vip"})", R"({"rule":{"segment":"vip"}})"})
    EXPECT_EQ(CheckQuestion(json::parse(start + who + "}")), "") << who;
  EXPECT_NE(CheckQuestion(json::parse(start + R"({"eq":"IN SEGMENT vip"}})")), "");
}

// The question of a case of tests/queries; empty when it is about a refusal.
std::string QuestionOf(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string question;
  bool asking = false, expecting = false;
  for (std::string line; std::getline(in, line);) {
    if (expecting && line.starts_with("error ")) return "";
    if (line == "----") {
      asking = false;
      expecting = true;
    }
    if (line.starts_with("ask ")) {
      asking = true;
      line = line.substr(4);
    }
    if (asking) question += line;
  }
  return question;
}

TEST(QuestionSchemaTest, DescribesWhatTestsAndDocumentationAsk) {
  const std::filesystem::path root(WAYPOST_SOURCE_DIR);
  size_t checked = 0;
  const auto check = [&](const std::string& question, const std::string& where) {
    EXPECT_EQ(CheckQuestion(json::parse(question)), "") << where;
    ++checked;
  };
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root / "tests/queries")) {
    if (entry.path().extension() != ".test") continue;
    const std::string question = QuestionOf(entry.path());
    if (!question.empty()) check(question, entry.path().string());
  }
  std::ifstream docs(root / "docs/questions.md");
  std::string block;
  bool inside = false;
  for (std::string line; std::getline(docs, line);) {
    if (line == "```json") {
      inside = true;
      block.clear();
    } else if (line == "```") {
      if (inside && block.find("\"ask\"") < 5) check(block, "docs/questions.md");
      inside = false;
    } else if (inside) {
      block += line;
    }
  }
  EXPECT_GT(checked, 15u);
}

TEST(QuestionSchemaTest, DescribesNoMemberThatIsNotThere) {
  EXPECT_NE(
      CheckQuestion(json::parse(R"({"ask":"lifecycle","range":{"last":7},"events":"a","x":1})")),
      "");
}

}  // namespace
}  // namespace waypost::services
