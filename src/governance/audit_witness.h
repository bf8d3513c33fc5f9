// The audit log's head, signed and kept where who holds the log does not reach: a file on another
// machine's disk, the system's log. It shows what the chain alone cannot: that a tail was cut, or
// all of it written anew.
//
//   const WitnessKey key = TRY(WitnessKey::FromSeed(seed));     // 32 bytes, a secret of the server
//   witness << key.Sign(log.head(), clock.NowMs()) << '\n';     // every minute that changed it
//   ...
//   const AuditHead head = TRY(ReadWitness(line, key.public_key()));
//
// A line: {"seq":7,"hash":"...","time":"...","signature":"..."}; the signature is Ed25519 (RFC
// 8032) of the line up to the comma before "signature", in hexadecimal.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "governance/audit_log.h"

namespace waypost::governance {

class WitnessKey {
 public:
  // `seed` is 64 hexadecimal digits. Errors: kInvalid for anything else.
  static Result<WitnessKey> FromSeed(std::string_view seed);
  std::string Sign(const AuditHead& head, int64_t now_ms) const;
  // 64 hexadecimal digits, for whoever checks.
  const std::string& public_key() const { return public_key_; }

 private:
  std::shared_ptr<void> key_;  // EVP_PKEY
  std::string public_key_;
};

// The head a line bears witness of. Errors: kCorrupt "audit_broken" when it is no such line or was
// not signed by the key.
Result<AuditHead> ReadWitness(std::string_view line, std::string_view public_key);

}  // namespace waypost::governance
