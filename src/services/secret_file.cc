#include "services/secret_file.h"

#include <fmt/format.h>

#include <array>

#include "base/bytes.h"
#include "base/logger.h"
#include "services/text_file.h"

namespace waypost::services {
namespace {

std::string NewSecret(io::Random& random) {
  std::array<uint8_t, 32> bytes;
  random.Fill(bytes);
  std::string text;
  for (const uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace

Result<std::string> ReadOrMakeSecret(io::FileSystem& files, io::Random& random,
                                     const std::string& directory, const std::string& name) {
  const std::string path = directory + "/" + name;
  Result<std::string> read = ReadTextFile(files, path);
  if (read.ok()) {
    const std::string& text = read.value();
    std::string secret = text.substr(0, text.find_last_not_of(" \r\n\t") + 1);
    if (secret.empty())
      return Error(Code::kCorrupt, path + " is empty: remove it to get a new one");
    return secret;
  }
  if (read.error().code() != Code::kNotFound) return std::move(read).error();

  const std::string secret = NewSecret(random);
  const auto file = TRY(files.Create(path + ".tmp"));
  TRY(file->Append(AsBytes(secret + "\n")));
  TRY(file->Sync());
  TRY(files.Rename(path + ".tmp", path));
  TRY(files.SyncDirectory(directory));
  return secret;
}

Result<channels::SealKey> SealKeyOf(const Machine& machine, const Config& config) {
  if (!config.secrets_key.empty()) return channels::ReadSealKey(config.secrets_key);
  return channels::ReadSealKey(
      TRY(ReadOrMakeSecret(machine.files, machine.random, config.data, "secrets_key")));
}

Result<std::string> IdentitySecretOf(const Machine& machine, const Config& config,
                                     const std::string& folder) {
  const channels::SealKey key = TRY(SealKeyOf(machine, config));
  const std::string path = folder + "/" + std::string(kIdentityKey);
  const Result<std::string> sealed = ReadTextFile(machine.files, path);
  if (!sealed.ok() && sealed.error().code() != Code::kNotFound) return sealed.error();
  if (!sealed.ok()) {
    const std::string secret = NewSecret(machine.random);
    TRY(machine.files.CreateDirectory(folder));
    TRY(io::ReplaceFile(machine.files, path,
                        AsBytes(channels::Seal(key, kIdentityKey, secret, machine.random))));
    return secret;
  }
  const Result<std::string> secret = channels::Unseal(key, kIdentityKey, sealed.value());
  if (secret.ok()) return secret;
  LogError("identity_key.sealed", {{"path", path}, {"error", secret.error().message()}});
  return std::string();
}

}  // namespace waypost::services
