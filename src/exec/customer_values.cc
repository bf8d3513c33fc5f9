#include "exec/customer_values.h"

#include <boost/unordered/unordered_flat_map.hpp>
#include <memory>
#include <mutex>
#include <numeric>

#include "exec/customers.h"
#include "exec/measures.h"

namespace waypost::exec {
namespace {

using column::Column;
using column::ColumnType;

// Calls visit(&state, customer) for every customer of everyone() with rows in `snapshot` that may
// matter, states being of a task each. Different customers come at the same time.
template <typename State, typename Visit>
void VisitCustomers(const BindSpec& spec, const column::SnapshotView& snapshot, const Selector& of,
                    const State& prototype, Visit visit) {
  const Binding binding(snapshot, spec, of.threads());
  RunOverCustomers(
      binding, of.threads(), [&] { return std::make_unique<State>(prototype); },
      [&](State* state, const BoundBlock& block) {
        BlockBits present, plain;
        PresentCustomers(block, 0, &present);
        PlainCustomers(snapshot, block.view->block, &plain);
        Intersect(&present, plain);
        Intersect(&present, of.EveryoneIn(block.view->block));
        VisitPlain(binding, block, present, 1,
                   [&](const Customer& customer) { visit(state, customer); });
      },
      [&](State* state, size_t begin, size_t end) {
        VisitClusters(binding, begin, end, [&](const Customer& customer) {
          if (of.HasCustomer(customer.ordinal)) visit(state, customer);
        });
      });
}

// Texts numbered from 1 by whoever meets them first.
class SharedTexts {
 public:
  uint32_t CodeOf(std::string_view text) {
    const std::lock_guard lock(mutex_);
    const auto [at, added] = codes_.try_emplace(std::string(text), codes_.size() + 1);
    return static_cast<uint32_t>(at->second);
  }

  // Gives the values their texts, numbered in byte order whoever came first.
  void Settle(std::span<CustomerValues> all) {
    std::vector<std::string> texts(codes_.size());
    for (const auto& [text, code] : codes_) texts[code - 1] = text;
    std::vector<uint32_t> order(texts.size()), place(texts.size() + 1);
    std::iota(order.begin(), order.end(), 0);
    std::ranges::sort(order, {}, [&](uint32_t i) -> const std::string& { return texts[i]; });
    std::vector<std::string> sorted;
    for (const uint32_t from : order) {
      sorted.push_back(std::move(texts[from]));
      place[from + 1] = static_cast<uint32_t>(sorted.size());
    }
    for (CustomerValues& values : all) {
      for (uint32_t& code : values.codes) code = place[code];
      values.texts = sorted;
    }
  }

 private:
  std::mutex mutex_;
  boost::unordered_flat_map<std::string, size_t> codes_;
};

// One task's view of them: asks once for each text.
class TextCodes {
 public:
  explicit TextCodes(SharedTexts& shared) : shared_(&shared) {}
  uint32_t Of(std::string_view text) {
    uint32_t& code = known_[text];
    if (code == 0) code = shared_->CodeOf(text);
    return code;
  }

 private:
  SharedTexts* shared_;
  boost::unordered_flat_map<std::string_view, uint32_t, TextHash> known_;  // views of the snapshot
};

// Values being found. Whatever columns say first, texts or numbers, the property has.
class Finding {
 public:
  explicit Finding(size_t customers) {
    values_.numbers.assign(customers, kNoNumber);
    values_.codes.assign(customers, 0);
  }
  SharedTexts& shared() { return shared_; }

  void Put(uint32_t ordinal, const Column* column, uint32_t row, double scale, TextCodes* codes) {
    if (!column || row >= column->row_count() || column->IsNull(row)) return;
    if (column->type() == ColumnType::kString) {
      values_.codes[ordinal] = codes->Of(column->Text(row));
    } else if (column->type() == ColumnType::kDouble) {
      values_.numbers[ordinal] = column->Real(row) / scale;
    } else if (column->type() != ColumnType::kList) {
      values_.numbers[ordinal] = static_cast<double>(column->Whole(row)) / scale;
    }
  }

  CustomerValues Take() {
    const bool texts = std::ranges::any_of(values_.codes, [](uint32_t code) { return code != 0; });
    if (texts) {
      shared_.Settle({&values_, 1});
      values_.numbers.clear();
    } else {
      values_.codes.clear();
    }
    return std::move(values_);
  }

 private:
  SharedTexts shared_;
  CustomerValues values_;
};

// How much a customer has of each text.
class Shares {
 public:
  explicit Shares(SharedTexts& shared) : codes_(shared) {}
  void Clear() { shares_.clear(); }
  void Add(std::string_view text, long double amount) {
    const uint32_t code = codes_.Of(text);
    for (Share& share : shares_) {
      if (share.code != code) continue;
      share.amount += amount;
      return;
    }
    shares_.push_back({amount, text, code});
  }
  // The codes of the greatest, first the greatest.
  template <typename Visit>
  void ForGreatest(size_t top, Visit visit) {
    std::erase_if(shares_, [](const Share& share) { return share.amount <= 0; });
    const size_t count = std::min(top, shares_.size());
    std::partial_sort(shares_.begin(), shares_.begin() + static_cast<std::ptrdiff_t>(count),
                      shares_.end(), [](const Share& a, const Share& b) {
                        return a.amount != b.amount ? a.amount > b.amount : a.text < b.text;
                      });
    for (size_t k = 0; k < count; ++k) visit(k, shares_[k].code);
  }

