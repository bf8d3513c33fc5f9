// A definition tried with one customer.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/hash.h"
#include "journeys/walk.h"
#include "model/masking.h"
#include "model/time_text.h"
#include "services/journey_json.h"
#include "services/journeys.h"

namespace waypost::services {
namespace {

namespace json = boost::json;

constexpr std::string_view kTesters = "IN SEGMENT testers";
constexpr std::string_view kTestMark = "[测试 TEST] ";

std::string_view WordOf(channels::HandOff what) {
  constexpr std::string_view kHandOffs[] = {"accepted", "rejected", "busy", "unknown"};
  return kHandOffs[static_cast<size_t>(what)];
}

}  // namespace

Result<std::string> Journeys::RunTest(const Test& test) {
  const journeys::Checked checked = CheckAll(test.definition, test.barred);
  if (!checked.journey) return journeys::AsError(checked.faults);
  const Ordinal customer = TRY(Find(test.person));
  journeys::Properties context = test.context;
  context.emplace_back(kPersonKey, test.person.key);
  context.emplace_back(kPersonValue, test.person.value);
  json::object shown;
  json::array messages;
  std::vector<channels::Message> to_send;
  Result<> walked;
  Hold([&] {
    const journeys::World world{answers_, answers_, answers_};
    const journeys::Facts facts{.customer = customer, .now_ms = NowMs(), .context = &context};
    if (test.send && answers_.Test(kTesters, facts) != journeys::Truth::kYes) {
      walked = Error(Code::kInvalid, "not_tester",
                     "tests are sent to who is in the segment 'testers' alone");
      return;
    }
    if (test.send && machine_->state().held()) {
      walked = Error(Code::kUnavailable, "sending_held", "sending is held");
      return;
    }
    journeys::Walk walk(machine_->state(), world);
    const auto refused = walk.Go(test.definition, customer, context, test.becomes, NowMs());
    if (!refused.ok()) return void(walked = refused.error());
    if (refused.value()) {
      const journeys::ReasonText& text = journeys::TextOf(*refused.value());
      shown["refused"] = {{"reason", text.name}, {"reason_en", text.en}, {"reason_zh", text.zh}};
    }
    json::array trace;
    if (const journeys::Customer* known = walk.state().FindCustomer(customer)) {
      for (const journeys::TraceLine& line : known->trace)
        trace.push_back(LineJson(walk.state(), line));
    }
    shown["trace"] = std::move(trace);
    shown["inside"] = walk.state().entry_count() > 0;
    for (const journeys::Touch* touch : walk.Messages()) {
      const journeys::change::TouchPlanned& plan = touch->plan;
      messages.push_back({{"node", touch->node},
                          {"channel", plan.channel},
                          {"at", DateTimeText(touch->planned_ms)},
                          {"address", test.masked ? std::string(kMask) : plan.address},
                          {"text", test.masked ? std::string(kMask) : plan.text}});
      to_send.push_back({.key = KeyText(plan.key),
                         .channel = plan.channel,
                         .address = plan.address,
                         .text = std::string(kTestMark) + plan.text,
                         .journey = checked.journey->id,
                         .node = touch->node,
                         .time_ms = NowMs()});
    }
  });
  TRY(walked);
  for (size_t i = 0; test.send && i < to_send.size(); ++i) {
    // Each test is another message.
    to_send[i].key = fmt::format("{:016x}{:016x}", Hash64(to_send[i].key, 1),
                                 Hash64(to_send[i].key, static_cast<uint64_t>(NowMs())));
    const std::shared_ptr<channels::Channel> channel = FindChannel(to_send[i].channel);
    const channels::Answer answer =
        (channel ? *channel : static_cast<channels::Channel&>(*sandbox_)).Send(to_send[i]);
    messages[i].as_object()["sent"] = {{"outcome", WordOf(answer.what)}, {"why", answer.why}};
  }
  shown["messages"] = std::move(messages);
  return json::serialize(shown);
}

}  // namespace waypost::services
