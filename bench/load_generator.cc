// load_generator --port P --key KEY [--seconds S] [--batches N] [--rate EVENTS_PER_S]
//                [--connections C] [--batch EVENTS] [--first N] [--users U] [--journal FILE]
//                [--kinds K] [--look PATH]
//
// Sends Segment batches of track calls of about 1 KB each over keep-alive connections to a server
// on this machine, one thread a connection, and prints what was acknowledged as one line of JSON.
// Without --rate it sends as fast as answers come; with it, a batch's latency counts from when it
// was due, so a stall is not hidden by sending less.
//
// With --kinds, up to 100, events are not all "page_view" but each one of "view_00", "view_01", ...
// Events are numbered from --first in the property n, which is the number plus 10^12. --journal
// gets "FIRST COUNT" for every acknowledged batch, after its acknowledgement.
//
// With --look it sends no events: it gets PATH, where {} is one of the numbers 1..U, --key being
// the token, and an answer counts as --batch events acknowledged.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace waypost::bench {
namespace {

// A server that refuses says to come back then.
constexpr std::chrono::seconds kRetryAfter(1);

using Clock = std::chrono::steady_clock;

struct Options {
  int port = 0;
  std::string key;
  double seconds = 10;
  int64_t batches = INT64_MAX;
  double rate = 0;  // events a second; 0: as fast as it goes
  int connections = 4;
  int batch = 100;
  int64_t first = 0;
  int64_t users = 100'000;
  int64_t kinds = 0;  // 0: one, "page_view"
  std::string journal;
  std::string look;
};

uint64_t Scatter(int64_t number) {
  const uint64_t x = static_cast<uint64_t>(number) * 0x9E3779B97F4A7C15ull;
  return x ^ (x >> 32);
}

// A batch's text, with gaps of fixed width that are filled in again for every request.
class BatchText {
 public:
  BatchText(const Options& options) : options_(options) {
    text_ = "{\"writeKey\":\"" + options.key + "\",\"batch\":[";
    for (int i = 0; i < options.batch; ++i) AddEvent(i > 0 ? "," : "");
    text_ += "]}";
  }

  // Numbers the events from `number` and dates them now.
  std::string_view Fill(int64_t number) {
    char time[32];
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const int64_t ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    const time_t seconds = ms / 1000;
    tm parts;
    const size_t length =
        std::strftime(time, sizeof(time), "%Y-%m-%dT%H:%M:%S.", gmtime_r(&seconds, &parts));
    std::snprintf(time + length, sizeof(time) - length, "%03dZ", static_cast<int>(ms % 1000));
    for (const Gaps& gaps : gaps_) {
      Digits(gaps.message_id, number);
      Digits(gaps.n, 1'000'000'000'000 + number);
      Digits(gaps.user,
             static_cast<int64_t>(Scatter(number) % static_cast<uint64_t>(options_.users)));
      if (options_.kinds > 0) {
        const auto kinds = static_cast<uint64_t>(options_.kinds);
        Digits(gaps.kind, static_cast<int64_t>((Scatter(number) >> 40) % kinds), 2);
      }
      text_.replace(gaps.time, 24, time, 24);
      ++number;
    }
    return text_;
  }

 private:
  struct Gaps {
    size_t kind, message_id, n, user, time;
  };
  static constexpr int kDigits = 13;

  void Digits(size_t at, int64_t number, int width = kDigits) {
    for (int i = width - 1; i >= 0; --i, number /= 10)
      text_[at + static_cast<size_t>(i)] = static_cast<char>('0' + number % 10);
  }

  size_t Gap(std::string_view before, size_t width) {
    text_ += before;
    text_.append(width, '0');
    return text_.size() - width;
  }

