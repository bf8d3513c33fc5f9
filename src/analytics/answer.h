// Writes an answer as JSON, always in the same bytes for the same values.
//
//   Answer out;
//   out.Open('{').Key("count").Whole(3).Close('}');
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace waypost::analytics {

class Answer {
 public:
  // '{' or '[', and '}' or ']'.
  Answer& Open(char bracket);
  Answer& Close(char bracket);
  Answer& Key(std::string_view key);

  Answer& Text(std::string_view text);
  Answer& Whole(int64_t v);
  Answer& Count(uint64_t v) { return Whole(static_cast<int64_t>(v)); }
  // The shortest text that reads back as the same number; null when it is not finite.
  Answer& Real(double v);
  // Ten-thousandths, exactly: 12.5.
  Answer& Decimal(__int128 ten_thousandths);
  Answer& Big(__int128 v);
  Answer& Flag(bool v);
  Answer& Null();

  const std::string& text() const { return text_; }
  std::string Take() { return std::move(text_); }

 private:
  Answer& Put(std::string_view raw);
  std::string text_;
  bool first_ = true;  // nothing yet in the bracket just opened, or a key stands before
};

}  // namespace waypost::analytics
