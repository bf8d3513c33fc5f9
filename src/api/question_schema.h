// The JSON Schema of the question form (docs/questions.md), for the description of the API: a
// schema a kind, named "Question<Kind>", and those of the parts they share. A test holds it against
// the reader: it knows every member the reader knows, and no other.
#pragma once

#include <boost/json/object.hpp>

namespace waypost::api {

// By name; "Question" is any of them, its discriminator names the kind's schema. References are to
// "#/components/schemas/<name>".
const boost::json::object& QuestionSchemas();

}  // namespace waypost::api
