// For tests: the whole HTTP side over a simulated network, with services that remember what they
// were asked and answer as told.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "api/api.h"
#include "io/sim_network.h"
#include "io/sim_random.h"

namespace waypost::api {

class FakeCollector final : public Collector {
 public:
  void Collect(Request request, std::function<void(Result<Receipt>)> done) override {
    requests.push_back(std::move(request));
    if (hold) {
      held.push_back(std::move(done));
    } else {
      done(answer);
    }
  }
  bool KnowsWriteKey(std::string_view key) const override { return key == "known"; }
  Result<std::string> WriteKeyOf(std::string_view, std::string_view source) const override {
    if (source == "none") return Error(Code::kNotFound, "there is no source 'none'");
    return "key of " + std::string(source);
  }

  Result<Receipt> answer = Receipt{.accepted = 1, .quarantined = 0, .issues = {}};
  bool hold = false;
  std::vector<Request> requests;
  std::vector<std::function<void(Result<Receipt>)>> held;
};

class FakeQuestions final : public Questions {
 public:
  Result<std::string> Ask(const Sight& sight, std::string_view question) override {
    if (question == "bad") return Error(Code::kInvalid, "steps[0]: name an event");
    return "{\"asked\":\"" + sight.project + "\",\"rows\":\"" + sight.rows + "\"}";
  }
  Result<std::string> Explain(const Sight&, std::string_view) override {
    return std::string("{\"explained\":true}");
  }
};

class FakePlan final : public PlanView {
 public:
  Result<std::string> Plan(const Sight&) override { return std::string("{\"plan\":1}"); }
  Result<std::string> Change(std::string_view, std::string_view) override {
    return std::string("{\"changed\":1}");
  }
  Result<std::string> Report(std::string_view) override {
    return Error(Code::kIo, "disk on fire in /secret/path");
  }
  Result<std::string> RecentEvents(const Sight&, size_t limit) override {
    return "[" + std::to_string(limit) + "]";
  }
  Result<std::string> Quarantine(const Sight&, size_t limit) override {
    return "[" + std::to_string(limit) + "]";
  }
  Result<std::string> Projects() override { return std::string("{}"); }
  Result<std::string> Sources(std::string_view) override { return std::string("{}"); }
};

class FakeCustomers final : public Customers {
 public:
  Result<std::string> Customer(const Sight& sight, std::string_view key,
                               std::string_view value) override {
    sights.push_back(sight);
    if (value == "nobody") return Error(Code::kNotFound, "unknown_customer", "nobody is known");
    return "{\"asked\":\"" + std::string(key) + " " + std::string(value) + "\"}";
  }
  std::optional<Result<std::string>> CustomerAtOnce(const Sight& sight, std::string_view key,
                                                    std::string_view value) override {
    if (busy) return std::nullopt;
    return Customer(sight, key, value);
  }
  Result<std::string> Profile(const Sight&, std::string_view, std::string_view,
                              const ProfileAsk& ask) override {
    std::string tags = ask.tags ? "" : "none";
    if (ask.tags) {
      for (const std::string& tag : *ask.tags) tags += "+" + tag;
    }
    return "[\"" + tags + "\"," + std::to_string(ask.events) + "]";
  }
  Result<std::string> Timeline(const Sight&, std::string_view, std::string_view,
                               const TimelineAsk& ask) override {
    return "[\"" + ask.before + "\",\"" + ask.event + "\"," + std::to_string(ask.limit) + "]";
  }
  Result<std::string> Rows(const Sight&, std::string_view, std::string_view,
                           const RowsAsk& ask) override {
    return "[\"" + ask.table + "\",\"" + ask.after + "\"," + std::to_string(ask.limit) + "]";
  }
  Result<std::string> Erase(std::string_view, std::string_view key,
                            std::string_view value) override {
    return "{\"erased\":\"" + std::string(key) + " " + std::string(value) + "\"}";
  }
  Result<std::string> Cut(std::string_view, std::string_view key, std::string_view value) override {
    return "{\"cut\":\"" + std::string(key) + " " + std::string(value) + "\"}";
  }
  Result<std::string> Search(const Sight&, std::string_view text) override {
    return "{\"sought\":\"" + std::string(text) + "\"}";
  }
  std::vector<Sight> sights;
  bool busy = false;  // nobody is found at once
};

class FakeSegments final : public SegmentBook {
 public:
  Result<std::string> Call(const SegmentCall& call) override {
    calls.push_back(call);
    if (call.body == "bad")
      return Error(Code::kInvalid, "eql_syntax", "line 1, column 1: expected a condition");
    return std::string("{\"segment\":\"" + call.id + "\"}");
  }
  std::vector<SegmentCall> calls;
};

class FakeIdentities final : public Identities {
 public:
  Result<std::string> Rules(std::string_view) override { return std::string("{\"keys\":[]}"); }
  Result<std::string> ChangeRules(std::string_view, std::string_view rules) override {
    return std::string(rules);
  }
  Result<std::string> TryRules(const Sight&, std::string_view) override {
    return std::string("{\"tried\":1}");
  }
  Result<std::string> Links(const Sight&, std::string_view before, size_t limit) override {
    return "[\"" + std::string(before) + "\"," + std::to_string(limit) + "]";
  }
  Result<std::string> Conflicts(const Sight&, size_t limit) override {
    return "[" + std::to_string(limit) + "]";
  }
  Result<std::string> Why(const Sight&, const IdentityName& a, const IdentityName& b) override {
    return "[\"" + a.key + a.value + b.key + b.value + "\"]";
  }
};

class FakeTags final : public TagShelf {
 public:
  Result<std::string> Call(const TagCall& call) override {
    calls.push_back(call);
    return std::string("{\"tag\":\"" + call.id + "\"}");
  }
  std::vector<TagCall> calls;
};

class FakeBackups final : public Backups {
 public:
  Result<> Backup(std::string_view, const std::string& directory) override {
    made = directory;
    return {};
  }
  std::string made;
};

class FakeAudit final : public AuditTrail {
 public:
  Result<> Ready() const override { return ready; }
  Result<> Record(const AuditEntry& entry) override {
    if (recorded.ok()) entries.push_back(entry);
    return recorded;
  }
  std::string Newest(size_t limit) const override { return "[" + std::to_string(limit) + "]"; }
  void BeginCheck() override { state = "running"; }
  std::string CheckJson() const override { return R"({"state":")" + state + "\"}"; }

