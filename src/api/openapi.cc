#include "api/openapi.h"

#include <boost/json.hpp>

#include "api/call_examples.h"
#include "api/desk_schemas.h"
#include "api/question_schema.h"
#include "api/routes.h"
#include "api/table_schema.h"

namespace waypost::api {
namespace {

namespace json = boost::json;

struct NamedSchema {
  std::string_view name;
  std::string_view text;
};

constexpr NamedSchema kSchemas[] = {
    {"Error", R"({"type":"object","required":["error"],"properties":{"error":{"type":"object",
      "required":["code","message","message_zh","request_id"],"properties":{
        "code":{"type":"string","description":"Stable machine word"},
        "message":{"type":"string","description":"What is wrong and what to do, in English"},
        "message_zh":{"type":"string","description":"The same in Chinese"},
        "values":{"type":"object","additionalProperties":{"type":"string"},
          "description":"What they name: given, least; without it message_zh is general"},
        "where":{"type":"string","description":"The part of the request: messages may begin with it"},
        "line":{"type":"integer","description":"Of a text, from 1: messages begin with it"},
        "column":{"type":"integer"},
        "request_id":{"type":"string"}}}}})"},
    {"Event", R"({"type":"object","properties":{
      "type":{"type":"string","default":"track"},
      "event":{"type":"string","minLength":1,"description":"Of type track"},
      "distinct_id":{"type":"string","minLength":1,"description":"Or identities"},
      "identities":{"type":"object","additionalProperties":{"type":"string"}},
      "time":{"type":"integer","description":"Milliseconds since the Unix epoch, UTC"},
      "properties":{"type":"object","additionalProperties":true}}})"},
    {"Events", R"({"type":"array","items":{"$ref":"#/components/schemas/Event"}})"},
    {"SegmentCall",
     R"({"type":"object","description":"As the Segment HTTP spec says; batch calls hold them in \"batch\"",
      "properties":{"type":{"type":"string"},"writeKey":{"type":"string"},"messageId":{"type":"string"},"userId":{"type":"string"},
        "anonymousId":{"type":"string"},"previousId":{"type":"string"},"groupId":{"type":"string"},
        "name":{"type":"string"},"event":{"type":"string"},"properties":{"type":"object"},
        "traits":{"type":"object"},"context":{"type":"object"},"timestamp":{"type":"string"},
        "batch":{"type":"array","items":{"$ref":"#/components/schemas/SegmentCall"}}}})"},
    {"LogoutForm", R"({"type":"object","description":"URL-encoded form","required":["logout_token"],
      "properties":{"logout_token":{"type":"string"}}})"},
    {"SensorsForm", R"({"type":"object","description":"URL-encoded form","properties":{
      "data":{"type":"string","description":"One record: base64 of JSON, gzip before it when gzip=1"},
      "data_list":{"type":"string","description":"An array of records, encoded alike"},
      "gzip":{"type":"string","enum":["0","1"]},"crc":{"type":"string"},"ext":{"type":"string"}}})"},
    {"Receipt",
     R"({"type":"object","required":["success","code","accepted","quarantined"],"properties":{
      "success":{"const":true},"code":{"enum":["ok","quarantined","id_quarantined"]},
      "accepted":{"type":"integer"},
      "quarantined":{"type":"integer","description":"Kept and readable, but in no answer"},
      "issues":{"type":"array","items":{"type":"object","properties":{
        "index":{"type":"integer"},"reason":{"type":"string"}}}}}})"},
    {"SegmentSettings",
     R"({"type":"object","properties":{"integrations":{"type":"object"},"plan":{"type":"object"}},
      "additionalProperties":true})"},
    {"Answer", R"({"type":"object","required":["ask","snapshot","zone","incomplete"],"properties":{
      "ask":{"type":"string"},"snapshot":{"type":"string"},"zone":{"type":"string"},
      "incomplete":{"type":"boolean","description":"Some data is set aside as damaged"},
      "customers":{"$ref":"#/components/schemas/AnsweredCustomers"}},"additionalProperties":true})"},
    {"AnsweredCustomers", R"({"type":"object","required":["count","ordinals","names"],"properties":{
      "count":{"type":"integer"},"ordinals":{"type":"array","items":{"type":"integer"}},
      "names":{"type":"array","items":{"type":"string"}}}})"},
    {"Plan", R"({"type":"object","required":["plan","parts","rows","bytes"],"properties":{
      "plan":{"type":"string"},"parts":{"type":"integer"},"rows":{"type":"integer"},
      "bytes":{"type":"integer","description":"Read to answer"}},"additionalProperties":true})"},
    {"TrackingPlan", R"({"type":"object","properties":{"mode":{"enum":["open","strict"]},
      "events":{"type":"array","items":{"$ref":"#/components/schemas/PlanEvent"}},
      "properties":{"type":"array","items":{"$ref":"#/components/schemas/PlanProperty"}}}})"},
    {"PlanEvent", R"({"type":"object","required":["name"],"properties":{"name":{"type":"string"},
      "zh":{"type":"string"},"en":{"type":"string"},"declared":{"type":"boolean"},
      "required":{"type":"array","items":{"type":"string"}},"count":{"type":"integer"},
      "first_ms":{"type":"integer"},"last_ms":{"type":"integer"}}})"},
    {"PlanProperty", R"({"type":"object","required":["name"],"properties":{"name":{"type":"string"},
      "type":{"enum":["bool","int","double","decimal","string","datetime","date","list"]},
      "class":{"enum":["C1","C2","C3"]},"zh":{"type":"string"},"en":{"type":"string"},
      "declared":{"type":"boolean"},"count":{"type":"integer"}}})"},
    {"PlanReport",
     R"({"type":"object","required":["events","properties","undeclared"],"properties":{
      "events":{"type":"array","items":{"type":"object","required":["event","count","incomplete"],
        "properties":{"event":{"type":"string"},"count":{"type":"integer"},
          "incomplete":{"type":"integer","description":"Without a required property"}}}},
      "properties":{"type":"array","items":{"type":"object",
        "required":["property","type","count","mismatches"],"properties":{
          "property":{"type":"string"},"type":{"type":"string"},"count":{"type":"integer"},
          "mismatches":{"type":"integer","description":"Values of another type, in quarantine"}}}},
      "undeclared":{"type":"object","required":["events","properties"],"properties":{
        "events":{"type":"array","items":{"type":"string"}},
        "properties":{"type":"array","items":{"type":"string"}}}}}})"},
    {"Trace", R"({"type":"object","required":["trace"],"properties":{"trace":{"type":"array",
      "items":{"$ref":"#/components/schemas/TraceLine"}}}})"},
    {"TraceLine", R"({"type":"object","required":["time","journey","what"],"properties":{
      "time":{"type":"string"},"journey":{"type":"string"},"journey_name":{"type":"string"},"journey_name_en":{"type":"string"},
      "node":{"type":"string"},"entry":{"type":"integer"},"what":{"enum":["refused","entered","passed","planned",
        "message","denied","left","converted","migrated","late_event"]},"reason":{"type":"string"},
      "reason_en":{"type":"string"},"reason_zh":{"type":"string"},"detail":{"type":"string"}}})"},
    {"Rule", R"({"type":"object","description":"eql (text) or rule (tree), one of them",
      "properties":{"eql":{"type":"string","examples":["vip >= 1 AND DID(pay) LAST 7 DAYS"]},
        "rule":{"type":"object"},"explain":{"type":"boolean","description":"Also count each leaf"}}})"},
    {"CheckedRule", R"({"type":"object","required":["eql","rule","uses"],"properties":{
      "eql":{"type":"string"},"rule":{"type":"object"},
      "uses":{"type":"array","items":{"$ref":"#/components/schemas/Reference"}}}})"},
    {"Reference", R"({"type":"object","required":["kind","id"],"properties":{
      "kind":{"type":"string"},"id":{"type":"string"}}})"},
    {"Estimate", R"({"type":"object","required":["count","everyone","share"],"properties":{
      "count":{"type":"integer"},"everyone":{"type":"integer"},"share":{"type":"number"},
      "leaves":{"type":"array","items":{"type":"object","required":["eql","count"],"properties":{
        "eql":{"type":"string"},"estimated":{"type":"integer"},"count":{"type":"integer"}}}},
      "after":{"type":"array","items":{"type":"object","required":["eql","left"],"properties":{
        "eql":{"type":"string"},"left":{"type":"integer"}}}},
      "snapshot":{"type":"string"},"base_time":{"type":"string"},"incomplete":{"type":"boolean"}}})"},
    {"SegmentChange", R"({"type":"object","properties":{
      "id":{"type":"string","description":"1 to 64 letters, digits, _ and -; only when created"},
      "version":{"type":"integer","description":"When changed: the version it was made from"},
      "name_zh":{"type":"string"},"name_en":{"type":"string"},"owner":{"type":"string"},
      "eql":{"type":"string"},"rule":{"type":"object"},"refresh":{"enum":["live"]},
      "schedule":{"$ref":"#/components/schemas/Schedule"}}})"},
    {"Segment", R"({"type":"object","required":["id","version"],"properties":{
      "id":{"type":"string"},"version":{"type":"integer"},"name_zh":{"type":"string"},
      "name_en":{"type":"string"},"owner":{"type":"string"},"created":{"type":"string"},
      "changed":{"type":"string"},"eql":{"type":"string"},"rule":{"type":"object"},
      "uses":{"type":"array","items":{"$ref":"#/components/schemas/Reference"}},
      "used_by":{"type":"array","items":{"$ref":"#/components/schemas/Reference"}},
      "refresh":{"enum":["live"]},"schedule":{"$ref":"#/components/schemas/Schedule"},
      "key":{"type":"string","description":"Of a list: the kind of identity it was made of"},
      "last_run":{"$ref":"#/components/schemas/SegmentRun"},
      "versions":{"type":"array","items":{"$ref":"#/components/schemas/Segment"}},
      "runs":{"type":"array","items":{"$ref":"#/components/schemas/SegmentRun"}},
      "failures":{"type":"array","description":"Runs by schedule that failed","items":{
        "type":"object","properties":{"run":{"type":"integer"},"at":{"type":"string"},
          "error":{"type":"string"}}}}}})"},
    {"SegmentRun", R"({"type":"object","required":["run","at","count"],"properties":{
      "run":{"type":"integer"},"at":{"type":"string"},"version":{"type":"integer"},
      "count":{"type":"integer"},"came":{"type":"integer"},"left":{"type":"integer"},
      "by":{"enum":["schedule","journey"]},"journey":{"type":"string"},
      "incremental":{"type":"boolean"},"everyone":{"type":"integer"},
      "base_time":{"type":"string"},"snapshot":{"type":"string"},"incomplete":{"type":"boolean"},
      "given":{"type":"integer"},"matched":{"type":"integer"},"unmatched":{"type":"integer"},
      "match_rate":{"type":"number"},"leaves":{"type":"array","items":{"type":"object"}},
      "after":{"type":"array","items":{"type":"object"}}}})"},
    {"Members", R"({"type":"object","required":["count","members"],"properties":{
      "count":{"type":"integer"},"members":{"type":"array","items":{"type":"object",
        "required":["ordinal","name"],"properties":{
        "ordinal":{"type":"integer"},"name":{"type":"string"}}}}}})"},
    {"OverlapRequest", R"({"type":"object","required":["segments"],"properties":{
      "segments":{"type":"array","items":{"type":"string"},"maxItems":20}}})"},
    {"Overlap", R"({"type":"object","required":["segments","shared"],"properties":{
      "segments":{"type":"array","items":{"type":"object","required":["id","count"],"properties":{
        "id":{"type":"string"},"count":{"type":"integer"}}}},
      "shared":{"type":"array","items":{"type":"array","items":{"type":"integer"}}}}})"},
    {"SegmentExport", R"({"type":"object","required":["path","format"],"properties":{
      "path":{"type":"string","description":"Absolute path on the server; must not be there yet"},
      "format":{"enum":["csv","jsonl","parquet"]},
      "attributes":{"type":"array","items":{"type":"string"},"description":"All, when absent"}}})"},
    {"SegmentDownload", R"({"type":"object","required":["format"],"properties":{
      "format":{"enum":["csv","jsonl","parquet"]},
      "attributes":{"type":"array","items":{"type":"string"},"description":"All, when absent"}}})"},
    {"Exported",
     R"({"type":"object","properties":{"rows":{"type":"integer"},"bytes":{"type":"integer"}}})"},
    {"List", R"({"type":"object","required":["id"],"properties":{
      "id":{"type":"string"},"name_zh":{"type":"string"},"name_en":{"type":"string"},
      "owner":{"type":"string"},"key":{"type":"string","description":"Kind of identity, as login_id"},
      "values":{"type":"array","items":{"type":"string"},"maxItems":100000},
      "ordinals":{"type":"array","items":{"type":"integer"},"maxItems":100000,
        "description":"Instead of key and values: customers of an answer"},
      "unmatched":{"type":"string","enum":["all"],
        "description":"The answer says all that are not known, not the first ones"}}})"},
    {"ListRun",
     R"({"type":"object","required":["run","count","given","matched","unmatched"],"properties":{
      "run":{"type":"integer"},"at":{"type":"string"},"version":{"type":"integer"},
      "count":{"type":"integer"},"base_time":{"type":"string"},"snapshot":{"type":"string"},
      "incomplete":{"type":"boolean"},
      "given":{"type":"integer"},"matched":{"type":"integer"},"unmatched":{"type":"integer"},
      "match_rate":{"type":"number"},"unmatched_examples":{"type":"array","items":{"type":"string"}},
      "unmatched_values":{"type":"array","items":{"type":"string"}}}})"},
    {"Segments", R"({"type":"object","required":["items"],"properties":{
      "items":{"type":"array","items":{"$ref":"#/components/schemas/Segment"}}}})"},
    {"TagMaking", R"({"type":"object","required":["make"],"properties":{
      "make":{"$ref":"#/components/schemas/Making"}}})"},
    {"Making", R"({"type":"object","required":["kind"],"additionalProperties":true,
      "description":"How a tag is made; docs/tags.md shows each kind","properties":{
        "kind":{"enum":["layers","value","preference","rfm","rule","score","uploaded","model"]}}})"},
    {"CheckedTag", R"({"type":"object","required":["make","type","uses"],"properties":{
      "make":{"$ref":"#/components/schemas/Making"},"type":{"$ref":"#/components/schemas/TagType"},
      "uses":{"type":"array","items":{"$ref":"#/components/schemas/Reference"}}}})"},
    {"DecisionKind", R"({"enum":["refused","entered","passed","planned","message","denied","left",
      "converted","migrated","late_event"]})"},
    {"DeliveryChange", R"({"type":"object","required":["name"],"properties":{
      "name":{"type":"string"},
      "tags":{"type":"array","items":{"type":"string"},"minItems":1,"maxItems":100},
      "decisions":{"type":"array","description":"Instead of tags: what of journeys is pushed",
        "items":{"$ref":"#/components/schemas/DecisionKind"},"minItems":1},
      "journeys":{"type":"array","description":"Of these alone","items":{"type":"string"},
        "minItems":1,"maxItems":100},
      "form":{"enum":["sensors"],
        "description":"As the events that Sensors Focus tells; of entered, passed, planned and message"},
      "channel":{"type":"string","description":"Pushes each change to this channel"},
      "key":{"type":"string","description":"The kind of identity that names a customer"},
      "format":{"enum":["csv","jsonl","parquet"],"description":"Instead of a channel: writes files"},
      "schedule":{"$ref":"#/components/schemas/Schedule"},
      "version":{"type":"integer","description":"The version it was made from"}}})"},
    {"DeliveryPushes", R"({"type":"object","required":["waiting","sent","dead_count","dead"],
      "properties":{"waiting":{"type":"integer"},"sent":{"type":"integer"},
      "missed":{"type":"integer","description":"Of journeys: more than may wait"},
      "dead_count":{"type":"integer"},"last_problem":{"type":"string"},
      "dead":{"type":"array","items":{"type":"object","required":["number","why","at"],
        "properties":{"number":{"type":"integer"},"tag":{"type":"string"},
        "what":{"$ref":"#/components/schemas/DecisionKind"},"why":{"type":"string"},
        "at":{"type":"string"},"customer":{"type":"object","properties":{
          "key":{"type":"string"},"value":{"type":"string"}}}}}}}})"},
    {"DeliveredFile", R"({"type":"object","properties":{"at":{"type":"string"},
      "path":{"type":"string"},"rows":{"type":"integer"},"bytes":{"type":"integer"},
      "by":{"type":"string"},"error":{"type":"string"},"error_zh":{"type":"string"}}})"},
    {"Delivery", R"({"type":"object","required":["id","name","tags","version"],"properties":{
      "id":{"type":"string"},"name":{"type":"string"},"owner":{"type":"string"},
      "version":{"type":"integer"},"tags":{"type":"array","items":{"type":"string"}},
      "decisions":{"type":"array","items":{"$ref":"#/components/schemas/DecisionKind"}},
      "journeys":{"type":"array","items":{"type":"string"}},"form":{"enum":["sensors"]},
      "channel":{"type":"string"},"key":{"type":"string"},"format":{"enum":["csv","jsonl","parquet"]},
      "schedule":{"$ref":"#/components/schemas/Schedule"},
      "pushes":{"$ref":"#/components/schemas/DeliveryPushes"},
      "files":{"type":"array","items":{"$ref":"#/components/schemas/DeliveredFile"}}}})"},
    {"Deliveries", R"({"type":"object","required":["items"],"properties":{
      "items":{"type":"array","items":{"$ref":"#/components/schemas/Delivery"}}}})"},
    {"Schedule",
     R"({"type":"object","description":"When runs come round; {} is never","properties":{
      "cron":{"type":"string","description":"minute hour day-of-month month day-of-week",
        "examples":["30 2 * * *"]},
      "zone":{"type":"string","default":"UTC"},
      "since":{"type":"string","description":"When it was set","readOnly":true}}})"},
    {"Items", R"({"type":"object","required":["items"],"properties":{
      "items":{"type":"array","items":{"$ref":"#/components/schemas/Item"}}}})"},
    {"Item", R"({"type":"object","required":["time_ms"],"properties":{
      "kind":{"type":"string"},"project":{"type":"string"},"event":{"type":"string"},
      "what":{"type":"string"},"reason":{"type":"string","description":"Why it is in quarantine"},
      "detail":{"type":"string"},"property":{"type":"string"},"time_ms":{"type":"integer"},
      "ingest_ms":{"type":"integer"},"source":{"type":"string"},"message_id":{"type":"string"},
      "library":{"type":"string"},
      "identities":{"type":"object","additionalProperties":{"type":"string"}},
      "properties":{"type":"object","additionalProperties":true}}})"},
    {"Identity", R"({"type":"object","required":["key","value"],"properties":{
      "key":{"type":"string"},"value":{"type":"string"}}})"},
    {"Attributes",
     R"({"type":"array","items":{"type":"object","required":["name","value","time"],"properties":{
      "name":{"type":"string"},"zh":{"type":"string"},"en":{"type":"string"},
      "type":{"type":"string"},"value":{},
      "masked":{"type":"boolean","description":"The value is a mask of what there is"},
      "time":{"type":"string","description":"Of the change it comes from"},
      "source":{"type":"string","description":"That sent it"}}}})"},
    {"Customer", R"({"type":"object","required":["known_by","identities","attributes","events"],
      "properties":{
        "known_by":{"$ref":"#/components/schemas/Identity"},
        "identities":{"type":"array","items":{"$ref":"#/components/schemas/Identity"}},
        "attributes":{"$ref":"#/components/schemas/Attributes"},
        "events":{"type":"array","items":{"type":"object",
          "required":["event","count","first","last"],"properties":{
          "event":{"type":"string"},"zh":{"type":"string"},"en":{"type":"string"},
          "count":{"type":"integer"},"first":{"type":"string"},"last":{"type":"string"}}}},
        "tables":{"type":"array","items":{"type":"object","required":["table","rows"],"properties":{
          "table":{"type":"string"},"zh":{"type":"string"},"en":{"type":"string"},
          "rows":{"type":"integer"}}}},
        "snapshot":{"type":"string"}}})"},
    {"Profile", R"({"type":"object","required":["known_by","identities","attributes","events"],
      "properties":{
        "known_by":{"$ref":"#/components/schemas/Identity"},
        "identities":{"type":"array","items":{"$ref":"#/components/schemas/Identity"}},
        "attributes":{"$ref":"#/components/schemas/Attributes"},
        "tags":{"type":"object","additionalProperties":{},
          "description":"Values by tag, of those the customer has; absent for who may not see tags"},
        "events":{"$ref":"#/components/schemas/TimelineEvents"},
        "snapshot":{"type":"string"}}})"},
    {"FoundCustomers", R"({"type":"object","required":["items"],"properties":{
      "items":{"type":"array","items":{"type":"object","required":["known_by","matched"],
        "properties":{"known_by":{"$ref":"#/components/schemas/Identity"},
          "matched":{"$ref":"#/components/schemas/Identity"},
          "name":{"type":"string"},
          "attributes":{"$ref":"#/components/schemas/Attributes"}}}}}})"},
    {"TimelineEvents", R"({"type":"array","description":"Newest first",
      "items":{"type":"object","required":["time","event"],"properties":{
        "time":{"type":"string"},"event":{"type":"string"},"zh":{"type":"string"},
        "en":{"type":"string"},"identity":{"$ref":"#/components/schemas/Identity"},
        "properties":{"type":"object"}}}})"},
    {"Timeline", R"({"type":"object","required":["known_by","events"],"properties":{
      "known_by":{"$ref":"#/components/schemas/Identity"},
      "events":{"$ref":"#/components/schemas/TimelineEvents"},
      "next":{"type":"string","description":"?before= of the older ones; absent: there are none"}}})"},
    {"Erasure", R"({"type":"object","required":["erased"],"properties":{
      "erased":{"type":"integer","description":"Identities that were the customer's"}}})"},
    {"Projects", R"({"type":"object","required":["projects"],"properties":{
      "projects":{"type":"array","items":{"type":"object",
        "required":["name","time_zone","sources"],"properties":{"name":{"type":"string"},
          "time_zone":{"type":"string"},"sources":{"type":"array","items":{"type":"string"}}}}}}})"},
    {"Sources", R"({"type":"object","required":["sources"],"properties":{
      "sources":{"type":"array","items":{"type":"object","required":["name","write_key"],"properties":{
        "name":{"type":"string"},"write_key":{"type":"string"}}}}}})"},
    {"Credentials", R"({"type":"object","required":["name","password"],"properties":{
      "name":{"type":"string"},"password":{"type":"string"},
      "code":{"type":"string","description":"Of the second factor, or a recovery code"}}})"},
    {"SignedOut",
     R"({"type":"object","required":["status"],"properties":{"status":{"type":"string"},
      "url":{"type":"string","description":"Where to sign out of the identity provider too"}}})"},
    {"ProviderAddress", R"({"type":"object","required":["url"],"properties":{
      "url":{"type":"string","description":"Where the browser goes to sign in"}}})"},
    {"ProviderAnswer", R"({"type":"object","required":["state"],"properties":{
      "code":{"type":"string"},"state":{"type":"string"},"iss":{"type":"string"},
      "error":{"type":"string"}}})"},
    {"NewSecondFactor", R"({"type":"object","required":["secret","uri"],"properties":{
      "secret":{"type":"string","description":"Base 32"},"uri":{"type":"string"}}})"},
    {"FactorCode",
     R"({"type":"object","required":["code"],"properties":{"code":{"type":"string"}}})"},
    {"RecoveryCodes", R"({"type":"object","required":["recovery"],"properties":{
      "recovery":{"type":"array","items":{"type":"string"},"description":"Shown this once"}}})"},
    {"FactorRemoval", R"({"type":"object","required":["password","code"],"properties":{
      "password":{"type":"string"},"code":{"type":"string"}}})"},
    {"Keys", R"({"type":"object","required":["items"],"properties":{
      "items":{"type":"array","items":{"$ref":"#/components/schemas/Key"}}}})"},
    {"Key",
     R"({"type":"object","required":["id","title","rights","organisation","created","expires"],
      "properties":{"id":{"type":"string"},"title":{"type":"string"},
      "rights":{"type":"array","items":{"type":"string"}},"organisation":{"type":"string"},
      "created":{"type":"string"},"expires":{"type":"string"}}})"},
    {"NewKey", R"({"type":"object","required":["id","rights","days"],"additionalProperties":false,
      "properties":{"id":{"type":"string"},"title":{"type":"string"},
      "rights":{"type":"array","items":{"type":"string"}},"organisation":{"type":"string"},
      "days":{"type":"integer","minimum":1,"maximum":366}}})"},
    {"KeySecret", R"({"type":"object","required":["id","key"],"properties":{"id":{"type":"string"},
      "key":{"type":"string","description":"Shown this once"}}})"},
    {"PasswordChange", R"({"type":"object","required":["before","password"],"properties":{
      "before":{"type":"string","description":"The one that counts now"},
      "password":{"type":"string"}}})"},
    {"Session", R"({"type":"object","required":["signed_in","environment","provider"],"properties":{
      "signed_in":{"type":"boolean"},
      "provider":{"type":"boolean","description":"One can sign in through an identity provider"},
      "environment":{"type":"string","description":"What the console says one works on"},
      "person":{"type":"string"},"title":{"type":"string"},"second_factor":{"type":"boolean"},
      "bounded":{"type":"array","items":{"type":"string"},
        "description":"Of the rights, under which only some of the customers are seen"},
      "rights":{"type":"array","items":{"type":"string"}},
      "must_change":{"type":"boolean","description":"The password, before anything else"},
      "idle_ms":{"type":"integer","description":"The session ends when unused for so long"},
      "ends_ms":{"type":"integer","description":"The session ends then at the latest"},
      "clear_ms":{"type":"integer","description":"So long from now values are not masked"}}})"},
    {"ClearAsk", R"({"type":"object","required":["reason"],"properties":{
      "reason":{"type":"string","minLength":1,"maxLength":200,"description":"For the audit log"},
      "code":{"type":"string","description":"Of the second factor, when there is one"}}})"},
    {"Cleared", R"({"type":"object","required":["clear_until_ms"],"properties":{
      "clear_until_ms":{"type":"integer"}}})"},
    {"User",
     R"({"type":"object","required":["name","title","roles","organisation","rows","disabled","must_change","second_factor","locked",
      "created"],"properties":{"name":{"type":"string"},"title":{"type":"string"},
      "roles":{"type":"array","items":{"type":"string"}},"organisation":{"type":"string"},
      "rows":{"type":"string","description":"EQL: of the organisation's customers, the user's own; empty: all"},
      "disabled":{"type":"boolean"},"must_change":{"type":"boolean"},
      "second_factor":{"type":"boolean"},
      "locked":{"type":"boolean","description":"Failed to sign in too often"},
      "created":{"type":"string"},"password_set":{"type":"string"}}})"},
    {"Users", R"({"type":"object","required":["items"],"properties":{
      "items":{"type":"array","items":{"$ref":"#/components/schemas/User"}}}})"},
    {"NewUser", R"({"type":"object","required":["name"],"additionalProperties":false,"properties":{
      "name":{"type":"string"},"title":{"type":"string"},
      "roles":{"type":"array","items":{"type":"string"}},
      "organisation":{"type":"string","description":"Empty: the whole"},
      "rows":{"type":"string","description":"EQL: of those, the user's own; empty: all"}}})"},
    {"NewPassword", R"({"type":"object","required":["name","password"],"properties":{
      "name":{"type":"string"},
      "password":{"type":"string","description":"Shown this once; to be changed at signing in"}}})"},
    {"UserChange", R"({"type":"object","additionalProperties":false,"properties":{
      "title":{"type":"string"},"disabled":{"type":"boolean"}}})"},
    {"UserRoles", R"({"type":"object","required":["roles"],"additionalProperties":false,
      "properties":{"roles":{"type":"array","items":{"type":"string"}},
        "organisation":{"type":"string","description":"Empty: the whole"},
        "rows":{"type":"string","description":"EQL: of those, the user's own; empty: all"}}})"},
    {"RoleChange", R"({"type":"object","required":["rights"],"additionalProperties":false,
      "properties":{"name_zh":{"type":"string"},"name_en":{"type":"string"},
      "rights":{"type":"array","items":{"type":"string"}},
      "rows":{"type":"string","description":"EQL: whom it lets see; empty: everyone"}}})"},
    {"Organisations", R"({"type":"object","required":["items"],"properties":{
      "items":{"type":"array","items":{"$ref":"#/components/schemas/Organisation"}}}})"},
    {"Organisation", R"({"type":"object","required":["id","name_zh","name_en","parent","rows"],
      "properties":{"id":{"type":"string"},"name_zh":{"type":"string"},"name_en":{"type":"string"},
      "parent":{"type":"string"},"rows":{"type":"string"}}})"},
    {"OrganisationChange", R"({"type":"object","additionalProperties":false,"properties":{
      "name_zh":{"type":"string"},"name_en":{"type":"string"},
      "parent":{"type":"string","description":"Empty: at the top"},
      "rows":{"type":"string","description":"EQL: its customers; empty: those of the one above"}}})"},
    {"Roles", R"({"type":"object","required":["items"],"properties":{
      "items":{"type":"array","items":{"$ref":"#/components/schemas/Role"}}}})"},
    {"Role",
     R"({"type":"object","required":["id","name_zh","name_en","rights","rows","built_in"],"properties":{
      "id":{"type":"string"},"name_zh":{"type":"string"},"name_en":{"type":"string"},
      "rights":{"type":"array","items":{"type":"string"}},"rows":{"type":"string"},
      "built_in":{"type":"boolean"}}})"},
    {"BackupRequest", R"({"type":"object","required":["directory"],"properties":{
      "directory":{"type":"string","description":"Absolute path on the server; must not be there yet"}}})"},
};

