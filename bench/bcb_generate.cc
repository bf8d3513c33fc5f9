// bcb_generate USERS FOLDER [FILES]: writes the events of users 1..USERS as FOLDER/events_K.csv,
// each file a range of users in order, and prints the sums of BCB section 3.5 as one line of JSON.
// A value that is not there (no session, no product, ...) is an empty field. What is known of the
// users and what they hold is in FOLDER/users/ and FOLDER/holdings/, the products beside them in
// FOLDER/products/.
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>

#include "bcb.h"

namespace waypost::bench {
namespace {

constexpr int64_t kModulus = 1'000'000'007;
constexpr std::string_view kEventHeader =
    "user_id,event_ms,event_date,event_id,event,session_id,platform,channel,page_id,product_id,"
    "campaign_id,amount_cents,duration_ms,result,employee_id,branch_id\n";

struct Sums {
  int64_t rows = 0, users = 0, time_ms = 0, event_id = 0, amount = 0, product_id = 0,
          session_id = 0, duration = 0;
};

constexpr std::string_view kUserHeader =
    "user_id,gender,birth_year,city_id,prov_id,branch_id,manager_id,risk,income,vip,aum_cents,"
    "score\n";

// Lines of CSV on their way to a file.
class CsvFile {
 public:
  CsvFile(const std::string& path, std::string_view header) : file_(std::fopen(path.c_str(), "w")) {
    if (file_ == nullptr) {
      std::perror(path.c_str());
      std::exit(1);
    }
    Text(header);
  }
  ~CsvFile() {
    Flush();
    if (std::fclose(file_) != 0 || failed_) {
      std::perror("write CSV");
      std::exit(1);
    }
  }
  CsvFile(const CsvFile&) = delete;

  void Text(std::string_view text) { buffer_ += text; }
  void Field(std::string_view text) { (buffer_ += text) += ','; }
  void Field(int64_t number) {
    std::array<char, 24> digits;
    char* end = std::to_chars(digits.begin(), digits.end(), number).ptr;
    buffer_.append(digits.begin(), end).push_back(',');
  }
  void FieldOrNothing(int64_t number) { number == 0 ? buffer_.push_back(',') : Field(number); }
  void EndLine() {
    buffer_.back() = '\n';
    if (buffer_.size() > (1 << 22)) Flush();
  }

 private:
  void Flush() {
    failed_ |= std::fwrite(buffer_.data(), 1, buffer_.size(), file_) != buffer_.size();
    buffer_.clear();
  }
  std::FILE* file_;
  std::string buffer_;
  bool failed_ = false;
};

std::string DateText(int64_t day) {
  const std::chrono::year_month_day date{
      std::chrono::sys_days{std::chrono::days{kBcbFirstDay + day}}};
  std::array<char, 16> text;
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", int{date.year()},
                unsigned{date.month()}, unsigned{date.day()});
  return text.data();
}

class Generator {
 public:
  Generator() {
    for (int day = 0; day < kBcbDays; ++day) dates_.push_back(DateText(day));
  }

  // Writes users [first, last] into the files of number `k`.
  Sums WriteFiles(const std::string& folder, uint32_t k, uint32_t first, uint32_t last) const {
    const std::string name = "_" + std::to_string(k) + ".csv";
    CsvFile out(folder + "/events" + name, kEventHeader);
    CsvFile users(folder + "/users/users" + name, kUserHeader);
    CsvFile holdings(folder + "/holdings/holdings" + name, "user_id,product_id,amount_cents\n");
    Sums sums;
    std::vector<BcbHolding> held;
    std::vector<BcbEvent> events;
    for (uint32_t id = first; id <= last; ++id) {
      const BcbUser user = bcb_.User(id);
      WriteUser(user, &users);
      bcb_.Holdings(user, &held);
      for (const BcbHolding& holding : held) {
        holdings.Field(id);
        holdings.Field(holding.product);
        holdings.Field(holding.amount_cents);
        holdings.EndLine();
      }
      bcb_.Events(user, &events);
      sums.users += !events.empty();
      for (const BcbEvent& event : events) {
        WriteEvent(user, event, &out);
        Add(user, event, &sums);
      }
    }
    return sums;
  }

  static void WriteProducts(const std::string& folder) {
    CsvFile out(folder + "/products/products.csv", "product_id,ptype\n");
    for (int product = 1; product <= kBcbProducts; ++product) {
      out.Field(product);
      out.Field(BcbProductType(product));
      out.EndLine();
    }
  }

