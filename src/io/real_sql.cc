#include "io/real_sql.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <netdb.h>
#include <poll.h>

#include <algorithm>

namespace waypost::io {
namespace {

// A connection over which nothing comes through for so long is broken.
constexpr const char* kConnectSeconds = "10";
constexpr const char* kSilentMs = "60000";
constexpr int kLookMs = 200;
// Every time is as UTC says it, and no session of ours changes anything.
constexpr const char* kOptions =
    "-c default_transaction_read_only=on -c TimeZone=UTC -c DateStyle=ISO -c "
    "statement_timeout=10min"
    " -c idle_in_transaction_session_timeout=10min -c extra_float_digits=1"
    " -c standard_conforming_strings=on";
constexpr const char* kAuthorities = "/etc/ssl/certs/ca-certificates.crt";

struct SqlCloser {
  void operator()(PGconn* connection) const { PQfinish(connection); }
  void operator()(PGresult* result) const { PQclear(result); }
  void operator()(addrinfo* addresses) const { freeaddrinfo(addresses); }
};
using Connection = std::unique_ptr<PGconn, SqlCloser>;
using Answer = std::unique_ptr<PGresult, SqlCloser>;

std::string OneLine(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  std::ranges::replace(text, '\n', ' ');
  return text;
}

Result<> CheckServer(const SqlServer& server, const EgressRules& rules) {
  const bool v6 = server.host.find(':') != std::string::npos;
  return rules.Check(fmt::format("postgresql://{}{}{}:{}/", v6 ? "[" : "", server.host,
                                 v6 ? "]" : "", server.port),
                     kSqlSchemes);
}

// The address that will be connected, as digits: there is no time for the name to change its mind.
Result<std::string> AddressFor(const SqlServer& server, const EgressRules& rules) {
  TRY(CheckServer(server, rules));
  addrinfo hints{}, *raw = nullptr;
  hints.ai_socktype = SOCK_STREAM;
  if (const int error = getaddrinfo(server.host.c_str(), nullptr, &hints, &raw); error != 0) {
    return Error(Code::kUnavailable, "source_unreachable",
                 fmt::format("{}: {}", server.host, gai_strerror(error)));
  }
  const std::unique_ptr<addrinfo, SqlCloser> found(raw);
  for (const addrinfo* at = raw; at; at = at->ai_next) {
    std::array<char, NI_MAXHOST> digits{};
    if (getnameinfo(at->ai_addr, at->ai_addrlen, digits.data(), digits.size(), nullptr, 0,
                    NI_NUMERICHOST) != 0)
      continue;
    const Result<Address> address = ReadAddress(digits.data());
    if (address.ok() && rules.Allows(address.value())) return std::string(digits.data());
  }
  return Error(Code::kInvalid, "egress_denied",
               server.host + " leads where no call may go; see egress.allow");
}

class RealSqlSession final : public SqlSession {
 public:
  RealSqlSession(Connection connection, const std::atomic<bool>* stop)
      : connection_(std::move(connection)), stop_(stop) {}

  Result<> Open() {
    return Run("begin isolation level repeatable read, read only").ok()
               ? Result<>()
               : Error(Code::kUnavailable, "source_unreachable", "the connection broke");
  }

  Result<std::vector<SqlColumn>> Describe(const std::string& query) override {
    const Answer answer = TRY(Run(fmt::format("select * from ({}\n) q limit 0", query)));
    std::vector<SqlColumn> columns;
    for (int i = 0; i < PQnfields(answer.get()); ++i) {
      SqlColumn column{.name = PQfname(answer.get(), i), .type = PQftype(answer.get(), i)};
      const Answer type = TRY(
          Run(fmt::format("select format_type(oid, {}), typcategory from pg_type where oid = {}",
                          PQfmod(answer.get(), i), column.type)));
      if (PQntuples(type.get()) == 1) {
        column.type_name = PQgetvalue(type.get(), 0, 0);
        column.category = *PQgetvalue(type.get(), 0, 1);
      }
      columns.push_back(std::move(column));
    }
    return columns;
  }

  Result<> Begin(const std::string& query) override {
    TRY(Run("declare waypost no scroll cursor for " + query));
    return {};
  }

  Result<SqlRows> Fetch(size_t most) override {
    rows_ = TRY(Run(fmt::format("fetch {} from waypost", most)));
    SqlRows rows{.count = static_cast<size_t>(PQntuples(rows_.get())), .cells = {}};
    const int columns = PQnfields(rows_.get());
    for (int row = 0; row < static_cast<int>(rows.count); ++row) {
      for (int i = 0; i < columns; ++i) {
        const bool null = PQgetisnull(rows_.get(), row, i) != 0;
        rows.cells.push_back(null ? std::nullopt
                                  : std::optional<std::string_view>(
                                        {PQgetvalue(rows_.get(), row, i),
                                         static_cast<size_t>(PQgetlength(rows_.get(), row, i))}));
      }
    }
    return rows;
  }

