#include "base/result.h"

namespace waypost {

std::string_view CodeName(Code code) {
  switch (code) {
    case Code::kInvalid:
      return "invalid";
    case Code::kNotFound:
      return "not_found";
    case Code::kConflict:
      return "conflict";
    case Code::kTooLarge:
      return "too_large";
    case Code::kUnavailable:
      return "unavailable";
    case Code::kCorrupt:
      return "corrupt";
    case Code::kIo:
      return "io";
  }
  return "unknown";
}

Error::Error(Code code, std::string message)
    : code_(code), name_(CodeName(code)), message_(std::move(message)) {}

Error::Error(Code code, std::string name, std::string message)
    : code_(code), name_(std::move(name)), message_(std::move(message)) {}

Error Error::While(std::string_view doing) && {
  message_.insert(0, ": ").insert(0, doing);
  return std::move(*this);
}

}  // namespace waypost