json::value Reference(std::string_view schema) {
  return {{"$ref", "#/components/schemas/" + std::string(schema)}};
}

std::string_view MediaType(std::string_view schema) {
  if (schema.ends_with("Form")) return "application/x-www-form-urlencoded";
  if (schema == "Page") return "text/html";
  if (schema == "Pixel") return "image/gif";
  if (schema == "File") return "application/octet-stream";
  if (schema == "Text") return "text/plain";
  return "application/json";
}

// `example`: null: there is none.
json::value Content(std::string_view schema, const json::value* example = nullptr) {
  json::object content{{"schema", Reference(schema)}};
  if (example != nullptr) content["example"] = *example;
  return json::object{{MediaType(schema), content}};
}

std::string NameOf(const Right& right) {
  switch (right.door) {
    case Right::Door::kPublic:
      return "public";
    case Right::Door::kCollect:
      return "collect";
    case Right::Door::kEnter:
      return "enter";
    case Right::Door::kSigned:
      return "signed";
    case Right::Door::kSignedIn:
      return "signed in";
    case Right::Door::kRight:
      return people::RightName(right.needs);
  }
  return {};
}

json::value Security(const Right& right) {
  if (right == Right::kPublic || right == Right::kEnter || right == Right::kSigned)
    return json::array{};
  const bool collect = right == Right::kCollect;
  return json::array{json::object{{collect ? "writeKey" : "token", json::array{}}}};
}

