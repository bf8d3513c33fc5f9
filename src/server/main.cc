// The command line of `waypost`.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>

#include "api/json_body.h"
#include "base/logger.h"
#include "io/real_clock.h"
#include "io/real_egress.h"
#include "io/real_file_system.h"
#include "io/real_network.h"
#include "io/real_random.h"
#include "io/real_sql.h"
#include "server/command_words.h"
#include "server/commands.h"
#include "server/config_flags.h"
#include "server/console_files.h"
#include "server/running_server.h"
#include "server/users.h"
#include "services/demo_bank.h"
#include "services/text_file.h"

namespace waypost::server {
namespace {

std::string ReadInput() {
  std::string text;
  for (int c = std::getchar(); c != EOF; c = std::getchar()) text += static_cast<char>(c);
  return text;
}

// The text of a file, or of standard input for "-"; as the server, it takes no member twice.
Result<std::string> ReadQuestion(io::FileSystem& files, const std::string& path) {
  std::string text = path == "-" ? ReadInput() : TRY(services::ReadTextFile(files, path));
  if (const std::string twice = api::TwiceNamed(text); !twice.empty())
    return Error(Code::kInvalid, "member_twice", twice + " is there twice: keep one of them");
  return text;
}

// Commands add themselves here; the one that was given is run.
class CommandLine {
 public:
  explicit CommandLine(io::StopSignal& stop) : stop_(stop) {
    app_.set_version_flag("--version", "waypost " WAYPOST_VERSION);
    app_.require_subcommand(1);
    AddServe();
    AddDemo();
    AddImport();
    AddExport();
    AddQuery();
    AddSegment();
    AddJourney();
    AddCustomer();
    AddUser();
    AddTag();
    AddDelivery();
    AddTable();
    AddCall();
    AddStore();
    AddAudit();
    AddClock();
    AddBackup();
    AddRestore();
  }

  int Run(int count, char** words) {
    Result<> done = CheckCommand(app_, {words + 1, words + count});
    if (done.ok()) {
      CLI11_PARSE(app_, count, words);
      done = run_();
    }
    if (done.ok()) return 0;
    std::fprintf(stderr, "waypost: %s\n", done.error().message().c_str());
    return 1;
  }

 private:
  using Command = std::function<Result<>(const services::Config&)>;

  CLI::App* Add(CLI::App* parent, const std::string& name, const std::string& help,
                Command command) {
    CLI::App* added = parent->add_subcommand(name, help);
    const auto flags = std::make_shared<ConfigFlags>(added);
    added->callback([this, flags, command = std::move(command)] {
      run_ = [this, flags, command]() -> Result<> {
        return command(TRY(flags->Read(machine_.files)));
      };
    });
    return added;
  }

  void AddServe() {
    Add(&app_, "serve", "Collect events and answer questions over HTTP until SIGTERM",
        [this](const services::Config& config) { return Serve(machine_, config, stop_); });
  }

