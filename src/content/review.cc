#include "content/review.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/letters.h"
#include "ingest/sensitive_names.h"

namespace waypost::content {
namespace {

// Numbers that name a person or an account, beside what is class C3.
constexpr std::string_view kUnsendable[] = {"idcard",     "idno",     "idnumber", "cardno",
                                            "cardnumber", "bankcard", "身份证",   "身份证号",
                                            "卡号",       "银行卡号"};

// Characters that turn the direction of what is read: "\u202emoc.knab".
constexpr std::string_view kTurning[] = {"\u202a", "\u202b", "\u202c", "\u202d", "\u202e",
                                         "\u2066", "\u2067", "\u2068", "\u2069"};
constexpr std::string_view kInvisible[] = {"\u200b", "\u200c", "\u200d", "\u2060",
                                           "\ufeff", "\u3000", "\u00ad"};

bool IsUnsendable(std::string_view name) {
  if (ingest::IsSensitiveName(name)) return true;
  std::string last = LowerLetters(name.substr(name.rfind('.') + 1));
  std::erase_if(last, [](char c) { return c == '_' || c == '-' || c == '$'; });
  return std::ranges::find(kUnsendable, last) != std::end(kUnsendable);
}

void EraseAll(std::string* text, std::string_view what) {
  for (size_t at = text->find(what); at != text->npos; at = text->find(what, at)) {
    text->erase(at, what.size());
  }
}

// What a reader sees of it, without its places and without what cannot be seen.
std::string Compact(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    const bool place = text.substr(at, 2) == "{{" || text.substr(at, 2) == "{%";
    if (place) {
      const size_t close = text.find(text[at + 1] == '{' ? "}}" : "%}", at);
      if (close == text.npos) break;
      at = close + 1;
    } else if (text[at] != ' ' && text[at] != '\t' && text[at] != '\r' && text[at] != '\n') {
      out += text[at];
    }
  }
  for (const std::string_view invisible : kInvisible) EraseAll(&out, invisible);
  return out;
}

// An attribute's value as a browser reads it: references to characters and white space resolved.
std::string Decoded(std::string_view value) {
  std::string out;
  for (size_t at = 0; at < value.size(); ++at) {
    if (value[at] != '&') {
      out += value[at];
      continue;
    }
    const size_t end = value.find(';', at);
    const std::string_view name = value.substr(at + 1, end == value.npos ? 0 : end - at - 1);
    if (name.starts_with('#')) {
      const bool hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
      uint32_t code = 0;
      const std::string_view digits = name.substr(hex ? 2 : 1);
      std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
      out += code < 128 ? static_cast<char>(code) : '?';
      at = end;
    } else if (name == "colon" || name == "Tab" || name == "NewLine" || name == "amp") {
      out += name == "colon" ? ':' : name == "amp" ? '&' : ' ';
      at = end;
    } else {
      out += '&';
    }
  }
  std::erase_if(out, [](char c) { return static_cast<uint8_t>(c) <= ' '; });
  return LowerLetters(out);
}

class Reviewer {
 public:
  Reviewer(std::string_view text, const Use& use, const ReviewRules& rules)
      : text_(text), use_(use), rules_(rules) {}

  std::vector<Finding> Run() {
    const Result<Template> read = Template::Read(text_);
    if (!read.ok()) {
      Find(read.error().name(), read.error().message());
      return std::move(findings_);
    }
    for (const std::string& name : read.value().names()) {
      if (IsUnsendable(name)) Find("template_invalid", name + " is data that no message may hold");
    }
    for (const std::string_view turning : kTurning) {
      if (text_.find(turning) == text_.npos) continue;
      Find("template_invalid", "a character that turns the direction of reading");
      break;
    }
    if (read.value().html()) ReviewHtml();
    if (use_.category == "marketing") ReviewMarketing();
    return std::move(findings_);
  }

 private:
  void Find(std::string_view code, std::string message) {
    findings_.push_back({std::string(code), std::move(message)});
  }

