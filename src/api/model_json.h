// The model's types as JSON texts, and changes of the tracking plan from JSON.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/batch.h"
#include "model/tracking_plan.h"

namespace waypost::api {

// Decimals are texts ("12.34"), so that no reader rounds money; times "2026-03-02T10:00:00.000Z",
// dates "2026-03-02", lists arrays.
std::string ValueJson(const Value& value);

// One collected item: {"kind":"event","event":"pay","time_ms","ingest_ms","project","source",
// "message_id","library","identities":{"login":"u1"},"properties":{...}}. Other kinds have "what"
// instead of "event"; a quarantined one has "reason" and "detail". With `masked_by`, values that
// this plan says, or does not deny, are a person's are masked.
std::string ItemJson(const BatchHeader& header, std::span<const std::string_view> names,
                     const ItemView& item, const TrackingPlan* masked_by = nullptr);

// ValueJson, of a value that is a person's.
std::string MaskedJson(const Value& value);
// {"key":"phone","value":"138****5678"}; `masked`: when it is a person's.
std::string IdentityJson(const IdentityView& identity, bool masked = false);

// {"mode":"open","events":[...],"properties":[...]}: the form that PlanChangeOf reads, and counts.
// Without `counts` it says 1 of what there is at all, and no times.
std::string PlanJson(const TrackingPlan& plan, bool counts = true);

// What did not fit: {"events":[{"event","count","incomplete"}],"properties":[{"property","type",
// "count","mismatches"}],"undeclared":{...}}.
std::string PlanReportJson(const TrackingPlan& plan);

// {"mode":"open|strict","properties":[{"name","type","class","zh","en"}],
//  "events":[{"name","zh","en","required":[...]}]}, every key optional but names. Errors: kInvalid
// "bad_json", or "bad_plan" with the path of what is wrong.
Result<PlanChange> PlanChangeOf(std::string_view json, std::string_view project);

}  // namespace waypost::api
