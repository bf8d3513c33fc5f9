// Channels that messages go to, and what providers call back with.
#include <fmt/format.h>

#include "api/routes.h"

namespace waypost::api {
namespace {

using ChannelVerb = ChannelCall::Verb;

constexpr uint64_t kDescriptionLimit = 64 << 10;
constexpr uint64_t kTextLimit = 2 << 20;  // what is too long for a template is told so
constexpr uint64_t kReceiptsLimit = 1 << 20;
constexpr uint64_t kOneClickLimit = 4 << 10;  // what mail programs and pages post is not looked at

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

// Without script or style: it is read in any program that shows mail.
std::string UnsubscribePage(std::string_view zh, std::string_view en, std::string_view more) {
  return fmt::format(
      "<!doctype html><html lang=\"zh\"><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\"><meta name=\"robots\" content=\"noindex\"><title>退订 · "
      "Unsubscribe</title><main><h1>{}</h1><p lang=\"en\">{}</p>{}</main></html>",
      zh, en, more);
}

Response UnsubscribeAnswer(std::string page, int status = 200) {
  return {.status = status,
          .content_type = "text/html; charset=utf-8",
          .body = std::move(page),
          .content_security = "default-src 'none'; frame-ancestors 'none'; form-action 'self'",
          .headers = {}};
}

// Who opened the link is no program: a refusal is a page too, with what to do.
Response UnsubscribeRefusal(Response refused) {
  const bool wrong = refused.status == 400 || refused.status == 404;
  Response answer = UnsubscribeAnswer(
      wrong ? UnsubscribePage("链接无效或已过期，未退订。",
                              "This link is wrong or has expired; you are not unsubscribed.",
                              "<p>请打开最近一条消息中的退订链接，或联系发送方。</p><p "
                              "lang=\"en\">Use the link of a newer message, or tell the "
                              "sender.</p>")
            : UnsubscribePage("暂时无法退订，请稍后再试。",
                              "This is not possible just now: try again later.", {}),
      refused.status);
  answer.headers = std::move(refused.headers);
  return answer;
}

// Programs look at links of mail by themselves, so GET asks and POST does it (RFC 8058).
template <ChannelVerb verb>
void HandleUnsubscribe(std::shared_ptr<Call> call) {
  call->respond = [respond = std::move(call->respond)](Response response) {
    respond(response.status < 400 ? std::move(response) : UnsubscribeRefusal(std::move(response)));
  };
  if (!call->backend.services.channels) return Tell(*call, ProblemOf("unavailable"));
  OnWorker(
      std::move(call),
      [](const Call& c) -> Result<std::string> {
        TRY(c.backend.services.channels->Call({.verb = verb,
                                               .project = c.parameters[0],
                                               .channel = c.parameters[1],
                                               .token = c.parameters[3],
                                               .body = {},
                                               .key = c.parameters[2],
                                               .peer = c.request.peer}));
        if (verb == ChannelVerb::kUnsubscribe) {
          return UnsubscribePage("已退订。", "You are unsubscribed.", {});
        }
        return UnsubscribePage("不再接收这类消息？", "Stop receiving messages of this kind?",
                               "<form method=\"post\"><button>退订 · Unsubscribe</button></form>");
      },
      [](std::string page) { return UnsubscribeAnswer(std::move(page)); });
}

}  // namespace

std::vector<Route> ChannelRoutes() {
  const Topic route{.view = Right::View(Object::kJourneys),
                    .change = Right::Change(Object::kServer),
                    .body_limit = kDescriptionLimit,
                    .answer = "JourneyAnswer"};
  const Right text = route.view.WithoutRows();  // it is filled with what is given
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
          .Needs(text)
          .Takes(kTextLimit),
      route("POST", "/v1/templates/preview", Handle<ChannelVerb::kPreviewText>, "",
            "previewTemplate", "A text filled with given values", "JourneyCall", "TextPreview")
          .Needs(text)
          .Takes(kTextLimit),
      route("POST", "/v1/receipts/{project}/{channel}/{token}", HandleReceipts, "", "takeReceipts",
            "What a provider says became of messages", "JourneyCall")
          .Needs(Right::kCollect)
          .Takes(kReceiptsLimit),
      route("GET", "/v1/unsubscribe/{project}/{channel}/{message}/{proof}",
            HandleUnsubscribe<ChannelVerb::kMayUnsubscribe>, "", "askToUnsubscribe",
            "A page that asks whether to unsubscribe, and changes nothing", {}, "Page")
          .Needs(Right::kCollect),
      route("POST", "/v1/unsubscribe/{project}/{channel}/{message}/{proof}",
            HandleUnsubscribe<ChannelVerb::kUnsubscribe>, "", "unsubscribe",
            "Refuses messages of the kind of one, as its List-Unsubscribe link says", {}, "Page")
          .Needs(Right::kCollect)
          .Takes(kOneClickLimit),
  };
}

}  // namespace waypost::api
