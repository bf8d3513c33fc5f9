// The commands of `waypost`. Each returns when it is done; main.cc reads the command line.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/services.h"
#include "io/stop_signal.h"
#include "people/user_calls.h"
#include "services/config.h"
#include "services/machine.h"

namespace waypost::services {
struct DemoArguments;
}

namespace waypost::server {

// Serves until SIGTERM or SIGINT, then finishes what is in flight and flushes.
Result<> Serve(const services::Machine& machine, const services::Config& config,
               io::StopSignal& stop);

// Serves the demo bank, made first when the data folder holds no events.
Result<> Demo(const services::Machine& machine, const services::Config& config,
              io::StopSignal& stop, const services::DemoArguments& arguments);

struct ImportArguments {
  std::vector<std::string> sources;
  std::string mapping;  // file; empty: proposed from the first source
  std::string project = "default";
  std::string id;
  std::string rejects;
  bool dry_run = false;
  bool check_first = false;
  bool show_mapping = false;  // prints the proposed mapping and loads nothing
};
Result<> Import(const services::Machine& machine, const services::Config& config,
                const ImportArguments& arguments);

struct ExportArguments {
  std::string project = "default";
  std::string to;
  std::string format;  // "csv", "jsonl", "parquet"; empty: by the name of `to`
  bool customers = false;
  std::string from, until;  // ISO 8601; empty: no bound
  std::vector<std::string> events;
  std::vector<std::string> properties;
};
Result<> Export(const services::Machine& machine, const services::Config& config,
                const ExportArguments& arguments);

struct QueryArguments {
  std::string question;  // the JSON text
  std::string project = "default";
  bool explain = false;
};
// Prints the answer. Asks the data folder, or the server that has it open.
Result<> Query(const services::Machine& machine, const services::Config& config,
               const QueryArguments& arguments);

struct SegmentArguments {
  api::SegmentCall call;  // the verb, the id, the body
};
// Prints the answer. Works on the data folder, or through the server that has it open.
Result<> Segment(const services::Machine& machine, const services::Config& config,
                 const SegmentArguments& arguments);
struct CustomerArguments {
  std::string key, value;  // any identity of the customer
  std::string project = "default";
  bool timeline = false;          // what the customer did, not who it is
  bool profile = false;           // who it is, tags, the last events
  bool erase = false;             // for good
  bool cut = false;               // the identity off the customer it is of
  std::vector<std::string> tags;  // of a profile; empty: all that are certified
  std::string before;             // "next" of the page before
  size_t limit = 100;
};
// Prints one customer, erases it, or cuts the identity off it. Asks the data folder, or the server
// that has it open.
Result<> ShowCustomer(const services::Machine& machine, const services::Config& config,
                      const CustomerArguments& arguments);

struct UserArguments {
  std::vector<people::UserCall> calls;  // one after the other
};
// Prints the answers. Works on the data folder, or through the server that has it open.
Result<> User(const services::Machine& machine, const services::Config& config,
              const UserArguments& arguments);

struct TagArguments {
  api::TagCall call;  // the verb, the id, the body; who, when the data folder is worked on
};
// Prints the answer. Works on the data folder, or through the server that has it open.
Result<> Tag(const services::Machine& machine, const services::Config& config,
             const TagArguments& arguments);

struct DeliveryArguments {
  api::DeliveryCall call;  // the verb, the id, the body
};
// Prints the answer of the running server, which is who delivers. Errors: AskRunningServer's.
Result<> Delivery(const services::Machine& machine, const services::Config& config,
                  const DeliveryArguments& arguments);

struct JourneyArguments {
  enum class Verb : uint8_t {
    kValidate,
    kRehearse,
    kPublish,
    kRelease,
    kPause,
    kResume,
    kStop,
    kList,
    kShow,
    kVersions,
    kCompare,
    kWhy,
    kTemplates,
    kTemplate,
    kPutTemplate,
    kMake
  };
  Verb verb = Verb::kList;
  std::string project = "default";
  std::string definition;         // of those that take a file: the JSON text
  std::string journey;            // of the others but kList; a template where one is meant
  int days = 30;                  // kRehearse
  std::optional<double> percent;  // kRelease
  std::string who;                // kRelease: a condition; empty: as before
  std::string in_flight;          // kValidate, kPublish: the policy; empty: the definition's
  uint32_t version = 0;           // kCompare
  uint32_t since = 0;             // kCompare: with this one; 0: the one before
  std::string key, value;         // kWhy: the customer
};
// Prints the answer; an error when what was validated has faults. Changes are made by the server
// that has the data folder open.
Result<> Journey(const services::Machine& machine, const services::Config& config,
                 const JourneyArguments& arguments);

struct TableArguments {
  api::TableCall call;  // the verb, the id, the body
};
// Prints the answer. Works on the data folder, or through the server that has it open.
Result<> ShowTable(const services::Machine& machine, const services::Config& config,
                   const TableArguments& arguments);
// Prints a declaration and a mapping that fit a file, for a person to check, and what is in its
// columns.
Result<> ProposeTable(const services::Machine& machine, const std::string& file,
                      const std::string& id);

// Reads and checks every byte of every project; errors name the first wrong one.
Result<> VerifyStore(const services::Machine& machine, const services::Config& config);

struct AuditArguments {
  std::string witness;     // file of signed heads; empty: only the chain is checked
  std::string public_key;  // 64 hexadecimal digits; empty: of the data folder's key
};
// Checks the audit log, also of a running server; errors name the first bad record.
Result<> VerifyAudit(const services::Machine& machine, const services::Config& config,
                     const AuditArguments& arguments);

// Copies one project into a new folder; through the server when it is running.
Result<> Backup(const services::Machine& machine, const services::Config& config,
                const std::string& project, const std::string& to);
// Makes the data of a project out of a backup, verified, with sending held.
Result<> Restore(const services::Machine& machine, const services::Config& config,
                 const std::string& project, const std::string& from);

}  // namespace waypost::server
