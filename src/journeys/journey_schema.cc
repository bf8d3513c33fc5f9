#include "journeys/definition.h"

namespace waypost::journeys {

std::string_view JourneySchema() {
  return R"json({
"$schema":"https://json-schema.org/draft/2020-12/schema",
"title":"Waypost journey","type":"object","additionalProperties":false,
"required":["id","entry","nodes","edges"],
"$defs":{
 "duration":{"type":"string","pattern":"^[0-9]+(ms|s|m|h|d|w|mo)$","description":"ms, s, m, h are absolute; d, w, mo keep the local time of day"},
 "time":{"type":"string","pattern":"^[0-2][0-9]:[0-5][0-9](:[0-5][0-9])?$"},
 "condition":{"type":"string","minLength":1},
 "increment":{"type":"number","not":{"const":0},"description":"Added to the number that the customer has, 0 being none"},
 "happening":{"type":"object","additionalProperties":false,"required":["event"],"properties":{"event":{"type":"string","minLength":1},"where":{"$ref":"#/$defs/condition"}}},
 "event":{"oneOf":[{"type":"string","minLength":1},{"$ref":"#/$defs/happening"}]},
 "weekdays":{"type":"array","minItems":1,"items":{"enum":["mon","tue","wed","thu","fri","sat","sun"]}},
 "windows":{"type":"array","maxItems":50,"items":{"type":"object","additionalProperties":false,"properties":{"on":{"enum":["weekdays","working_days","days_off"]},"days":{"$ref":"#/$defs/weekdays"},"from":{"$ref":"#/$defs/time"},"to":{"$ref":"#/$defs/time"}}}},
 "schedule":{"type":"object","additionalProperties":false,"anyOf":[{"required":["at"]},{"required":["cron"]}],"properties":{"every":{"enum":["once","day","week","month","festival","cron"]},"cron":{"type":"string","maxLength":200},"at":{"$ref":"#/$defs/time"},"days":{"$ref":"#/$defs/weekdays"},"interval":{"type":"integer","minimum":1,"maximum":1000},"from":{"type":"string","format":"date"},"day":{"type":"integer","minimum":1,"maximum":31},"month_end":{"enum":["last_day","skip","next_day"]},"festival":{"enum":["spring_festival","new_years_eve","lantern","dragon_boat","qixi","mid_autumn","double_ninth","laba","qingming","dongzhi"]},"offset_days":{"type":"integer","minimum":-366,"maximum":366},"adjust":{"enum":["none","next","previous","nearest","drop"]},"catch_up":{"enum":["latest","all","none"]},"grace":{"$ref":"#/$defs/duration"},"run_now":{"type":"boolean"}}},
 "waves":{"type":"object","additionalProperties":false,"required":["each"],"properties":{"each":{"type":"array","minItems":2,"maxItems":100,"items":{"$ref":"#/$defs/wave"}},"every":{"$ref":"#/$defs/duration"},"remainder":{"enum":["last","drop"]},"exclude":{"type":"array","minItems":1,"items":{"enum":["converted","exited","capped"]}},"no_overlap":{"type":"boolean"}}},
 "wave":{"type":"object","additionalProperties":false,"oneOf":[{"required":["percent"]},{"required":["number"]},{"required":["rank"]}],"properties":{"percent":{"type":"number","minimum":0,"maximum":100},"number":{"type":"integer","minimum":1},"rank":{"type":"number"},"start":{"type":"string"},"after":{"$ref":"#/$defs/duration"},"texts":{"type":"array","items":{"type":"object","additionalProperties":false,"required":["node","text"],"properties":{"node":{"type":"string","minLength":1},"step":{"type":"integer","minimum":1,"maximum":30},"text":{"type":"string"}}}}}},
 "step":{"type":"object","additionalProperties":false,"required":["channel","text","wait"],"properties":{"channel":{"type":"string"},"text":{"type":"string"},"success":{"enum":["accepted","delivered","opened","clicked","replied","goal"]},"wait":{"$ref":"#/$defs/duration"},"only_if":{"$ref":"#/$defs/condition"}}},
 "passed":{"type":"array","maxItems":30,"items":{"type":"object","additionalProperties":false,"required":["from"],"properties":{"from":{"type":"string","minLength":1},"as":{"type":"string"}}}},
 "branch":{"type":"object","additionalProperties":false,"required":["outcome"],"properties":{"outcome":{"type":"string","minLength":1},"event":{"type":"string"},"where":{"$ref":"#/$defs/condition"},"receipt":{"enum":["sent","accepted","delivered","opened","clicked","replied"]},"when":{"$ref":"#/$defs/condition"},"percent":{"type":"number","minimum":0,"maximum":100}}},
 "node":{"type":"object","additionalProperties":false,"required":["id","type"],"properties":{
  "id":{"type":"string","minLength":1},
  "type":{"enum":["entry","wait","wait_event","judge","split","ratio","time_split","send","chain","set","fork","join","loop","call","exit","experiment","rate","list"]},
  "at":{"type":"object"},"note":{"type":"string"},
  "for":{"$ref":"#/$defs/duration"},"until":{"$ref":"#/$defs/time"},"window":{"$ref":"#/$defs/windows"},"date":{"type":"string"},"days":{"type":"integer"},"months":{"type":"integer"},"on_past":{"enum":["skip","now","next_year"]},"every":{"enum":["year","lunar_year"]},"leap_day":{"enum":["02-28","03-01"]},"leap_month":{"enum":["exact_else_regular","regular_only","both"]},
  "branches":{"type":"array","minItems":1,"maxItems":30,"items":{"$ref":"#/$defs/branch"}},
  "timeout":{"$ref":"#/$defs/duration"},"mode":{"enum":["first","ranked","sticky","random"]},"entries":{"enum":["all","earliest"]},"same_key":{"type":"boolean"},"accept_current":{"type":"boolean","default":true},"since":{"enum":["node_entry","touch","journey_entry","lookback"]},"lookback":{"$ref":"#/$defs/duration"},
  "when":{"$ref":"#/$defs/condition"},"windows":{"$ref":"#/$defs/windows"},
  "channel":{"type":"string"},"text":{"type":"string"},"only_if":{"$ref":"#/$defs/condition"},"steps":{"type":"array","minItems":1,"maxItems":30,"items":{"$ref":"#/$defs/step"}},"habit":{"type":"string"},
  "on_cap":{"enum":["skip","wait","exit","next_channel"]},"instead":{"type":"array","minItems":1,"maxItems":30,"description":"send: where it goes while caps keep it from its channel, the first that may","items":{"type":"object","additionalProperties":false,"required":["channel","text"],"properties":{"channel":{"type":"string"},"text":{"type":"string"}}}},"cap_wait":{"$ref":"#/$defs/duration"},"time_to_live":{"$ref":"#/$defs/duration"},"price":{"type":"number","minimum":0},"transactional":{"type":"boolean"},"benefit":{"type":"string"},
  "attribute":{"type":"string"},"value":{"type":"string"},"increment":{"$ref":"#/$defs/increment"},"attributes":{"type":"array","minItems":1,"maxItems":30,"items":{"type":"object","additionalProperties":false,"required":["attribute"],"oneOf":[{"required":["value"]},{"required":["increment"]}],"properties":{"attribute":{"type":"string","minLength":1},"value":{"type":"string","minLength":1},"increment":{"$ref":"#/$defs/increment"}}}},
  "wait_for":{"type":"integer","minimum":1,"maximum":30},"max_visits":{"type":"integer","minimum":1,"maximum":1000},
  "list":{"type":"string","minLength":1},"action":{"enum":["add","remove"]},
  "most":{"type":"integer","minimum":1,"maximum":100000},"per":{"$ref":"#/$defs/duration"},
  "lasts":{"$ref":"#/$defs/duration"},"metric":{"$ref":"#/$defs/event"},"min_sample":{"type":"integer","minimum":1},"test":{"enum":["two_proportions","bayesian"]},"winner":{"enum":["auto","manual"],"description":"manual: the test proposes, and somebody chooses"},"no_winner":{"type":"string","description":"the branch that all go when none wins; the first when nothing is said"},
  "journey":{"type":"string"},"wait":{"enum":["none","completion"]},"in":{"$ref":"#/$defs/passed"},"out":{"$ref":"#/$defs/passed"}}}},
"properties":{
 "id":{"type":"string","pattern":"^[a-z0-9_-]{1,64}$"},"name":{"type":"string"},"name_en":{"type":"string","description":"What it is called in English"},"zone":{"type":"string","description":"IANA time zone"},
 "category":{"type":"string"},"tags":{"type":"array","maxItems":20,"uniqueItems":true,"items":{"type":"string","minLength":1},"description":"What its messages are about: caps may go by it"},"priority":{"type":"integer","minimum":0,"maximum":100},
 "mandatory":{"type":"boolean","description":"Its messages come before those of all priorities"},
 "value":{"description":"What a message is worth: of one priority the dearer comes first","oneOf":[{"type":"number","minimum":0},{"type":"object","additionalProperties":false,"required":["attribute"],"properties":{"attribute":{"type":"string","minLength":1}}}]},
 "start":{"type":"string"},"end":{"type":"string"},"on_end":{"enum":["drain","exit_all"]},
 "max_lateness":{"$ref":"#/$defs/duration"},"on_late":{"enum":["go_on","next_time","exit"]},"resume_per_second":{"type":"integer","minimum":1},
 "clock_while_paused":{"enum":["runs","frozen"]},"entry_while_paused":{"enum":["discard","queue"]},"queue_limit":{"type":"integer","minimum":1,"maximum":1000000000,"description":"of who come in a pause so many may come in after it"},
 "max_duration":{"$ref":"#/$defs/duration"},"holdout_percent":{"type":"number","minimum":0,"maximum":100},
 "release":{"type":"object","additionalProperties":false,"properties":{"who":{"$ref":"#/$defs/condition"},"percent":{"type":"number","minimum":0,"maximum":100}}},
 "guardrails":{"type":"object","additionalProperties":false,"properties":{"after":{"type":"integer","minimum":1},"failed_percent":{"type":"number","minimum":0,"maximum":100},"opted_out_percent":{"type":"number","minimum":0,"maximum":100},"spend":{"type":"number","minimum":0}}},
 "entry_cap":{"type":"integer","minimum":1},"entry_cap_daily":{"type":"integer","minimum":1},"entry_cap_run":{"type":"integer","minimum":1},
 "entry_cap_each":{"type":"object","additionalProperties":false,"required":["attribute","limit"],"properties":{"attribute":{"type":"string"},"limit":{"type":"integer","minimum":1}}},
 "budget":{"type":"number","minimum":0},"budget_sends":{"type":"integer","minimum":1},"sends_per_second":{"type":"integer","minimum":1},
 "entry":{"type":"object","additionalProperties":false,"properties":{"kind":{"enum":["list","batch","event","not_done","breakpoint","segment","tag","api"]},"on":{"$ref":"#/$defs/event"},"without":{"$ref":"#/$defs/event"},"within":{"$ref":"#/$defs/duration"},"grace":{"$ref":"#/$defs/duration"},"repeat":{"enum":["reset","first","independent"]},"steps":{"type":"array","items":{"$ref":"#/$defs/happening"}},"key":{"type":"string"},"filter":{"$ref":"#/$defs/condition"},"segment":{"type":"string"},"tag":{"type":"string"},"from":{"type":"string"},"to":{"type":"string"},"when":{"enum":["enters","leaves"]},"include_existing":{"type":"boolean"},"min_dwell":{"$ref":"#/$defs/duration"},"unknown_user":{"enum":["reject","create","hold"]},"hold":{"$ref":"#/$defs/duration"},"rank":{"type":"object","additionalProperties":false,"required":["attribute"],"properties":{"attribute":{"type":"string"},"first":{"enum":["largest","smallest"]}}},"schedule":{"$ref":"#/$defs/schedule"},"waves":{"$ref":"#/$defs/waves"}}},
 "reentry":{"type":"object","additionalProperties":false,"properties":{"policy":{"enum":["once","after_exit","after_interval","always","per_key"]},"interval":{"$ref":"#/$defs/duration"},"from":{"enum":["entry","exit"]},"limit":{"type":"integer","minimum":1},"per":{"$ref":"#/$defs/duration"},"max_active":{"type":"integer","minimum":1,"maximum":1000},"each_key":{"enum":["once","after_exit","always"]}}},
 "goal":{"type":"object","additionalProperties":false,"anyOf":[{"required":["event"]},{"required":["when"]}],"properties":{"event":{"type":"string"},"when":{"$ref":"#/$defs/condition"},"where":{"$ref":"#/$defs/condition"},"count":{"enum":["once","every"]},"credit":{"enum":["last_touch","last_engaged","first_touch","linear"]},"value":{"type":"string"},"unique":{"type":"string"},"reversal":{"$ref":"#/$defs/event"},"window":{"$ref":"#/$defs/duration"}}},
 "in_flight":{"type":"object","additionalProperties":false,"description":"what becomes of those inside older versions","properties":{"policy":{"enum":["pin","migrate","exit"]},"removed":{"type":"object","additionalProperties":{"type":"string","pattern":"^(next|exit|node:.+)$"}},"recall":{"type":"boolean"},"apply_history":{"type":"boolean"}}},
 "template":{"type":"object","description":"what a branch made it of"},
 "exit_on":{"type":"array","maxItems":30,"items":{"oneOf":[{"$ref":"#/$defs/happening"},{"type":"object","additionalProperties":false,"required":["when"],"properties":{"when":{"$ref":"#/$defs/condition"}}}]}},
 "nodes":{"type":"array","maxItems":500,"items":{"$ref":"#/$defs/node"}},
 "edges":{"type":"array","items":{"type":"object","additionalProperties":false,"required":["from","to"],"properties":{"from":{"type":"string"},"when":{"type":"string","default":"next"},"to":{"type":"string"}}}}
}})json";
}

}  // namespace waypost::journeys
