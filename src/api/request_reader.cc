#include "api/request_reader.h"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace waypost::api {
namespace {

namespace http = boost::beast::http;

constexpr size_t kMaxChunkExtension = 256;
constexpr size_t kMaxChunkHeader = 8 * 1024;  // with trailers
// No chunk header can end in fewer bytes ("0\r\n\r\n"); Beast asserts that it is given as many.
constexpr size_t kMinChunkHeader = 5;

std::string_view View(boost::core::string_view text) { return {text.data(), text.size()}; }

// Beast counts these as one when they agree and forgets unknown codings; one reading is one field.
bool FramingIsPlain(const http::fields& fields, int version, std::string* where) {
  const auto count = [&](http::field name) { return fields.count(name); };
  const std::string_view length = View(fields[http::field::content_length]);
  const bool coded = count(http::field::transfer_encoding) > 0;
  *where = "Host";
  if (count(http::field::host) > 1 || (version >= 11 && count(http::field::host) == 0))
    return false;
  *where = "Content-Length";
  if (count(http::field::content_length) > 1) return false;
  if (count(http::field::content_length) == 1 &&
      (coded || length.empty() || length.find_first_not_of("0123456789") != length.npos)) {
    return false;
  }
  *where = "Transfer-Encoding";
  return !coded || (version >= 11 && count(http::field::transfer_encoding) == 1 &&
                    boost::beast::iequals(fields[http::field::transfer_encoding], "chunked"));
}

bool HasBareLineFeed(std::string_view head) {
  for (size_t at = head.find('\n'); at != head.npos; at = head.find('\n', at + 1)) {
    if (at == 0 || head[at - 1] != '\r') return true;
  }
  return false;
}

bool OverridesMethod(const http::fields& fields) {
  return fields.count("X-HTTP-Method-Override") + fields.count("X-HTTP-Method") +
             fields.count("X-Method-Override") >
         0;
}

}  // namespace

struct RequestReader::Parser {
  Parser() {
    http.header_limit(kMaxHeadBytes);
    http.body_limit(boost::none);  // until AcceptBody
    http.on_chunk_header(check_extension);
  }

  http::request_parser<http::string_body> http;
  std::function<void(uint64_t, boost::core::string_view, boost::system::error_code&)>
      check_extension =
          [](uint64_t, boost::core::string_view extension, boost::system::error_code& error) {
            if (extension.size() > kMaxChunkExtension) error = http::error::bad_chunk_extension;
          };
};

RequestReader::RequestReader() : parser_(std::make_unique<Parser>()) {}
RequestReader::~RequestReader() = default;

void RequestReader::Append(std::string_view bytes) { buffer_ += bytes; }

RequestReader::Step RequestReader::Advance() {
  if (!problem_.code.empty()) return Step::kBad;
  return in_body() ? ReadBody() : ReadHead();
}

RequestReader::Step RequestReader::Bad(std::string_view name, std::string where) {
  problem_ = ProblemOf(name, std::move(where));
  return Step::kBad;
}

// The head's bytes stay in the buffer until it is whole, because folded lines show only there.
RequestReader::Step RequestReader::ReadHead() {
  auto& parser = parser_->http;
  if (taken_ == buffer_.size()) return Step::kNeedMore;
  boost::system::error_code error;
  parser.eager(false);
  while (!parser.is_header_done() && !error) {
    taken_ += parser.put({buffer_.data() + taken_, buffer_.size() - taken_}, error);
  }
  if (error == http::error::header_limit) return Bad("header_too_large", "head");
  if (error && error != http::error::need_more) return Bad("bad_request_framing", "head");
  if (!parser.is_header_done()) {
    // Beast looks at lines only once all are there.
    if (HasBareLineFeed(buffer_)) return Bad("bad_request_framing", "line end");
    return buffer_.size() > kMaxHeadBytes ? Bad("header_too_large", "head") : Step::kNeedMore;
  }

  const auto& head = parser.get();
  const std::string_view bytes(buffer_.data(), taken_);
  if (bytes.find("\r\n ") != bytes.npos || bytes.find("\r\n\t") != bytes.npos) {
    return Bad("bad_request_framing", "folded header line");
  }
  if (std::distance(head.begin(), head.end()) > static_cast<ptrdiff_t>(kMaxFields)) {
    return Bad("header_too_large", "head");
  }
  if (head.target().size() > kMaxTargetBytes) return Bad("uri_too_long", "target");
  std::string where;
  if (!FramingIsPlain(head, static_cast<int>(head.version()), &where)) {
    return Bad("bad_request_framing", where);
  }
  if (!head.target().starts_with('/')) return Bad("bad_request_framing", "target");
  buffer_.erase(0, taken_);
  taken_ = 0;
  CopyHead();
  return Step::kHead;
}

