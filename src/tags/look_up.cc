// The values of customers who are given: of some on any day, and all the newest ones of one.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/logger.h"
#include "exec/limit.h"
#include "model/masking.h"
#include "model/time_text.h"
#include "tags/summary.h"
#include "tags/tag_json.h"
#include "tags/tags.h"

namespace waypost::tags {

namespace json = boost::json;
using catalog::Definition;
using column::Column;

Result<std::string> Tags::LookUp(std::string_view text, const Moment& moment) {
  const json::object form = TRY(ReadBody(text));
  TRY(Only(form, {"key", "values", "tags", "day"}));
  const std::string key = TRY(Text(form, "key"));
  const json::value* values = form.if_contains("values");
  const json::value* tags = form.if_contains("tags");
  if (key.empty() || !values || !values->is_array() || values->get_array().size() > kMaxLookedUp ||
      !tags || !tags->is_array() || tags->get_array().size() > kMaxTagsAsked) {
    return BadTag(
        fmt::format("send \"key\" (as \"login_id\"), \"values\" (up to {}) and \"tags\" (up to {})",
                    kMaxLookedUp, kMaxTagsAsked));
  }
  const auto day = TRY(Day(form, "day"));
  struct Asked {
    std::string id;
    DayColumns of;
    bool hidden = false;
  };
  std::vector<Asked> columns;
  json::object days;
  // To find a few customers' values costs less than to have them right for all.
  const column::SnapshotView as_kept;
  for (const json::value& id : tags->get_array()) {
    if (!id.is_string()) return BadTag("tags: give a list of ids");
    if (!exec::Limit::AllowsMore()) break;
    const auto tag = TRY(Newest(id.get_string()));
    columns.push_back(
        {tag->id, TRY(ColumnsOf(*tag, day, as_kept)), TRY(Hides(*tag, moment.names))});
    days[tag->id] = DateText(columns.back().of.day);
    CountUse(tag->id);
  }
  json::array items;
  for (const json::value& value : values->get_array()) {
    if (!value.is_string()) return BadTag("values: give a list of texts");
    const auto ordinal = moment.find(key, value.get_string());
    json::object item{{"value", value}, {"known", ordinal.has_value()}};
    if (ordinal) {
      json::object of;
      const column::Cluster alone{*ordinal};
      const column::Cluster known = moment.snapshot.clusters.Find(*ordinal).value_or(alone);
      for (const Asked& asked : columns) {
        const analytics::TagValues::Values& values_of = asked.of.values;
        const auto [column, row] = FindValue(*values_of.columns, asked.of.of_now ? alone : known);
        of[asked.id] = ValueJson(values_of.type, column, row);
        if (asked.hidden && !of[asked.id].is_null()) of[asked.id] = kMask;
      }
      item["tags"] = std::move(of);
    }
    items.push_back(std::move(item));
  }
  return json::serialize(json::object{{"items", std::move(items)}, {"days", std::move(days)}});
}

// The newest values of every tag that rules may name.
struct Tags::Sheet {
  struct Row {
    std::string id;
    bool live = false;  // those of now come first
    std::optional<DayColumns> kept;
  };
  uint64_t recorded = 0;  // when it was made
  std::vector<Row> rows;  // by id
};

Result<std::shared_ptr<const Tags::Sheet>> Tags::NewestSheet() {
  const auto sheet = std::make_shared<Sheet>();
  {
    const std::lock_guard lock(opened_mutex_);
    if (sheet_ && sheet_->recorded == recorded_) return sheet_;
    sheet->recorded = recorded_;
  }
  const column::SnapshotView as_kept;
  for (const Definition& tag : TRY(All())) {
    const auto history = TRY(HistoryOf(tag));
    if (!MayBeNamed(tag, *history)) continue;
    Sheet::Row row{tag.id, TRY(TagBodyOf(tag)).live, {}};
    if (!history->days.empty()) row.kept = TRY(ColumnsOf(tag, {}, as_kept));
    if (row.live || row.kept) sheet->rows.push_back(std::move(row));
  }
  std::ranges::sort(sheet->rows, {}, &Sheet::Row::id);
  const std::lock_guard lock(opened_mutex_);
  sheet_ = sheet;
  return std::shared_ptr<const Sheet>(sheet);
}

Result<std::string> Tags::Profile(std::span<const std::string> ids,
                                  const column::Cluster& customer) {
  const auto sheet = TRY(NewestSheet());
  struct Asked {
    std::string_view id;
    ValueType type;
    const column::CustomerColumns* columns;
    bool of_now;
  };
  std::vector<Asked> shown;
  std::vector<std::shared_ptr<const column::CustomerColumns>> owners;  // of those of now
  const auto show = [&](const Sheet::Row& row) {
    const auto now = row.live ? Now(row.id) : std::nullopt;
    if (!now && !row.kept) return;
    const analytics::TagValues::Values& values = now ? now->values : row.kept->values;
    if (now) owners.push_back(values.columns);
    const Column* column = values.columns->Find(customer.root >> 16);
    const uint32_t at = customer.root & 0xFFFF;
    if (column && at < column->row_count()) column->Prefetch(at);
    shown.push_back({row.id, values.type, values.columns.get(), now || row.kept->of_now});
  };
  if (ids.empty()) std::ranges::for_each(sheet->rows, show);
  for (const std::string& id : ids) {
    const auto row = std::ranges::lower_bound(sheet->rows, id, {}, &Sheet::Row::id);
    if (row == sheet->rows.end() || row->id != id) {
      return Error(Code::kNotFound, "not_found",
                   fmt::format("the tag '{}' is {}; only certified tags with values can be named "
                               "here",
                               id, TRY(Newest(id))->state));
    }
    CountUse(id);
    show(*row);
  }
  const column::Cluster alone{customer.root};
  std::string text = "{";
  for (const Asked& tag : shown) {
    const auto [column, at] = FindValue(*tag.columns, tag.of_now ? alone : customer);
    if (!column) continue;
    if (text.size() > 1) text += ',';
    text += JsonQuoted(tag.id) + ':';
    text += tag.type == ValueType::kString ? JsonQuoted(column->Text(at))
                                           : json::serialize(ValueJson(tag.type, column, at));
  }
  return text + "}";
}

}  // namespace waypost::tags
