#include "channels/description.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <set>

#include "channels/placeholders.h"

namespace waypost::channels {
namespace {

namespace json = boost::json;

constexpr std::string_view kVariables[] = {"key",  "address", "text",       "journey",
                                           "node", "channel", "time",       "time_ms",
                                           "body", "sign",    "text_base64"};
// Those that differ between the messages of a call.
constexpr std::string_view kOfEach[] = {"key", "address", "text", "text_base64", "journey", "node"};
constexpr std::string_view kEntries = "{{entries}}";
constexpr uint32_t kMostAtOnce = 64, kMostTogether = 1'000;
constexpr size_t kMostCaptured = 16, kMostCapturedBytes = 1'024;

Error Wrong(const std::string& where, std::string_view what) {
  return Error(Code::kInvalid, "channel_invalid", where + ": " + std::string(what));
}

// A value as text: of scalars only.
std::optional<std::string> Text(const json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_object() || value.is_array() || value.is_null()) return {};
  return json::serialize(value);
}

const json::value* At(const json::value& from, std::string_view pointer) {
  json::error_code error;
  return pointer.empty() ? &from : from.find_pointer(pointer, error);
}

// One object; what nobody asked for is wrong.
class Fields {
 public:
  Fields(const json::object& object, std::string where)
      : object_(object), where_(std::move(where)) {}

  const json::value* Find(std::string_view name) {
    asked_.emplace(name);
    return object_.if_contains(name);
  }
  bool Has(std::string_view name) { return Find(name) != nullptr; }
  std::string Name(std::string_view name) const {
    return where_.empty() ? std::string(name) : where_ + "." + std::string(name);
  }
  Result<std::string> String(std::string_view name, bool needed = false) {
    const json::value* value = Find(name);
    if (!value && !needed) return std::string();
    if (!value || (needed && value->is_string() && value->get_string().empty()))
      return Wrong(Name(name), "is missing");
    if (!value->is_string()) return Wrong(Name(name), "must be a text");
    return std::string(value->get_string());
  }
  Result<int64_t> Whole(std::string_view name, int64_t absent, int64_t min, int64_t max) {
    const json::value* value = Find(name);
    if (!value) return absent;
    if (!value->is_int64() || value->get_int64() < min || value->get_int64() > max) {
      return Wrong(Name(name), "must be a whole number of " + std::to_string(min) + " to " +
                                   std::to_string(max));
    }
    return value->get_int64();
  }
  Result<bool> Flag(std::string_view name) {
    const json::value* value = Find(name);
    if (value && !value->is_bool()) return Wrong(Name(name), "must be true or false");
    return value && value->get_bool();
  }
  Result<const json::object*> Object(std::string_view name) {
    const json::value* value = Find(name);
    if (value && !value->is_object()) return Wrong(Name(name), "must be an object");
    return value ? &value->get_object() : nullptr;
  }
  Result<> Done() const {
    for (const auto& member : object_) {
      if (!asked_.contains(member.key())) return Wrong(Name(member.key()), "is not known");
    }
    return {};
  }

