#include "files/time_reader.h"

#include <algorithm>
#include <charconv>

#include "base/clock.h"
#include "model/time_text.h"

namespace waypost::files {
namespace {

// Years 0001 to 9999.
constexpr int64_t kMinMs = -62'135'596'800'000;
constexpr int64_t kMaxMs = 253'402'300'799'999;

constexpr std::string_view kUnreadable = "is not a time of the form the mapping says";

// Days since 1970-01-01 of a date of the Gregorian calendar; nothing when it does not exist.
std::optional<int64_t> Days(int year, int month, int day) {
  static constexpr int kLengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (year < 1 || month < 1 || month > 12 || day < 1) return std::nullopt;
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  if (day > kLengths[month - 1] + (leap && month == 2)) return std::nullopt;
  // Years from March on, so that the leap day is a year's last.
  const int64_t y = year - (month <= 2);
  const int64_t era = y / 400;
  const int64_t year_of_era = y - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
         719'468;
}

// Exactly `count` digits at the front of *text, taken off it.
bool TakeDigits(std::string_view* text, size_t count, int* out) {
  if (text->size() < count) return false;
  *out = 0;
  for (const char c : text->substr(0, count)) {
    if (c < '0' || c > '9') return false;
    *out = *out * 10 + (c - '0');
  }
  text->remove_prefix(count);
  return true;
}

std::optional<int64_t> WholeNumber(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Seconds with an optional fraction, to milliseconds.
std::optional<int64_t> EpochSeconds(std::string_view text) {
  const size_t point = text.find('.');
  const auto seconds = WholeNumber(text.substr(0, point));
  if (!seconds || *seconds < kMinMs / 1'000 || *seconds > kMaxMs / 1'000) return std::nullopt;
  int64_t milli = 0;
  if (point != text.npos) {
    std::string digits(text.substr(point + 1));
    if (digits.empty() || digits.size() > 9) return std::nullopt;
    std::string_view fraction = digits.append("000");
    int head = 0;
    if (!TakeDigits(&fraction, 3, &head) ||
        fraction.find_first_not_of("0123456789") != fraction.npos)
      return std::nullopt;
    milli = head;
  }
  return *seconds * 1'000 + (text.starts_with('-') ? -milli : milli);
}

}  // namespace

Result<TimeReader> TimeReader::Make(std::string_view format, const std::string& zone) {
  TimeReader reader(TRY(LocalTime::Open(zone)));
  if (format == "epoch_ms") {
    reader.form_ = Form::kEpochMs;
  } else if (format == "epoch_s") {
    reader.form_ = Form::kEpochSeconds;
  } else if (format == "iso") {
    reader.form_ = Form::kIso;
  } else {
    reader.form_ = Form::kPattern;
    TRY(reader.ReadPattern(format));
  }
  return reader;
}

Result<> TimeReader::ReadPattern(std::string_view format) {
  using What = Piece::What;
  static constexpr std::pair<std::string_view, What> kWords[] = {
      {"yyyy", What::kYear}, {"yy", What::kShortYear}, {"MM", What::kMonth},
      {"dd", What::kDay},    {"HH", What::kHour},      {"mm", What::kMinute},
      {"ss", What::kSecond}, {"SSS", What::kMilli}};
  const auto bad = [&](std::string_view why) {
    return Error(Code::kInvalid, "bad_mapping",
                 "time format \"" + std::string(format) + "\": " + std::string(why));
  };
  bool year = false, month = false, day = false;
  for (std::string_view rest = format; !rest.empty();) {
    const auto word = std::find_if(std::begin(kWords), std::end(kWords),
                                   [&](const auto& w) { return rest.starts_with(w.first); });
    if (word != std::end(kWords)) {
      pieces_.push_back({word->second, {}});
      year |= word->second == What::kYear || word->second == What::kShortYear;
      month |= word->second == What::kMonth;
      day |= word->second == What::kDay;
      rest.remove_prefix(word->first.size());
      continue;
    }
    size_t size = 1;
    std::string_view literal = rest.substr(0, 1);
    if (rest[0] == '\'') {
      const size_t close = rest.find('\'', 1);
      if (close == rest.npos) return bad("a quote is not closed");
      size = close + 1;
      literal = rest.substr(1, close - 1);
    } else if ((rest[0] | 32) >= 'a' && (rest[0] | 32) <= 'z') {
      return bad("letters other than yyyy yy MM dd HH mm ss SSS stand in 'quotes'");
    }
    pieces_.push_back({What::kLiteral, std::string(literal)});
    rest.remove_prefix(size);
  }
  if (!year || !month || !day)
    return bad("say epoch_ms, epoch_s, iso, or a pattern with year, month and day");
  return {};
}

std::optional<int64_t> TimeReader::MatchPattern(std::string_view text) const {
  using What = Piece::What;
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, milli = 0;
  for (const Piece& piece : pieces_) {
    bool fits = true;
    switch (piece.what) {
      case What::kLiteral:
        fits = text.starts_with(piece.literal);
        if (fits) text.remove_prefix(piece.literal.size());
        break;
      case What::kYear:
        fits = TakeDigits(&text, 4, &year);
        break;
      case What::kShortYear:
        fits = TakeDigits(&text, 2, &year);
        year += year < 70 ? 2000 : 1900;
        break;
      case What::kMonth:
        fits = TakeDigits(&text, 2, &month);
        break;
      case What::kDay:
        fits = TakeDigits(&text, 2, &day);
        break;
      case What::kHour:
        fits = TakeDigits(&text, 2, &hour) && hour < 24;
        break;
      case What::kMinute:
        fits = TakeDigits(&text, 2, &minute) && minute < 60;
        break;
      case What::kSecond:
        fits = TakeDigits(&text, 2, &second) && second < 60;
        break;
      case What::kMilli:
        fits = TakeDigits(&text, 3, &milli);
        break;
    }
    if (!fits) return std::nullopt;
  }
  const auto days = Days(year, month, day);
  if (!days || !text.empty()) return std::nullopt;
  return *days * kDayMs + ((hour * 60 + minute) * 60 + second) * 1'000LL + milli;
}

std::optional<int64_t> TimeReader::Wall(std::string_view text,
                                        std::optional<int>* offset_minutes) const {
  if (form_ == Form::kPattern) return MatchPattern(text);
  if (form_ == Form::kIso) {
    if (const auto written = ParseDateTime(text)) {
      *offset_minutes = written->offset_minutes;
      return written->wall_ms;
    }
    const auto days = ParseDate(text);
    return days ? std::optional(*days * kDayMs) : std::nullopt;
  }
  *offset_minutes = 0;
  const auto ms = form_ == Form::kEpochMs ? WholeNumber(text) : EpochSeconds(text);
  return ms && *ms >= kMinMs && *ms <= kMaxMs ? ms : std::nullopt;
}

std::optional<int64_t> TimeReader::DateTime(std::string_view text, std::string_view* reason) {
  std::optional<int> offset_minutes;
  const auto wall = Wall(text, &offset_minutes);
  if (!wall) {
    *reason = kUnreadable;
    return std::nullopt;
  }
  if (offset_minutes) return *wall - *offset_minutes * int64_t{60'000};
  const auto utc = zone_.ToUtc(*wall);
  if (!utc) *reason = "is a time that did not exist: clocks were put forward over it";
  return utc;
}

std::optional<int64_t> TimeReader::Date(std::string_view text, std::string_view* reason) {
  std::optional<int> offset_minutes;
  const auto wall = Wall(text, &offset_minutes);
  if (!wall) {
    *reason = "is not a date of the form the mapping says";
    return std::nullopt;
  }
  return (*wall >= 0 ? *wall : *wall - (kDayMs - 1)) / kDayMs;
}

}  // namespace waypost::files