 private:
  struct Share {
    long double amount;
    std::string_view text;
    uint32_t code;
  };
  TextCodes codes_;
  std::vector<Share> shares_;
};

std::optional<long double> NumberAt(const Column* column, uint32_t row) {
  if (!column || row >= column->row_count() || column->IsNull(row)) return std::nullopt;
  if (column->type() == ColumnType::kDouble) return column->Real(row);
  if (column->type() == ColumnType::kString || column->type() == ColumnType::kList)
    return std::nullopt;
  return column->Whole(row);
}

bool HasCell(const Column* column, uint32_t row) {
  return column && row < column->row_count() && !column->IsNull(row);
}

bool SameList(const Column& a, const Column& b, uint32_t row) {
  const column::RowRange of_a = a.Items(row), of_b = b.Items(row);
  if (of_a.size() != of_b.size()) return false;
  for (uint32_t i = 0; i < of_a.size(); ++i) {
    if (a.dictionary().Text(a.ItemCode(of_a.begin + i)) !=
        b.dictionary().Text(b.ItemCode(of_b.begin + i)))
      return false;
  }
  return true;
}

bool SameCell(const Column* a, const Column* b, uint32_t row) {
  if (!HasCell(a, row) || !HasCell(b, row)) return HasCell(a, row) == HasCell(b, row);
  if (a->type() == ColumnType::kString && b->type() == ColumnType::kString)
    return a->Text(row) == b->Text(row);
  if (a->type() == ColumnType::kList && b->type() == ColumnType::kList)
    return SameList(*a, *b, row);
  const auto was = NumberAt(a, row), is = NumberAt(b, row);
  return was && is && *was == *is;
}

}  // namespace

CustomerBits Changed(const column::CustomerColumns& before, const column::CustomerColumns& after) {
  constexpr size_t kWords = column::PersonIndex::kWords;
  size_t blocks = 0;
  for (const auto* columns : {&before, &after}) {
    if (!columns->columns().empty())
      blocks = std::max<size_t>(blocks, columns->columns().rbegin()->first + 1);
  }
  CustomerBits bits(blocks * kWords);
  for (uint32_t block = 0; block < blocks; ++block) {
    const Column *a = before.Find(block), *b = after.Find(block);
    const uint32_t rows = std::max(a ? a->row_count() : 0, b ? b->row_count() : 0);
    for (uint32_t row = 0; row < rows; ++row) {
      if (!SameCell(a, b, row)) bits[block * kWords + row / 64] |= 1ull << (row % 64);
    }
  }
  return bits;
}

CustomerValues MeasureValues(const Rule& rule, double scale, const Selector& of) {
  CustomerValues values;
  values.numbers.assign(of.size(), kNoNumber);
  const auto number = [&](const std::optional<long double>& v) {
    return v ? static_cast<double>(*v / static_cast<long double>(scale)) : kNoNumber;
  };
  Tally tally(rule.measure);
  tally.Clear();
  const double nothing = number(tally.Value());
  of.ForEach(of.everyone(),
             [&](uint32_t ordinal) { values.numbers[ordinal - of.first()] = nothing; });
  VisitCustomers(BindingOf(rule), rule.rows ? *rule.rows : of.snapshot(), of, tally,
                 [&](Tally* own, const Customer& customer) {
                   values.numbers[customer.ordinal - of.first()] = number(MeasureOf(customer, own));
                 });
  return values;
}

CustomerValues EdgeValues(const Rule& rule, double scale, const Selector& of) {
  Finding finding(of.size());
  VisitCustomers(BindingOf(rule), of.snapshot(), of, TextCodes(finding.shared()),
                 [&](TextCodes* codes, const Customer& customer) {
                   Edge edge;
                   VisitEvents(customer, [&](const BoundSlice& slice, uint32_t row) {
                     edge.Offer(slice, row, rule.last);
                     return true;
                   });
                   if (!edge.slice) return;
                   finding.Put(customer.ordinal - of.first(),
                               edge.slice->slice->Find(rule.condition.property), edge.row, scale,
                               codes);
                 });
  return finding.Take();
}

CustomerValues AttributeValues(const Condition& condition, double scale, const Selector& of) {
  Finding finding(of.size());
  TextCodes codes(finding.shared());
  of.ForEach(of.everyone(), [&](uint32_t ordinal) {
    const uint32_t block = ordinal >> 16;
    const column::BlockView* view = condition.values ? nullptr : of.snapshot().FindBlock(block);
    const Column* column = condition.values ? condition.values->Find(block)
                           : view           ? view->FindAttribute(condition.property)
                                            : nullptr;
    finding.Put(ordinal - of.first(), column, ordinal & 0xFFFF, scale, &codes);
  });
  return finding.Take();
}

std::vector<CustomerValues> FavouriteValues(const Rule& rule, const FavouriteSpec& spec,
                                            const Selector& of) {
  std::vector<CustomerValues> favourites(spec.top);
  for (CustomerValues& values : favourites) values.codes.assign(of.size(), 0);
  BindSpec bind = BindingOf(rule);
  bind.properties = {spec.property};
  if (spec.weighted) bind.properties.push_back(spec.weight);
  SharedTexts shared;
  VisitCustomers(
      bind, of.snapshot(), of, Shares(shared), [&](Shares* shares, const Customer& customer) {
        shares->Clear();
        VisitEvents(customer, [&](const BoundSlice& slice, uint32_t row) {
          const Column* text = slice.columns[0];
          if (!text || text->type() != ColumnType::kString || text->IsNull(row)) return true;
          const auto amount = spec.weighted ? NumberAt(slice.columns[1], row) : std::optional(1.0L);
          if (amount) shares->Add(text->Text(row), *amount);
          return true;
        });
        shares->ForGreatest(spec.top, [&](size_t k, uint32_t code) {
          favourites[k].codes[customer.ordinal - of.first()] = code;
        });
      });
  shared.Settle(favourites);
  return favourites;
}

}  // namespace waypost::exec