 private:
  const json::object& object_;
  const std::string where_;
  std::set<std::string, std::less<>> asked_;
};

// "2xx", 429, "200-204".
Result<> ReadStatus(const json::value& value, const std::string& where, Match* match) {
  const std::string text = Text(value).value_or("");
  if (text.size() == 3 && text.ends_with("xx") && text[0] >= '1' && text[0] <= '5') {
    match->first_status = (text[0] - '0') * 100;
    match->last_status = match->first_status + 99;
    return {};
  }
  const char* end = text.data() + text.size();
  const auto [after, error] = std::from_chars(text.data(), end, match->first_status);
  match->last_status = match->first_status;
  if (error == std::errc() && after == end) return {};
  if (error == std::errc() && *after == '-') {
    const auto [last, wrong] = std::from_chars(after + 1, end, match->last_status);
    if (wrong == std::errc() && last == end) return {};
  }
  return Wrong(where, "must be a status like 200, \"2xx\" or \"200-204\"");
}

Result<Match> ReadMatch(const json::value& value, const std::string& where) {
  if (!value.is_object()) return Wrong(where, "must be an object of \"status\" and \"where\"");
  Fields in(value.get_object(), where);
  Match match;
  if (const json::value* status = in.Find("status")) {
    TRY(ReadStatus(*status, in.Name("status"), &match));
  }
  if (const json::object* places = TRY(in.Object("where"))) {
    for (const auto& [pointer, wanted] : *places) {
      const std::string here = in.Name("where") + "." + std::string(pointer);
      if (!pointer.empty() && !pointer.starts_with('/')) {
        return Wrong(here, "must be a JSON pointer like /data/code");
      }
      auto& values = match.where.emplace_back(pointer, std::vector<std::string>()).second;
      const json::array one{wanted};
      for (const json::value& item : wanted.is_array() ? wanted.get_array() : one) {
        const std::optional<std::string> text = Text(item);
        if (!text) return Wrong(here, "must be a value or a list of values");
        values.push_back(*text);
      }
    }
  }
  TRY(in.Done());
  return match;
}

// One or several; `absent` when there is none.
Result<std::vector<Match>> ReadMatches(Fields& in, std::string_view name,
                                       std::vector<Match> absent) {
  const json::value* value = in.Find(name);
  if (!value) return absent;
  std::vector<Match> matches;
  const json::array one{*value};
  for (const json::value& item : value->is_array() ? value->get_array() : one) {
    matches.push_back(TRY(ReadMatch(item, in.Name(name))));
  }
  return matches;
}

class Reader {
 public:
  Reader(const io::EgressRules& rules, Description* out) : rules_(rules), out_(*out) {}

