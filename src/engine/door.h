// Where batches come in: before the log sees one, values of identities whose key is `hashed`
// (identity/key_rules.h) are made keyed hashes of, so that what came is kept nowhere. So is the
// sender's key of a message that names such an identity, which may be made of it.
//
// Any thread. A batch passes untouched while no key is hashed; else one that names such an identity
// is read and written once more.
#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "identity/key_rules.h"
#include "model/batch.h"

namespace waypost::engine {

class Door {
 public:
  explicit Door(identity::KeyedHash hash) : hash_(std::move(hash)) {}

  // From the next batch on.
  void SetRules(const identity::KeyRules& rules);
  // Names of the keys that are hashed.
  std::shared_ptr<const std::vector<std::string>> hashed_keys() const;
  // Errors: kUnavailable "no_identity_secret" when there is something to hash and no secret.
  Result<Bytes> Pass(Bytes batch) const;

 private:
  struct Judges {
    std::vector<std::string> names;
    std::vector<identity::KeyJudge> judges;  // of each
    const identity::KeyJudge* Find(std::string_view key) const;
  };
  std::shared_ptr<const Judges> judges() const;
  void Copy(const ItemView& item, std::span<const std::string_view> names, const Judges& judges,
            BatchWriter* out) const;

  const identity::KeyedHash hash_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Judges> judges_ = std::make_shared<Judges>();
};

// Of a change of rules that came too late: what is there was not hashed, or was.
Error HashedTooLate(std::string_view key);
// Of a secret that is not there, or was sealed with another secrets_key.
Error NoIdentitySecret();

}  // namespace waypost::engine
