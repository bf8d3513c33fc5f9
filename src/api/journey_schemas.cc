#include "api/desk_schemas.h"

namespace waypost::api {
namespace {

constexpr SchemaText kJourneySchemas[] = {
    {"Journey",
     R"({"type":"object","description":"A definition; all of it: GET /v1/journeys/schema",
      "additionalProperties":true,"required":["id","entry","nodes","edges"],"properties":{"id":{"type":"string"},"entry":{"type":"object"},
      "nodes":{"type":"array","maxItems":500,"items":{"type":"object","required":["id","type"]}},
      "edges":{"type":"array","items":{"type":"object","required":["from","to"],"properties":{
        "from":{"type":"string"},"when":{"type":"string","default":"next"},"to":{"type":"string"}}}}}})"},
    {"JourneyCall", R"({"type":"object","additionalProperties":true})"},
    {"MessagePolicy", R"({"type":"object","required":["held","policy"],"properties":{
      "held":{"type":"boolean","description":"Nothing is sent"},
      "policy":{"type":"object","additionalProperties":true,
        "description":"As it was put; docs/journeys.md"}}})"},
    {"Task", R"({"type":"object","required":["key","state","customer","to","text","journey","given",
      "changed"],"properties":{"key":{"type":"string"},
      "state":{"enum":["waiting","accepted","done","refused","withdrawn"]},
      "customer":{"type":"string","description":"login:ann; masked, where it is a person's"},
      "to":{"type":"string","description":"manager:E10001, as the rules for messages say"},
      "text":{"type":"string","description":"Not filled in, for who sees values masked"},
      "journey":{"type":"string"},"journey_name":{"type":"string"},"journey_name_en":{"type":"string"},"node":{"type":"string"},
      "given":{"type":"string"},"changed":{"type":"string"},
      "due":{"type":"string","description":"The end of its time to live"},
      "by":{"type":"string"},"note":{"type":"string"}}})"},
    {"TaskStep", R"({"type":"object","required":["step"],"additionalProperties":false,"properties":{
      "step":{"enum":["accept","done","refuse"]},"note":{"type":"string","maxLength":1000}}})"},
    {"Tasks", R"({"type":"object","required":["items","counts","to"],"properties":{
      "items":{"type":"array","items":{"$ref":"#/components/schemas/Task"}},
      "counts":{"type":"object","description":"Of those for `to`, by state",
        "additionalProperties":{"type":"integer"}},
      "to":{"type":"array","description":"For whom there are open ones","items":{"type":"object",
        "required":["to","open"],"properties":{"to":{"type":"string"},
        "open":{"type":"integer"}}}}}})"},
    {"Consent", R"({"type":"object","required":["channel","purpose"],"properties":{
      "channel":{"type":"string","description":"* is all"},
      "purpose":{"type":"string","description":"A category of journeys; * is all"},
      "allowed":{"type":"boolean"},"refused_by":{"type":"integer"},
      "allowed_by":{"type":"integer"}}})"},
    {"Consents", R"({"type":"object","required":["customers","consents"],"properties":{
      "customers":{"type":"integer","description":"Who said anything"},
      "consents":{"type":"array","items":{"$ref":"#/components/schemas/Consent"}}}})"},
    {"ConsentsOf", R"({"type":"object","required":["consents","ledger"],"properties":{
      "consents":{"type":"array","items":{"$ref":"#/components/schemas/Consent"}},
      "ledger":{"$ref":"#/components/schemas/Timeline"}}})"},
    {"JourneyAnswer", R"({"type":"object","additionalProperties":true})"},
    {"JourneyCheck", R"({"type":"object","required":["valid","faults"],"properties":{
      "valid":{"type":"boolean"},"faults":{"type":"array","items":{"type":"object",
        "required":["node","field","code","message","warning","values"],"properties":{
          "node":{"type":"string","description":"Empty: of the journey itself"},
          "field":{"type":"string"},"code":{"type":"string"},"message":{"type":"string"},
          "message_zh":{"type":"string","description":"When the server has it in Chinese"},
          "warning":{"type":"boolean"},
          "values":{"type":"object","description":"What the message names, for who says it in other words: given, least, most, ...",
            "additionalProperties":{"type":"string"}}}}},
      "inside":{"type":"object","description":"Of the journey that runs: how many, by version",
        "additionalProperties":{"type":"integer"}},
      "changes":{"type":"array","items":{"$ref":"#/components/schemas/JourneyChange"}}}})"},
    {"JourneyChange", R"({"type":"object","required":["node","field"],"properties":{
      "node":{"type":"string","description":"Empty: the journey itself"},
      "field":{"type":"string","description":"Its path; empty: the whole node"},
      "before":{"description":"None: it was not there"},
      "after":{"description":"None: it is not there"}}})"},
    {"JourneyVersion", R"({"type":"object","required":["version","in_flight","entered","moved_in",
      "active","moved_out","exits","messages","spend","conversions","reversals","revenue"],
      "properties":{"version":{"type":"integer"},"published":{"type":"string"},
      "in_flight":{"enum":["pin","migrate","exit"]},
      "entered":{"type":"integer"},"moved_in":{"type":"integer"},"active":{"type":"integer"},
      "moved_out":{"type":"integer"},
      "exits":{"type":"object","additionalProperties":{"type":"integer"}},
      "messages":{"type":"integer"},"spend":{"type":"number"},"conversions":{"type":"integer"},
      "reversals":{"type":"integer"},"revenue":{"type":"number"},
      "nodes":{"type":"array","items":{"type":"object","required":["id","type"],"properties":{
        "id":{"type":"string"},"type":{"type":"string"},"in":{"type":"integer"},
        "here":{"type":"integer"},
        "out":{"type":"object","additionalProperties":{"type":"integer"}},
        "left":{"type":"object","description":"Who left the journey from here, by reason","additionalProperties":{"type":"integer"}},
        "stay":{"type":"object","description":"How long they stood here who have gone on, to within a percent",
          "required":["count","p50_ms","p95_ms"],"properties":{"count":{"type":"integer"},
          "p50_ms":{"type":"integer"},"p95_ms":{"type":"integer"}}},
        "messages":{"type":"object","additionalProperties":{"type":"integer"}},
        "conversions":{"type":"number","description":"What its messages have of the conversions, as the goal's credit says"},
        "revenue":{"type":"number"}}}},
      "definition":{"type":"object"},
      "since":{"type":"integer","description":"The version that the changes are of"},
      "changes":{"type":"array","items":{"$ref":"#/components/schemas/JourneyChange"}}}})"},
    {"JourneyVersions", R"({"type":"object","required":["versions"],"properties":{
      "versions":{"type":"array","items":{"$ref":"#/components/schemas/JourneyVersion"}}}})"},
    {"JourneyTest", R"({"type":"object","required":["journey","customer"],"properties":{
      "journey":{"oneOf":[{"type":"string","description":"Its id"},{"$ref":"#/components/schemas/Journey"}]},
      "customer":{"type":"object","required":["key","value"],"properties":{
        "key":{"type":"string"},"value":{"type":"string"}}},
      "context":{"type":"object","additionalProperties":true,"description":"What the customer comes in with"},
      "becomes":{"enum":["sent","accepted","delivered","opened","clicked","replied","rejected","bounced"],
        "description":"What becomes of each message; accepted"},
      "send":{"type":"boolean","description":"Also hands the messages off, marked, to a customer in the segment testers"}}})"},
    {"JourneyTested", R"({"type":"object","required":["trace","messages","inside"],"properties":{
      "refused":{"type":"object","description":"Why the customer would not come in","required":["reason"],
        "properties":{"reason":{"type":"string"},"reason_en":{"type":"string"},"reason_zh":{"type":"string"}}},
      "trace":{"type":"array","description":"As of a customer",
        "items":{"$ref":"#/components/schemas/TraceLine"}},
      "inside":{"type":"boolean","description":"Waits for something that did not happen"},
      "messages":{"type":"array","items":{"type":"object","required":["node","channel","at","address","text"],
        "properties":{"node":{"type":"string"},"channel":{"type":"string"},"at":{"type":"string"},
          "address":{"type":"string"},"text":{"type":"string","description":"Masked for who sees values masked"},
          "sent":{"type":"object","required":["outcome","why"],"properties":{
            "outcome":{"enum":["accepted","rejected","busy","unknown"]},"why":{"type":"string"}}}}}}}})"},
    {"NodeStanding", R"({"type":"object","required":["as_of","here","each","due","whenever","held",
      "messages"],"properties":{"as_of":{"type":"string"},"here":{"type":"integer"},
      "each":{"enum":["hour","day"],"description":"Of `due`, in the journey's zone"},
      "due":{"type":"array","description":"When the waiting of those ends whom a time moves on",
        "items":{"type":"object","required":["from","count"],"properties":{
          "from":{"type":"string"},"count":{"type":"integer"}}}},
      "whenever":{"type":"integer","description":"Whom only something that happens moves on"},
      "held":{"type":"array","description":"Of those here: by the rule that keeps their message back, or turn, outcome, experiment, rate, pause",
        "items":{"$ref":"#/components/schemas/CountBy"}},
      "messages":{"type":"array","description":"Not handed off: hold, pause, quiet, retry, pace, channel",
        "items":{"$ref":"#/components/schemas/CountBy"}}}})"},
    {"CountBy", R"({"type":"object","required":["by","count"],"properties":{
      "by":{"type":"string"},"count":{"type":"integer"}}})"},
    {"AtNode", R"({"type":"object","required":["count","customers","as_of"],"properties":{
      "as_of":{"type":"string","description":"What it is of; asked for again, it shows the same"},
      "count":{"type":"integer"},"customers":{"type":"array","items":{"type":"object",
        "required":["name","time"],"properties":{"name":{"type":"string"},
          "time":{"type":"string"}}}}}})"},
    {"Outbox", R"({"type":"object","required":["items"],"properties":{
      "items":{"type":"array","items":{"type":"object",
        "required":["key","channel","address","text","journey","node","time_ms"],"properties":{
          "key":{"type":"string"},"channel":{"type":"string"},"address":{"type":"string"},
          "text":{"type":"string"},"journey":{"type":"string"},"node":{"type":"string"},
          "time_ms":{"type":"integer"}}}}}})"},
    {"JourneyForecast", R"({"type":"object","required":["from","until","events","entered","inside",
      "rejects","exits","messages","longest_wait_ms","denied","kept_back","spend","revenue","conversions"],
      "properties":{"from":{"type":"string"},"until":{"type":"string"},
      "events":{"type":"integer","description":"That mean something to it"},
      "entered":{"type":"integer"},"inside":{"type":"integer"},
      "rejects":{"type":"object","additionalProperties":{"type":"integer"}},
      "exits":{"type":"object","additionalProperties":{"type":"integer"}},
      "messages":{"type":"object","description":"By channel and day","additionalProperties":{
        "type":"object","additionalProperties":{"type":"integer"}}},
      "by_hour":{"type":"object","description":"Messages by channel and hour: 2026-03-02T10","additionalProperties":{
        "type":"object","additionalProperties":{"type":"integer"}}},
      "longest_wait_ms":{"type":"object","description":"By channel: the longest from when a message was decided until it left","additionalProperties":{"type":"integer"}},
      "denied":{"type":"object","description":"By outcome","additionalProperties":{"type":"integer"}},
      "kept_back":{"type":"object","description":"By rule","additionalProperties":{"type":"integer"}},
      "spend":{"type":"number"},"revenue":{"type":"number"},"conversions":{"type":"integer"}}})"},
    {"JourneyTemplate", R"({"type":"object","required":["id","name","owner","version","changed",
      "journeys"],"properties":{"id":{"type":"string"},"name":{"type":"string"},"name_en":{"type":"string"},
      "owner":{"type":"string"},"version":{"type":"integer"},"changed":{"type":"string"},
      "journey":{"type":"object"},
      "open":{"type":"array","items":{"type":"object","required":["path"],"properties":{
        "path":{"type":"string"},"name":{"type":"string"},"least":{},"most":{},
        "one_of":{"type":"array","items":{}},"max_length":{"type":"integer"}}}},
      "journeys":{"type":"array","items":{"type":"object","required":["id","name","branch","scope",
        "set","version","phase","entered","active","conversions","messages","spend","revenue"],
        "properties":{"id":{"type":"string"},"name":{"type":"string"},"branch":{"type":"string"},
        "scope":{"type":"string"},"set":{"type":"object","additionalProperties":true},
        "version":{"type":"integer","description":"Of the template"},"phase":{"type":"string"},
        "entered":{"type":"integer"},"active":{"type":"integer"},"conversions":{"type":"integer"},
        "messages":{"type":"integer"},"spend":{"type":"number"},"revenue":{"type":"number"},
        "offered":{"type":"integer","description":"A newer version of the template"},
        "conflicts":{"type":"array","items":{"type":"object","required":["path","code","message"],
          "properties":{"path":{"type":"string"},"code":{"type":"string"},
            "message":{"type":"string"}}}}}}},
      "total":{"type":"object","required":["entered","active","conversions","messages","spend",
        "revenue"],"properties":{"entered":{"type":"integer"},"active":{"type":"integer"},
        "conversions":{"type":"integer"},"messages":{"type":"integer"},"spend":{"type":"number"},
        "revenue":{"type":"number"}}}}})"},
    {"JourneyTemplates", R"({"type":"object","required":["templates"],"properties":{
      "templates":{"type":"array","items":{"$ref":"#/components/schemas/JourneyTemplate"}}}})"},
    {"JourneyState", R"({"type":"object","required":["id","phase"],"properties":{
      "id":{"type":"string"},"name":{"type":"string"},"name_en":{"type":"string"},"version":{"type":"integer"},
      "phase":{"enum":["running","paused","stopped","archived"]},"phase_reason":{"type":"string"},
      "forecast":{"description":"What its rehearsal said; none when what was published was not rehearsed","$ref":"#/components/schemas/JourneyForecast"},
      "actual":{"type":"object","description":"What became of it so far, in the same shape","additionalProperties":true},
      "as_of":{"type":"string","description":"What the numbers are of: `as_of` of the lists behind them"},
      "held_out":{"type":"object","properties":{"customers":{"type":"integer"},"conversions":{"type":"integer"}}},
      "entered":{"type":"integer"},"active":{"type":"integer"},
      "to_come":{"type":"integer","description":"Whom runs are for, and who have not come in yet"},
      "waves":{"type":"array","description":"Of runs and lists whose customers have not all come in yet, oldest first",
        "items":{"type":"object","required":["listed","wave","begins","customers","to_come"],"properties":{
          "listed":{"type":"string","description":"When it was known whom it is for"},
          "wave":{"type":"integer"},"begins":{"type":"string"},
          "customers":{"type":"integer"},"to_come":{"type":"integer"}}}},
      "open_runs":{"type":"array","description":"Runs that were taken, oldest first, and whom they are for is not known yet",
        "items":{"type":"object","required":["day","due","taken","until"],"properties":{
          "day":{"type":"string"},"due":{"type":"string"},"taken":{"type":"string"},
          "until":{"type":"string","description":"It is given up then"},"error":{"type":"string","description":"Why the segment could not be run"},
          "tries":{"type":"integer"},"again":{"type":"string"}}}},
      "failed_runs":{"type":"array","description":"The last runs that were given up, oldest first: they are for nobody",
        "items":{"type":"object","required":["day","due","given_up","error"],"properties":{
          "day":{"type":"string"},"due":{"type":"string"},"given_up":{"type":"string"},
          "error":{"type":"string"}}}},
      "last_run":{"type":"object","required":["day","at","segment_run","customers"],
        "properties":{"day":{"type":"string"},"due":{"type":"string"},
        "at":{"type":"string","description":"When it was known who was in the segment"},
        "segment_run":{"type":"integer","description":"Of the segment, that kept whom it was for"},
        "customers":{"type":"integer"}}},
      "alarms":{"type":"array","description":"What somebody has to look after, by kind and node, since the version was published",
        "items":{"type":"object","required":["what","count","first","last"],"properties":{
          "what":{"enum":["choose_way","condition_failed","guardrail","run_given_up","tz_invalid","unknown_year"]},
          "node":{"type":"string"},"detail":{"type":"string","description":"Of the last: the year, the error"},
          "count":{"type":"integer"},"first":{"type":"string"},"last":{"type":"string"}}}},
      "exits":{"type":"object","additionalProperties":{"type":"integer"}},
      "rejects":{"type":"object","additionalProperties":{"type":"integer"}},
      "conversions":{"type":"integer"},"definition":{"type":"object"},
      "watched":{"type":"object","description":"By guardrails, since published or resumed",
        "required":["messages","failed","opted_out","spend"],"properties":{
        "messages":{"type":"integer"},"failed":{"type":"integer"},"opted_out":{"type":"integer"},
        "spend":{"type":"number"}}},
      "nodes":{"type":"array","items":{"type":"object","required":["id","type"],"properties":{
        "id":{"type":"string"},"type":{"type":"string"},"in":{"type":"integer"},
        "removed":{"type":"boolean","description":"Only older versions have it"},
        "here":{"type":"integer","description":"At it now; 0 of forks and joins"},
        "out":{"type":"object","additionalProperties":{"type":"integer"}},
        "left":{"type":"object","description":"Who left the journey from here, by reason","additionalProperties":{"type":"integer"}},
        "stay":{"type":"object","description":"How long they stood here who have gone on, to within a percent",
          "required":["count","p50_ms","p95_ms"],"properties":{"count":{"type":"integer"},
          "p50_ms":{"type":"integer"},"p95_ms":{"type":"integer"}}},
        "messages":{"type":"object","additionalProperties":{"type":"integer"}},
        "conversions":{"type":"number","description":"What its messages have of the conversions, as the goal's credit says"},
        "revenue":{"type":"number"},
        "experiment":{"type":"object","required":["begun","ends","arms"],"properties":{
          "begun":{"type":"string"},"ends":{"type":"string"},
          "arms":{"type":"array","items":{"type":"object",
            "required":["outcome","entered","converted"],"properties":{
              "outcome":{"type":"string"},"entered":{"type":"integer"},
              "converted":{"type":"integer"}}}},
          "result":{"enum":["winner","too_few","sample_ratio","no_significance","chosen"]},
          "proposes":{"type":"string","description":"The way that the test proposes, for somebody to choose"},
          "goes_on_with":{"type":"string"}}}}}}}})"},
    {"Journeys", R"({"type":"object","required":["held","unknown","journeys"],"properties":{
      "held":{"type":"boolean"},"unknown":{"type":"array","items":{"type":"string"}},
      "journeys":{"type":"array","items":{"$ref":"#/components/schemas/JourneyState"}}}})"},
};

}  // namespace

std::span<const SchemaText> JourneySchemas() { return kJourneySchemas; }

}  // namespace waypost::api
