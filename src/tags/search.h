// Finding things by what people type: Chinese, its pinyin (whole or first letters), or English.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace waypost::tags {

// Texts as they can be found: in lower case, and what has Chinese characters also as pinyin without
// tones, joined ("zichancengji") and by first letters ("zccj"). A character that is read in several
// ways has its commonest reading.
class SearchText {
 public:
  explicit SearchText(std::string_view text);
  // Whether every word of `query` is somewhere in it.
  bool Has(std::string_view query) const;

 private:
  std::vector<std::string> forms_;
};

}  // namespace waypost::tags
