#include "tags/search.h"

#include <unicode/translit.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <memory>

#include "base/check.h"

namespace waypost::tags {
namespace {

// Transliterators may be used by one thread at a time, and take milliseconds to make.
const icu::Transliterator& Latin() {
  static thread_local const std::unique_ptr<icu::Transliterator> latin = [] {
    UErrorCode status = U_ZERO_ERROR;
    auto* made = icu::Transliterator::createInstance("Han-Latin; Latin-ASCII; Lower",
                                                     UTRANS_FORWARD, status);
    CHECK(U_SUCCESS(status));
    return std::unique_ptr<icu::Transliterator>(made);
  }();
  return *latin;
}

std::string Lower(std::string_view text) {
  std::string lower;
  icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())))
      .toLower()
      .toUTF8String(lower);
  return lower;
}

// "资产层级" as "zi chan ceng ji".
std::string Spelled(std::string_view text) {
  icu::UnicodeString unicode = icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  Latin().transliterate(unicode);
  std::string spelled;
  unicode.toUTF8String(spelled);
  return spelled;
}

bool IsAscii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

SearchText::SearchText(std::string_view text) {
  forms_.push_back(Lower(text));
  if (IsAscii(text)) return;
  std::string joined, letters;
  char before = ' ';
  for (const char c : Spelled(text)) {
    if (c != ' ') joined += c;
    if (c != ' ' && before == ' ') letters += c;
    before = c;
  }
  forms_.push_back(std::move(joined));
  forms_.push_back(std::move(letters));
}

bool SearchText::Has(std::string_view query) const {
  const std::string lower = Lower(query);
  for (size_t begin = 0; begin < lower.size();) {
    const size_t end = std::min(lower.find(' ', begin), lower.size());
    const std::string_view word = std::string_view(lower).substr(begin, end - begin);
    const auto has = [&](const std::string& form) { return form.find(word) != form.npos; };
    if (!word.empty() && std::ranges::none_of(forms_, has)) return false;
    begin = end + 1;
  }
  return true;
}

}  // namespace waypost::tags
