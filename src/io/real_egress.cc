#include "io/real_egress.h"

#include <curl/curl.h>
#include <netinet/in.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <mutex>

namespace waypost::io {
namespace {

constexpr long kConnectMs = 5'000;
constexpr int kMailTaken = 250;
constexpr size_t kKeptHandles = 64;

struct Closer {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Handle = std::unique_ptr<CURL, Closer>;
using List = std::unique_ptr<curl_slist, Closer>;

// What one call knows while libcurl calls back.
struct Progress {
  const EgressRules& rules;
  bool denied = false;
  std::string body;
  std::string_view upload;
};

Address AddressOf(const sockaddr& from) {
  Address address{};
  if (from.sa_family == AF_INET6) {
    sockaddr_in6 in;
    std::memcpy(&in, &from, sizeof in);
    std::memcpy(address.data(), &in.sin6_addr, 16);
  } else {
    sockaddr_in in;
    std::memcpy(&in, &from, sizeof in);
    address[10] = address[11] = 0xff;
    std::memcpy(address.data() + 12, &in.sin_addr, 4);
  }
  return address;
}

// The last moment before a connection, with the address that it would go to.
curl_socket_t OpenSocket(void* user, curlsocktype, curl_sockaddr* to) {
  auto& progress = *static_cast<Progress*>(user);
  const bool known = to->family == AF_INET || to->family == AF_INET6;
  if (!known || !progress.rules.Allows(AddressOf(to->addr))) {
    progress.denied = true;
    return CURL_SOCKET_BAD;
  }
  return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

size_t TakeBody(const char* data, size_t, size_t size, void* user) {
  std::string& body = static_cast<Progress*>(user)->body;
  if (body.size() + size > kMaxReply) return 0;
  body.append(data, size);
  return size;
}

size_t GiveUpload(char* into, size_t, size_t room, void* user) {
  std::string_view& upload = static_cast<Progress*>(user)->upload;
  const size_t size = std::min(room, upload.size());
  std::memcpy(into, upload.data(), size);
  upload.remove_prefix(size);
  return size;
}

class RealEgress final : public Egress {
 public:
  explicit RealEgress(EgressRules rules) : rules_(std::move(rules)) {
    static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
    CHECK(started == CURLE_OK);
  }

  Result<HttpReply> Call(const HttpCall& call) override {
    TRY(rules_.Check(call.url, kHttpSchemes));
    Handle handle = Take();
    Progress progress{.rules = rules_, .body = {}, .upload = {}};
    SetUp(handle.get(), &progress, call.url, call.timeout_ms);
    Set(handle.get(), CURLOPT_CUSTOMREQUEST, call.method.c_str());
    Set(handle.get(), CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    Set(handle.get(), CURLOPT_FRESH_CONNECT, call.repeatable ? 0L : 1L);
    if (!call.body.empty() || call.method == "POST") {
      Set(handle.get(), CURLOPT_POSTFIELDS, call.body.data());
      Set(handle.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body.size()));
    }
    List headers(curl_slist_append(nullptr, "Expect:"));
    for (const auto& [name, value] : call.headers) {
      headers.reset(curl_slist_append(headers.release(), (name + ": " + value).c_str()));
    }
    Set(handle.get(), CURLOPT_HTTPHEADER, headers.get());
    const CURLcode code = curl_easy_perform(handle.get());
    if (code != CURLE_OK) return ErrorOf(handle.get(), code, progress);
    HttpReply reply{.status = StatusOf(handle.get()),
                    .body = std::move(progress.body),
                    .retry_after_ms = RetryAfterMs(handle.get())};
    Keep(std::move(handle));
    return reply;
  }

  Result<int> Send(const MailCall& call) override {
    TRY(rules_.Check(call.url, kMailSchemes));
    Handle handle = Take();
    Progress progress{.rules = rules_, .body = {}, .upload = call.data};
    SetUp(handle.get(), &progress, call.url, call.timeout_ms);
    Set(handle.get(), CURLOPT_MAIL_FROM, ("<" + call.from + ">").c_str());
    const List to(curl_slist_append(nullptr, ("<" + call.to + ">").c_str()));
    Set(handle.get(), CURLOPT_MAIL_RCPT, to.get());
    Set(handle.get(), CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_TRY));
    if (!call.user.empty()) {
      Set(handle.get(), CURLOPT_USERNAME, call.user.c_str());
      Set(handle.get(), CURLOPT_PASSWORD, call.password.c_str());
    }
    Set(handle.get(), CURLOPT_UPLOAD, 1L);
    Set(handle.get(), CURLOPT_READFUNCTION, &GiveUpload);
    Set(handle.get(), CURLOPT_READDATA, &progress);
    const CURLcode code = curl_easy_perform(handle.get());
    // A code after all was sent says what became of it; one before says that nothing was taken.
    const int status = StatusOf(handle.get());
    if (code == CURLE_OK) return kMailTaken;
    if (status >= 400 && code != CURLE_OPERATION_TIMEDOUT) return status;
    return ErrorOf(handle.get(), code, progress);
  }

 private:
  template <typename T>
  static void Set(CURL* handle, CURLoption option, T value) {
    CHECK(curl_easy_setopt(handle, option, value) == CURLE_OK);
  }

  static void SetUp(CURL* handle, Progress* progress, const std::string& url, int64_t timeout_ms) {
    Set(handle, CURLOPT_URL, url.c_str());
    Set(handle, CURLOPT_PROTOCOLS_STR, "http,https,smtp,smtps");
    Set(handle, CURLOPT_PROXY, "");
    Set(handle, CURLOPT_NOSIGNAL, 1L);
    Set(handle, CURLOPT_FOLLOWLOCATION, 0L);
    Set(handle, CURLOPT_CONNECTTIMEOUT_MS, kConnectMs);
    Set(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout_ms));
    Set(handle, CURLOPT_OPENSOCKETFUNCTION, &OpenSocket);
    Set(handle, CURLOPT_OPENSOCKETDATA, progress);
    Set(handle, CURLOPT_WRITEFUNCTION, &TakeBody);
    Set(handle, CURLOPT_WRITEDATA, progress);
  }

