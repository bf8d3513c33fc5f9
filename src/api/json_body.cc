#include "api/json_body.h"

#include <boost/json/basic_parser_impl.hpp>
#include <set>
#include <vector>

namespace waypost::api {
namespace {

using boost::json::error_code;

// Follows a text from the outermost value in; stops at a name that was there.
struct MemberWatch {
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);

  struct Frame {
    bool is_object;
    std::size_t index = 0;  // of an array's item
    std::string name;       // of the member
    std::set<std::string, std::less<>> names;
  };
  std::vector<Frame> frames;
  std::string key;
  std::string twice;

  std::string Place() const {
    std::string place;
    for (const Frame& frame : frames) {
      place += frame.is_object ? (place.empty() ? "" : ".") + frame.name
                               : "[" + std::to_string(frame.index) + "]";
    }
    return place;
  }
  bool Value() {
    if (!frames.empty()) ++frames.back().index;
    return true;
  }
  bool Open(bool is_object) {
    frames.push_back({.is_object = is_object, .name = {}, .names = {}});
    return true;
  }
  bool Close() {
    frames.pop_back();
    return Value();
  }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) { return Open(true); }
  bool on_object_end(std::size_t, error_code&) { return Close(); }
  bool on_array_begin(error_code&) { return Open(false); }
  bool on_array_end(std::size_t, error_code&) { return Close(); }
  bool on_key_part(std::string_view part, std::size_t, error_code&) {
    key += part;
    return true;
  }
  bool on_key(std::string_view part, std::size_t, error_code& error) {
    Frame& frame = frames.back();
    frame.name = std::exchange(key, {}).append(part);
    if (frame.names.insert(frame.name).second) return true;
    twice = Place();
    error = boost::json::error::extra_data;
    return false;
  }
  bool on_string_part(std::string_view, std::size_t, error_code&) { return true; }
  bool on_string(std::string_view, std::size_t, error_code&) { return Value(); }
  bool on_number_part(std::string_view, error_code&) { return true; }
  bool on_int64(int64_t, std::string_view, error_code&) { return Value(); }
  bool on_uint64(uint64_t, std::string_view, error_code&) { return Value(); }
  bool on_double(double, std::string_view, error_code&) { return Value(); }
  bool on_bool(bool, error_code&) { return Value(); }
  bool on_null(error_code&) { return Value(); }
  bool on_comment_part(std::string_view, error_code&) { return true; }
  bool on_comment(std::string_view, error_code&) { return true; }
};

}  // namespace

std::string TwiceNamed(std::string_view json) {
  boost::json::basic_parser<MemberWatch> parser(boost::json::parse_options{});
  error_code error;
  parser.write_some(false, json.data(), json.size(), error);
  return parser.handler().twice;
}

}  // namespace waypost::api
