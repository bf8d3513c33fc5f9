#include "analytics/answer.h"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <cmath>

namespace waypost::analytics {

Answer& Answer::Put(std::string_view raw) {
  if (!first_) text_ += ',';
  text_ += raw;
  first_ = false;
  return *this;
}

Answer& Answer::Open(char bracket) {
  Put({&bracket, 1});
  first_ = true;
  return *this;
}

Answer& Answer::Close(char bracket) {
  text_ += bracket;
  first_ = false;
  return *this;
}

Answer& Answer::Key(std::string_view key) {
  Text(key);
  text_ += ':';
  first_ = true;
  return *this;
}

Answer& Answer::Text(std::string_view text) {
  return Put(boost::json::serialize(boost::json::value(boost::json::string(text))));
}

Answer& Answer::Whole(int64_t v) { return Put(std::to_string(v)); }

Answer& Answer::Real(double v) {
  if (!std::isfinite(v)) return Null();
  if (v == 0) v = 0;  // no negative zero
  char text[40];
  const auto end = std::to_chars(text, text + sizeof(text), v).ptr;
  return Put({text, static_cast<size_t>(end - text)});
}

Answer& Answer::Big(__int128 v) {
  std::string digits;
  const bool negative = v < 0;
  for (unsigned __int128 left = negative ? -static_cast<unsigned __int128>(v)
                                         : static_cast<unsigned __int128>(v);
       left || digits.empty(); left /= 10) {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(left % 10)));
  }
  return Put(negative ? "-" + digits : digits);
}

Answer& Answer::Decimal(__int128 ten_thousandths) {
  const bool negative = ten_thousandths < 0;
  const __int128 size = negative ? -ten_thousandths : ten_thousandths;
  Answer whole;
  whole.Big(size / 10'000);
  std::string fraction = std::to_string(static_cast<int>(size % 10'000) + 10'000).substr(1);
  fraction.erase(fraction.find_last_not_of('0') + 1);
  return Put((negative ? "-" : "") + whole.text() + (fraction.empty() ? "" : "." + fraction));
}

Answer& Answer::Flag(bool v) { return Put(v ? "true" : "false"); }

Answer& Answer::Null() { return Put("null"); }

}  // namespace waypost::analytics
