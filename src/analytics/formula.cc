#include "analytics/formula.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace waypost::analytics {

struct Formula::Node {
  enum class Kind {
    kNumber,
    kMeasure,
    kAdd,
    kSubtract,
    kMultiply,
    kDivide,
    kNullIfZero,
    kLag,
    kSum
  };
  Kind kind = Kind::kNumber;
  double number = 0;
  size_t index = 0;  // the measure; kLag, kSum: buckets
  std::unique_ptr<Node> left, right;
};

namespace {

using Node = Formula::Node;
using NodePtr = std::unique_ptr<Node>;

constexpr int kMaxDepth = 64;

bool IsNameByte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 128;
}

class Parser {
 public:
  Parser(std::string_view text, const std::vector<std::string>& names)
      : text_(text), names_(names) {}

  Result<NodePtr> All() {
    NodePtr root = TRY(Sum(0));
    if (!Done()) return Bad("something is left over");
    return root;
  }

 private:
  Result<NodePtr> Sum(int depth) {
    NodePtr left = TRY(Product(depth));
    for (;;) {
      const char op = Take("+-");
      if (!op) return left;
      left = Join(op == '+' ? Node::Kind::kAdd : Node::Kind::kSubtract, std::move(left),
                  TRY(Product(depth)));
    }
  }

  Result<NodePtr> Product(int depth) {
    NodePtr left = TRY(Term(depth));
    for (;;) {
      const char op = Take("*/");
      if (!op) return left;
      left = Join(op == '*' ? Node::Kind::kMultiply : Node::Kind::kDivide, std::move(left),
                  TRY(Term(depth)));
    }
  }

  Result<NodePtr> Term(int depth) {
    if (depth > kMaxDepth) return Bad("nested too deep");
    if (Take("(")) {
      NodePtr inner = TRY(Sum(depth + 1));
      if (!Take(")")) return Bad("')' is missing");
      return inner;
    }
    if (Take("-")) return Join(Node::Kind::kSubtract, Constant(0), TRY(Term(depth + 1)));
    Done();
    const char next = at_ < text_.size() ? text_[at_] : 0;
    if (std::isdigit(static_cast<unsigned char>(next)) || next == '.') return Number();
    const std::string_view name = Name();
    if (name.empty()) return Bad("a number, a measure or '(' is missing");
    if (Take("(")) return Call(name, depth);
    const auto found = std::find(names_.begin(), names_.end(), name);
    if (found == names_.end())
      return Bad(fmt::format("there is no measure '{}' before this one", name));
    NodePtr node = Constant(0);
    node->kind = Node::Kind::kMeasure;
    node->index = static_cast<size_t>(found - names_.begin());
    return node;
  }

  Result<NodePtr> Call(std::string_view name, int depth) {
    NodePtr node = std::make_unique<Node>();
    node->left = TRY(Sum(depth + 1));
    const bool counts = name == "lag" || name == "roll";
    if (name == "nullif0") {
      node->kind = Node::Kind::kNullIfZero;
    } else if (name == "cum") {
      node->kind = Node::Kind::kSum;
      node->index = SIZE_MAX;
    } else if (counts) {
      node->kind = name == "lag" ? Node::Kind::kLag : Node::Kind::kSum;
      if (!Take(",")) return Bad(fmt::format("{} takes a measure and a number of buckets", name));
      Done();
      const NodePtr count = TRY(Number());
      if (count->number < 1 || count->number > 5'000 ||
          std::trunc(count->number) != count->number) {
        return Bad("give 1 to 5000 buckets");
      }
      node->index = static_cast<size_t>(count->number);
    } else {
      return Bad(fmt::format("there is no function '{}'; use nullif0, lag, cum or roll", name));
    }
    if (!Take(")")) return Bad("')' is missing");
    return node;
  }

  Result<NodePtr> Number() {
    double value = 0;
    const auto [end, error] =
        std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (error != std::errc()) return Bad("a number is missing");
    at_ = static_cast<size_t>(end - text_.data());
    return Constant(value);
  }

  static NodePtr Constant(double value) {
    NodePtr node = std::make_unique<Node>();
    node->number = value;
    return node;
  }
  static NodePtr Join(Node::Kind kind, NodePtr left, NodePtr right) {
    NodePtr node = std::make_unique<Node>();
    node->kind = kind;
    node->left = std::move(left);
    node->right = std::move(right);
    return node;
  }

  bool Done() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    return at_ == text_.size();
  }
  char Take(std::string_view any) {
    if (Done() || any.find(text_[at_]) == any.npos) return 0;
    return text_[at_++];
  }
  std::string_view Name() {
    const size_t begin = at_;
    while (at_ < text_.size() && IsNameByte(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }
  Error Bad(std::string_view what) const {
    return Error(Code::kInvalid, "bad_question", fmt::format("at character {}: {}", at_ + 1, what));
  }

  std::string_view text_;
  const std::vector<std::string>& names_;
  size_t at_ = 0;
};

std::optional<double> Apply(Node::Kind kind, std::optional<double> a, std::optional<double> b) {
  if (!a || !b) return {};
  switch (kind) {
    case Node::Kind::kAdd:
      return *a + *b;
    case Node::Kind::kSubtract:
      return *a - *b;
    case Node::Kind::kMultiply:
      return *a * *b;
    default:
      return *b == 0 ? std::nullopt : std::optional(*a / *b);
  }
}

Line Evaluate(const Node& node, const std::vector<Line>& lines, size_t size) {
  if (node.kind == Node::Kind::kNumber) return Line(size, node.number);
  if (node.kind == Node::Kind::kMeasure) return lines[node.index];
  const Line left = Evaluate(*node.left, lines, size);
  Line result(size);
  const Line right = node.right ? Evaluate(*node.right, lines, size) : Line();
  for (size_t b = 0; b < size; ++b) {
    if (node.kind == Node::Kind::kNullIfZero) {
      result[b] = left[b] == 0.0 ? std::nullopt : left[b];
    } else if (node.kind == Node::Kind::kLag) {
      if (b >= node.index) result[b] = left[b - node.index];
    } else if (node.kind == Node::Kind::kSum) {
      double sum = 0;
      for (size_t k = b + 1; k-- > 0 && b - k < node.index;) sum += left[k].value_or(0);
      result[b] = sum;
    } else {
      result[b] = Apply(node.kind, left[b], right[b]);
    }
  }
  return result;
}

}  // namespace

Formula::Formula(std::unique_ptr<Node> root) : root_(std::move(root)) {}
Formula::Formula(Formula&&) noexcept = default;
Formula& Formula::operator=(Formula&&) noexcept = default;
Formula::~Formula() = default;

Result<Formula> Formula::Parse(std::string_view text, const std::vector<std::string>& names) {
  return Formula(TRY(Parser(text, names).All()));
}

Line Formula::Evaluate(const std::vector<Line>& lines) const {
  const size_t size = lines.empty() ? 1 : lines[0].size();
  return analytics::Evaluate(*root_, lines, size);
}

}  // namespace waypost::analytics
