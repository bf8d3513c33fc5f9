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
    {"bad_id", "没有可用的用户标识：请提供 1 至 255 字节的文本或整数。",
     "There is no usable identity: give text of 1 to 255 bytes or a whole number."},
    {"bad_increment", "累加操作只接受数值。", "An increment takes numbers only."},
    {"bad_json", "请求体不是合法的 JSON，请按提示的字节位置修改。",
     "The body is not valid JSON: see the byte offset."},
    {"bad_name", "属性名为空或超过 128 字节。", "A property name is empty or over 128 bytes."},
    {"bad_number", "数值超出可表示的范围。", "A number is outside the range that can be kept."},
    {"bad_record", "每条记录必须是 JSON 对象，且字段类型正确。",
     "A record must be a JSON object with fields of the right kinds."},
    {"bad_time", "时间不存在、不合理或格式有误：请使用毫秒时间戳或 ISO 8601。",
     "A time does not exist, is implausible or badly written: use milliseconds or ISO 8601."},
    {"bad_type", "新属性必须声明类型。", "A new property needs a type."},
    {"duplicate_property", "同一条记录中属性重复。", "A property occurs twice in one record."},
    {"event_too_large", "单条记录超过 1 MiB。", "One record is over 1 MiB."},
    {"id_quarantined", "该标识是占位值（如 null、0），不能代表一个客户，已隔离。",
     "The identity is a placeholder (null, 0, ...) that cannot name one customer: quarantined."},
    {"list_too_long", "列表超过 1000 项。", "A list has over 1,000 items."},
    {"nested_object", "属性值不能是对象，请展开为多个属性。",
     "A property value cannot be an object: spread it into properties."},
    {"plan_full", "埋点方案已满（10000 个属性或 5000 个事件），请先清理。",
     "The tracking plan is full (10,000 properties or 5,000 events): tidy it up first."},
    {"reserved_name", "该名称为系统保留，请换一个名称。",
     "The name is reserved for the system: choose another."},
    {"sensitive", "该名称属于 C3 类敏感信息（如密码、CVV），不予采集，值已丢弃。",
     "The name means C3 data (password, CVV, ...), which is never collected: the value was "
     "dropped."},
    {"too_large", "请求超过大小限制，请减少每次发送的数据。",
     "The request is over a size limit: send less at once."},
    {"too_many_properties", "单条记录的属性超过 1000 个。",
     "One record has over 1,000 properties."},
    {"type_conflict", "该属性已有其他类型的数据，请保持原类型或使用新名称。",
     "The property holds values of another type: keep that type or use a new name."},
    {"type_mismatch", "属性值的类型与埋点方案不符。",
     "The value's type does not fit the tracking plan."},
    {"unauthorized", "写入密钥或项目令牌无效。", "The write key or project token is not valid."},
    {"undeclared", "严格模式下，未在埋点方案中声明。",
     "Not declared in the tracking plan, which is strict."},
    {"unknown_property", "埋点方案中没有该属性，请先声明。",
     "The tracking plan has no such property: declare it first."},
    {"unknown_type", "不支持的记录类型。", "The record's type is not one of those supported."},
    {"unsupported", "不支持的内容类型或压缩方式，请发送 JSON（可用 gzip）。",
     "The content type or compression is not supported: send JSON, gzip if you like."},
    {"value_too_long", "属性值超过 8 KiB。", "A property value is over 8 KiB."},
};

}  // namespace

const ErrorText* FindErrorText(std::string_view name) {
  const auto* found = std::ranges::lower_bound(kTexts, name, {}, &ErrorText::name);
  return found != std::end(kTexts) && found->name == name ? found : nullptr;
}

std::span<const ErrorText> ErrorTexts() { return kTexts; }

}  // namespace waypost
