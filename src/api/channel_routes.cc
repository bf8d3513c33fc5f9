// Channels that messages go to, and what providers call back with.
#include "api/routes.h"

namespace waypost::api {
namespace {

using ChannelVerb = ChannelCall::Verb;

constexpr uint64_t kDescriptionLimit = 64 << 10;
constexpr uint64_t kTextLimit = 2 << 20;  // what is too long for a template is told so
constexpr uint64_t kReceiptsLimit = 1 << 20;

template <ChannelVerb verb>
void Handle(std::shared_ptr<Call> call) {
  if (!call->backend.services.channels) return Tell(*call, ProblemOf("unavailable"));
  OnWorker(std::move(call), [](const Call& c) {
    return c.backend.services.channels->Call(
        {.verb = verb,
         .project = c.project(),
         .channel = c.parameters.empty() ? std::string() : c.parameters[0],
         .token = {},
         .body = c.request.body});
  });
}

// Providers cannot add a parameter to the address they were given, so the project is in the path.
void HandleReceipts(std::shared_ptr<Call> call) {
  if (!call->backend.services.channels) return Tell(*call, ProblemOf("unavailable"));
  OnWorker(std::move(call), [](const Call& c) {
    return c.backend.services.channels->Call({.verb = ChannelVerb::kReceipts,
                                              .project = c.parameters[0],
                                              .channel = c.parameters[1],
                                              .token = c.parameters[2],
                                              .body = c.request.body});
  });
}

}  // namespace

std::vector<Route> ChannelRoutes() {
  const Topic route{.view = Right::View(Object::kJourneys),
                    .change = Right::Change(Object::kServer),
                    .body_limit = kDescriptionLimit,
                    .answer = "JourneyAnswer"};
  return {
      route("GET", "/v1/channels", Handle<ChannelVerb::kList>, "", "listChannels",
            "The channels, whether their secrets are set, and messages on their way", {},
            "Channels"),
      route("POST", "/v1/channels/check", Handle<ChannelVerb::kCheck>, "", "checkChannel",
            "What is wrong with a description", "JourneyCall"),
      route("GET", "/v1/channels/{channel}", Handle<ChannelVerb::kShow>, "", "showChannel",
            "A channel's description and where its provider sends receipts", {}, "ChannelState"),
      route("PUT", "/v1/channels/{channel}", Handle<ChannelVerb::kPut>, "channel.put", "putChannel",
            "Makes or changes a channel", "JourneyCall", "ChannelState"),
      route("DELETE", "/v1/channels/{channel}", Handle<ChannelVerb::kRemove>, "channel.removed",
            "removeChannel", "Removes a channel: its messages go to the sandbox"),
      route("PUT", "/v1/channels/{channel}/secrets", Handle<ChannelVerb::kSetSecrets>,
            "channel.secrets_set", "setChannelSecrets",
            "Sets secrets by name; they are encrypted on disk and never shown", "JourneyCall"),
      route("POST", "/v1/channels/{channel}/test", Handle<ChannelVerb::kTry>, "channel.tried",
            "tryChannel", "Sends one message to an address, now and outside of all journeys",
            "JourneyCall", "ChannelTry")
          .Needs(Right::Change(Object::kJourneys)),
      route("POST", "/v1/templates/check", Handle<ChannelVerb::kCheckText>, "", "checkTemplate",
            "What may not be sent of a text, and the names in it", "JourneyCall", "TextCheck")
          .Takes(kTextLimit),
      route("POST", "/v1/templates/preview", Handle<ChannelVerb::kPreviewText>, "",
            "previewTemplate", "A text filled with given values", "JourneyCall", "TextPreview")
          .Takes(kTextLimit),
      route("POST", "/v1/receipts/{project}/{channel}/{token}", HandleReceipts, "", "takeReceipts",
            "What a provider says became of messages", "JourneyCall")
          .Needs(Right::kCollect)
          .Takes(kReceiptsLimit),
  };
}

}  // namespace waypost::api
