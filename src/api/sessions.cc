#include "api/sessions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace waypost::api {

std::string Sessions::Open(std::string person, uint64_t epoch,
                           std::optional<ProviderSession> provider) {
  std::array<uint8_t, 32> bytes;
  random_.Fill(bytes);
  std::string secret;
  for (const uint8_t byte : bytes) secret += fmt::format("{:02x}", byte);

  const int64_t now_ms = clock_.NowMs();
  const std::lock_guard lock(mutex_);
  MakeRoom();
  sessions_[secret] = {.person = std::move(person),
                       .epoch = epoch,
                       .opened_ms = now_ms,
                       .used_ms = now_ms,
                       .provider = std::move(provider)};
  return secret;
}

std::optional<Session> Sessions::Find(std::string_view secret, bool use) {
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(secret);
  if (found == sessions_.end()) return std::nullopt;
  if (Ended(found->second)) {
    sessions_.erase(found);
    return std::nullopt;
  }
  if (use) found->second.used_ms = clock_.NowMs();
  return found->second;
}

void Sessions::Close(std::string_view secret) {
  const std::lock_guard lock(mutex_);
  if (const auto found = sessions_.find(secret); found != sessions_.end()) sessions_.erase(found);
}

std::vector<std::string> Sessions::CloseOf(const ProviderSession& ended) {
  std::vector<std::string> persons;
  const std::lock_guard lock(mutex_);
  std::erase_if(sessions_, [&](const auto& entry) {
    const auto& provider = entry.second.provider;
    if (!provider) return false;
    const bool of_subject = ended.subject.empty() || provider->subject == ended.subject;
    if (!of_subject || (!ended.id.empty() && provider->id != ended.id)) return false;
    persons.push_back(entry.second.person);
    return true;
  });
  return persons;
}

void Sessions::ShowClear(std::string_view secret, int64_t until_ms) {
  const std::lock_guard lock(mutex_);
  if (const auto found = sessions_.find(secret); found != sessions_.end())
    found->second.clear_until_ms = until_ms;
}

bool Sessions::Ended(const Session& session) const {
  const int64_t now_ms = clock_.NowMs();
  return now_ms - session.used_ms >= age_.idle_ms || now_ms - session.opened_ms >= age_.absolute_ms;
}

void Sessions::MakeRoom() {
  if (sessions_.size() < age_.count) return;
  std::erase_if(sessions_, [&](const auto& entry) { return Ended(entry.second); });
  if (sessions_.size() < age_.count) return;
  sessions_.erase(std::ranges::min_element(sessions_, {},
                                           [](const auto& entry) { return entry.second.used_ms; }));
}

}  // namespace waypost::api
