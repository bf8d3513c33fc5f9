#include "analytics/rule_filter.h"

#include "analytics/rule_times.h"

namespace waypost::analytics {

Result<exec::Predicate> ReadFilter(const eql::Rule& rule, const ReadLeaf& read) {
  exec::Predicate predicate;
  switch (rule.kind) {
    case eql::Rule::Kind::kField:
      predicate.kind = exec::Predicate::Kind::kEvent;
      predicate.condition = TRY(read(rule));
      return predicate;
    case eql::Rule::Kind::kAnd:
      break;
    case eql::Rule::Kind::kOr:
      predicate.kind = exec::Predicate::Kind::kAny;
      break;
    case eql::Rule::Kind::kNot:
      predicate.kind = exec::Predicate::Kind::kNot;
      break;
    default:
      return Unknown(rule.place,
                     "a filter has conditions on properties or columns, AND, OR and NOT");
  }
  for (const eql::Rule& part : rule.of) predicate.of.push_back(TRY(ReadFilter(part, read)));
  return predicate;
}

}  // namespace waypost::analytics
