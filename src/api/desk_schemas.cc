#include "api/desk_schemas.h"

namespace waypost::api {
namespace {

constexpr SchemaText kDeskSchemas[] = {
    {"AuditRecords", R"({"type":"object","required":["head","public_key","records"],"properties":{
      "head":{"type":"object","properties":{"seq":{"type":"integer"},"hash":{"type":"string"}}},
      "public_key":{"type":"string","description":"Ed25519, of the signed heads"},
      "records":{"type":"array","items":{"type":"object","required":["seq","previous","time","what","hash"],
        "properties":{"seq":{"type":"integer"},"previous":{"type":"string"},"time":{"type":"string"},
          "what":{"type":"string"},"who":{"type":"string"},"peer":{"type":"string"},
          "project":{"type":"string"},"target":{"type":"string"},"detail":{"type":"string"},"request_id":{"type":"string"},
          "status":{"type":"integer"},"hash":{"type":"string"}}}}}})"},
    {"AuditCheck", R"({"type":"object","required":["state"],"properties":{
      "state":{"enum":["none","running","holds","broken","failed"]},
      "checked":{"type":"integer","description":"Records that follow each other so far"},
      "of":{"type":"integer","description":"Records there were when it began"},
      "witnessed":{"type":"integer","description":"Signed heads, kept elsewhere, that it was compared with"},
      "started_ms":{"type":"integer"},"ended_ms":{"type":"integer"},
      "record":{"type":"integer","description":"The first bad record"},
      "fault":{"type":"string","description":"What is wrong with it"}}})"},
    {"Moved",
     R"({"type":"object","required":["moved_ms"],"properties":{"moved_ms":{"type":"integer"}}})"},
    {"Status", R"({"type":"object","required":["status"],"properties":{"status":{"type":"string"},
      "reasons":{"type":"array","items":{"enum":["storage_full","replaying","draining","log_failed","audit_failed","clock_insane"]}}}})"},
    {"Saved", R"({"type":"object","required":["id","name","owner","shared","version","body"],
      "properties":{"id":{"type":"string"},"name":{"type":"string"},"name_en":{"type":"string"},
        "owner":{"type":"string"},
        "shared":{"type":"boolean","description":"Others may see it"},
        "version":{"type":"integer"},"changed":{"type":"string"},
        "body":{"type":"object","additionalProperties":true}}})"},
    {"AllSaved", R"({"type":"object","required":["items"],"properties":{
      "items":{"type":"array","items":{"$ref":"#/components/schemas/Saved"}}}})"},
    {"SavedChange", R"({"type":"object","required":["name","shared","body"],"properties":{
      "name":{"type":"string","maxLength":200},
      "name_en":{"type":"string","maxLength":200,
        "description":"Shown in English instead; none: the name is for both"},
      "shared":{"type":"boolean"},
      "body":{"type":"object","additionalProperties":true,
        "description":"The question, dashboard or text"},
      "version":{"type":"integer","description":"Of the one that was changed; none for a new one"}}})"},
    {"TagPlaces", R"({"type":"object","required":["categories","albums"],"properties":{
      "categories":{"type":"array","items":{"$ref":"#/components/schemas/TagPlace"}},
      "albums":{"type":"array","items":{"$ref":"#/components/schemas/TagPlace"}}}})"},
    {"TagPlaceName", R"({"type":"object","required":["name","name_en"],"properties":{
      "name":{"type":"string","description":"Of a category, its whole path"},
      "name_en":{"type":"string","maxLength":200,
        "description":"Of a category, of the last step of its path; empty: none any more"}}})"},
    {"TagPlaceNames", R"({"type":"object","properties":{
      "categories":{"type":"array","items":{"$ref":"#/components/schemas/TagPlaceName"}},
      "albums":{"type":"array","items":{"$ref":"#/components/schemas/TagPlaceName"}}}})"},
    {"ApprovalFlow", R"({"type":"object","required":["levels"],"properties":{
      "levels":{"type":"array","items":{"type":"object","required":["name"],
        "properties":{"name":{"type":"string"},
          "external":{"type":"string","description":"The system that answers, instead of people"},
          "within_hours":{"type":"integer","minimum":0,"maximum":8760,"description":"From when the level is asked; 0: for ever"},
          "rule":{"description":"all, any, or how many","anyOf":[{"type":"string"},{"type":"integer"}]},
          "people":{"type":"array","items":{"type":"string"}}}}},
      "open_for_days":{"type":"number"}}})"},
    {"Approval", R"({"type":"object",
      "required":["subject","hash","asker","asked_ms","flow","ballots","level","state"],
      "properties":{
        "subject":{"type":"string","description":"Kind and id: journey/welcome"},
        "hash":{"type":"string","description":"Of the content that is looked at"},
        "asker":{"type":"string"},"asked_ms":{"type":"integer"},
        "flow":{"$ref":"#/components/schemas/ApprovalFlow"},
        "ballots":{"type":"array","items":{"type":"object",
          "required":["person","yes","comment","level","at_ms"],"properties":{
            "person":{"type":"string"},"yes":{"type":"boolean"},"comment":{"type":"string"},
            "level":{"type":"integer"},"at_ms":{"type":"integer"}}}},
        "delegations":{"type":"array","items":{"type":"object",
          "required":["from","to","level","at_ms"],"properties":{
            "from":{"type":"string"},"to":{"type":"string"},
            "level":{"type":"integer"},"at_ms":{"type":"integer"}}}},
        "level":{"type":"integer","description":"That is asked now, from 0"},
        "state":{"enum":["open","approved","rejected","withdrawn","expired"]},
        "content":{"type":"object","additionalProperties":true},
        "uses":{"type":"array","description":"Of a journey: the segments, lists and tags it stands on, as they were when it was asked for",
          "items":{"type":"object","required":["kind","id","hash","changed"],"properties":{
            "kind":{"enum":["segment","list","tag"]},"id":{"type":"string"},
            "hash":{"type":"string","description":"Of its definition"},
            "changed":{"type":"boolean","description":"It is another now, or named only now: what was approved is not done"}}}}}})"},
    {"Approvals", R"({"type":"object","required":["flows","requests"],"properties":{
      "flows":{"type":"object","additionalProperties":{"$ref":"#/components/schemas/ApprovalFlow"}},
      "requests":{"type":"array","items":{"$ref":"#/components/schemas/Approval"}}}})"},
    {"ApprovalFlows", R"({"type":"object","required":["flows"],"properties":{
      "flows":{"type":"object","additionalProperties":{"$ref":"#/components/schemas/ApprovalFlow"}}}})"},
    {"ApprovalDelegation", R"({"type":"object","required":["to"],"properties":{
      "to":{"type":"string"}}})"},
    {"ApprovalSecret", R"({"type":"object","required":["secret"],"properties":{
      "secret":{"type":"string"}}})"},
    {"ApprovalAnswer", R"({"type":"object","required":["hash","yes"],"properties":{
      "hash":{"type":"string"},"yes":{"type":"boolean"},"comment":{"type":"string"},
      "by":{"type":"string","description":"Who answered there"}}})"},
    {"ApprovalVote", R"({"type":"object","required":["hash","yes"],"properties":{
      "hash":{"type":"string"},"yes":{"type":"boolean"},"comment":{"type":"string"}}})"},
    {"Channels", R"({"type":"object","required":["channels"],"properties":{
      "channels":{"type":"array","items":{"type":"object",
        "required":["name","version","kind","secrets_missing","waiting","claimed","unknown"],
        "properties":{"name":{"type":"string"},"version":{"type":"integer"},
          "kind":{"type":"string"},"title_zh":{"type":"string"},"title_en":{"type":"string"},
          "secrets_missing":{"type":"array","items":{"type":"string"}},
          "waiting":{"type":"integer"},"claimed":{"type":"integer"},
          "unknown":{"type":"integer"}}}}}})"},
    {"ChannelState", R"({"type":"object",
      "required":["name","version","description","secrets_set","receipts_path"],
      "properties":{"name":{"type":"string"},"version":{"type":"integer"},
        "description":{"type":"object","additionalProperties":true},
        "secrets_set":{"type":"array","items":{"type":"string"}},
        "receipts_path":{"type":"string"}}})"},
    {"ChannelTry", R"({"type":"object","required":["outcome","why"],"properties":{
      "outcome":{"enum":["accepted","rejected","busy","unknown"]},"why":{"type":"string"}}})"},
    {"Page", R"({"type":"string"})"},
    {"Pixel", R"({"type":"string","description":"Of one point, transparent"})"},
    {"File", R"({"type":"string"})"},
    {"Text", R"({"type":"string"})"},
    {"TextCheck", R"({"type":"object","required":["valid","names"],"properties":{
      "valid":{"type":"boolean"},"html":{"type":"boolean"},
      "names":{"type":"array","items":{"type":"string"}}}})"},
    {"TextPreview", R"({"type":"object","required":["text","bytes"],"properties":{
      "text":{"type":"string"},"bytes":{"type":"integer"}}})"},
};

}  // namespace

std::span<const SchemaText> DeskSchemas() { return kDeskSchemas; }

}  // namespace waypost::api
