#include "exec/predicate.h"

#include <re2/re2.h>

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "exec/bit_kernels.h"
#include "exec/range_kernels.h"

namespace waypost::exec {
namespace {

using column::Column;
using column::ColumnType;
using column::Dictionary;

bool IsWhole(ColumnType type) {
  return type != ColumnType::kDouble && type != ColumnType::kString && type != ColumnType::kList;
}

// The domains a column can be read in: numbers mix, the rest does not.
bool Readable(ColumnType type, Domain domain) {
  switch (domain) {
    case Domain::kWhole:
    case Domain::kReal:
      return type != ColumnType::kString && type != ColumnType::kList;
    case Domain::kText:
      return type == ColumnType::kString;
    case Domain::kList:
      return type == ColumnType::kList;
  }
  return false;
}

constexpr double kTwoTo63 = 9223372036854775808.0;

bool FitsWhole(double v) { return v >= -kTwoTo63 && v < kTwoTo63; }

}  // namespace

BoundCondition::BoundCondition(const Condition& condition, const Column* column, uint32_t block)
    : negated_(condition.negated), null_passes_(condition.null_passes) {
  if (condition.kind == Condition::Kind::kMember) {
    kind_ = Kind::kMembers;
    if (block < condition.members_from) return;
    const std::span<const uint64_t> all(*condition.members);
    const size_t first =
        std::min(size_t{block - condition.members_from} * column::PersonIndex::kWords, all.size());
    members_ =
        all.subspan(first, std::min<size_t>(column::PersonIndex::kWords, all.size() - first));
    return;
  }
  if (condition.values) column = condition.values->Find(block);
  if (!column) return;
  if (condition.kind != Condition::Kind::kIsSet && !Readable(column->type(), condition.domain))
    return;
  column_ = *column;
  if (condition.kind == Condition::Kind::kIsSet) {
    kind_ = Kind::kConstant;
    constant_ = true;
  } else if (IsWhole(column->type())) {
    BindWhole(condition);
  } else if (column->type() == ColumnType::kDouble) {
    BindReal(condition);
  } else {
    BindText(condition);
  }
}

// Numbers are compared without their base: an offset below the range wraps around to a huge one.
void BoundCondition::BindRange(int64_t min, int64_t max) {
  const int64_t base = column_.numbers().base();
  kind_ = Kind::kOffsets;
  if (max < base || min > max) {
    kind_ = Kind::kConstant;
    return;
  }
  const auto offset = [&](int64_t v) {
    return static_cast<uint64_t>(v) - static_cast<uint64_t>(base);
  };
  first_ = min <= base ? 0 : offset(min);
  span_ = offset(max) - first_;
}

void BoundCondition::BindWhole(const Condition& c) {
  if (c.kind == Condition::Kind::kRange) {
    if (c.domain == Domain::kWhole) return BindRange(c.whole_min, c.whole_max);
    if (!(c.real_min < kTwoTo63) || !(c.real_max >= -kTwoTo63)) {
      kind_ = Kind::kConstant;
      return;
    }
    const auto limit = std::numeric_limits<int64_t>{};
    const double min = std::ceil(c.real_min), max = std::floor(c.real_max);
    return BindRange(min < -kTwoTo63 ? limit.min() : static_cast<int64_t>(min),
                     max >= kTwoTo63 ? limit.max() : static_cast<int64_t>(max));
  }
  if (c.domain == Domain::kWhole) {
    wholes_ = c.wholes;
  } else {
    for (const double v : c.reals) {
      if (FitsWhole(v) && std::trunc(v) == v) wholes_.push_back(static_cast<int64_t>(v));
    }
  }
  std::sort(wholes_.begin(), wholes_.end());
  if (wholes_.size() == 1) return BindRange(wholes_[0], wholes_[0]);
  kind_ = Kind::kWholes;
}

void BoundCondition::BindReal(const Condition& c) {
  const bool whole = c.domain == Domain::kWhole;
  if (c.kind == Condition::Kind::kRange) {
    const auto limit = std::numeric_limits<int64_t>{};
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    real_min_ = !whole                       ? c.real_min
                : c.whole_min == limit.min() ? -kInfinity
                                             : static_cast<double>(c.whole_min);
    real_max_ = !whole                       ? c.real_max
                : c.whole_max == limit.max() ? kInfinity
                                             : static_cast<double>(c.whole_max);
    kind_ = Kind::kRealRange;
    return;
  }
  reals_ = c.reals;
  if (whole) reals_.assign(c.wholes.begin(), c.wholes.end());
  std::sort(reals_.begin(), reals_.end());
  kind_ = Kind::kReals;
}

void BoundCondition::BindText(const Condition& c) {
  const Dictionary& dictionary = column_.dictionary();
  codes_.assign(dictionary.size() / 64 + 1, 0);
  const auto add = [&](uint32_t code) { codes_[code >> 6] |= 1ull << (code & 63); };
  const auto add_where = [&](auto holds) {
    for (uint32_t code = 0; code < dictionary.size(); ++code) {
      if (holds(dictionary.Text(code))) add(code);
    }
  };
  kind_ = c.domain == Domain::kList ? Kind::kItems : Kind::kCodes;
  switch (c.kind) {
    case Condition::Kind::kContains:
      add_where([&](std::string_view text) { return text.find(c.texts[0]) != text.npos; });
      break;
    case Condition::Kind::kPrefix:
      add_where([&](std::string_view text) { return text.starts_with(c.texts[0]); });
      break;
    case Condition::Kind::kSuffix:
      add_where([&](std::string_view text) { return text.ends_with(c.texts[0]); });
      break;
    case Condition::Kind::kMatches: {
      const re2::RE2 expression(c.texts[0], re2::RE2::Quiet);
      CHECK(expression.ok());
      add_where([&](std::string_view text) {
        return re2::RE2::PartialMatch({text.data(), text.size()}, expression);
      });
      break;
    }
    default: {
      std::vector<std::string> texts = c.texts;
      std::sort(texts.begin(), texts.end());
      texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
      for (const std::string& text : texts) {
        bool exact = false;
        const uint32_t code = dictionary.LowerBound(text, &exact);
        if (exact) add(code);
      }
      if (c.kind == Condition::Kind::kAllOf) needed_items_ = static_cast<uint32_t>(texts.size());
    }
  }
  if (kind_ == Kind::kCodes) BindRunOfCodes();
}

// Codes are in the order of their texts: one text, or those that begin alike, are a range.
void BoundCondition::BindRunOfCodes() {
  int64_t first = 0, count = 0, last = -1;
  for (size_t w = 0; w < codes_.size(); ++w) {
    if (codes_[w] == 0) continue;
    if (count == 0) first = static_cast<int64_t>(64 * w) + std::countr_zero(codes_[w]);
    last = static_cast<int64_t>(64 * w + 63) - std::countl_zero(codes_[w]);
    count += std::popcount(codes_[w]);
  }
  if (last - first + 1 == count) BindRange(first, last);
}

bool BoundCondition::MarkValues(size_t words, uint64_t* marks) const {
  switch (kind_) {
    case Kind::kOffsets:
      FastestMarkRange()(column_.numbers(), first_, span_, words, marks);
      return true;
    case Kind::kConstant:
      std::fill_n(marks, words, constant_ ? ~0ull : 0);
      return true;
    default:
      return false;
  }
}

void BoundCondition::TestBits(std::span<const uint64_t> among, uint64_t* passed) const {
  constexpr size_t kLine = 8, kAhead = 128;  // words
  const column::PackedInts& numbers = column_.numbers();
  const auto when = [](bool passes) { return passes ? ~0ull : 0; };
  const uint64_t zeros = when((0 - first_ <= span_) != negated_);
  const uint64_t ones = when((1 - first_ <= span_) != negated_);
  const uint64_t nulls = when(null_passes_);
  const uint8_t* const words = numbers.width() == 1 ? numbers.data() : nullptr;
  for (size_t w = 0; w < among.size();) {
    if (words) __builtin_prefetch(words + 8 * (w + kAhead));
    for (const size_t end = std::min(w + kLine, among.size()); w < end; ++w) {
      uint64_t word = 0;
      if (words) std::memcpy(&word, words + 8 * w, sizeof(word));
      const uint64_t known = column_.PresentWord(w);
      passed[w] = among[w] & ((((word & ones) | (~word & zeros)) & known) | (nulls & ~known));
    }
  }
}

void BoundCondition::TestAll(std::span<const uint64_t> among, uint64_t* passed) const {
  size_t w = 0;
  if (kind_ == Kind::kMembers) {
    for (; w < among.size(); ++w) {
      const uint64_t members = w < members_.size() ? members_[w] : 0;
      passed[w] = among[w] & (negated_ ? ~members : members);
    }
    return;
  }
  const size_t whole = std::min<size_t>(among.size(), column_.row_count() / 64);
  // To mark all costs as much as four one by one.
  const auto are_many = [&] {
    return FastestCountCommon()(among.data(), among.data(), among.size()) > 4 * among.size();
  };
  if (kind_ == Kind::kOffsets && column_.numbers().width() <= 1) {
    TestBits(among.first(whole), passed);
    w = whole;
  } else if (are_many() && MarkValues(whole, passed)) {
    const uint64_t flip = negated_ ? ~0ull : 0, of_null = null_passes_ ? ~0ull : 0;
    if (!column_.has_nulls()) {
      for (; w < whole; ++w) passed[w] = among[w] & (passed[w] ^ flip);
    }
    for (; w < whole; ++w) {
      const uint64_t known = column_.PresentWord(w);
      passed[w] = among[w] & (((passed[w] ^ flip) & known) | (of_null & ~known));
    }
  }
  for (; w < among.size(); ++w) {
    uint64_t word = 0;
    for (uint64_t left = among[w]; left; left &= left - 1) {
      const auto bit = static_cast<uint32_t>(std::countr_zero(left));
      word |= uint64_t{Test(static_cast<uint32_t>(64 * w) + bit)} << bit;
    }
    passed[w] = word;
  }
}

bool BoundCondition::TestRareValue(uint32_t row) const {
  switch (kind_) {
    case Kind::kConstant:
      return constant_;
    case Kind::kWholes:
      return std::binary_search(wholes_.begin(), wholes_.end(), column_.Whole(row));
    case Kind::kRealRange:
      return column_.Real(row) >= real_min_ && column_.Real(row) <= real_max_;
    case Kind::kReals:
      return std::binary_search(reals_.begin(), reals_.end(), column_.Real(row));
    case Kind::kItems:
      return TestItems(row);
    default:
      return false;
  }
}

bool BoundCondition::TestItems(uint32_t row) const {
  const column::RowRange items = column_.Items(row);
  std::vector<uint32_t> found;
  for (uint32_t item = items.begin; item < items.end; ++item) {
    const uint32_t code = column_.ItemCode(item);
    if (!HasCode(code) || std::find(found.begin(), found.end(), code) != found.end()) continue;
    found.push_back(code);
    if (found.size() >= needed_items_) return true;
  }
  return needed_items_ == 0;
}

BoundPredicate::BoundPredicate(const Predicate& predicate, const column::EventSlice& slice)
    : root_(BindNode(predicate, slice)) {}

BoundPredicate::Node BoundPredicate::BindNode(const Predicate& predicate,
                                              const column::EventSlice& slice) {
  Node node{predicate.kind, predicate.customer_condition, {}};
  if (predicate.kind == Predicate::Kind::kEvent) {
    node.condition = static_cast<uint32_t>(conditions_.size());
    conditions_.emplace_back(predicate.condition, slice.Find(predicate.condition.property));
  }
  for (const Predicate& part : predicate.of) node.of.push_back(BindNode(part, slice));
  return node;
}

bool BoundPredicate::TestNode(const Node& node, uint32_t row, const CustomerRow& customer) const {
  const auto holds = [&](const Node& part) { return TestNode(part, row, customer); };
  switch (node.kind) {
    case Predicate::Kind::kEvent:
      return conditions_[node.condition].Test(row);
    case Predicate::Kind::kCustomer:
      return customer.Test(node.condition);
    case Predicate::Kind::kAll:
      return std::all_of(node.of.begin(), node.of.end(), holds);
    case Predicate::Kind::kAny:
      return std::any_of(node.of.begin(), node.of.end(), holds);
    case Predicate::Kind::kNot:
      return !holds(node.of[0]);
  }
  return false;
}

PastCondition::PastCondition(const Condition& condition, uint32_t block)
    : values_(*condition.past, block), of_nothing_(condition, nullptr, block) {
  for (const column::Column* column : values_.columns())
    of_column_.emplace_back(condition, column->row_count() ? column : nullptr, block);
}

bool PastCondition::Test(uint32_t local, int64_t time_ms) const {
  const auto was = values_.At(local, time_ms);
  return was ? of_column_[was->column].Test(was->row) : of_nothing_.Test(0);
}

bool TestCustomer(const Predicate& predicate, const CustomerRow& customer) {
  const auto holds = [&](const Predicate& part) { return TestCustomer(part, customer); };
  switch (predicate.kind) {
    case Predicate::Kind::kCustomer:
      return customer.Test(predicate.customer_condition);
    case Predicate::Kind::kAll:
      return std::all_of(predicate.of.begin(), predicate.of.end(), holds);
    case Predicate::Kind::kAny:
      return std::any_of(predicate.of.begin(), predicate.of.end(), holds);
    case Predicate::Kind::kNot:
      return !holds(predicate.of[0]);
    case Predicate::Kind::kEvent:
      break;
  }
  CHECK(predicate.kind != Predicate::Kind::kEvent);
  return false;
}

}  // namespace waypost::exec
