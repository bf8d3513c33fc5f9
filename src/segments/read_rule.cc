#include "segments/read_rule.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "eql/text.h"

namespace waypost::segments {

namespace json = boost::json;

namespace {

Result<eql::Query> QueryOf(const json::object& body) {
  json::object form;
  for (const std::string_view key : {"eql", "rule"}) {
    if (const json::value* value = body.if_contains(key)) form[key] = *value;
  }
  return analytics::ReadQueryForm(form);
}

analytics::AskOptions OptionsOf(const Moment& moment, const analytics::MemberSets& sets) {
  return {.now_ms = moment.now_ms,
          .default_zone = moment.zone,
          .threads = moment.threads,
          .sets = &sets,
          .tags = moment.tags,
          .tables = moment.tables,
          .snapshot = &moment.snapshot};
}

}  // namespace

json::object ReportJson(const eql::Query& query, const exec::SelectionReport& report) {
  json::object out;
  json::array leaves, after;
  if (!query.where.empty()) {
    std::vector<const eql::Rule*> rules;
    eql::CollectLeaves(query.where[0], &rules);
    for (size_t leaf = 0; leaf < rules.size(); ++leaf) {
      leaves.push_back({{"eql", eql::FormatRule(*rules[leaf])},
                        {"estimated", report.leaves[leaf].estimated},
                        {"count", report.leaves[leaf].selected}});
    }
    const bool all = query.where[0].kind == eql::Rule::Kind::kAnd;
    for (size_t part = 0; part < report.after.size(); ++part) {
      after.push_back({{"eql", eql::FormatRule(all ? query.where[0].of[part] : query.where[0])},
                       {"left", report.after[part]}});
    }
  }
  out["everyone"] = report.everyone;
  out["leaves"] = std::move(leaves);
  out["after"] = std::move(after);
  return out;
}

Result<ReadRule> Resolve(const json::object& body, const Moment& moment, Segments& segments) {
  ReadRule rule;
  rule.query = TRY(QueryOf(body));
  const CatalogSets sets(segments, moment.snapshot);
  rule.resolved = TRY(analytics::ResolveQuery(rule.query, moment.names, OptionsOf(moment, sets)));
  const uint64_t rows = exec::RowsToRead(rule.resolved.rule, moment.snapshot);
  if (rows > moment.max_rows) {
    return Error(Code::kTooLarge, "too_large",
                 fmt::format("the rule would read {} rows of events, over {}: shorten its ranges, "
                             "name fewer events or take parts of it out",
                             rows, moment.max_rows));
  }
  return rule;
}

}  // namespace waypost::segments