  Result<> ready, recorded;
  std::vector<AuditEntry> entries;
  std::string state = "none";
};

class FakeHealth final : public Health {
 public:
  std::vector<std::string> NotReady() const override { return reasons; }
  int64_t ConfirmClock() override { return std::exchange(jump_ms, 0); }
  std::vector<Gauge> Gauges() const override { return {{"waypost_test", "A test.", 42}}; }
  int64_t jump_ms = 0;
  std::vector<std::string> reasons;
};

inline constexpr ConsoleFile kConsole[] = {
    {"index.html", "text/html; charset=utf-8", "<p nonce=WAYPOST-NONCE>", "gzipped", "brotlied"},
    {"assets/a-1.js", "text/javascript", "plain", "gzipped", "brotlied"},
    {"icon.svg", "image/svg+xml", "<svg/>", "", ""},
};

class ApiFixture {
 public:
  explicit ApiFixture(Access access = {.token = "secret"}, SessionLimits limits = {})
      : workers(clock, 1, 2),
        people(people::People::Open(catalog::Catalog::Open(":memory:").value(), clock, random,
                                    {.cost = {.kibibytes = 64, .passes = 1}})
                   .value()),
        sign_in(access, *people, clock, random),
        api({{collector,
              questions,
              plan,
              customers,
              segments,
              identities,
              tags,
              backups,
              health,
              audit,
              {.files = kConsole}},
             workers,
             metrics,
             sign_in,
             *people,
             random},
            clock, 1),
        listener(network.Listen({}, MakeHttpSessions(api, clock, totals, limits)).value()) {}

  // Everything our side sends back to one connection that sends `bytes` and then nothing. Waits for
  // workers.
  std::string Exchange(std::string_view bytes) {
    const auto peer = network.Connect();
    peer->Send(bytes);
    Settle();
    return peer->received();
  }

  // Until no request is in flight and nothing is posted.
  void Settle() {
    for (int i = 0; i < 5'000; ++i) {
      network.Run();
      if (totals.requests_in_flight == 0) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    network.Run();
  }

  ManualClock clock{1'750'000'000'000};
  FakeCollector collector;
  FakeQuestions questions;
  FakePlan plan;
  FakeCustomers customers;
  FakeSegments segments;
  FakeIdentities identities;
  FakeTags tags;
  FakeBackups backups;
  FakeHealth health;
  FakeAudit audit;
  Metrics metrics;
  SessionTotals totals;
  io::SimNetwork network;
  WorkQueue workers;
  io::SimRandom random{1};
  std::unique_ptr<people::People> people;
  SignIn sign_in;
  Api api;
  std::unique_ptr<io::Listener> listener;
};

// A request; `fields` are whole lines.
inline std::string Ask(std::string_view method, std::string_view target,
                       std::string_view fields = {}, std::string_view body = {}) {
  return std::string(method) + " " + std::string(target) +
         " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         std::string(fields) + "\r\n" + std::string(body);
}

inline constexpr std::string_view kToken = "Authorization: Bearer secret\r\n";

// The status of the first response in `bytes`; 0 when there is none.
inline int StatusOf(std::string_view bytes) {
  if (!bytes.starts_with("HTTP/1.1 ") || bytes.size() < 12) return 0;
  return std::stoi(std::string(bytes.substr(9, 3)));
}

// "code" of the error or receipt in `bytes`.
inline std::string CodeOf(std::string_view bytes) {
  constexpr std::string_view kCode = "\"code\":\"";
  const size_t at = bytes.find(kCode);
  if (at == bytes.npos) return {};
  const std::string_view rest = bytes.substr(at + kCode.size());
  return std::string(rest.substr(0, rest.find('"')));
}

}  // namespace waypost::api
