#include "tags/live_tag.h"

#include <boost/json.hpp>

#include "exec/selector.h"
#include "tags/summary.h"
#include "tags/value_file.h"

namespace waypost::tags {
namespace {

constexpr uint32_t kBlockRows = 1 << 16;

Situation SituationAt(const analytics::LookMoment& moment) {
  Situation situation{moment.names, moment.options};
  situation.options.snapshot = &moment.snapshot;
  return situation;
}

}  // namespace

LiveTag::LiveTag(Making making) : making_(std::move(making)), lookout_(QueriesOf(making_)) {}

Result<> LiveTag::Advance(const analytics::LookMoment& moment, const analytics::Touches& touches,
                          std::vector<Moved>* moves) {
  moves_ = begun_ ? moves : nullptr;
  return lookout_.Advance(moment, touches, this);
}

std::vector<uint32_t> LiveTag::Recode(const exec::CustomerValues& values) {
  std::vector<uint32_t> ours = {0};
  for (const std::string& text : values.texts) {
    const auto [at, added] =
        codes_.try_emplace(text, static_cast<uint32_t>(values_.values.texts.size()) + 1);
    if (added) values_.values.texts.push_back(text);
    ours.push_back(at->second);
  }
  return ours;
}

void LiveTag::Put(uint32_t customer, const Held& held) {
  exec::CustomerValues& all = values_.values;
  const Held before{customer < all.numbers.size() ? all.numbers[customer] : exec::kNoNumber,
                    all.CodeAt(customer)};
  if (held == before) return;
  if (customer >= all.numbers.size()) {
    all.numbers.resize(size_t{customer} + 1, exec::kNoNumber);
    all.codes.resize(size_t{customer} + 1);
  }
  all.numbers[customer] = held.number;
  all.codes[customer] = held.code;
  changed_.insert(customer / kBlockRows);
  if (moves_) moves_->push_back({customer, before, held});
}

Result<> LiveTag::LookAtAll(const analytics::LookMoment& moment, Rules) {
  const Evaluated now = TRY(Evaluate(making_, SituationAt(moment)));
  const std::lock_guard lock(mutex_);
  if (now.type != values_.type) {  // of an attribute that has another type now
    for (const auto& [block, made] : made_) changed_.insert(block);
    values_ = {now.type, {}};
    codes_.clear();
  }
  const std::vector<uint32_t> codes = Recode(now.values);
  const size_t count =
      std::max({values_.values.numbers.size(), now.values.numbers.size(), now.values.codes.size()});
  for (uint32_t customer = 0; customer < count; ++customer) {
    const double number =
        now.values.HasNumber(customer) ? now.values.numbers[customer] : exec::kNoNumber;
    Put(customer, {number, codes[now.values.CodeAt(customer)]});
  }
  begun_ = true;
  return {};
}

// Who is no customer has no value.
Result<> LiveTag::LookAt(const analytics::LookMoment& moment, Rules,
                         const column::SnapshotView& near, uint32_t block,
                         const exec::BlockBits& who) {
  const Evaluated now =
      TRY(Evaluate(making_, SituationAt(moment), exec::Selector(near, block, who, nullptr)));
  if (now.type != values_.type) return LookAtAll(moment, {});
  const std::lock_guard lock(mutex_);
  const std::vector<uint32_t> codes = Recode(now.values);
  for (uint32_t w = 0; w < who.size(); ++w) {
    for (uint64_t left = who[w]; left; left &= left - 1) {
      const uint32_t row = w * 64 + static_cast<uint32_t>(std::countr_zero(left));
      const double number = now.values.HasNumber(row) ? now.values.numbers[row] : exec::kNoNumber;
      Put(block * kBlockRows + row, {number, codes[now.values.CodeAt(row)]});
    }
  }
  return {};
}

boost::json::value LiveTag::Json(const Held& held) const {
  if (held.is_none()) return nullptr;
  const Evaluated one{values_.type,
                      {.numbers = {held.number},
                       .codes = {held.code ? 1u : 0u},
                       .texts = {held.code ? values_.values.texts[held.code - 1] : ""}}};
  const auto [column, owner] = BlockColumn(one, 0, 1);
  return ValueJson(values_.type, &column, 0);
}

analytics::TagValues::Values LiveTag::Values() {
  const std::lock_guard lock(mutex_);
  if (!changed_.empty()) {
    const auto customers = static_cast<uint32_t>(values_.values.numbers.size());
    for (const uint32_t block : changed_) {
      const uint32_t first = block * kBlockRows;
      if (first >= customers) {
        made_.erase(block);
        continue;
      }
      auto [column, owner] = BlockColumn(values_, first, std::min(kBlockRows, customers - first));
      made_.insert_or_assign(block, Made{column, std::move(owner)});
    }
    changed_.clear();
    auto columns = std::make_shared<column::CustomerColumns>();
    for (const auto& [block, made] : made_) columns->Set(block, made.column, made.owner);
    columns_ = std::move(columns);
  }
  return {values_.type, columns_};
}

}  // namespace waypost::tags