  void AddDemo() {
    CLI::App* command = Add(
        &app_, "demo", "Serve a made-up bank, made at the first start",
        [this](const services::Config& config) { return Demo(machine_, config, stop_, demo_); });
    command->add_option("--customers", demo_.customers, "Customers of the bank")
        ->check(CLI::Range(1, 10'000'000))
        ->capture_default_str();
    command->add_option("--days", demo_.days, "Days of its story")
        ->check(CLI::Range(1, 3'650))
        ->capture_default_str();
    command->add_flag("--still", demo_.still, "Nobody visits, and no journey runs");
  }

  void AddProject(CLI::App* command, std::string* project) {
    command->add_option("--project", *project, "Project")->capture_default_str();
  }

  void AddImport() {
    CLI::App* command =
        Add(&app_, "import", "Load CSV, JSON Lines or Parquet files, .gz too",
            [this](const services::Config& config) { return Import(machine_, config, import_); });
    command->add_option("sources", import_.sources, "Files, and folders of files")->required();
    command->add_option("--mapping", import_.mapping,
                        "What the columns mean; proposed when not given");
    AddProject(command, &import_.project);
    command->add_option("--id", import_.id,
                        "Name of the import: the same files under another load again");
    command->add_option("--rejects", import_.rejects,
                        "CSV file for the rows that cannot be loaded");
    command->add_flag("--dry-run", import_.dry_run, "Read and judge everything, load nothing");
    command->add_flag("--check-first", import_.check_first, "Load only when a dry run succeeds");
    command->add_flag("--show-mapping", import_.show_mapping,
                      "Print the proposed mapping, load nothing");
  }

  void AddExport() {
    CLI::App* command =
        Add(&app_, "export", "Write events or customers to one file",
            [this](const services::Config& config) { return Export(machine_, config, export_); });
    command->add_option("--to", export_.to, "File to write; must not be there")->required();
    command->add_option("--format", export_.format, "csv, jsonl or parquet [by the file's name]");
    AddProject(command, &export_.project);
    command->add_flag("--customers", export_.customers,
                      "Customers with their attributes, not events");
    command->add_option("--from", export_.from, "Events from this date or time on (UTC)");
    command->add_option("--until", export_.until, "Events before this date or time (UTC)");
    command->add_option("--event", export_.events, "Only these events");
    command->add_option("--property", export_.properties, "Only these properties or attributes");
  }

  void AddQuery() {
    CLI::App* command =
        Add(&app_, "query", "Ask a question of the data folder, or of the server that has it open",
            [this](const services::Config& config) -> Result<> {
              query_.question = TRY(ReadQuestion(machine_.files, question_file_));
              return Query(machine_, config, query_);
            });
    command
        ->add_option("question", question_file_,
                     "File with the question (JSON), - for standard input")
        ->required();
    AddProject(command, &query_.project);
    command->add_flag("--explain", query_.explain, "Show the plan and the bytes it would touch");
  }

  void AddSegment() {
    using Verb = api::SegmentCall::Verb;
    struct Words {
      Verb verb;
      const char *name, *help;
      bool id, file;
    };
    static constexpr Words kWords[] = {
        {Verb::kCheck, "check", "Read a rule and find its names", false, true},
        {Verb::kEstimate, "estimate", "Count the customers of a rule", false, true},
        {Verb::kCreate, "create", "Make a segment", false, true},
        {Verb::kChange, "change", "Make a new version of a segment", true, true},
        {Verb::kList, "list", "Show all segments", false, false},
        {Verb::kShow, "show", "Show a segment and its runs", true, false},
        {Verb::kRun, "run", "Evaluate a segment and keep who is in it", true, false},
        {Verb::kMembers, "members", "Show who was in a run", true, false},
        {Verb::kOverlap, "overlap", "Count what segments share", false, true},
        {Verb::kExport, "export", "Write members to a file", true, true},
        {Verb::kRemove, "remove", "Remove a segment that nothing uses", true, false},
        {Verb::kUpload, "upload", "Upload a list of identities", false, true},
        {Verb::kLists, "lists", "Show uploaded lists", false, false},
    };
    CLI::App* segment = app_.add_subcommand("segment", "Work with segments and rules (EQL)");
    segment->require_subcommand(1);
    for (const Words& words : kWords) {
      CLI::App* command = Add(segment, words.name, words.help,
                              [this, words](const services::Config& config) -> Result<> {
                                segment_.call.verb = words.verb;
                                if (words.file)
                                  segment_.call.body =
                                      TRY(ReadQuestion(machine_.files, question_file_));
                                return Segment(machine_, config, segment_);
                              });
      if (words.id) command->add_option("id", segment_.call.id, "Segment")->required();
      if (words.file) {
        command
            ->add_option("body", question_file_, "File with the body (JSON), - for standard input")
            ->required();
      }
      if (words.verb == Verb::kMembers) {
        command->add_option("--run", segment_.call.run, "Number of the run [the newest]");
        command->add_option("--limit", segment_.call.limit, "Members to show")
            ->capture_default_str();
      }
      AddProject(command, &segment_.call.sight.project);
    }
  }

  void AddCustomer() {
    CLI::App* command = Add(&app_, "customer", "Show one customer: identities, attributes, events",
                            [this](const services::Config& config) {
                              return ShowCustomer(machine_, config, customer_);
                            });
    command->add_option("key", customer_.key, "Kind of identity: login, phone, ...")->required();
    command->add_option("value", customer_.value, "The identity")->required();
    AddProject(command, &customer_.project);
    command->add_flag("--timeline", customer_.timeline, "What the customer did, newest first");
    command
        ->add_flag("--profile", customer_.profile,
                   "Who the customer is, the newest values of tags, and the last events")
        ->excludes("--timeline");
    command->add_option("--tag", customer_.tags, "Tags of a profile; all certified ones without");
    command->add_flag("--erase", customer_.erase, "Erase the customer, for good");
    command->add_flag("--cut", customer_.cut, "Cut the identity off the customer")
        ->excludes("--erase");
    command->add_option("--limit", customer_.limit, "Events of a page or a profile")
        ->check(CLI::Range(1, 1000));
    command->add_option("--before", customer_.before, "The next of the page before");
  }

  void AddUser() {
    CLI::App* user = app_.add_subcommand("user", "Who may sign in to the console, and do what");
    user->require_subcommand(1);
    const auto add = [&](const std::string& name, const std::string& help, auto calls) {
      return Add(user, name, help, [this, calls](const services::Config& config) {
        return User(machine_, config, {.calls = calls(user_name_)});
      });
    };
    const auto add_of_one = [&](const std::string& name, const std::string& help, auto calls) {
      CLI::App* command = add(name, help, calls);
      command->add_option("name", user_name_, "The user's name")->required();
      return command;
    };
    using Calls = std::vector<people::UserCall>;
    using Verb = people::UserCall::Verb;
    add("list", "Show all users", [](const std::string&) { return Calls{{.verb = Verb::kList}}; });
    CLI::App* create = add_of_one(
        "create", "Make a user and print the first password", [this](const std::string& name) {
          if (admin_) roles_.insert(roles_.end(), {"system_admin", "lead"});
          return Calls{{Verb::kCreate, name, UserBody(name, title_, roles_)}};
        });
    create->add_option("--title", title_, "What others call the user");
    create->add_option("--role", roles_, "A role of the user; may be repeated");
    create->add_flag("--admin", admin_, "The roles system_admin and lead");
    add_of_one("roles", "Set a user's roles", [this](const std::string& name) {
      return Calls{{Verb::kSetRoles, name, RolesBody(roles_)}};
    })->add_option("--role", roles_, "A role of the user; may be repeated");
    add_of_one("password", "Give a user a new first password",
               [](const std::string& name) { return Calls{{.verb = Verb::kReset, .name = name}}; });
    add_of_one("disable", "End a user's sessions and let them sign in no more",
               [](const std::string& name) {
                 return Calls{{Verb::kChange, name, "{\"disabled\":true}"}};
               });
    add_of_one("enable", "Let a user sign in again", [](const std::string& name) {
      return Calls{{Verb::kChange, name, "{\"disabled\":false}"}};
    });
  }

  void AddTag() {
    using Verb = api::TagCall::Verb;
    struct Words {
      Verb verb;
      const char *name, *help;
      bool id, file;
    };
    static constexpr Words kWords[] = {
        {Verb::kCheck, "check", "Read a making and find its names", false, true},
        {Verb::kCreate, "create", "Make a tag", false, true},
        {Verb::kChange, "change", "Make a new version of a tag", true, true},
        {Verb::kList, "list", "Show all tags", false, false},
        {Verb::kShow, "show", "Show a tag, its steps and runs", true, false},
        {Verb::kStep, "step", "Take a step: submit, certify, launch, ...", true, false},
        {Verb::kRun, "run", "Make the values of today, or of a past day", true, true},
        {Verb::kBackfill, "backfill", "Make the values of many past days", true, true},
        {Verb::kUpload, "upload", "Upload values of identities", true, true},
        {Verb::kDistribution, "distribution", "Count who has each value", true, true},
        {Verb::kTransitions, "transitions", "Compare two days", true, true},
        {Verb::kHealth, "health", "Show how a tag is", true, false},
        {Verb::kReport, "report", "Show how all tags are", false, false},
        {Verb::kLookUp, "lookup", "Show the values of customers", false, true},
        {Verb::kNamePlaces, "name-places", "Call categories and albums in English", false, true},
        {Verb::kRemove, "remove", "Remove a tag that nothing uses", true, false},
    };
    CLI::App* tag = app_.add_subcommand("tag", "Work with tags");
    tag->require_subcommand(1);
    for (const Words& words : kWords) {
      CLI::App* command = Add(
          tag, words.name, words.help, [this, words](const services::Config& config) -> Result<> {
            tag_.call.verb = words.verb;
            if (words.file && !question_file_.empty())
              tag_.call.body = TRY(ReadQuestion(machine_.files, question_file_));
            return Tag(machine_, config, tag_);
          });
      if (words.id) command->add_option("id", tag_.call.id, "Tag")->required();
      if (words.verb == Verb::kList)
        command->add_option("--find", tag_.call.query, "Chinese, pinyin or English words");
      if (words.verb == Verb::kStep) {
        command->add_option("step", tag_.call.step, "The step")->required();
        command->add_option("--who", tag_.call.who, "Who takes it, when no server runs");
      }
      if (words.file) {
        const bool needed = words.verb != Verb::kRun && words.verb != Verb::kDistribution;
        command
            ->add_option("body", question_file_, "File with the body (JSON), - for standard input")
            ->required(needed);
      }
      AddProject(command, &tag_.call.sight.project);
    }
  }

  void AddDelivery() {
    using Verb = api::DeliveryCall::Verb;
    CLI::App* delivery = app_.add_subcommand("delivery", "Values of tags to others");
    delivery->require_subcommand(1);
    for (const auto& [verb, name, help] :
         {std::tuple{Verb::kList, "list", "Show all deliveries"},
          {Verb::kShow, "show", "Show what waits, was sent, was given up; files"},
          {Verb::kPut, "put", "Make a delivery, or change it"},
          {Verb::kRun, "run", "Write the file now"},
          {Verb::kRetry, "retry", "Send again what was given up"},
          {Verb::kRemove, "remove", "Deliver no longer; files stay"}}) {
      CLI::App* command =
          Add(delivery, name, help, [this, of = verb](const services::Config& config) -> Result<> {
            delivery_.call.verb = of;
            if (of == Verb::kPut)
              delivery_.call.body = TRY(ReadQuestion(machine_.files, question_file_));
            return Delivery(machine_, config, delivery_);
          });
      if (verb != Verb::kList) command->add_option("id", delivery_.call.id, "Delivery")->required();
      if (verb == Verb::kPut) {
        command->add_option("body", question_file_, "File (JSON), - for standard input")
            ->required();
      }
      AddProject(command, &delivery_.call.project);
    }
  }

  void AddTable() {
    using Verb = api::TableCall::Verb;
    struct Words {
      Verb verb;
      const char *name, *help;
      bool file, id;
    };
    static constexpr Words kWords[] = {
        {Verb::kList, "list", "Show all tables", false, false},
        {Verb::kShow, "show", "Show a table's declaration", false, true},
        {Verb::kDeclare, "declare", "Declare a table, or what changes of it", true, true},
        {Verb::kRemove, "remove", "Remove a table and its rows", false, true},
        {Verb::kRows, "rows", "Show rows of a table", false, true},
        {Verb::kUpload, "upload", "Put or take away rows, all or none", true, true},
        {Verb::kSource, "show", "Show where a table is loaded from, and its last loads", false,
         true},
        {Verb::kSetSource, "set", "Say from which PostgreSQL database a table is loaded", true,
         true},
        {Verb::kSetPassword, "password", "Set the password for the database: {\"password\"}", true,
         true},
        {Verb::kCheckSource, "check", "Connect, and show how columns and types fit", false, true},
        {Verb::kLoadSource, "load", "Load what is new", false, true},
        {Verb::kRemoveSource, "remove", "Load the table no longer; its rows stay", false, true},
    };
    CLI::App* table = app_.add_subcommand("table", "Things and details of customers");
    table->require_subcommand(1);
    CLI::App* source = table->add_subcommand("source", "PostgreSQL databases tables come from");
    source->require_subcommand(1);
    for (const Words& words : kWords) {
      CLI::App* command = Add(words.verb >= Verb::kSource ? source : table, words.name, words.help,
                              [this, words](const services::Config& config) -> Result<> {
                                table_.call.verb = words.verb;
                                if (words.file)
                                  table_.call.body =
                                      TRY(ReadQuestion(machine_.files, question_file_));
                                return ShowTable(machine_, config, table_);
                              });
      if (words.id) command->add_option("id", table_.call.id, "Table")->required();
      if (words.file) {
        command->add_option("body", question_file_, "File (JSON), - for standard input")
            ->required();
      }
      if (words.verb == Verb::kLoadSource) {
        command->add_flag("--whole", table_.call.whole,
                          "All rows, in the place of those that are there");
      }
      if (words.verb == Verb::kRows) {
        command->add_option("--limit", table_.call.limit, "Rows of a page")
            ->check(CLI::Range(1, 1000));
        command->add_option("--after", table_.call.after, "The next of the page before");
      }
      AddProject(command, &table_.call.project);
    }
    CLI::App* propose = Add(table, "propose", "Propose a declaration and a mapping for a file",
                            [this](const services::Config&) {
                              return ProposeTable(machine_, question_file_, table_.call.id);
                            });
    propose->add_option("file", question_file_, "CSV, JSON Lines or Parquet")->required();
    propose->add_option("--id", table_.call.id, "Of the table [the file's name]");
  }

  void AddJourney() {
    using Verb = JourneyArguments::Verb;
    struct Words {
      Verb verb;
      const char *name, *help;
      bool file, id;
    };
    static constexpr Words kWords[] = {
        {Verb::kValidate, "validate", "Show every fault of a definition", true, false},
        {Verb::kRehearse, "rehearse", "Show what a definition would have done lately", true, false},
        {Verb::kPublish, "publish", "Publish a definition", true, false},
        {Verb::kRelease, "release", "Let a journey out to more or fewer customers", false, true},
        {Verb::kPause, "pause", "Send nothing and let nobody in for a while", false, true},
        {Verb::kResume, "resume", "Go on after a pause", false, true},
        {Verb::kStop, "stop", "End a journey for everybody in it", false, true},
        {Verb::kList, "list", "Show all journeys", false, false},
        {Verb::kShow, "show", "Show a journey and the counts of its nodes", false, true},
        {Verb::kVersions, "versions", "Show what each version of a journey did", false, true},
        {Verb::kCompare, "compare", "Show what a version changes of another", false, true},
        {Verb::kTemplates, "templates", "Show all templates of journeys", false, false},
        {Verb::kTemplate, "template", "Show a template and what was made of it", false, true},
        {Verb::kPutTemplate, "put-template", "Keep a template, or its next version", true, true},
        {Verb::kMake, "make", "Make a journey of a template, or its next version", true, true},
        {Verb::kWhy, "why", "Show why a customer is, was or is not in a journey", false, true},
    };
    CLI::App* journey = app_.add_subcommand("journey", "Work with journeys");
    journey->require_subcommand(1);
    for (const Words& words : kWords) {
      CLI::App* command = Add(journey, words.name, words.help,
                              [this, words](const services::Config& config) -> Result<> {
                                journey_.verb = words.verb;
                                if (words.file)
                                  journey_.definition =
                                      TRY(ReadQuestion(machine_.files, question_file_));
                                return Journey(machine_, config, journey_);
                              });
      if (words.file) {
        command->add_option("definition", question_file_, "File (JSON), - for standard input")
            ->required();
      }
      if (words.id) command->add_option("id", journey_.journey, "Journey, or template")->required();
      if (words.verb == Verb::kRehearse) {
        command->add_option("--days", journey_.days, "On the events of so many days")
            ->check(CLI::Range(1, 366))
            ->capture_default_str();
      }
      if (words.verb == Verb::kPublish || words.verb == Verb::kValidate) {
        command
            ->add_option("--in-flight", journey_.in_flight,
                         "What those inside do [what the definition says, or pin]")
            ->check(CLI::IsMember({"pin", "migrate", "exit"}));
      }
      if (words.verb == Verb::kCompare) {
        command->add_option("--version", journey_.version, "The later one")
            ->check(CLI::PositiveNumber)
            ->required();
        command->add_option("--since", journey_.since, "The earlier one [the one before]")
            ->check(CLI::PositiveNumber);
      }
      if (words.verb == Verb::kRelease) {
        CLI::Option_group* whom = command->add_option_group("Whom");
        whom->add_option("--percent", journey_.percent, "Of all customers; 100 is everybody")
            ->check(CLI::Range(0.0, 100.0));
        whom->add_option("--who", journey_.who, "These as well: a condition, IN SEGMENT testers");
        whom->require_option(1, 2);
      }
      if (words.verb == Verb::kWhy) {
        command->add_option("key", journey_.key, "Key of an identity of the customer: login, phone")
            ->required();
        command->add_option("value", journey_.value, "Its value")->required();
      }
      AddProject(command, &journey_.project);
    }
  }

  void AddCall() {
    CLI::App* call = Add(&app_, "call", "Make any call of the API (docs/calls.md) to the server",
                         [this](const services::Config& config) -> Result<> {
                           if (!question_file_.empty())
                             call_.body = TRY(ReadQuestion(machine_.files, question_file_));
                           return PrintCall(machine_, config, call_);
                         });
    call->add_option("method", call_.method, "GET, POST, PUT, PATCH or DELETE")->required();
    call->add_option("path", call_.target, "Path, as /v1/plan, and what follows a ?")->required();
    call->add_option("body", question_file_, "File (JSON), - for standard input");
  }

  void AddStore() {
    CLI::App* store = app_.add_subcommand("store", "Look after the stored data");
    store->require_subcommand(1);
    Add(store, "verify", "Check every checksum; the server must not be running",
        [this](const services::Config& config) { return VerifyStore(machine_, config); });
  }

  void AddAudit() {
    CLI::App* audit = app_.add_subcommand("audit", "Look into the audit log");
    audit->require_subcommand(1);
    CLI::App* command = Add(
        audit, "verify", "Check every record and the chain between them, also while serving",
        [this](const services::Config& config) { return VerifyAudit(machine_, config, audit_); });
    command->add_option("--witness", audit_.witness, "File of signed heads kept elsewhere");
    command->add_option("--public-key", audit_.public_key,
                        "Key of the signed heads [the data folder's]");
  }

  void AddClock() {
    CLI::App* clock = app_.add_subcommand("clock", "Look after the server's time");
    clock->require_subcommand(1);
    Add(clock, "confirm",
        "Say that the machine's clock is right after it jumped: the server's time moves to it",
        [this](const services::Config& config) -> Result<> {
          std::puts(TRY(AskRunningServer(machine_, config, "/v1/clock/confirm", "")).c_str());
          return {};
        });
  }

  void AddBackup() {
    CLI::App* command =
        Add(&app_, "backup", "Copy a project's data into a new folder, also while serving",
            [this](const services::Config& config) {
              return Backup(machine_, config, project_, folder_);
            });
    command->add_option("--to", folder_, "Absolute path of the new folder")->required();
    AddProject(command, &project_);
  }

  void AddRestore() {
    CLI::App* command =
        Add(&app_, "restore", "Make a project's data out of a backup, with sending held",
            [this](const services::Config& config) {
              return Restore(machine_, config, project_, folder_);
            });
    command->add_option("--from", folder_, "Folder of the backup")->required();
    AddProject(command, &project_);
  }

  io::StopSignal& stop_;
  const std::unique_ptr<io::FileSystem> files_ = io::MakeRealFileSystem();
  const std::unique_ptr<io::Network> network_ = io::MakeRealNetwork();
  io::RealRandom random_;
  const io::RealClock machine_clock_;
  io::GuardedClock clock_{machine_clock_};
  const services::Machine machine_{*files_,
                                   *network_,
                                   random_,
                                   clock_,
                                   &clock_,
                                   ConsoleFiles(),
                                   &io::MakeRealEgress,
                                   &io::MakeRealSqlServers};

  CLI::App app_{"Waypost: customer operations on your own machine", "waypost"};
  std::function<Result<>()> run_;
  services::DemoArguments demo_;
  ImportArguments import_;
  ExportArguments export_;
  QueryArguments query_;
  SegmentArguments segment_{{.sight = {"default"}}};
  CustomerArguments customer_;
  TagArguments tag_{{.sight = {"default"}}};
  DeliveryArguments delivery_{{.project = "default"}};
  TableArguments table_{{.project = "default"}};
  ServerCall call_;
  JourneyArguments journey_;
  AuditArguments audit_;
  std::string user_name_, title_;
  std::vector<std::string> roles_;
  bool admin_ = false;
  std::string question_file_, project_ = "default", folder_;
};

}  // namespace
}  // namespace waypost::server

int main(int count, char** words) {
  waypost::io::StopSignal stop;
  return waypost::server::CommandLine(stop).Run(count, words);
}
