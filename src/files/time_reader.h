// Reads times written in one way, in one zone.
//
//   TimeReader reader = TRY(TimeReader::Make("yyyy-MM-dd HH:mm:ss", "Asia/Shanghai"));
//   std::optional<int64_t> ms = reader.DateTime("1988-04-17 02:30:00", &reason);   // nothing: DST
//   began
//
// Formats: "epoch_ms", "epoch_s" (with an optional fraction), "iso" (YYYY-MM-DD, alone or with
// T or a space and HH:MM[:SS[.fff]] and an optional Z or offset), or a pattern of yyyy, yy (70-99
// are 19xx), MM, dd, HH, mm, ss, SSS and other characters as they are; letters stand in 'quotes'.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "files/local_time.h"

namespace waypost::files {

// Belongs to one thread.
class TimeReader {
 public:
  // kInvalid ("bad_mapping") for a pattern without year, month and day, or an unknown zone.
  static Result<TimeReader> Make(std::string_view format, const std::string& zone);

  // Milliseconds since the epoch, UTC. Nothing, and why, for text of another form, days that do not
  // exist, and times a clock in the zone skipped. Of a time a clock showed twice: the first.
  std::optional<int64_t> DateTime(std::string_view text, std::string_view* reason);
  // Days since 1970-01-01 of the calendar date written, whatever the zone; a time after it is
  // passed over. Of epoch formats: the date in UTC.
  std::optional<int64_t> Date(std::string_view text, std::string_view* reason);

 private:
  enum class Form { kEpochMs, kEpochSeconds, kIso, kPattern };
  struct Piece {
    enum class What : uint8_t {
      kLiteral,
      kYear,
      kShortYear,
      kMonth,
      kDay,
      kHour,
      kMinute,
      kSecond,
      kMilli
    };
    What what = What::kLiteral;
    std::string literal;
  };
  explicit TimeReader(LocalTime zone) : zone_(zone) {}
  Result<> ReadPattern(std::string_view format);
  // Wall-clock milliseconds; *offset when the text has one.
  std::optional<int64_t> Wall(std::string_view text, std::optional<int>* offset_minutes) const;
  std::optional<int64_t> MatchPattern(std::string_view text) const;

  Form form_ = Form::kIso;
  std::vector<Piece> pieces_;
  LocalTime zone_;
};

}  // namespace waypost::files