  Result<> Read(const json::object& object) {
    Fields in(object, {});
    out_.name = TRY(in.String("name", true));
    const bool plain = std::ranges::all_of(out_.name, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
    if (!plain || out_.name.size() > 64) {
      return Wrong("name", "use 1 to 64 small letters, digits, '-' and '_'");
    }
    in.Find("title");
    const std::string kind = TRY(in.String("kind", true));
    if (kind == "tasks") {
      out_.kind = Description::Kind::kTasks;
      return in.Done();
    }
    if (kind != "http" && kind != "mail") return Wrong("kind", "must be http, mail or tasks");
    out_.kind = kind == "http" ? Description::Kind::kHttp : Description::Kind::kMail;
    if (const json::value* secrets = in.Find("secrets")) TRY(ReadSecrets(*secrets));
    out_.address = TRY(in.String("address"));
    out_.traits.per_second = static_cast<uint32_t>(TRY(in.Whole("per_second", 0, 1, 100'000)));
    out_.traits.at_once = static_cast<uint32_t>(TRY(in.Whole("at_once", 8, 1, kMostAtOnce)));
    out_.traits.repeatable = TRY(in.Flag("repeatable"));
    TRY(out_.kind == Description::Kind::kHttp ? ReadHttp(in) : ReadMail(in));
    return in.Done();
  }

 private:
  Result<> ReadSecrets(const json::value& value) {
    if (!value.is_array()) return Wrong("secrets", "must be a list of names");
    for (const json::value& item : value.get_array()) {
      if (!item.is_string() || item.get_string().empty() || item.get_string().size() > 64) {
        return Wrong("secrets", "must be a list of names");
      }
      out_.secrets.emplace_back(item.get_string());
    }
    return {};
  }

  Result<> ReadHttp(Fields& in) {
    if (const json::object* batch = TRY(in.Object("batch"))) TRY(ReadBatch(*batch));
    of_all_ = out_.traits.together > 1;
    TRY(ReadSigning(in));
    TRY(ReadRequest(in, "request", true, &out_.send));
    of_all_ = false;
    out_.accepted = TRY(ReadMatches(in, "accepted", {{}}));
    out_.busy = TRY(ReadMatches(in, "busy", {{429, 429, {}}}));
    out_.rejected =
        TRY(ReadMatches(in, "rejected", {{400, 407, {}}, {409, 428, {}}, {430, 499, {}}}));
    if (const json::object* query = TRY(in.Object("query"))) {
      Fields q(*query, "query");
      TRY(ReadRequest(q, "request", true, &out_.query));
      out_.found = TRY(ReadMatches(q, "found", {{}}));
      out_.absent = TRY(ReadMatches(q, "absent", {{404, 404, {}}}));
      out_.traits.find_after_ms = TRY(q.Whole("after_seconds", 30, 0, 86'400)) * 1'000;
      out_.traits.can_find = true;
      TRY(q.Done());
    }
    if (const json::object* recall = TRY(in.Object("recall"))) {
      Fields r(*recall, "recall");
      TRY(ReadRequest(r, "request", true, &out_.recall));
      out_.recalled = TRY(ReadMatches(r, "recalled", {{}}));
      out_.too_late = TRY(ReadMatches(r, "too_late", {{404, 404, {}}, {409, 410, {}}}));
      out_.traits.can_recall = true;
      TRY(r.Done());
    }
    if (const json::object* capture = TRY(in.Object("capture"))) TRY(ReadCapture(*capture));
    if (const json::object* receipts = TRY(in.Object("receipts"))) TRY(ReadReceiptMap(*receipts));
    return {};
  }

  Result<> ReadBatch(const json::object& object) {
    Fields in(object, "batch");
    out_.traits.together = static_cast<uint32_t>(TRY(in.Whole("most", 100, 2, kMostTogether)));
    out_.batch.results = TRY(in.String("results"));
    if (!out_.batch.results.empty() && !out_.batch.results.starts_with('/')) {
      return Wrong("batch.results", "must be a JSON pointer like /data/results");
    }
    const std::string body = in.Has("body") ? TRY(in.String("body")) : "[{{entries}}]";
    const size_t at = body.find(kEntries);
    if (at == body.npos) return Wrong("batch.body", "the variable entries must be in it");
    out_.batch.before = body.substr(0, at);
    out_.batch.after = body.substr(at + kEntries.size());
    of_all_ = true;
    TRY(CheckNames(out_.batch.before, "batch.body"));
    TRY(CheckNames(out_.batch.after, "batch.body"));
    return in.Done();
  }

  Result<> ReadCapture(const json::object& object) {
    if (object.size() > kMostCaptured) return Wrong("capture", "has over 16 names");
    for (const auto& [name, pointer] : object) {
      const bool good = pointer.is_string() && pointer.get_string().starts_with('/');
      if (!good || name.empty()) {
        return Wrong("capture." + std::string(name), "must be a JSON pointer like /data/code");
      }
      out_.capture.emplace_back(name, pointer.get_string());
    }
    return {};
  }

  Result<> ReadSigning(Fields& in) {
    const json::object* object = TRY(in.Object("sign"));
    if (!object) return {};
    Fields sign(*object, "sign");
    out_.signing.over = TRY(sign.String("over", true));
    TRY(CheckNames(out_.signing.over, "sign.over"));
    out_.signing.secret = TRY(sign.String("secret", true));
    if (std::ranges::find(out_.secrets, out_.signing.secret) == out_.secrets.end()) {
      return Wrong("sign.secret", "must be one of the secrets");
    }
    const std::string encoding = TRY(sign.String("encoding"));
    if (!encoding.empty() && encoding != "hex" && encoding != "base64") {
      return Wrong("sign.encoding", "must be hex or base64");
    }
    out_.signing.base64 = encoding == "base64";
    return sign.Done();
  }

  Result<> ReadRequest(Fields& in, std::string_view name, bool needed, Request* request) {
    const json::object* object = TRY(in.Object(name));
    if (!object && needed) return Wrong(in.Name(name), "is missing");
    Fields r(*object, in.Name(name));
    if (r.Has("method")) request->method = TRY(r.String("method"));
    constexpr std::string_view kMethods[] = {"GET", "POST", "PUT", "DELETE"};
    if (std::ranges::find(kMethods, request->method) == std::end(kMethods)) {
      return Wrong(r.Name("method"), "must be GET, POST, PUT or DELETE");
    }
    request->url = TRY(r.String("url", true));
    TRY(CheckNames(request->url, r.Name("url")));
    // Who is called is never a customer's or a journey's to say.
    const size_t path = request->url.find_first_of("/?#", request->url.find("://") + 3);
    if (request->url.substr(0, path).find("{{") != std::string::npos) {
      return Wrong(r.Name("url"), "the host cannot be a variable");
    }
    TRY(rules_.Check(Fill(request->url, Place::kUrl, [](std::string_view) { return "x"; }).value(),
                     io::kHttpSchemes));
    if (const json::object* headers = TRY(r.Object("headers"))) {
      for (const auto& [header, value] : *headers) {
        const std::string here = r.Name("headers") + "." + std::string(header);
        const bool token = std::ranges::all_of(header, [](char c) {
          return c > ' ' && c < '\x7f' &&
                 std::string_view("()<>@,;:\\\"/[]?={}").find(c) == std::string_view::npos;
        });
        if (!value.is_string() || !token || header.empty()) return Wrong(here, "must be a header");
        const std::string text(value.get_string());
        if (text.find_first_of("\r\n") != text.npos) return Wrong(here, "has a line break");
        TRY(CheckNames(text, here));
        request->headers.emplace_back(header, text);
      }
    }
    request->body = TRY(r.String("body"));
    of_all_ = false;
    TRY(CheckNames(request->body, r.Name("body")));
    request->timeout_ms = TRY(r.Whole("timeout_ms", 10'000, 100, 60'000));
    return r.Done();
  }

  Result<> CheckNames(const std::string& text, const std::string& where) {
    std::string wrong;
    const Result<> read = ForEachName(text, [&](std::string_view name) {
      const bool secret =
          name.starts_with(kSecretPrefix) &&
          std::ranges::find(out_.secrets, name.substr(kSecretPrefix.size())) != out_.secrets.end();
      if (of_all_ && std::ranges::find(kOfEach, name) != std::end(kOfEach)) {
        wrong = std::string(name) + " is of one message, and a call has several";
      } else if (!secret && std::ranges::find(kVariables, name) == std::end(kVariables)) {
        wrong = "there is no variable " + std::string(name);
      }
    });
    if (!read.ok()) return Wrong(where, read.error().message());
    return wrong.empty() ? Result<>() : Wrong(where, wrong);
  }

  Result<> ReadReceiptMap(const json::object& object) {
    Fields in(object, "receipts");
    out_.receipts.items = TRY(in.String("items"));
    out_.receipts.key = TRY(in.String("key", true));
    out_.receipts.outcome = TRY(in.String("outcome", true));
    const json::object* outcomes = TRY(in.Object("outcomes"));
    if (!outcomes) return Wrong("receipts.outcomes", "say what their words mean");
    constexpr std::string_view kOurs[] = {"sent",    "accepted", "delivered", "opened",
                                          "clicked", "replied",  "rejected",  "bounced"};
    for (const auto& [theirs, ours] : *outcomes) {
      const std::string word = Text(ours).value_or("");
      if (std::ranges::find(kOurs, word) == std::end(kOurs)) {
        return Wrong("receipts.outcomes." + std::string(theirs),
                     "must be sent, accepted, delivered, opened, clicked, replied, rejected or "
                     "bounced");
      }
      out_.receipts.outcomes[theirs] = word;
    }
    return in.Done();
  }

  Result<> ReadMail(Fields& in) {
    out_.url = TRY(in.String("url", true));
    TRY(rules_.Check(out_.url, io::kMailSchemes));
    out_.from = TRY(in.String("from", true));
    out_.subject = TRY(in.String("subject", true));
    out_.unsubscribe = TRY(in.String("unsubscribe", true));
    TRY(CheckNames(out_.subject, "subject"));
    constexpr std::string_view kProof = "{{proof}}";
    std::string link = out_.unsubscribe;
    if (const size_t at = link.find(kProof); at != link.npos) link.erase(at, kProof.size());
    TRY(CheckNames(link, "unsubscribe"));
    if (!link.starts_with("https://") || link.find("{{key}}") == link.npos) {
      return Wrong("unsubscribe", "must be an https:// link with the variable key in it");
    }
    return {};
  }

  const io::EgressRules& rules_;
  Description& out_;
  bool of_all_ = false;  // what is read now is said once of several messages
};

}  // namespace

std::optional<Message> Addressed(const Description& description, Message message) {
  if (description.address.empty()) return message;
  const std::string prefix = description.address + ":";
  if (!message.address.starts_with(prefix)) return {};
  message.address.erase(0, prefix.size());
  return message;
}

Result<Description> ReadDescription(std::string_view text, const io::EgressRules& rules) {
  if (text.size() > kMaxDescriptionBytes) {
    return Error(Code::kTooLarge, "too_large", "a channel is described in 64 KiB at most");
  }
  json::error_code error;
  const json::value value = json::parse(text, error);
  if (error) return Error(Code::kInvalid, "bad_json", "not JSON: " + error.message());
  if (!value.is_object()) return Wrong("channel", "must be an object");
  Description description;
  TRY(Reader(rules, &description).Read(value.get_object()));
  return description;
}

std::vector<std::pair<std::string, std::string>> Captured(
    const std::vector<std::pair<std::string, std::string>>& places, std::string_view body) {
  std::vector<std::pair<std::string, std::string>> captured;
  if (places.empty()) return captured;
  json::error_code error;
  const json::value parsed = json::parse(body, error);
  if (error) return captured;
  for (const auto& [name, pointer] : places) {
    const json::value* value = At(parsed, pointer);
    const std::optional<std::string> text = value ? Text(*value) : std::nullopt;
    if (text && text->size() <= kMostCapturedBytes) captured.emplace_back(name, *text);
  }
  return captured;
}

std::vector<io::HttpReply> ResultsOf(const Batch& batch, const io::HttpReply& reply, size_t count) {
  json::error_code error;
  const json::value body = json::parse(reply.body, error);
  const json::value* list = error ? nullptr : At(body, batch.results);
  std::vector<io::HttpReply> results;
  if (!list || !list->is_array() || list->get_array().size() != count) return results;
  for (const json::value& item : list->get_array()) {
    results.push_back({reply.status, json::serialize(item), reply.retry_after_ms});
  }
  return results;
}

bool Fits(const Match& match, const io::HttpReply& reply) {
  if (reply.status < match.first_status || reply.status > match.last_status) return false;
  if (match.where.empty()) return true;
  json::error_code error;
  const json::value body = json::parse(reply.body, error);
  if (error) return false;
  return std::ranges::all_of(match.where, [&](const auto& place) {
    const json::value* value = At(body, place.first);
    const std::optional<std::string> text = value ? Text(*value) : std::nullopt;
    return text && std::ranges::any_of(place.second, [&](const std::string& wanted) {
             return wanted == "*" || wanted == *text;
           });
  });
}

Result<std::vector<Receipt>> ReadReceipts(const ReceiptMap& map, std::string_view body,
                                          size_t* not_understood) {
  json::error_code error;
  const json::value parsed = json::parse(body, error);
  if (error) return Error(Code::kInvalid, "bad_json", "not JSON: " + error.message());
  const json::value* items = At(parsed, map.items);
  std::vector<Receipt> receipts;
  if (!items) return receipts;
  const json::array one{*items};
  for (const json::value& item : items->is_array() ? items->get_array() : one) {
    const json::value* key = At(item, map.key);
    const json::value* outcome = At(item, map.outcome);
    const auto word = outcome ? map.outcomes.find(Text(*outcome).value_or("")) : map.outcomes.end();
    if (!key || !key->is_string() || word == map.outcomes.end()) {
      ++*not_understood;
      continue;
    }
    receipts.push_back({std::string(key->get_string()), word->second});
  }
  return receipts;
}

}  // namespace waypost::channels