void RequestReader::CopyHead() {
  const auto& head = parser_->http.get();
  const auto text = [&](http::field name) { return std::string(View(head[name])); };
  const std::string_view target = View(head.target());
  const size_t question = target.find('?');
  request_ = {};
  request_.method = View(head.method_string());
  request_.path = target.substr(0, question);
  if (question != target.npos) request_.query = target.substr(question + 1);
  request_.authorization = text(http::field::authorization);
  request_.content_type = text(http::field::content_type);
  request_.content_encoding = text(http::field::content_encoding);
  request_.accept_encoding = text(http::field::accept_encoding);
  request_.cookie = text(http::field::cookie);
  request_.page = View(head["X-Waypost"]);
  request_.origin = text(http::field::origin);
  request_.host = text(http::field::host);
  request_.forwarded_proto = View(head["X-Forwarded-Proto"]);
  request_.access_control_request_headers = text(http::field::access_control_request_headers);
  request_.user_agent = text(http::field::user_agent);
  request_.dry_run = boost::beast::iequals(head["Dry-Run"], "true");
  request_.method_override = OverridesMethod(head);
  request_.expects_continue = boost::beast::iequals(head[http::field::expect], "100-continue");
  request_.keep_alive = head.keep_alive();
}

void RequestReader::Name(std::string id, std::string peer) {
  request_.id = std::move(id);
  request_.peer = std::move(peer);
}

void RequestReader::AcceptBody(uint64_t limit) {
  body_limit_ = limit;
  accepted_ = true;
  if (parser_->http.chunked()) parser_->http.body_limit(limit);
}

RequestReader::Step RequestReader::ReadBody() {
  auto& parser = parser_->http;
  const auto length = parser.content_length();
  if (length && *length > body_limit_) return Bad("too_large", "Content-Length");
  parser.eager(true);
  boost::system::error_code error;
  while (!parser.is_done() && !error) {
    const size_t left = buffer_.size() - taken_;
    if (left == 0 || (parser.chunked() && left < kMinChunkHeader)) break;
    taken_ += parser.put({buffer_.data() + taken_, left}, error);
  }
  buffer_.erase(0, taken_);
  taken_ = 0;
  if (error == http::error::body_limit) return Bad("too_large", "body");
  if (error && error != http::error::need_more) return Bad("bad_request_framing", "body");
  if (parser.is_done()) return Step::kRequest;
  return buffer_.size() > kMaxChunkHeader ? Bad("bad_request_framing", "chunk") : Step::kNeedMore;
}

Request RequestReader::TakeRequest() {
  request_.body = std::move(parser_->http.get().body());
  parser_ = std::make_unique<Parser>();
  accepted_ = false;
  return std::move(request_);
}

bool RequestReader::idle() const {
  return !accepted_ && !parser_->http.got_some() && buffer_.empty();
}

size_t RequestReader::held_bytes() const {
  return buffer_.size() + parser_->http.get().body().size();
}

uint64_t RequestReader::body_bytes() const { return parser_->http.get().body().size(); }

bool RequestReader::in_body() const { return accepted_; }

}  // namespace waypost::api