// `call`: an example of the route's, as "GET /v1/plan?limit=1".
json::array PathParameters(const Route& route, std::string_view call) {
  json::array parameters;
  const std::string_view address = call.substr(std::min(call.size(), route.method.size() + 1));
  const Match match = FindRoute(route.method, address.substr(0, address.find('?')));
  const std::string_view path = route.path;
  for (size_t open = path.find('{'); open != path.npos; open = path.find('{', open + 1)) {
    const std::string_view name = path.substr(open + 1, path.find('}', open) - open - 1);
    json::object parameter{
        {"name", name}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}}}};
    if (match.route == &route) parameter["example"] = match.parameters[parameters.size()];
    parameters.push_back(std::move(parameter));
  }
  return parameters;
}

json::object Operation(const Route& route) {
  const json::object example = ExampleOf(route.operation);
  const json::value* call = example.if_contains("call");
  const json::value* body = example.if_contains("body");
  json::object success{{"description", "Done"}};
  if (!route.response_schema.empty())
    success["content"] = Content(route.response_schema, example.if_contains("answer"));
  json::object operation{
      {"operationId", route.operation},
      {"summary", route.summary},
      {"security", Security(route.right)},
      {"x-right", NameOf(route.right)},
      {"x-body-limit", route.body_limit},
      {"x-example", call == nullptr ? json::value() : *call},
      {"parameters", PathParameters(route, call == nullptr ? "" : call->as_string())},
      {"responses",
       {{"200", success},
        {"default", {{"description", "Refused or failed"}, {"content", Content("Error")}}}}}};
  if (!route.request_schema.empty()) {
    operation["requestBody"] = {
        {"required", true},
        {"content",
         Content(route.request_schema, body == nullptr ? example.if_contains("form") : body)}};
  }
  return operation;
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 'a' - 'A');
  }
  return lower;
}

