#include "services/config.h"

#include <date/tz.h>

#include <algorithm>
#include <charconv>
#include <limits>

#include "base/nearest.h"
#include "base/toml.h"
#include "channels/sealed.h"
#include "io/egress.h"
#include "people/password.h"

namespace waypost::services {
namespace {

Error Expected(std::string_view what) {
  return Error(Code::kInvalid, "bad_setting", "expected " + std::string(what));
}

template <typename Number>
Result<> SetNumber(std::string_view value, uint64_t min, uint64_t max, Number* out) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size() || number < min || number > max) {
    return Expected("a whole number from " + std::to_string(min) + " to " + std::to_string(max));
  }
  *out = static_cast<Number>(number);
  return {};
}

Result<> SetText(std::string_view value, std::string* out) {
  if (value.empty()) return Expected("a text that is not empty");
  *out = value;
  return {};
}

Result<> SetTextOrNone(std::string_view value, std::string* out) {
  if (value != "none") return SetText(value, out);
  out->clear();
  return {};
}

Result<> SetZone(std::string_view value, std::string* out) {
  if (!FindZone(value)) return Expected("an IANA time zone such as Asia/Shanghai");
  *out = value;
  return {};
}

Result<> SetFlag(std::string_view value, bool* out) {
  if (value != "true" && value != "false") return Expected("true or false");
  *out = value == "true";
  return {};
}

