#include "model/time_text.h"

#include <chrono>

namespace waypost {
namespace {

constexpr int64_t kMsPerDay = 86'400'000;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Takes pieces off the front of a text; the first piece that is not there fails the rest.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  // A number of exactly `digits` digits from 0 to `max`.
  int Number(int digits, int max) {
    int number = 0;
    for (int i = 0; i < digits; ++i) {
      if (text_.empty() || !IsDigit(text_[0])) return Fail();
      number = number * 10 + (text_[0] - '0');
      text_.remove_prefix(1);
    }
    return number <= max ? number : Fail();
  }
  // True and past it when `c` is next.
  bool Skip(char c) {
    if (text_.empty() || text_[0] != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  void Expect(char c) {
    if (!Skip(c)) Fail();
  }
  // The milliseconds of 1 to 9 digits after a point.
  int Fraction() {
    int ms = 0, digits = 0;
    for (int unit = 100; !text_.empty() && IsDigit(text_[0]); unit /= 10, ++digits) {
      ms += unit * (text_[0] - '0');
      text_.remove_prefix(1);
    }
    return digits >= 1 && digits <= 9 ? ms : Fail();
  }
  int Fail() {
    ok_ = false;
    text_ = {};
    return 0;
  }
  bool done() const { return ok_ && text_.empty(); }
  bool ok() const { return ok_; }

 private:
  std::string_view text_;
  bool ok_ = true;
};

int64_t ScanDate(Scanner& in) {
  const int year = in.Number(4, 9999);
  in.Expect('-');
  const int month = in.Number(2, 12);
  in.Expect('-');
  const int day = in.Number(2, 31);
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (year == 0 || !date.ok()) return in.Fail();
  return std::chrono::sys_days(date).time_since_epoch().count();
}

int64_t ScanTimeOfDay(Scanner& in) {
  const int hour = in.Number(2, 23);
  in.Expect(':');
  const int minute = in.Number(2, 59);
  int64_t ms = (hour * 60 + minute) * int64_t{60'000};
  if (!in.Skip(':')) return ms;
  ms += in.Number(2, 59) * int64_t{1'000};
  return in.Skip('.') ? ms + in.Fraction() : ms;
}

std::optional<int> ScanOffset(Scanner& in) {
  if (in.Skip('Z')) return 0;
  const bool behind = in.Skip('-');
  if (!behind && !in.Skip('+')) return std::nullopt;
  const int hours = in.Number(2, 14);
  in.Skip(':');
  const int minutes = hours * 60 + in.Number(2, 59);
  return behind ? -minutes : minutes;
}

void PutDigits(std::string& out, int64_t number, int digits) {
  const size_t at = out.size();
  out.append(static_cast<size_t>(digits), '0');
  for (int i = digits; i-- > 0; number /= 10) {
    out[at + static_cast<size_t>(i)] = static_cast<char>('0' + number % 10);
  }
}

}  // namespace

std::optional<int64_t> ParseDate(std::string_view text) {
  Scanner in(text);
  const int64_t days = ScanDate(in);
  return in.done() ? std::optional(days) : std::nullopt;
}

std::optional<WrittenTime> ParseDateTime(std::string_view text) {
  Scanner in(text);
  const int64_t days = ScanDate(in);
  if (!in.Skip('T') && !in.Skip(' ')) return std::nullopt;
  WrittenTime time;
  time.wall_ms = days * kMsPerDay + ScanTimeOfDay(in);
  time.offset_minutes = ScanOffset(in);
  return in.done() ? std::optional(time) : std::nullopt;
}

bool LooksLikeTime(std::string_view text) {
  Scanner in(text);
  in.Number(4, 9999);
  in.Expect('-');
  in.Number(2, 99);
  in.Expect('-');
  in.Number(2, 99);
  if (!in.ok()) return false;
  if (text.size() == 10) return true;
  return text.size() > 11 && (text[10] == 'T' || text[10] == ' ') && IsDigit(text[11]);
}

std::string DateText(int64_t days) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(days))};
  std::string text;
  PutDigits(text, static_cast<int>(date.year()), 4);
  text += '-';
  PutDigits(text, static_cast<unsigned>(date.month()), 2);
  text += '-';
  PutDigits(text, static_cast<unsigned>(date.day()), 2);
  return text;
}

std::string DateTimeText(int64_t utc_ms) {
  int64_t ms = utc_ms % kMsPerDay;
  if (ms < 0) ms += kMsPerDay;
  std::string text = DateText((utc_ms - ms) / kMsPerDay);
  text += 'T';
  PutDigits(text, ms / 3'600'000, 2);
  text += ':';
  PutDigits(text, ms / 60'000 % 60, 2);
  text += ':';
  PutDigits(text, ms / 1'000 % 60, 2);
  text += '.';
  PutDigits(text, ms % 1'000, 3);
  text += 'Z';
  return text;
}

}  // namespace waypost
