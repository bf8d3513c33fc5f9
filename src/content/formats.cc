#include "content/formats.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/clock.h"
#include "model/time_text.h"

namespace waypost::content {
namespace {

constexpr size_t kMostDigits = 40;

bool AreDigits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// Adds one to the last digit.
void RoundUp(std::string* digits) {
  size_t at = digits->size();
  while (at > 0 && (*digits)[at - 1] == '9') (*digits)[--at] = '0';
  if (at > 0) {
    ++(*digits)[at - 1];
  } else {
    digits->insert(0, "1");
  }
}

// Milliseconds of the wall clock.
std::optional<int64_t> WallOf(std::string_view value, const ToWall& to_wall) {
  if (const std::optional<int64_t> day = waypost::ParseDate(value)) return *day * kDayMs;
  if (const std::optional<WrittenTime> time = ParseDateTime(value)) {
    return time->offset_minutes ? to_wall(time->UtcMs()) : time->wall_ms;
  }
  int64_t ms = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), ms);
  const bool whole = error == std::errc() && end == value.data() + value.size() && !value.empty();
  constexpr int64_t kMost = int64_t{253'402'300'799} * 1'000;  // the year 9999
  if (!whole || ms < 0 || ms > kMost) return {};
  return to_wall(ms);
}

size_t CharacterBytes(std::string_view text) {
  size_t size = 1;
  while (size < text.size() && (static_cast<uint8_t>(text[size]) & 0xC0) == 0x80) ++size;
  return size;
}

}  // namespace

std::optional<std::string> NumberText(std::string_view value, int decimals) {
  const bool negative = value.starts_with('-');
  if (negative) value.remove_prefix(1);
  const size_t point = value.find('.');
  std::string whole(value.substr(0, point));
  std::string part(point == value.npos ? std::string_view() : value.substr(point + 1));
  const bool written = !whole.empty() && (point == value.npos || !part.empty());
  if (!written || !AreDigits(whole) || !AreDigits(part) || value.size() > kMostDigits) return {};

  const size_t kept = static_cast<size_t>(decimals);
  const bool up = part.size() > kept && part[kept] >= '5';
  part.resize(kept, '0');
  std::string digits = whole + part;
  if (up) RoundUp(&digits);
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  if (digits.size() < kept + 1) digits.insert(0, kept + 1 - digits.size(), '0');
  const bool zero = digits.find_first_not_of('0') == digits.npos;

  std::string text = negative && !zero ? "-" : "";
  const size_t wholes = digits.size() - kept;
  for (size_t i = 0; i < wholes; ++i) {
    if (i > 0 && (wholes - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  if (kept > 0) text += "." + digits.substr(wholes);
  return text;
}

std::optional<std::string> PercentText(std::string_view value, int decimals) {
  // A hundred times as much: the point moves by two digits.
  const size_t point = std::min(value.find('.'), value.size());
  std::string moved(value.substr(0, point));
  std::string part(point == value.size() ? std::string_view() : value.substr(point + 1));
  if (part.size() < 2) part.resize(2, '0');
  moved += part.substr(0, 2);
  if (part.size() > 2) moved += "." + part.substr(2);
  const std::optional<std::string> text = NumberText(moved, decimals);
  return text ? std::optional(*text + "%") : std::nullopt;
}

std::optional<std::string> DateText(std::string_view value, std::string_view format,
                                    const ToWall& to_wall) {
  const std::optional<int64_t> wall = WallOf(value, to_wall);
  if (!wall) return {};
  const std::string iso = DateTimeText(*wall);  // 2026-03-02T10:00:00.000Z
  const auto short_of = [&](size_t at) {
    return iso.substr(iso[at] == '0' ? at + 1 : at, iso[at] == '0' ? 1 : 2);
  };
  std::string text;
  while (!format.empty()) {
    size_t taken = 2;
    if (format.starts_with("yyyy")) {
      text += iso.substr(0, 4);
      taken = 4;
    } else if (format.starts_with("MM")) {
      text += iso.substr(5, 2);
    } else if (format.starts_with("dd")) {
      text += iso.substr(8, 2);
    } else if (format.starts_with("HH")) {
      text += iso.substr(11, 2);
    } else if (format.starts_with("mm")) {
      text += iso.substr(14, 2);
    } else if (format.starts_with('M')) {
      text += short_of(5);
      taken = 1;
    } else if (format.starts_with('d')) {
      text += short_of(8);
      taken = 1;
    } else {
      text += format[0];
      taken = 1;
    }
    format.remove_prefix(taken);
  }
  return text;
}

std::string Masked(std::string_view value) {
  std::vector<std::string_view> characters;
  while (!value.empty()) {
    characters.push_back(value.substr(0, CharacterBytes(value)));
    value.remove_prefix(characters.back().size());
  }
  std::string text;
  for (size_t i = 0; i < characters.size(); ++i) {
    text += i + 4 < characters.size() ? std::string_view("*") : characters[i];
  }
  return text;
}

}  // namespace waypost::content
