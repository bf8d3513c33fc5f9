#include "api/problem.h"

#include <algorithm>
#include <iterator>

#include "base/logger.h"

namespace waypost::api {
namespace {

constexpr size_t kMaxMessage = 300;  // bytes; four texts and their names stay under 1 KiB
constexpr size_t kMaxWhere = 100;

struct Entry {
  std::string_view name;
  int status;
  std::string_view message;
  std::string_view message_zh;
};

constexpr Entry kEntries[] = {
    {"bad_request_framing", 400, "The bytes are not a well-formed HTTP/1.1 request.",
     "请求不符合 HTTP/1.1 的格式。"},
    {"bad_request", 400, "The request cannot be understood.", "无法理解该请求。"},
    {"bad_json", 400, "The body is not valid JSON. Repair it and send it again.",
     "请求体不是合法的 JSON，请修正后重新发送。"},
    {"bad_encoding", 400,
     "The body cannot be decoded: check gzip, base64, crc and that the text is UTF-8.",
     "请求体无法解码：请检查 gzip、base64、crc 以及是否为 UTF-8。"},
    {"unauthorized", 401, "A valid key is needed: see Authorization in the documentation.",
     "需要有效的密钥：请参阅文档中的 Authorization。"},
    {"forbidden", 403, "This key may not do that.", "该密钥无权执行此操作。"},
    {"not_found", 404, "There is nothing here.", "此处没有内容。"},
    {"method_not_allowed", 405, "This method is not offered here.", "此处不支持该方法。"},
    {"timeout", 408, "The request came too slowly.", "请求发送过慢。"},
    {"conflict", 409, "It changed meanwhile: read it again.", "内容已被更改：请重新读取。"},
    {"too_large", 413, "The body is over the limit: send less at once.",
     "请求体超过上限：请减少单次发送量。"},
    {"uri_too_long", 414, "The request target is over 8 KiB: send the data by POST.",
     "请求地址超过 8 KiB：请改用 POST 发送数据。"},
    {"unsupported", 415, "This content type is not accepted: send JSON or NDJSON.",
     "不接受该内容类型：请发送 JSON 或 NDJSON。"},
    {"bad_question", 422, "The question cannot be answered as asked.", "该查询无法执行。"},
    {"overloaded", 429, "Too much is waiting. Try again after the time in Retry-After.",
     "等待的请求过多，请在 Retry-After 指定的时间后重试。"},
    {"header_too_large", 431, "The request head is over 64 KiB or 100 fields.",
     "请求头超过 64 KiB 或 100 个字段。"},
    {"internal", 500, "Something failed inside. The request id finds it in the server's log.",
     "服务器内部出错，可凭请求编号在日志中查找。"},
    {"corrupt", 500, "Stored data is damaged. The request id finds it in the server's log.",
     "存储的数据已损坏，可凭请求编号在日志中查找。"},
    {"not_implemented", 501, "This method is not known.", "不支持该方法。"},
    {"unavailable", 503, "Not now. Try again after the time in Retry-After.",
     "暂时不可用，请在 Retry-After 指定的时间后重试。"},
    {"storage_full", 503, "The disk is full: events are not accepted until there is space.",
     "磁盘已满：腾出空间之前不接收事件。"},
    {"log_failed", 503, "The log can no longer be written: the server must be restarted.",
     "日志已无法写入：需要重启服务器。"},
    {"replaying", 503, "The server is starting. Try again soon.", "服务器正在启动，请稍后重试。"},
    {"draining", 503, "The server is shutting down.", "服务器正在关闭。"},
};

const Entry* Find(std::string_view name) {
  const auto* found = std::find_if(std::begin(kEntries), std::end(kEntries),
                                   [&](const Entry& e) { return e.name == name; });
  return found == std::end(kEntries) ? nullptr : found;
}

std::string_view EntryNameOf(Code code) {
  switch (code) {
    case Code::kInvalid:
      return "bad_request";
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
      return "internal";
  }
  return "internal";
}

bool ForSender(Code code) {
  return code == Code::kInvalid || code == Code::kNotFound || code == Code::kConflict ||
         code == Code::kTooLarge;
}

// At most `limit` bytes, never ending inside a UTF-8 character.
std::string_view Cut(std::string_view text, size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0) == 0x80) --limit;
  return text.substr(0, limit);
}

}  // namespace

Problem ProblemOf(std::string_view name, std::string where) {
  const Entry* entry = Find(name);
  if (entry == nullptr) entry = Find("internal");
  return {entry->status, std::string(entry->name), std::string(entry->message),
          std::string(entry->message_zh), std::move(where)};
}

Problem ProblemOf(const Error& error) {
  const Entry* entry = Find(error.name());
  if (entry == nullptr) entry = Find(EntryNameOf(error.code()));
  Problem problem = ProblemOf(entry->name);
  if (ForSender(error.code())) {
    problem.code = error.name();
    problem.message = error.message();
  }
  return problem;
}

std::string ProblemJson(const Problem& problem, std::string_view request_id) {
  std::string json = "{\"error\":{\"code\":" + JsonQuoted(Cut(problem.code, kMaxWhere));
  json += ",\"message\":" + JsonQuoted(Cut(problem.message, kMaxMessage));
  json += ",\"message_zh\":" + JsonQuoted(Cut(problem.message_zh, kMaxMessage));
  if (!problem.where.empty()) json += ",\"where\":" + JsonQuoted(Cut(problem.where, kMaxWhere));
  json += ",\"request_id\":" + JsonQuoted(request_id) + "}}";
  return json;
}

}  // namespace waypost::api