 private:
  // By the protocol that takes one statement and no second one after it. Whoever waits looks every
  // now and then whether it is to stop.
  Result<Answer> Run(const std::string& statement) {
    Answer answer;
    if (PQsendQueryParams(connection_.get(), statement.c_str(), 0, nullptr, nullptr, nullptr,
                          nullptr, 0)) {
      while (PQisBusy(connection_.get())) {
        pollfd wait{PQsocket(connection_.get()), POLLIN, 0};
        const int ready = poll(&wait, 1, kLookMs);
        if (stop_ && *stop_) return Error(Code::kUnavailable, "stopped", "the server stops");
        if (ready != 0 && !PQconsumeInput(connection_.get())) break;
      }
      answer.reset(PQgetResult(connection_.get()));
      while (Answer(PQgetResult(connection_.get()))) continue;
    }
    const ExecStatusType status = PQresultStatus(answer.get());
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) return answer;
    if (PQstatus(connection_.get()) == CONNECTION_BAD) {
      return Error(Code::kUnavailable, "source_unreachable",
                   OneLine(PQerrorMessage(connection_.get())));
    }
    const auto part = [&](int field) {
      const char* text = PQresultErrorField(answer.get(), field);
      return std::string(text ? text : "");
    };
    const std::string hint = part(PG_DIAG_MESSAGE_HINT);
    return Error(Code::kInvalid, "source_query",
                 OneLine(fmt::format("{} ({}){}{}", part(PG_DIAG_MESSAGE_PRIMARY),
                                     part(PG_DIAG_SQLSTATE), hint.empty() ? "" : ". ", hint)));
  }

  const Connection connection_;
  const std::atomic<bool>* const stop_;
  Answer rows_;
};

class RealSqlServers final : public SqlServers {
 public:
  explicit RealSqlServers(EgressRules rules) : rules_(std::move(rules)) {}

  Result<> Check(const SqlServer& server) const override { return CheckServer(server, rules_); }

  Result<std::unique_ptr<SqlSession>> Connect(const SqlServer& server,
                                              const std::atomic<bool>* stop) override {
    using Tls = SqlServer::Tls;
    const std::string address = TRY(AddressFor(server, rules_));
    const std::string port = std::to_string(server.port);
    const bool off = server.tls == Tls::kOff, verified = server.tls == Tls::kVerified;
    // All that matters is said, so that nothing of the server's own environment counts.
    const std::pair<const char*, const char*> words[] = {
        {"host", server.host.c_str()},
        {"hostaddr", address.c_str()},
        {"port", port.c_str()},
        {"dbname", server.database.c_str()},
        {"user", server.user.c_str()},
        {"password", server.password.c_str()},
        {"passfile", "/dev/null"},
        {"sslmode", off        ? "disable"
                    : verified ? "verify-full"
                               : "require"},
        {"sslrootcert", verified ? kAuthorities : "/dev/null/none"},
        {"sslcert", "/dev/null/none"},
        {"gssencmode", "disable"},
        {"client_encoding", "UTF8"},
        {"application_name", "waypost"},
        {"connect_timeout", kConnectSeconds},
        {"tcp_user_timeout", kSilentMs},
        {"keepalives_idle", "30"},
        {"keepalives_interval", "10"},
        {"keepalives_count", "3"},
        {"target_session_attrs", "any"},
        {"options", kOptions}};
    std::vector<const char*> names, values;
    for (const auto& [name, value] : words) {
      names.push_back(name);
      values.push_back(value);
    }
    names.push_back(nullptr);
    values.push_back(nullptr);
    Connection connection(PQconnectdbParams(names.data(), values.data(), 0));
    if (PQstatus(connection.get()) != CONNECTION_OK) return Refusal(connection.get());
    auto session = std::make_unique<RealSqlSession>(std::move(connection), stop);
    TRY(session->Open());
    return std::unique_ptr<SqlSession>(std::move(session));
  }

 private:
  // A server that was reached says so itself, with a severity that is FATAL.
  static Error Refusal(PGconn* connection) {
    const std::string message = OneLine(PQerrorMessage(connection));
    const bool heard = PQconnectionUsedPassword(connection) ||
                       PQconnectionNeedsPassword(connection) ||
                       message.find("FATAL:") != std::string::npos;
    return heard ? Error(Code::kInvalid, "source_refused", message)
                 : Error(Code::kUnavailable, "source_unreachable", message);
  }

  const EgressRules rules_;
};

std::string Quoted(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    if (c == quote) out += c;
    out += c;
  }
  return out + quote;
}

}  // namespace

std::string SqlName(std::string_view name) { return Quoted(name, '"'); }
std::string SqlText(std::string_view text) { return Quoted(text, '\''); }

std::unique_ptr<SqlServers> MakeRealSqlServers(EgressRules rules) {
  return std::make_unique<RealSqlServers>(std::move(rules));
}

}  // namespace waypost::io
