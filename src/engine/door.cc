#include "engine/door.h"

#include <algorithm>

namespace waypost::engine {

Error HashedTooLate(std::string_view key) {
  return {Code::kConflict, "hashed_too_late",
          "identities of '" + std::string(key) +
              "' are there already: whether a key is hashed is said before its first value"};
}

Error NoIdentitySecret() {
  return {Code::kUnavailable, "no_identity_secret",
          "the project's identity_key cannot be opened: start with the secrets_key it was sealed "
          "with"};
}

void Door::SetRules(const identity::KeyRules& rules) {
  auto judges = std::make_shared<Judges>();
  for (const identity::KeyRule& rule : rules.keys) {
    if (!rule.hashed) continue;
    judges->names.push_back(rule.name);
    judges->judges.emplace_back(rule, hash_);
  }
  const std::lock_guard lock(mutex_);
  judges_ = std::move(judges);
}

std::shared_ptr<const Door::Judges> Door::judges() const {
  const std::lock_guard lock(mutex_);
  return judges_;
}

std::shared_ptr<const std::vector<std::string>> Door::hashed_keys() const {
  const auto now = judges();
  return {now, &now->names};
}

const identity::KeyJudge* Door::Judges::Find(std::string_view key) const {
  const auto found = std::ranges::find(names, key);
  return found == names.end() ? nullptr : &judges[static_cast<size_t>(found - names.begin())];
}

void Door::Copy(const ItemView& item, std::span<const std::string_view> names, const Judges& judges,
                BatchWriter* out) const {
  bool hidden = false;
  std::vector<std::string> values;
  for (const IdentityView& identity : item.identities) {
    const identity::KeyJudge* judge = judges.Find(identity.key);
    values.push_back(judge ? judge->Normalised(identity.value) : std::string(identity.value));
    hidden |= judge != nullptr;
  }
  ItemMeta meta = item.meta;
  std::string dedup_key;
  if (hidden && !meta.dedup_key.empty()) {
    dedup_key = hash_.Of({}, meta.dedup_key);
    meta.dedup_key = dedup_key;
  }
  out->BeginItem(item.kind, item.what, item.detail, meta);
  for (size_t i = 0; i < values.size(); ++i) out->AddIdentity(item.identities[i].key, values[i]);
  for (const PropertyView& property : item.properties) {
    out->AddProperty(names[property.name], property.value);
  }
  out->EndItem();
}

Result<Bytes> Door::Pass(Bytes batch) const {
  const auto now = judges();
  if (now->names.empty()) return batch;
  BatchReader in = TRY(BatchReader::Open(batch));
  const bool named = std::ranges::any_of(
      in.names(), [&](std::string_view name) { return now->Find(name) != nullptr; });
  if (!named) return batch;
  if (!hash_.ready()) return NoIdentitySecret();
  BatchWriter out(in.header());
  while (const auto item = TRY(in.Next())) Copy(*item, in.names(), *now, &out);
  return out.Finish();
}

}  // namespace waypost::engine