  static int StatusOf(CURL* handle) {
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    return static_cast<int>(status);
  }

  static int64_t RetryAfterMs(CURL* handle) {
    curl_off_t seconds = 0;
    curl_easy_getinfo(handle, CURLINFO_RETRY_AFTER, &seconds);
    return seconds * 1'000;
  }

  // Until a request or the mail's data began to go out, nothing can have been taken.
  static Error ErrorOf(CURL* handle, CURLcode code, const Progress& progress) {
    if (progress.denied) {
      return Error(Code::kInvalid, "egress_denied", "its name leads where no call may go");
    }
    long request_bytes = 0;
    curl_off_t upload_bytes = 0;
    curl_easy_getinfo(handle, CURLINFO_REQUEST_SIZE, &request_bytes);
    curl_easy_getinfo(handle, CURLINFO_SIZE_UPLOAD_T, &upload_bytes);
    const bool sent = request_bytes > 0 || upload_bytes > 0;
    return sent ? Error(Code::kIo, "no_answer", curl_easy_strerror(code))
                : Error(Code::kUnavailable, "cannot_connect", curl_easy_strerror(code));
  }

  // Handles are kept with their open connections; one that failed is thrown away.
  Handle Take() {
    const std::lock_guard lock(mutex_);
    if (kept_.empty()) return Handle(curl_easy_init());
    Handle handle = std::move(kept_.back());
    kept_.pop_back();
    return handle;
  }
  void Keep(Handle handle) {
    curl_easy_reset(handle.get());
    const std::lock_guard lock(mutex_);
    if (kept_.size() < kKeptHandles) kept_.push_back(std::move(handle));
  }

  const EgressRules rules_;
  std::mutex mutex_;
  std::vector<Handle> kept_;
};

}  // namespace

std::unique_ptr<Egress> MakeRealEgress(EgressRules rules) {
  return std::make_unique<RealEgress>(std::move(rules));
}

}  // namespace waypost::io