constexpr Setting kSettings[] = {
    {"data", "Data folder, made when missing", false,
     [](Config& c, std::string_view v) { return SetText(v, &c.data); },
     [](const Config& c) { return c.data; }},
    {"listen.address", "IP address to listen on", false,
     [](Config& c, std::string_view v) { return SetText(v, &c.listen_address); },
     [](const Config& c) { return c.listen_address; }},
    {"listen.port", "Port to listen on; 0 takes a free one", false,
     [](Config& c, std::string_view v) { return SetNumber(v, 0, 65'535, &c.listen_port); },
     [](const Config& c) { return std::to_string(c.listen_port); }},
    {"listen.threads", "Threads that serve connections", false,
     [](Config& c, std::string_view v) { return SetNumber(v, 1, 256, &c.listen_threads); },
     [](const Config& c) { return std::to_string(c.listen_threads); }},
    {"listen.connections", "Most connections at once", false,
     [](Config& c, std::string_view v) {
       return SetNumber(v, 1, 1'000'000, &c.listen_connections);
     },
     [](const Config& c) { return std::to_string(c.listen_connections); }},
    {"api.token", "Token for questions and the tracking plan; made at first start when not set",
     true, [](Config& c, std::string_view v) { return SetText(v, &c.api_token); },
     [](const Config&) { return std::string(); }},
    {"api.open_on_loopback", "Callers on this machine need no token (development only)", false,
     [](Config& c, std::string_view v) { return SetFlag(v, &c.api_open_on_loopback); },
     [](const Config& c) { return std::string(c.api_open_on_loopback ? "true" : "false"); }},
    {"write_key", "Write key of the default project, when no project is configured", true,
     [](Config& c, std::string_view v) { return SetText(v, &c.write_key); },
     [](const Config&) { return std::string(); }},
    {"environment", "What the console says one works on: production, test, ...", false,
     [](Config& c, std::string_view v) { return SetText(v, &c.environment); },
     [](const Config& c) { return c.environment; }},
    {"time_zone", "IANA time zone of questions and of projects that name none", false,
     [](Config& c, std::string_view v) { return SetZone(v, &c.time_zone); },
     [](const Config& c) { return c.time_zone; }},
    {"password.profile", "What is asked of passwords: asvs (OWASP) or mlps3 (等保三级)", false,
     [](Config& c, std::string_view v) -> Result<> {
       if (people::FindPasswordProfile(v) == nullptr) return Expected("asvs or mlps3");
       return SetText(v, &c.password_profile);
     },
     [](const Config& c) { return c.password_profile; }},
    {"audit.witness", "File on another disk for the audit log's signed head, every minute, or none",
     false,
     [](Config& c, std::string_view v) -> Result<> {
       c.audit_witness = v == "none" ? "" : v;
       return {};
     },
     [](const Config& c) { return c.audit_witness.empty() ? "none" : c.audit_witness; }},
    {"secrets.key",
     "64 hexadecimal digits that channels' secrets are kept under; made at first start", true,
     [](Config& c, std::string_view v) -> Result<> {
       TRY(channels::ReadSealKey(v));
       return SetText(v, &c.secrets_key);
     },
     [](const Config&) { return std::string(); }},
    {"catalog.server", "PostgreSQL that definitions, users and roles are kept in", true,
     [](Config& c, std::string_view v) { return SetText(v, &c.catalog_server); },
     [](const Config&) { return std::string(); }},
    {"egress.allow", "Private addresses and ranges that channels may call, or none", false,
     [](Config& c, std::string_view v) -> Result<> {
       c.egress_allow = v == "none" ? "" : v;
       TRY(io::EgressRules::Read(c.egress_allow));
       return {};
     },
     [](const Config& c) { return c.egress_allow.empty() ? "none" : c.egress_allow; }},
    {"oidc.issuer", "Identity provider (OpenID Connect) that people may sign in through", false,
     [](Config& c, std::string_view v) { return SetTextOrNone(v, &c.oidc.issuer); },
     [](const Config& c) { return c.oidc.issuer.empty() ? "none" : c.oidc.issuer; }},
    {"oidc.client_id", "Name of this server at the identity provider", false,
     [](Config& c, std::string_view v) { return SetTextOrNone(v, &c.oidc.client_id); },
     [](const Config& c) { return c.oidc.client_id.empty() ? "none" : c.oidc.client_id; }},
    {"oidc.client_secret",
     "Secret of this server at the identity provider; none when it asks for none", true,
     [](Config& c, std::string_view v) { return SetText(v, &c.oidc.client_secret); },
     [](const Config&) { return std::string(); }},
    {"oidc.url", "Address of this server as browsers see it, with https", false,
     [](Config& c, std::string_view v) { return SetTextOrNone(v, &c.oidc.url); },
     [](const Config& c) { return c.oidc.url.empty() ? "none" : c.oidc.url; }},
    {"oidc.scopes", "What is asked of the identity provider", false,
     [](Config& c, std::string_view v) { return SetText(v, &c.oidc.scopes); },
     [](const Config& c) { return c.oidc.scopes.empty() ? "none" : c.oidc.scopes; }},
    {"oidc.name_claim", "What the identity provider says that is the name of the user here", false,
     [](Config& c, std::string_view v) { return SetText(v, &c.oidc.name_claim); },
     [](const Config& c) { return c.oidc.name_claim.empty() ? "none" : c.oidc.name_claim; }},
    {"oidc.roles_claim", "What it says that groups are in, when it says which roles users have",
     false, [](Config& c, std::string_view v) { return SetTextOrNone(v, &c.oidc.roles_claim); },
     [](const Config& c) { return c.oidc.roles_claim.empty() ? "none" : c.oidc.roles_claim; }},
    {"oidc.roles", "Roles of its groups: group=role,group=role", false,
     [](Config& c, std::string_view v) -> Result<> {
       c.oidc.roles = v == "none" ? people::RoleNames() : TRY(people::ReadRoleNames(v));
       return {};
     },
     [](const Config&) { return std::string("none"); }},
    {"question.threads", "Questions answered at once", false,
     [](Config& c, std::string_view v) { return SetNumber(v, 1, 256, &c.question_threads); },
     [](const Config& c) { return std::to_string(c.question_threads); }},
    {"question.seconds", "Seconds after which a question or an estimate is given up", false,
     [](Config& c, std::string_view v) { return SetNumber(v, 1, 86'400, &c.question_seconds); },
     [](const Config& c) { return std::to_string(c.question_seconds); }},
    {"store.flush_rows", "Events in memory before they become files", false,
     [](Config& c, std::string_view v) { return SetNumber(v, 1, 1'000'000'000, &c.flush_rows); },
     [](const Config& c) { return std::to_string(c.flush_rows); }},
    {"store.flush_seconds", "Seconds that events are in memory at most before they become files",
     false, [](Config& c, std::string_view v) { return SetNumber(v, 1, 86'400, &c.flush_seconds); },
     [](const Config& c) { return std::to_string(c.flush_seconds); }},
    {"tags.idle_days", "Days in nobody's use after which a tag is told of it", false,
     [](Config& c, std::string_view v) { return SetNumber(v, 1, 36'500, &c.tags_idle_days); },
     [](const Config& c) { return std::to_string(c.tags_idle_days); }},
    {"tags.freeze_days", "Days after that until it is frozen, or 0 for never", false,
     [](Config& c, std::string_view v) { return SetNumber(v, 0, 36'500, &c.tags_freeze_days); },
     [](const Config& c) { return std::to_string(c.tags_freeze_days); }},
    {"tags.retire_days", "Days after that until it is retired, or 0 for never", false,
     [](Config& c, std::string_view v) { return SetNumber(v, 0, 36'500, &c.tags_retire_days); },
     [](const Config& c) { return std::to_string(c.tags_retire_days); }},
    {"question.queue", "Questions that may wait", false,
     [](Config& c, std::string_view v) { return SetNumber(v, 1, 100'000, &c.question_queue); },
     [](const Config& c) { return std::to_string(c.question_queue); }},
};

const Setting* FindSetting(std::string_view key) {
  const auto* found = std::ranges::find(kSettings, key, &Setting::key);
  return found == std::end(kSettings) ? nullptr : found;
}

// Reads one file; every error says where.
class TomlReader {
 public:
  TomlReader(std::string file, Config* config) : file_(std::move(file)), config_(*config) {}

  Result<> Read(const toml::table& table, const std::string& prefix) {
    for (const auto& [name, node] : table) {
      const std::string key = prefix + std::string(name.str());
      if (key == "project") {
        TRY(ReadProjects(node));
      } else if (const Setting* setting = FindSetting(key)) {
        TRY(Located(node, key, setting->set(config_, TRY(TextOf(node, key)))));
      } else if (node.is_table() && IsSection(key)) {
        TRY(Read(*node.as_table(), key + "."));
      } else {
        return At(name.source(), "unknown key \"" + key + "\"");
      }
    }
    return {};
  }

 private:
  static bool IsSection(const std::string& key) {
    return std::ranges::any_of(kSettings,
                               [&](const Setting& s) { return s.key.starts_with(key + "."); });
  }

  Error At(const toml::source_region& where, const std::string& what) const {
    return Error(Code::kInvalid, "bad_config",
                 file_ + ":" + std::to_string(where.begin.line) + ": " + what);
  }

  Result<> Located(const toml::node& node, const std::string& key, Result<> result) const {
    if (result.ok()) return result;
    return At(node.source(), key + ": " + result.error().message());
  }

  Result<std::string> TextOf(const toml::node& node, const std::string& key) const {
    if (const auto text = node.value_exact<std::string>()) return *text;
    if (const auto whole = node.value_exact<int64_t>()) return std::to_string(*whole);
    if (const auto flag = node.value_exact<bool>()) return std::string(*flag ? "true" : "false");
    return At(node.source(), key + ": expected a text, a whole number, true or false");
  }

  // The tables of [[key]].
  Result<std::vector<const toml::table*>> Tables(const toml::node& node,
                                                 const std::string& key) const {
    const toml::array* array = node.as_array();
    if (array == nullptr || !array->is_homogeneous<toml::table>()) {
      return At(node.source(), "expected [[" + key + "]]");
    }
    std::vector<const toml::table*> tables;
    for (const auto& element : *array) tables.push_back(element.as_table());
    return tables;
  }

  Result<> ReadProjects(const toml::node& node) {
    for (const toml::table* table : TRY(Tables(node, "project"))) {
      ProjectConfig& project = config_.projects.emplace_back();
      for (const auto& [name, value] : *table) TRY(ReadProjectKey(name, value, &project));
      if (project.name.empty()) return At(table->source(), "a project needs a name");
      if (project.sources.empty())
        return At(table->source(), "a project needs a [[project.source]]");
    }
    return {};
  }

  Result<> ReadProjectKey(const toml::key& name, const toml::node& node, ProjectConfig* project) {
    const std::string key = "project." + std::string(name.str());
    if (key == "project.source") return ReadSources(node, project);
    const std::string text = TRY(TextOf(node, key));
    if (key == "project.name") return Located(node, key, SetText(text, &project->name));
    if (key == "project.time_zone") return Located(node, key, SetZone(text, &project->time_zone));
    if (key == "project.late_days")
      return Located(node, key, SetNumber(text, 0, 36'500, &project->late_days));
    if (key == "project.open_to_sensors")
      return Located(node, key, SetFlag(text, &project->open_to_sensors));
    return At(name.source(), "unknown key \"" + key + "\"");
  }

  Result<> ReadSources(const toml::node& node, ProjectConfig* project) {
    for (const toml::table* table : TRY(Tables(node, "project.source"))) {
      SourceConfig& source = project->sources.emplace_back();
      for (const auto& [name, value] : *table) {
        const std::string key = "project.source." + std::string(name.str());
        const std::string text = TRY(TextOf(value, key));
        if (key == "project.source.name") {
          source.name = text;
        } else if (key == "project.source.write_key") {
          source.write_key = text;
        } else {
          return At(name.source(), "unknown key \"" + key + "\"");
        }
      }
      if (source.name.empty() || source.write_key.empty()) {
        return At(table->source(), "a source needs a name and a write_key");
      }
    }
    return {};
  }

  const std::string file_;
  Config& config_;
};

// Whether a variable begins as those of our sections do: "WAYPOST_LISTEN_".
bool IsOfASection(std::string_view variable) {
  return std::ranges::any_of(kSettings, [&](const Setting& setting) {
    const size_t dot = setting.key.find('.');
    return dot != setting.key.npos &&
           variable.starts_with(EnvironmentName(setting.key.substr(0, dot + 1)));
  });
}

}  // namespace

const date::time_zone* FindZone(std::string_view name) {
  const auto& zones = date::get_tzdb().zones;
  const auto found = std::ranges::find(zones, name, [](const auto& zone) { return zone.name(); });
  return found == zones.end() ? nullptr : &*found;
}

std::span<const Setting> Settings() { return kSettings; }

std::string EnvironmentName(std::string_view key) {
  std::string name = "WAYPOST_";
  for (const char c : key) name += c == '.' ? '_' : static_cast<char>(std::toupper(c));
  return name;
}

std::string FlagName(std::string_view key) {
  std::string name = "--";
  for (const char c : key) name += c == '.' || c == '_' ? '-' : c;
  return name;
}

Result<> ApplyToml(std::string_view toml, const std::string& file, Config* config) {
  const toml::parse_result parsed = toml::parse(toml);
  if (!parsed) {
    return Error(Code::kInvalid, "bad_config",
                 file + ":" + std::to_string(parsed.error().source().begin.line) + ": " +
                     std::string(parsed.error().description()));
  }
  return TomlReader(file, config).Read(parsed.table(), "");
}

Result<> ApplyEnvironment(const Environment& environment, Config* config) {
  std::vector<std::string> names;
  for (const Setting& setting : kSettings) {
    const std::string& name = names.emplace_back(EnvironmentName(setting.key));
    const auto found = environment.find(name);
    if (found == environment.end()) continue;
    Result<> set = setting.set(*config, found->second);
    if (!set.ok()) return std::move(set).error().While(name);
  }
  for (const auto& [name, value] : environment) {
    if (!IsOfASection(name) || std::ranges::find(names, name) != names.end()) continue;
    const std::string meant = Nearest(name, names);
    return Error(Code::kInvalid, "bad_config",
                 name + " is no setting" + (meant.empty() ? "" : "; did you mean " + meant + "?"));
  }
  return {};
}

Result<> ApplyFlags(const std::map<std::string, std::string>& flags, Config* config) {
  for (const auto& [key, value] : flags) {
    const Setting* setting = FindSetting(key);
    CHECK(setting != nullptr);
    Result<> set = setting->set(*config, value);
    if (!set.ok()) return std::move(set).error().While(FlagName(key));
  }
  return {};
}

}  // namespace waypost::services
