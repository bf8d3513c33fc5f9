// Arithmetic over measures: "paid / nullif0(visits) * 100", "lag(revenue, 7)".
//
// Operators + - * / and parentheses; numbers; names of measures; nullif0(x) is null where x is 0;
// lag(x, k) is x of k buckets before; cum(x) is the sum so far; roll(x, k) is the sum of the last
// k. Null anywhere gives null, and so does a division by zero; cum and roll skip nulls.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace waypost::analytics {

// One measure's value per bucket; nothing is null.
using Line = std::vector<std::optional<double>>;

class Formula {
 public:
  Formula(Formula&&) noexcept;
  Formula& operator=(Formula&&) noexcept;
  ~Formula();

  // `names` are the measures that may be used, by index. kInvalid saying what is wrong where.
  static Result<Formula> Parse(std::string_view text, const std::vector<std::string>& names);

  // `lines` by index as the names were; all of one length.
  Line Evaluate(const std::vector<Line>& lines) const;

  struct Node;

 private:
  explicit Formula(std::unique_ptr<Node> root);
  std::unique_ptr<Node> root_;
};

}  // namespace waypost::analytics
