// Rows out of PostgreSQL databases of others, whose addresses people type in: behind the rules of
// calls (io/egress.h), and read only, whatever is asked.
//
//   auto session = TRY(servers.Connect({.host = "core.bank", .database = "core", ...}));
//   const std::vector<SqlColumn> columns = TRY(session->Describe("select * from holding"));
//   TRY(session->Begin("select id::text from holding"));
//   for (SqlRows rows = TRY(session->Fetch(1'000)); rows.count > 0; ...)
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace waypost::io {

inline constexpr std::array<std::string_view, 2> kSqlSchemes{"postgresql", "postgres"};

struct SqlServer {
  enum class Tls : uint8_t {
    kOff,
    kRequired,  // whoever answers
    kVerified,  // who has a certificate of that name from an authority this host trusts
  };
  std::string host;
  uint16_t port = 5432;
  std::string database, user, password;
  Tls tls = Tls::kVerified;
};

struct SqlColumn {
  std::string name;
  uint32_t type = 0;      // as PostgreSQL numbers its own: 25 is text
  std::string type_name;  // "numeric(12,2)"
  char category = 0;      // pg_type.typcategory: N numbers, S texts, D times, A arrays, ...
};

// As texts, row by row; nothing for NULL. Views are good until the next call of the session.
struct SqlRows {
  size_t count = 0;
  std::vector<std::optional<std::string_view>> cells;
};

// One connection, and what it saw when it was made: all of a session is one read-only snapshot, its
// times in UTC. Belongs to one thread.
//
// Errors: kInvalid "source_query" with what the database says of the query, "source_refused" when
// it lets nobody in; kUnavailable "source_unreachable", also when a connection breaks;
// kInvalid "egress_denied".
class SqlSession {
 public:
  virtual ~SqlSession() = default;
  // What one query gives; reads no row.
  virtual Result<std::vector<SqlColumn>> Describe(const std::string& query) = 0;
  // Once.
  virtual Result<> Begin(const std::string& query) = 0;
  // The next ones, at most so many; none at the end.
  virtual Result<SqlRows> Fetch(size_t most) = 0;
};

// Any thread may connect.
class SqlServers {
 public:
  virtual ~SqlServers() = default;
  // What can be said of a server without asking for its name's address: kInvalid "egress_denied".
  virtual Result<> Check(const SqlServer& server) const = 0;
  // Whatever the session waits for ends with kUnavailable "stopped" soon after *stop was set.
  virtual Result<std::unique_ptr<SqlSession>> Connect(const SqlServer& server,
                                                      const std::atomic<bool>* stop = nullptr) = 0;
};

// A name, and a text, as SQL has them. REQUIRES: no NUL in them.
std::string SqlName(std::string_view name);
std::string SqlText(std::string_view text);

}  // namespace waypost::io