  void AddEvent(std::string_view separator) {
    Gaps gaps;
    text_ += separator;
    text_ += R"({"type":"track","event":")";
    gaps.kind = options_.kinds > 0 ? Gap("view_", 2) : Gap("page_view", 0);
    gaps.message_id = Gap(R"(","messageId":"load-)", kDigits);
    gaps.user = Gap("\",\"userId\":\"u", kDigits);
    gaps.time = Gap("\",\"timestamp\":\"", 24);
    gaps.n = Gap("\",\"properties\":{\"n\":", kDigits);
    text_ +=
        R"(,"page":"/wealth/product/detail","title":"安心盈90天","referrer":"/wealth/list","platform":"android",)"
        R"("channel":"natural","session":"5d0f2c9a7b3e41","app_version":"8.6.2","os_version":"14","model":"Mate 60",)"
        R"("manufacturer":"HUAWEI","network":"5G","carrier":"中国移动","screen_width":1260,"screen_height":2720,)"
        R"("province":"广东","city":"深圳市","branch":"深圳高新区支行","product_id":"P0123","product_type":"wealth",)"
        R"("amount":10000.50,"yield":2.85,"term_days":90,"logged_in":true,"position":3,"duration_ms":15320,)"
        R"("campaign":"新春财富季"},"context":{"ip":"10.0.0.1","locale":"zh-CN","timezone":"Asia/Shanghai",)"
        R"("userAgent":"Mozilla/5.0 (Linux; Android 14; Mate 60) AppleWebKit/537.36 Mobile Safari/537.36",)"
        R"("library":{"name":"analytics-android","version":"4.11.3"},)"
        R"("device":{"id":"9f1c77e2a4b04d3f","type":"android"},"app":{"name":"远山银行","build":"80602"}}})";
    gaps_.push_back(gaps);
  }

  const Options& options_;
  std::string text_;
  std::vector<Gaps> gaps_;
};

struct Outcome {
  int64_t acknowledged = 0;  // events
  int64_t refused = 0;       // batches answered with something else than 2xx
  bool broken = false;       // the connection ended before an answer
  std::vector<double> latencies_ms;
};

class Connection {
 public:
  explicit Connection(const Options& options) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(options.port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  }
  ~Connection() { ::close(fd_); }
  Connection(const Connection&) = delete;

  // Posts and waits for the whole answer. The HTTP status, or 0 when the connection broke.
  int Post(std::string_view body) {
    const std::string head =
        "POST /v1/batch HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "
        "application/json\r\nContent-Length: " +
        std::to_string(body.size()) + "\r\n\r\n";
    return connected_ && Send(head, MSG_MORE) && Send(body, 0) ? ReadAnswer() : 0;
  }
  // Likewise.
  int Get(const std::string& path, const std::string& token) {
    const std::string head = "GET " + path +
                             " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: "
                             "Bearer " +
                             token + "\r\n\r\n";
    return connected_ && Send(head, 0) ? ReadAnswer() : 0;
  }

 private:
  bool Send(std::string_view text, int flags) {
    while (!text.empty()) {
      const ssize_t sent = ::send(fd_, text.data(), text.size(), flags | MSG_NOSIGNAL);
      if (sent <= 0) return false;
      text.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }

  int ReadAnswer() {
    std::string answer;
    size_t want = std::string::npos;
    while (answer.size() < want) {
      char buffer[4096];
      const ssize_t got = ::recv(fd_, buffer, sizeof(buffer), 0);
      if (got <= 0) return 0;
      answer.append(buffer, static_cast<size_t>(got));
      const size_t end = answer.find("\r\n\r\n");
      if (end != std::string::npos) want = end + 4 + BodySize(answer);
    }
    return std::atoi(answer.c_str() + std::string_view("HTTP/1.1 ").size());
  }

  static size_t BodySize(const std::string& head) {
    for (const char* name : {"Content-Length: ", "content-length: "}) {
      const size_t at = head.find(name);
      if (at != std::string::npos) return static_cast<size_t>(std::atoll(head.c_str() + at + 16));
    }
    return 0;
  }

  int fd_;
  bool connected_ = false;
};

class Load {
 public:
  explicit Load(const Options& options) : options_(options) {
    if (!options.journal.empty()) journal_ = std::fopen(options.journal.c_str(), "a");
  }
  ~Load() {
    if (journal_ != nullptr) std::fclose(journal_);
  }

  std::vector<Outcome> Run() {
    std::vector<Outcome> outcomes(static_cast<size_t>(options_.connections));
    begin_ = Clock::now();
    std::vector<std::jthread> threads;
    for (Outcome& outcome : outcomes) threads.emplace_back([&] { Send(&outcome); });
    for (std::jthread& thread : threads) thread.join();
    return outcomes;
  }
  double Seconds() const { return std::chrono::duration<double>(Clock::now() - begin_).count(); }

