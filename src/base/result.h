// Expected failures as values. A function that can fail for reasons outside the program (bad input,
// a full disk, a missing file) returns Result<T>; nothing in Waypost throws. Broken promises
// between our own functions are CHECKs (base/check.h).
//
//   Result<Footer> ReadFooter(File& file);
//   const Footer footer = TRY(ReadFooter(file));   // the value, or return the Error from here
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/check.h"

namespace waypost {

// One code per reaction a caller can have; api/ maps each to one HTTP status.
enum class Code {
  kInvalid,      // the input is wrong: tell the sender what, where and what to do
  kNotFound,     // no such thing
  kConflict,     // the thing exists or changed: read it again
  kTooLarge,     // over a limit: send less
  kUnavailable,  // not now (overload, starting, full disk): try again later
  kCorrupt,      // bytes on disk are not what was written: quarantine, restore
  kIo,           // the operating system said no
};

// "invalid", "not_found", ... : stable, part of the API.
std::string_view CodeName(Code code);

// An expected failure: what kind, and one sentence for the person who reads it. `name` is a stable
// machine word for the exact case ("bad_json", "storage_full"), CodeName(code) when nothing finer
// is known.
class Error {
 public:
  Error(Code code, std::string message);
  Error(Code code, std::string name, std::string message);

  Code code() const { return code_; }
  const std::string& name() const { return name_; }
  const std::string& message() const { return message_; }

  // Prefixes what we were doing: "open part 17: footer checksum mismatch at byte 8132".
  Error While(std::string_view doing) &&;

 private:
  Code code_;
  std::string name_;
  std::string message_;
};

// Success with a T, or an Error. Result<> carries no value.
template <typename T = std::monostate>
class [[nodiscard]] Result {
 public:
  Result()
    requires std::is_same_v<T, std::monostate>
      : state_(std::in_place_index<0>) {}
  Result(T value)  // NOLINT: implicit by design
      : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT

  bool ok() const { return state_.index() == 0; }

  // REQUIRES: ok()
  T& value() & { return CheckedValue(); }
  const T& value() const& { return const_cast<Result*>(this)->CheckedValue(); }
  T value() && { return std::move(CheckedValue()); }

  // REQUIRES: !ok()
  Error& error() & { return CheckedError(); }
  const Error& error() const& { return const_cast<Result*>(this)->CheckedError(); }
  Error error() && { return std::move(CheckedError()); }

 private:
  T& CheckedValue() {
    CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  Error& CheckedError() {
    CHECK(!ok());
    return *std::get_if<1>(&state_);
  }
  std::variant<T, Error> state_;
};

}  // namespace waypost

// The value of a Result expression, or return its Error from the enclosing function. Not in the
// head of a range-for, where the value would be gone before the loop: name it first.
#define TRY(expression) TRY_AS(expression, __COUNTER__)
#define TRY_AS(expression, number) TRY_NAMED(expression, number)
#define TRY_NAMED(expression, number)            \
  __extension__({                                \
    auto result_##number = (expression);         \
    if (!result_##number.ok()) [[unlikely]]      \
      return std::move(result_##number).error(); \
    std::move(result_##number).value();          \
  })
