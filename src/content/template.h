// The text of a message with places for what is known of a customer:
//
//   【银行】{{customer.name|default:"客户"}}，您的{{entry.amount|money}}元理财将于{{entry.due|date:"M月d日"}}到期
//   {% if customer.vip == "yes" %}…{% else %}…{% endif %}
//   {% for fund in entry.funds %}{{fund}} {% endfor %}
//
// {{deposit.amount|where:"matures NEXT 7 DAYS"|money}} is of a row of a table, looked up as
// `deposit[matures NEXT 7 DAYS].amount`.
//
// It is read once and filled often. What a value says is never read as a template. In HTML (a text
// that begins with '<', or does after a line "Subject: …") values are escaped, and one that stands
// as a link is a link to the web or "#".
//
// Immutable: any thread may fill it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/result.h"

namespace waypost::content {

inline constexpr size_t kMaxTemplateBytes = 256 << 10;
inline constexpr size_t kMaxMessageBytes = 256 << 10;
inline constexpr int kMaxNesting = 16;
inline constexpr int kMaxTurns = 1'000;  // of all loops together

// What is known: texts, numbers and times as text, lists as JSON arrays. Nothing: it is missing.
using Lookup = std::function<std::optional<std::string>(std::string_view name)>;
// A moment in UTC to the wall clock that dates are shown by.
using ToWall = std::function<int64_t(int64_t utc_ms)>;

class Template {
 public:
  // kInvalid "template_invalid": the line, and what is wrong in it.
  static Result<Template> Read(std::string_view text);

  // kInvalid "render_error": a name without value or default, a value that its format cannot show;
  // "render_limit": more than kMaxTurns or kMaxMessageBytes.
  Result<std::string> Fill(const Lookup& lookup, const ToWall& to_wall) const;

  // For who may not see values: `mask` in every place, of a choice what is there without a value,
  // nothing of a loop. Not longer than the text and as many masks.
  std::string Hidden(std::string_view mask) const;

  // Names that are looked up, without those that loops give.
  const std::set<std::string, std::less<>>& names() const { return names_; }
  bool html() const { return html_; }

 private:
  struct Block;
  class Reader;
  class Filler;

  static void Hide(const Block& block, std::string_view mask, std::string* out);

  std::shared_ptr<const Block> root_;
  std::set<std::string, std::less<>> names_;
  bool html_ = false;
};

}  // namespace waypost::content
