// EQL as text. docs/eql.md has the grammar with an example of everything.
//
//   Query query = TRY(ParseQuery("vip >= 1 AND DID(转账, amount >= 100) LAST 30 DAYS COUNT >= 2"));
//   FormatQuery(query)   // one way to write it; parsing that gives the same query
//
// Keywords in any case. A name or a value may be any word of letters (Chinese too), digits, '_' and
// '$'; names of other kinds stand in "double quotes", texts in 'single quotes', each with the quote
// doubled inside. Full-width punctuation means the same as its narrow form. -- begins a comment.
#pragma once

#include <string>
#include <string_view>

#include "eql/rule.h"

namespace waypost::eql {

// Errors: kInvalid "eql_syntax" with line, column, what was expected, what was found, and the
// nearest keyword; "eql_forbidden" for a statement of SQL, which EQL has not; "eql_limit" for
// recursion. Costs a pass over the text, never more than kMaxDepth deep.
Result<Query> ParseQuery(std::string_view text);

std::string FormatQuery(const Query& query);
std::string FormatRule(const Rule& rule);

}  // namespace waypost::eql