std::string Describe() {
  json::object paths;
  for (const Route& route : Routes()) {
    json::value& path = paths[route.path];
    if (!path.is_object()) path.emplace_object();
    path.get_object()[LowerCase(route.method)] = Operation(route);
  }
  json::object schemas;
  for (const NamedSchema& schema : kSchemas) schemas[schema.name] = json::parse(schema.text);
  for (const auto& topic : {DeskSchemas(), JourneySchemas(), IdentitySchemas(), TagSchemas()})
    for (const SchemaText& schema : topic) schemas[schema.name] = json::parse(schema.text);
  for (const auto& [name, schema] : QuestionSchemas()) schemas[name] = schema;
  for (const auto& [name, text] : TableSchemas()) schemas[name] = json::parse(text);
  return json::serialize(json::object{{"openapi", "3.1.0"},
                                      {"info", {{"title", "Waypost"}, {"version", "1"}}},
                                      {"paths", paths},
                                      {"components",
                                       {{"schemas", schemas},
                                        {"securitySchemes",
                                         {{"writeKey",
                                           {{"type", "http"},
                                            {"scheme", "basic"},
                                            {"description", "The write key is the user name"}}},
                                          {"token", {{"type", "http"}, {"scheme", "bearer"}}}}}}}});
}

}  // namespace

const std::string& OpenApiJson() {
  static const std::string text = Describe();
  return text;
}

}  // namespace waypost::api
