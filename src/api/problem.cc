#include "api/problem.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/logger.h"
#include "model/error_sentences.h"
#include "model/error_texts.h"

namespace waypost::api {
namespace {

constexpr size_t kMaxMessage = 300;  // bytes; four texts and their names stay under 1 KiB
constexpr size_t kMaxJson = 1'000;   // bytes, with the values
constexpr size_t kMaxWhere = 100;

// Names that have a status of their own; model/error_texts.h has the sentences.
struct Status {
  std::string_view name;
  int status;
};

constexpr Status kStatuses[] = {
    {"bad_request", 400},
    {"bad_request_framing", 400},
    {"bad_json", 400},
    {"body_unwanted", 400},
    {"member_twice", 400},
    {"bad_encoding", 400},
    {"unauthorized", 401},
    {"sign_in_failed", 401},
    {"code_needed", 401},
    {"wrong_code", 401},
    {"no_provider", 404},
    {"provider_failed", 503},
    {"provider_refused", 401},
    {"sign_in_stale", 401},
    {"bad_id_token", 401},
    {"bad_logout_token", 400},
    {"not_a_user", 403},
    {"bad_expiry", 422},
    {"unknown_key", 404},
    {"cross_site", 403},
    {"forbidden", 403},
    {"rows_bounded", 403},
    {"rows_unclear", 403},
    {"password_change_needed", 403},
    {"link_expired", 404},
    {"not_found", 404},
    {"unknown_customer", 404},
    {"bad_identity_rules", 422},
    {"method_not_allowed", 405},
    {"timeout", 408},
    {"conflict", 409},
    {"too_large", 413},
    {"uri_too_long", 414},
    {"unsupported", 415},
    {"bad_question", 422},
    {"values_masked", 403},
    {"overloaded", 429},
    {"too_many_tries", 429},
    {"download_too_large", 422},
    {"header_too_large", 431},
    {"internal", 500},
    {"corrupt", 500},
    {"not_implemented", 501},
    {"unavailable", 503},
    {"storage_full", 503},
    {"catalog_unavailable", 503},
    {"log_failed", 503},
    {"audit_failed", 503},
    {"replaying", 503},
    {"draining", 503},
    {"journey_invalid", 422},
    {"policy_invalid", 422},
    {"bad_phase", 409},
    {"experiment_decided", 409},
    {"idempotency_conflict", 409},
    {"occurrence_in_past", 422},
    {"not_rehearsable", 422},
    {"not_tester", 422},
    {"sending_held", 409},
    {"eql_syntax", 400},
    {"eql_unknown", 422},
    {"eql_forbidden", 403},
    {"eql_limit", 422},
    {"question_limit", 422},
    {"channel_invalid", 422},
    {"egress_denied", 422},
    {"template_invalid", 422},
    {"template_locked", 422},
    {"overlay_conflict", 409},
    {"compliance", 422},
    {"render_error", 422},
    {"render_limit", 422},
    {"approval", 409},
    {"flow_invalid", 422},
    {"bad_signature", 401},
    {"exists", 409},
    {"in_use", 409},
    {"bad_id", 400},
    {"bad_text", 400},
    {"unknown_user", 404},
    {"bad_user_name", 400},
    {"bad_title", 400},
    {"weak_password", 422},
    {"password_used", 422},
    {"unknown_role", 404},
    {"unknown_organisation", 404},
    {"organisation_loop", 422},
    {"built_in", 409},
    {"unknown_right", 422},
    {"two_duties", 422},
    {"bad_tag", 422},
    {"no_owner", 422},
    {"older_scores", 409},
    {"tag_state", 409},
    {"same_person", 403},
    {"bad_table", 422},
    {"bad_rows", 422},
    {"bad_source", 422},
    {"source_query", 422},
    {"source_refused", 422},
    {"source_unreachable", 503},
    {"source_too_large", 422},
    {"unknown_table", 404},
    {"table_has_rows", 409},
    {"sensitive", 422},
    {"hashed_too_late", 409},
    {"no_identity_secret", 503},
};

const Status* Find(std::string_view name) {
  const auto* found = std::ranges::find(kStatuses, name, &Status::name);
  return found == std::end(kStatuses) ? nullptr : found;
}

// What the fault is called to callers.
std::string_view NameOf(Code code) {
  if (code == Code::kInvalid) return "bad_request";
  return code == Code::kIo ? "internal" : CodeName(code);
}

bool ForSender(Code code) {
  return code == Code::kInvalid || code == Code::kNotFound || code == Code::kConflict ||
         code == Code::kTooLarge;
}

// With a capital letter, unless it begins with a place: a path, or "line 3".
void BeginAsSentence(std::string* message) {
  const size_t word = message->find_first_not_of("abcdefghijklmnopqrstuvwxyz");
  if (word == 0 || word >= message->size() - 1 || (*message)[word] != ' ') return;
  if (const char next = (*message)[word + 1]; next >= '0' && next <= '9') return;
  message->front() = static_cast<char>(message->front() - 'a' + 'A');
}

// At most `limit` bytes, never ending inside a UTF-8 character.
std::string_view Cut(std::string_view text, size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0) == 0x80) --limit;
  return text.substr(0, limit);
}

}  // namespace

Problem ProblemOf(std::string_view name, std::string where) {
  const Status* status = Find(name);
  if (status == nullptr) status = Find("internal");
  const ErrorText* text = FindErrorText(status->name);
  CHECK(text != nullptr);
  return {.status = status->status,
          .code = std::string(status->name),
          .message = std::string(text->en),
          .message_zh = std::string(text->zh),
          .where = std::move(where)};
}

Problem ProblemOf(const Error& error) {
  Problem problem = ProblemOf(Find(error.name()) ? error.name() : NameOf(error.code()));
  if (!ForSender(error.code())) return problem;
  problem.code = error.name();
  problem.message = error.message();
  if (const ErrorText* text = FindErrorText(error.name())) problem.message_zh = text->zh;
  const FaultPlace place = PlaceOfFault(error.message());
  problem.where = place.path;
  problem.line = place.line;
  problem.column = place.column;
  if (auto said = SayInChinese(error.message())) {
    problem.message_zh = std::move(said->text);
    problem.values = std::move(said->values);
  }
  BeginAsSentence(&problem.message);
  return problem;
}

std::string ProblemJson(const Problem& problem, std::string_view request_id) {
  std::string json = "{\"error\":{\"code\":" + JsonQuoted(Cut(problem.code, kMaxWhere));
  json += ",\"message\":" + JsonQuoted(Cut(problem.message, kMaxMessage));
  json += ",\"message_zh\":" + JsonQuoted(Cut(problem.message_zh, kMaxMessage));
  if (!problem.where.empty()) json += ",\"where\":" + JsonQuoted(Cut(problem.where, kMaxWhere));
  if (problem.line > 0)
    json += fmt::format(",\"line\":{},\"column\":{}", problem.line, problem.column);
  json += ",\"request_id\":" + JsonQuoted(request_id);
  if (problem.values) {
    std::string values;
    for (const auto& [place, value] : *problem.values)
      values += (values.empty() ? "" : ",") + JsonQuoted(place) + ":" + JsonQuoted(value);
    if (json.size() + values.size() <= kMaxJson) json += ",\"values\":{" + values + "}";
  }
  return json + "}}";
}

}  // namespace waypost::api
