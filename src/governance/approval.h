// Approvals (审批): somebody asks for a thing to happen, others say yes or no, level after level.
// Which thing is its caller's business: a request names it, and holds the hash of what was looked
// at, so that what is done is what was approved.
//
//   Flow flow = TRY(ReadFlow(R"({"levels": [{"name": "compliance", "rule": "any",
//                                            "people": ["ann", "bob"]}]})"));
//   Request request = Ask(flow, "journey/welcome", hash, "eve", now);
//   TRY(Vote(&request, {"ann", true, "fine"}, now));
//   if (MayDo(request, hash, now, may_vote).ok()) ...
//
// Nobody votes on what he asked for, or twice at a level; who is asked may hand that on to somebody
// else. A level may be another system's (外部审批), which calls back. A no ends it, and so does
// time. Values only: the caller keeps requests, and makes one change after the other.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace waypost::governance {

inline constexpr size_t kMaxLevels = 10;
inline constexpr size_t kMaxVoters = 100;  // at a level

// Who must say yes: all (会签), any one (或签), or so many.
struct Level {
  std::string name;
  std::vector<std::string> people;
  uint32_t needed = 1;      // of the people who did not ask themselves
  std::string external;     // the system that answers instead of people; empty: none
  int64_t open_for_ms = 0;  // from when the level is asked; 0: for ever
};

struct Flow {
  std::vector<Level> levels;
  int64_t open_for_ms = 0;  // 0: for ever
};

// {"levels": [{"name", "rule": "all" | "any" | 2, "people": [...], "within_hours": 48},
//             {"name", "external": "oa"}], "open_for_days": 7}
// kInvalid "flow_invalid": the place, and what is wrong there.
Result<Flow> ReadFlow(std::string_view json);

// SHA-256 of a JSON text as it is read, in hexadecimal: white space between members makes no other
// content.
std::string ContentHash(std::string_view json);

struct Ballot {
  std::string person;  // or the system outside
  bool yes = false;
  std::string comment;
  uint32_t level = 0;
  int64_t at_ms = 0;
};

enum class ApprovalState : uint8_t { kOpen, kApproved, kRejected, kWithdrawn, kExpired };
std::string_view NameOf(ApprovalState state);

// Who was asked at the level handed it on.
struct Delegation {
  std::string from, to;
  uint32_t level = 0;
  int64_t at_ms = 0;
};

struct Request {
  std::string subject, hash;
  std::string asker;
  int64_t asked_ms = 0;
  Flow flow;  // as it was then
  std::vector<Ballot> ballots;
  std::vector<Delegation> delegations;
  uint32_t level = 0;  // that is being asked now
  ApprovalState state = ApprovalState::kOpen;
};

// kInvalid "approval": a level would have nobody left to ask but the asker.
Result<Request> Ask(const Flow& flow, std::string subject, std::string hash, std::string asker,
                    int64_t now_ms);
// `ballot.level` and `at_ms` are filled in. kConflict "approval": not open any more, not one of the
// level's people, the asker himself, voted already.
Result<> Vote(Request* request, Ballot ballot, int64_t now_ms);
// What the system outside says, by `ballot.person`; `by`: whoever answered there. Said again it
// changes nothing. kConflict "approval": not open any more, the system is not asked now, it said
// something else before, or the asker answered.
Result<> Answer(Request* request, Ballot ballot, std::string_view by, int64_t now_ms);
// `from` is asked now and has not voted: `to` is, in his place. kConflict "approval": not asked, or
// `to` is the asker or asked already.
Result<> Delegate(Request* request, std::string_view from, std::string to, int64_t now_ms);
// Hexadecimal HMAC-SHA256 of the text, as systems outside sign what they say.
std::string SignatureOf(std::string_view secret, std::string_view text);
// Takes as long whatever is wrong.
bool IsSigned(std::string_view secret, std::string_view text, std::string_view signature);
// By the asker, while it is open. kConflict "approval".
Result<> Withdraw(Request* request, std::string_view person, int64_t now_ms);
// As of now: kExpired when its time is over.
ApprovalState StateAt(const Request& request, int64_t now_ms);
// Whether a person may still vote: asked of everybody whose yes it stands on.
using MayVote = std::function<bool(std::string_view person)>;
// kConflict "approval": not approved, for another content than this, or by somebody who may not
// approve any more.
Result<> MayDo(const Request& request, std::string_view hash, int64_t now_ms,
               const MayVote& may_vote);

std::string ToJson(const Request& request, int64_t now_ms);
// What ToJson wrote. kCorrupt.
Result<Request> FromJson(std::string_view json);

}  // namespace waypost::governance