 private:
  static void WriteUser(const BcbUser& user, CsvFile* out) {
    out->Field(user.id);
    for (const int value : {user.gender, user.birth_year, user.city, user.province, user.branch,
                            user.manager, user.risk, user.income, user.vip})
      out->Field(value);
    out->Field(user.aum_cents);
    out->Field(user.score);
    out->EndLine();
  }

  void WriteEvent(const BcbUser& user, const BcbEvent& e, CsvFile* out) const {
    out->Field(user.id);
    out->Field(e.time_ms);
    out->Field(dates_[static_cast<size_t>((e.time_ms - kBcbBeginMs) / kBcbDayMs)]);
    out->Field(e.event);
    out->Field(BcbEventName(e.event));
    out->FieldOrNothing(static_cast<int64_t>(BcbSessionId(user, e)));
    out->Field(BcbPlatformName(e.platform));
    out->Field(BcbChannelName(e.channel));
    out->FieldOrNothing(e.page);
    out->FieldOrNothing(e.product);
    out->FieldOrNothing(e.campaign);
    out->FieldOrNothing(e.amount_cents);
    out->FieldOrNothing(e.duration_ms);
    out->Field(e.result);
    out->FieldOrNothing(e.employee);
    out->Field(user.branch);
    out->EndLine();
  }

  static void Add(const BcbUser& user, const BcbEvent& e, Sums* sums) {
    sums->rows += 1;
    sums->time_ms = (sums->time_ms + e.time_ms) % kModulus;
    sums->event_id += e.event;
    sums->amount += e.amount_cents;
    sums->product_id += e.product;
    sums->session_id = (sums->session_id + static_cast<int64_t>(BcbSessionId(user, e))) % kModulus;
    sums->duration += e.duration_ms;
  }

  Bcb bcb_;
  std::vector<std::string> dates_;
};

void Merge(const Sums& from, Sums* into) {
  into->rows += from.rows;
  into->users += from.users;
  into->time_ms = (into->time_ms + from.time_ms) % kModulus;
  into->event_id += from.event_id;
  into->amount += from.amount;
  into->product_id += from.product_id;
  into->session_id = (into->session_id + from.session_id) % kModulus;
  into->duration += from.duration;
}

// Files are shared out among the machine's threads.
Sums Generate(uint32_t users, const std::string& folder, uint32_t files) {
  const Generator generator;
  for (const char* table : {"/users", "/holdings", "/products"})
    std::filesystem::create_directories(folder + table);
  Generator::WriteProducts(folder);
  std::vector<Sums> sums(files);
  std::atomic<uint32_t> next = 0;
  auto work = [&] {
    for (uint32_t k = next++; k < files; k = next++) {
      const uint32_t first = static_cast<uint32_t>(uint64_t{users} * k / files) + 1;
      const uint32_t last = static_cast<uint32_t>(uint64_t{users} * (k + 1) / files);
      sums[k] = generator.WriteFiles(folder, k, first, last);
    }
  };
  std::vector<std::jthread> threads(std::max(1u, std::thread::hardware_concurrency()));
  for (std::jthread& thread : threads) thread = std::jthread(work);
  for (std::jthread& thread : threads) thread.join();
  Sums all;
  for (const Sums& part : sums) Merge(part, &all);
  return all;
}

}  // namespace
}  // namespace waypost::bench

int main(int argc, char** argv) {
  if (argc < 3 || std::atoi(argv[1]) <= 0) {
    std::fprintf(stderr, "Usage: bcb_generate USERS FOLDER [FILES]\n");
    return 2;
  }
  const int files = argc > 3 ? std::max(1, std::atoi(argv[3])) : 1;
  const auto sums = waypost::bench::Generate(static_cast<uint32_t>(std::atoi(argv[1])), argv[2],
                                             static_cast<uint32_t>(files));
  std::printf(
      "{\"rows\":%ld,\"users\":%ld,\"time_ms\":%ld,\"event_id\":%ld,\"amount\":%ld,\"product_id\":%"
      "ld,"
      "\"session_id\":%ld,\"duration\":%ld}\n",
      sums.rows, sums.users, sums.time_ms, sums.event_id, sums.amount, sums.product_id,
      sums.session_id, sums.duration);
  return 0;
}
