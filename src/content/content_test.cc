#include <gmock/gmock.h>

#include <map>

#include "content/formats.h"
#include "content/review.h"
#include "content/template.h"
#include "model/error_sentences.h"

namespace waypost::content {
namespace {

using testing::HasSubstr;

int64_t Shanghai(int64_t utc_ms) { return utc_ms + 8 * 3'600'000; }

const std::map<std::string, std::string, std::less<>> kKnown = {
    {"name", "安"},
    {"customer.vip", "yes"},
    {"customer.no", "false"},
    {"amount", "1234567.891"},
    {"rate", "0.0325"},
    {"due", "2026-03-02"},
    {"at", "2026-03-01T16:05:00Z"},
    {"ms", "1772380800000"},
    {"card", "6222001234567890"},
    {"funds", R"(["甲","乙",3])"},
    {"code", "{{7*7}}${7*7}<%=7*7%>#{7*7}"},
    {"script", "<script>alert(1)</script>"},
    {"bad_link", "javascript:alert(1)"},
    {"good_link", "https://a.b/?c=d&e=f"},
    {"deposit[金额 > 5 AND due NEXT 7 DAYS].amount", "888"},
    {"empty", ""}};

std::string Fill(std::string_view text) {
  const Result<Template> read = Template::Read(text);
  if (!read.ok()) return std::string(read.error().name()) + " " + read.error().message();
  const Result<std::string> filled = read.value().Fill(
      [](std::string_view name) -> std::optional<std::string> {
        const auto found = kKnown.find(name);
        return found == kKnown.end() ? std::nullopt : std::optional(found->second);
      },
      Shanghai);
  return filled.ok() ? filled.value()
                     : std::string(filled.error().name()) + " " + filled.error().message();
}

struct Filled {
  std::string_view text, wanted;
};
class FilledTest : public testing::TestWithParam<Filled> {};
TEST_P(FilledTest, Reads) {
  EXPECT_EQ(Fill(GetParam().text), GetParam().wanted);
  const Result<Template> read = Template::Read(GetParam().text);
  if (!read.ok()) EXPECT_TRUE(SayInChinese(read.error().message())) << read.error().message();
}
INSTANTIATE_TEST_SUITE_P(
    Template, FilledTest,
    testing::Values(
        Filled{"您好 {{name}}", "您好 安"}, Filled{"{{ name }}", "安"},
        Filled{R"({{nick|default:"客户 | 朋友"}})", "客户 | 朋友"},
        Filled{R"({{empty|default:"-"}})", "-"}, Filled{"{{amount|money}}", "1,234,567.89"},
        Filled{"{{amount|money:0}}", "1,234,568"}, Filled{"{{amount|number:1}}", "1,234,567.9"},
        Filled{"{{rate|percent}}", "3.25%"}, Filled{"{{rate|percent:0}}", "3%"},
        Filled{R"({{due|date:"M月d日"}})", "3月2日"}, Filled{"{{at|date}}", "2026-03-02"},
        Filled{R"({{at|date:"yyyy/MM/dd HH:mm"}})", "2026/03/02 00:05"},
        Filled{R"({{ms|date:"d HH"}})", "2 00"}, Filled{"{{card|mask}}", "************7890"},
        Filled{"{% if customer.vip %}贵宾{% else %}客户{% endif %}", "贵宾"},
        Filled{"{% if customer.no %}贵宾{% else %}客户{% endif %}", "客户"},
        Filled{R"({% if customer.vip == "no" %}a{% endif %}b)", "b"},
        Filled{"{% for f in funds %}[{{f}}]{% endfor %}", "[甲][乙][3]"},
        Filled{R"({{deposit.amount|where:"金额 > 5 AND due NEXT 7 DAYS"|money:0}})", "888"},
        Filled{R"({{deposit.amount|where:"金额 > 6"|default:"-"}})", "-"},
        // Code in data is data.
        Filled{"{{code}}", "{{7*7}}${7*7}<%=7*7%>#{7*7}"},
        Filled{"<p>{{script}}</p>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"},
        Filled{"{{script}}", "<script>alert(1)</script>"},
        Filled{R"(<a href="{{bad_link}}">x</a>)", R"(<a href="#">x</a>)"},
        Filled{R"(<a href="{{good_link}}">x</a>)", R"(<a href="https://a.b/?c=d&amp;e=f">x</a>)"},
        Filled{"Subject: {{name}}\n\n<p>{{script}}",
               "Subject: 安\n\n<p>&lt;script&gt;alert(1)&lt;/script&gt;"},
        // Never an empty hole.
        Filled{"Hi {{user.nick}}", "render_error user.nick has no value and no default"},
        Filled{"Hi {{empty}}", "render_error empty has no value and no default"},
        Filled{"{{name|money}}", "render_error name has a value that its format cannot show"},
        Filled{"{{name|date}}", "render_error name has a value that its format cannot show"},
        Filled{"{% for f in name %}{% endfor %}", "render_error name is not a list"},
        // What is no template.
        Filled{"a\n{{constructor.constructor(\"return 1\")()}}",
               "template_invalid line 2: not a name: constructor.constructor(\"return 1\")()"},
        Filled{"{{7*7}}", "template_invalid line 1: not a name: 7*7"},
        Filled{"{{name", "template_invalid line 1: '{{' is not closed"},
        Filled{"{{}}", "template_invalid line 1: not a name: "},
        Filled{"{{name|shout}}", "template_invalid line 1: there is no format shout"},
        Filled{"{{name|money:9}}",
               "template_invalid line 1: money takes a number of 0 to 8 after its ':'"},
        Filled{"{% if name %}", "template_invalid line 1: {% if %} has no {% endif %}"},
        Filled{"{% endfor %}", "template_invalid line 1: {% endfor %} ends nothing"},
        Filled{"{% import os %}", "template_invalid line 1: there is no {% import %}"},
        Filled{"{% for f of funds %}", "template_invalid line 1: write {% for item in list %}"}));

TEST(TemplateTest, LoopsStopAtALimit) {
  const auto turns = [](int depth) {
    std::string text, list = "[1";
    for (int i = 0; i < depth; ++i) text += "{% for i in a %}";
    text += "x";
    for (int i = 0; i < depth; ++i) text += "{% endfor %}";
    for (int i = 1; i < 10; ++i) list += ",1";
    const Result<std::string> filled =
        Template::Read(text).value().Fill([&](std::string_view) { return list + "]"; }, Shanghai);
    return filled.ok() ? "" : std::string(filled.error().name());
  };
  EXPECT_EQ(turns(2), "");
  EXPECT_EQ(turns(11), "render_limit");
  EXPECT_FALSE(Template::Read(std::string(kMaxTemplateBytes + 1, 'a')).ok());
  std::string deep;
  for (int i = 0; i < 100'000 / 16; ++i) deep += "{% if a %}";
  EXPECT_EQ(Template::Read(deep).error().name(), "template_invalid");
  const std::string much(200'000, 'a');
  EXPECT_EQ(Template::Read("{{a}}{{a}}")
                .value()
                .Fill([&](std::string_view) { return much; }, Shanghai)
                .error()
                .name(),
            "render_limit");
}

TEST(FormatsTest, MoneyIsExactHoweverLong) {
  struct Case {
    const char *value, *wanted;
  };
  for (const Case& c : {Case{"0", "0.00"},
                        {"-0.004", "0.00"},
                        {"-0.005", "-0.01"},
                        {"999.995", "1,000.00"},
                        {"0.1", "0.10"},
                        {"00012", "12.00"},
                        {"12345678901234567890.125", "12,345,678,901,234,567,890.13"}}) {
    EXPECT_EQ(NumberText(c.value, 2), c.wanted) << c.value;
  }
  for (const char* wrong : {"", "-", ".", "1.", ".5", "1e5", "1,0", "abc", "--1", "1.2.3", "NaN"}) {
    EXPECT_EQ(NumberText(wrong, 2), std::nullopt) << wrong;
  }
}

struct Reviewed {
  std::string_view text, channel, codes;
};
class ReviewTest : public testing::TestWithParam<Reviewed> {};
TEST_P(ReviewTest, Finds) {
  std::string codes;
  ReviewRules rules{.egress = io::EgressRules::Read("").value()};
  for (const Finding& finding : Review(GetParam().text, {GetParam().channel, "marketing"}, rules)) {
    codes += (codes.empty() ? "" : " ") + finding.code;
    EXPECT_TRUE(SayInChinese(finding.message)) << finding.message;
  }
  EXPECT_EQ(codes, GetParam().codes);
}
INSTANTIATE_TEST_SUITE_P(
    Content, ReviewTest,
    testing::Values(
        Reviewed{"【银行】双十一理财节，点击查看，拒收请回复R", "sms", ""},
        Reviewed{"双十一理财节，退订回T【银行】", "sms", ""},
        Reviewed{"双十一理财节,点击查看", "sms", "compliance compliance"},
        Reviewed{"【银行】双十一理财节", "sms", "compliance"}, Reviewed{"双十一理财节", "push", ""},
        Reviewed{"【行】保本稳赚,拒收请回复R", "sms", "compliance compliance"},
        Reviewed{"【行】保 \u200b本，拒收请回复R", "sms", "compliance"},
        Reviewed{"100%收益", "push", "compliance"},
        Reviewed{"{{user.id_card}}", "push", "template_invalid"},
        Reviewed{"{{user.card_no|mask}}", "push", "template_invalid"},
        Reviewed{"{{cvv}}{{登录密码}}", "push", "template_invalid template_invalid"},
        Reviewed{"<a href=\"java&#10;script:alert(1)\">x</a>", "mail", "template_invalid"},
        Reviewed{"<a href=' JAVASCRIPT&colon;alert(1)'>x</a>", "mail", "template_invalid"},
        Reviewed{"<a href=data:text/html,x>x</a>", "mail", "template_invalid"},
        Reviewed{"<a href=\"vbscript:x\">x</a>", "mail", "template_invalid"},
        Reviewed{
            "<a href=\"https://a.b/?a=b\">x</a><a href='/c'>y</a><a href=\"mailto:a@b.c\">z</a>",
            "mail", ""},
        Reviewed{"<a href=\"https://a.b\">\u202emoc.knab</a>", "mail", "template_invalid"},
        Reviewed{"<img src=\"http://127.0.0.1:1/x\">", "mail", "egress_denied"},
        Reviewed{"<img src='file:///etc/passwd'>", "mail", "egress_denied"},
        Reviewed{"<img src=\"https://cdn.bank.example/{{name}}.png\">", "mail", ""},
        Reviewed{"<p onclick=\"x()\">", "mail", "template_invalid"},
        Reviewed{"<p/onclick=x()>", "mail", "template_invalid"},
        Reviewed{"<script>x</script>", "mail", "template_invalid"}));

TEST(ReviewTest, AServiceMessageNeedsNoWayToRefuse) {
  const ReviewRules rules{.egress = io::EgressRules::Read("").value()};
  EXPECT_TRUE(Review("您的验证已通过", {"sms", "service"}, rules).empty());
  EXPECT_EQ(ReadReviewed(std::string(1 << 20, 'a'), {"mail", "marketing"}, rules).error().name(),
            "template_invalid");
}

TEST(TemplateTest, WhoMayNotSeeValuesSeesMasksInTheirPlaces) {
  const struct {
    std::string_view text, hidden;
  } cases[] = {
      {"您好", "您好"},
      {"{{name|default:\"客户\"}}的{{amount|money}}元", "****的****元"},
      {"{% if customer.vip == \"yes\" %}贵宾{{name}}{% else %}您{{name}}{% endif %}好", "您****好"},
      {"{% if customer.vip %}贵宾{% endif %}好", "好"},
      {"有{% for fund in funds %}{{fund}}{% endfor %}。", "有。"},
  };
  for (const auto& [text, hidden] : cases) {
    EXPECT_EQ(Template::Read(text).value().Hidden("****"), hidden) << text;
  }
}

}  // namespace
}  // namespace waypost::content
