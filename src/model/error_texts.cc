#include "model/error_texts.h"

#include <algorithm>

namespace waypost {
namespace {

constexpr ErrorText kTexts[] = {
    {"bad_encoding", "请求体的编码有误（UTF-8、gzip、base64 或校验值），请检查发送端的编码。",
     "The body's encoding is broken (UTF-8, gzip, base64 or checksum): check how the sender "
     "encodes."},
    {"bad_event_name", "事件名缺失、为空、不是文本或超过 128 字节。",
     "The event name is missing, empty, not text or over 128 bytes."},
    {"bad_file", "文件无法读取或不是所声明的格式，请按提示修改后重试。",
     "The file cannot be read as the table it should be: see the message."},
    {"bad_id", "没有可用的用户标识：请提供 1 至 255 字节的文本或整数。",
     "There is no usable identity: give text of 1 to 255 bytes or a whole number."},
    {"bad_import_id", "导入编号不能含有空白字符。", "An import id must have no blanks."},
    {"bad_increment", "累加操作只接受数值。", "An increment takes numbers only."},
    {"bad_json", "请求体不是合法的 JSON，请按提示的字节位置修改。",
     "The body is not valid JSON: see the byte offset."},
    {"bad_mapping", "映射文件有误，请按提示的文件、行号和键修改。",
     "The mapping is wrong: see its file, line and key."},
    {"bad_name", "属性名为空或超过 128 字节。", "A property name is empty or over 128 bytes."},
    {"bad_number", "数值超出可表示的范围。", "A number is outside the range that can be kept."},
    {"bad_position", "文件比上次导入时短，请以新的导入编号重新导入。",
     "The file is shorter than when the import began: import it under a new id."},
    {"bad_question", "该查询无法执行，请按提示的位置修改。",
     "The question cannot be answered as asked: see the path."},
    {"bad_record", "每条记录必须是 JSON 对象，且字段类型正确。",
     "A record must be a JSON object with fields of the right kinds."},
    {"bad_request", "无法理解该请求。", "The request cannot be understood."},
    {"bad_request_framing", "请求不符合 HTTP 的格式。",
     "The bytes are not a well-formed HTTP request."},
    {"bad_state", "导入进度文件已损坏，删除后将从头读取（不会重复入库）。",
     "The import's state file is damaged: remove it to read from the start, nothing is loaded "
     "twice."},
    {"bad_time", "时间不存在、不合理或格式有误：请使用毫秒时间戳或 ISO 8601。",
     "A time does not exist, is implausible or badly written: use milliseconds or ISO 8601."},
    {"bad_type", "新属性必须声明类型。", "A new property needs a type."},
    {"conflict", "内容已被更改，请重新读取。", "It changed meanwhile: read it again."},
    {"corrupt", "存储的数据已损坏，可凭请求编号在服务器日志中查找。",
     "Stored data is damaged: the request id finds it in the server's log."},
    {"draining", "服务器正在关闭。", "The server is shutting down."},
    {"duplicate_property", "同一条记录中属性重复。", "A property occurs twice in one record."},
    {"event_too_large", "单条记录超过 1 MiB。", "One record is over 1 MiB."},
    {"file_exists", "目标文件已存在，请更换文件名。",
     "The file is there already: choose another name."},
    {"header_too_large", "请求头超过 64 KiB 或 100 个字段。",
     "The request head is over 64 KiB or 100 fields."},
    {"id_quarantined", "该标识是占位值（如 null、0），不能代表一个客户，已隔离。",
     "The identity is a placeholder (null, 0, ...) that cannot name one customer: quarantined."},
    {"internal", "服务器内部出错，可凭请求编号在服务器日志中查找。",
     "Something failed inside: the request id finds it in the server's log."},
    {"list_too_long", "列表超过 1000 项。", "A list has over 1,000 items."},
    {"log_failed", "日志已无法写入，需要重启服务器。",
     "The log can no longer be written: the server must be restarted."},
    {"method_not_allowed", "此处不支持该方法。", "This method is not offered here."},
    {"nested_object", "属性值不能是对象，请展开为多个属性。",
     "A property value cannot be an object: spread it into properties."},
    {"no_parquet", "缺少 libduckdb.so，无法读写 Parquet，请改用 CSV 或 JSON Lines。",
     "Parquet needs libduckdb.so: put it beside the program, or use CSV or JSON Lines."},
    {"not_found", "此处没有内容。", "There is nothing here."},
    {"not_implemented", "不支持该方法。", "This method is not known."},
    {"other_import", "进度文件属于另一次导入，请指定其他进度文件。",
     "The state file belongs to another import: give another one."},
    {"overloaded", "等待的请求过多，请稍后重试。",
     "Too much is waiting: try again after the time in Retry-After."},
    {"plan_full", "埋点方案已满（10000 个属性或 5000 个事件），请先清理。",
     "The tracking plan is full (10,000 properties or 5,000 events): tidy it up first."},
    {"rejects_changed", "拒绝记录文件被改动，请连同进度文件一起删除后重试。",
     "The rejects file was changed: remove it and the state file to start again."},
    {"replaying", "服务器正在启动，请稍后重试。", "The server is starting: try again soon."},
    {"reserved_name", "该名称为系统保留，请换一个名称。",
     "The name is reserved for the system: choose another."},
    {"sensitive", "该名称属于 C3 类敏感信息（如密码、CVV），不予采集，值已丢弃。",
     "The name means C3 data (password, CVV, ...), which is never collected: the value was "
     "dropped."},
    {"stopped", "导入已停止，再次运行即可继续。", "The import was stopped: run it again to go on."},
    {"storage_full", "磁盘已满，腾出空间之前不接收数据。",
     "The disk is full: nothing is accepted until there is space."},
    {"timeout", "请求发送过慢。", "The request came too slowly."},
    {"too_large", "请求超过大小限制，请减少每次发送的数据。",
     "The request is over a size limit: send less at once."},
    {"too_many_properties", "单条记录的属性超过 1000 个。",
     "One record has over 1,000 properties."},
    {"type_conflict", "该属性已有其他类型的数据，请保持原类型或使用新名称。",
     "The property holds values of another type: keep that type or use a new name."},
    {"type_mismatch", "属性值的类型与埋点方案不符。",
     "The value's type does not fit the tracking plan."},
    {"unauthorized", "写入密钥或项目令牌无效。", "The write key or project token is not valid."},
    {"unavailable", "暂时不可用，请稍后重试。",
     "Not now: try again after the time in Retry-After."},
    {"undeclared", "严格模式下，未在埋点方案中声明。",
     "Not declared in the tracking plan, which is strict."},
    {"unknown_event", "没有这个事件。", "There is no such event."},
    {"unknown_property", "埋点方案中没有该属性，请先声明。",
     "The tracking plan has no such property: declare it first."},
    {"unknown_type", "不支持的记录类型。", "The record's type is not one of those supported."},
    {"unsupported", "不支持的内容类型或压缩方式，请发送 JSON（可用 gzip）。",
     "The content type or compression is not supported: send JSON, gzip if you like."},
    {"uri_too_long", "请求地址超过 8 KiB，请改用 POST 发送数据。",
     "The request target is over 8 KiB: send the data by POST."},
    {"value_too_long", "属性值超过 8 KiB。", "A property value is over 8 KiB."},
};

}  // namespace

const ErrorText* FindErrorText(std::string_view name) {
  const auto* found = std::ranges::lower_bound(kTexts, name, {}, &ErrorText::name);
  return found != std::end(kTexts) && found->name == name ? found : nullptr;
}

std::span<const ErrorText> ErrorTexts() { return kTexts; }

}  // namespace waypost