 private:
  void Send(Outcome* outcome) {
    Connection connection(options_);
    BatchText text(options_);
    for (int64_t k = next_++; k < options_.batches; k = next_++) {
      Clock::time_point due = Clock::now();
      if (options_.rate > 0) {
        due = begin_ + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(
                           static_cast<double>(k * options_.batch) / options_.rate));
        std::this_thread::sleep_until(due);
      }
      if (Seconds() > options_.seconds) return;
      const int64_t first = options_.first + k * options_.batch;
      const int status = options_.look.empty() ? connection.Post(text.Fill(first))
                                               : connection.Get(PathOf(first), options_.key);
      if (status == 0) {
        outcome->broken = true;
        return;
      }
      Note(status, first, due, outcome);
      if (status == 429 || status == 503) std::this_thread::sleep_for(kRetryAfter);
    }
  }

  std::string PathOf(int64_t number) const {
    const auto user = std::to_string(1 + Scatter(number) % static_cast<uint64_t>(options_.users));
    const size_t at = options_.look.find("{}");
    return std::string(options_.look).replace(std::min(at, options_.look.size()), 2, user);
  }

  void Note(int status, int64_t first, Clock::time_point due, Outcome* outcome) {
    if (status / 100 != 2) {
      ++outcome->refused;
      return;
    }
    outcome->acknowledged += options_.batch;
    outcome->latencies_ms.push_back(
        std::chrono::duration<double, std::milli>(Clock::now() - due).count());
    if (journal_ == nullptr) return;
    const std::lock_guard lock(mutex_);
    std::fprintf(journal_, "%ld %d\n", first, options_.batch);
    std::fflush(journal_);
  }

  const Options& options_;
  std::FILE* journal_ = nullptr;
  std::mutex mutex_;
  std::atomic<int64_t> next_ = 0;
  Clock::time_point begin_;
};

void Report(const std::vector<Outcome>& outcomes, double seconds) {
  Outcome all;
  for (const Outcome& one : outcomes) {
    all.acknowledged += one.acknowledged;
    all.refused += one.refused;
    all.broken |= one.broken;
    all.latencies_ms.insert(all.latencies_ms.end(), one.latencies_ms.begin(),
                            one.latencies_ms.end());
  }
  std::sort(all.latencies_ms.begin(), all.latencies_ms.end());
  auto at = [&](double share) {
    const size_t count = all.latencies_ms.size();
    return count == 0 ? 0.0
                      : all.latencies_ms[std::min(
                            count - 1, static_cast<size_t>(share * static_cast<double>(count)))];
  };
  std::printf(
      "{\"acknowledged\":%ld,\"seconds\":%.2f,\"events_per_s\":%.0f,\"p50_ms\":%.2f,\"p99_ms\":%."
      "2f,"
      "\"max_ms\":%.2f,\"refused_batches\":%ld,\"broken\":%s}\n",
      all.acknowledged, seconds, static_cast<double>(all.acknowledged) / seconds, at(0.5), at(0.99),
      at(1), all.refused, all.broken ? "true" : "false");
}

bool Read(int argc, char** argv, Options* options) {
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    const char* value = argv[i + 1];
    if (name == "--port")
      options->port = std::atoi(value);
    else if (name == "--key")
      options->key = value;
    else if (name == "--seconds")
      options->seconds = std::atof(value);
    else if (name == "--batches")
      options->batches = std::atoll(value);
    else if (name == "--rate")
      options->rate = std::atof(value);
    else if (name == "--connections")
      options->connections = std::atoi(value);
    else if (name == "--batch")
      options->batch = std::atoi(value);
    else if (name == "--first")
      options->first = std::atoll(value);
    else if (name == "--users")
      options->users = std::atoll(value);
    else if (name == "--kinds")
      options->kinds = std::atoll(value);
    else if (name == "--look")
      options->look = value;
    else if (name == "--journal")
      options->journal = value;
    else
      return false;
  }
  return argc % 2 == 1 && options->port > 0 && options->batch > 0 && options->users > 0 &&
         options->kinds >= 0 && options->kinds <= 100;
}

}  // namespace
}  // namespace waypost::bench

int main(int argc, char** argv) {
  waypost::bench::Options options;
  if (!waypost::bench::Read(argc, argv, &options)) {
    std::fprintf(
        stderr,
        "Usage: load_generator --port P --key KEY [--seconds S] [--batches N] [--rate "
        "EVENTS_PER_S]\n"
        "       [--connections C] [--batch EVENTS] [--first N] [--users U] [--journal FILE]\n"
        "       [--kinds K] [--look PATH]\n");
    return 2;
  }
  waypost::bench::Load load(options);
  const auto outcomes = load.Run();
  waypost::bench::Report(outcomes, load.Seconds());
  return 0;
}
