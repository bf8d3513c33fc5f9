// A tag's value of every customer now: values that follow what happens to customers, and time.
//
//   LiveTag tag(making);
//   TRY(tag.Advance(moment, touches, &moves));
//
// After Advance the values are what Evaluate gives at that moment in that snapshot
// (analytics/lookout.h). One thread advances it; any thread may read the values.
#pragma once

#include <boost/json/value.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "analytics/lookout.h"
#include "tags/evaluation.h"

namespace waypost::tags {

class LiveTag final : private analytics::Looker {
 public:
  explicit LiveTag(Making making);

  // A value as it is kept: a number, or a text by its code; neither is none.
  struct Held {
    double number = exec::kNoNumber;
    uint32_t code = 0;
    bool is_none() const { return code == 0 && std::isnan(number); }
    friend bool operator==(const Held& a, const Held& b) {
      return a.code == b.code &&
             (a.number == b.number || (std::isnan(a.number) && std::isnan(b.number)));
    }
  };
  // A customer's value became another.
  struct Moved {
    uint32_t customer = 0;
    Held before, after;
  };

  // Appends whose value became another; nobody the first time, when all values are new. Errors:
  // those of analytics::Lookout and Evaluate; the values stay as they were.
  Result<> Advance(const analytics::LookMoment& moment, const analytics::Touches& touches,
                   std::vector<Moved>* moves);
  int64_t next_ms() const { return lookout_.next_ms(); }

  // For the thread that advances it.
  ValueType type() const { return values_.type; }
  const exec::CustomerValues& held() const { return values_.values; }
  boost::json::value Json(const Held& held) const;

  // By ordinal a customer is known by. Costs making the columns of the blocks, of 65,536 customers
  // each, in which a value changed since the last call.
  analytics::TagValues::Values Values();

 private:
  Result<> LookAtAll(const analytics::LookMoment& moment, Rules rules) override;
  Result<> LookAt(const analytics::LookMoment& moment, Rules rules,
                  const column::SnapshotView& near, uint32_t block,
                  const exec::BlockBits& who) override;
  // The codes that ours have for the texts of `values`, by code.
  std::vector<uint32_t> Recode(const exec::CustomerValues& values);
  void Put(uint32_t customer, const Held& held);

  const Making making_;
  analytics::Lookout lookout_;
  bool begun_ = false;
  std::vector<Moved>* moves_ = nullptr;  // of the call

  std::mutex mutex_;
  Evaluated values_;  // texts by the order they were met; the advancing thread alone changes them
  std::unordered_map<std::string, uint32_t> codes_;
  std::set<uint32_t> changed_;  // blocks
  struct Made {
    column::Column column;
    std::shared_ptr<const void> owner;
  };
  std::map<uint32_t, Made> made_;  // by block
  std::shared_ptr<const column::CustomerColumns> columns_ =
      std::make_shared<const column::CustomerColumns>();
};

}  // namespace waypost::tags