  void ReviewHtml() {
    const std::string lower = LowerLetters(text_);
    for (const std::string_view tag :
         {"<script", "<iframe", "<object", "<embed", "<form", "<base"}) {
      if (lower.find(tag) != lower.npos) {
        Find("template_invalid", std::string(tag.substr(1)) + " may not be in a mail");
      }
    }
    for (size_t open = lower.find('<'); open != lower.npos; open = lower.find('<', open + 1)) {
      const size_t close = std::min(lower.find('>', open), lower.size());
      ReviewTag(lower.substr(open, close - open), text_.substr(open, close - open));
    }
  }

  // name="value", name='value' and name=value of one tag.
  void ReviewTag(std::string_view lower, std::string_view written) {
    for (size_t equals = lower.find('='); equals != lower.npos;
         equals = lower.find('=', equals + 1)) {
      size_t end = equals;
      while (end > 0 && lower[end - 1] == ' ') --end;
      size_t begin = end;
      while (begin > 0 && lower[begin - 1] > ' ' && lower[begin - 1] != '/' &&
             lower[begin - 1] != '"' && lower[begin - 1] != '\'') {
        --begin;
      }
      const std::string_view name = lower.substr(begin, end - begin);
      size_t at = equals + 1;
      while (at < lower.size() && lower[at] == ' ') ++at;
      const char quote =
          at < lower.size() && (lower[at] == '"' || lower[at] == '\'') ? lower[at] : ' ';
      if (quote != ' ') ++at;
      const size_t to = std::min(lower.find(quote, at), lower.size());
      if (at <= to) ReviewAttribute(name, written.substr(at, to - at), lower.starts_with("<img"));
      if (quote != ' ') equals = to;
      if (equals >= lower.size()) break;
    }
  }

  void ReviewAttribute(std::string_view name, std::string_view value, bool picture) {
    if (name.starts_with("on") && name.size() > 3) {
      Find("template_invalid", std::string(name) + " runs a script");
    }
    if (name == "style" && Decoded(value).find("url(") != std::string::npos) {
      Find("template_invalid", "style may not load anything");
    }
    constexpr std::string_view kLinks[] = {"href",   "src",        "action", "background",
                                           "srcset", "formaction", "poster", "data"};
    if (std::ranges::find(kLinks, name) == std::end(kLinks)) return;
    const std::string link = Decoded(value);
    if (link.starts_with("{{")) return;  // made safe when it is filled
    const size_t colon = link.find_first_of(":/?#");
    if (colon == link.npos || link[colon] != ':') return;  // relative
    const std::string scheme = link.substr(0, colon);
    const bool web = scheme == "http" || scheme == "https";
    if (!web && (picture || (scheme != "mailto" && scheme != "tel"))) {
      Find(scheme == "file" ? "egress_denied" : "template_invalid",
           "a link may not begin with " + scheme + ":");
    } else if (picture) {
      std::string plain = link;
      for (size_t open = plain.find("{{"); open != plain.npos; open = plain.find("{{")) {
        plain.replace(open, std::min(plain.find("}}", open), plain.size() - 2) + 2 - open, "x");
      }
      const Result<> checked = rules_.egress.Check(plain, io::kHttpSchemes);
      if (!checked.ok()) Find("egress_denied", checked.error().message());
    }
  }

  void ReviewMarketing() {
    const std::string seen = Compact(text_);
    for (const std::string& word : rules_.forbidden) {
      if (seen.find(word) != seen.npos) Find("compliance", "'" + word + "' may not be promised");
    }
    if (use_.channel != "sms") return;
    if (!seen.starts_with("【") && !seen.ends_with("】")) {
      Find("compliance", "a text message begins or ends with who sends it: 【…】");
    }
    const bool way = seen.find("拒收") != seen.npos || seen.find("退订") != seen.npos;
    if (!way || seen.find("回") == seen.npos) {
      Find("compliance", "a marketing text message says how to refuse: 拒收请回复R");
    }
  }

  const std::string_view text_;
  const Use& use_;
  const ReviewRules& rules_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> Review(std::string_view text, const Use& use, const ReviewRules& rules) {
  return Reviewer(text, use, rules).Run();
}

Result<Template> ReadReviewed(std::string_view text, const Use& use, const ReviewRules& rules) {
  const std::vector<Finding> findings = Review(text, use, rules);
  if (findings.empty()) return Template::Read(text);
  return Error(Code::kInvalid, findings[0].code, findings[0].message);
}

}  // namespace waypost::content
