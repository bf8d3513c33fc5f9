// What may not be sent, found before it is: data that belongs in no message, links that do
// something else than lead to the web, words that a bank may not use, a text message without a way
// to refuse.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "content/template.h"
#include "io/egress.h"

namespace waypost::content {

struct ReviewRules {
  // Of marketing; white space and invisible characters between their characters change nothing.
  std::vector<std::string> forbidden = {"保本",     "稳赚",     "无风险", "零风险", "100%收益",
                                        "保证收益", "稳赚不赔", "必涨",   "内幕"};
  io::EgressRules egress;  // pictures may come from where calls may go
};

struct Use {
  std::string_view channel;   // "sms" asks for a signature and a way to refuse
  std::string_view category;  // "marketing" obeys all rules
};

struct Finding {
  std::string code;  // "template_invalid", "egress_denied", "compliance"
  std::string message;
};

// Everything that is found, at once; empty: it may be sent. Costs time in proportion to the text.
std::vector<Finding> Review(std::string_view text, const Use& use, const ReviewRules& rules);

// The first finding as an error of its code (kInvalid).
Result<Template> ReadReviewed(std::string_view text, const Use& use, const ReviewRules& rules);

}  // namespace waypost::content
