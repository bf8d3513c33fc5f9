#include "people/password.h"

#include <argon2.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace waypost::people {
namespace {

constexpr PasswordProfile kProfiles[] = {
    {.name = "asvs", .min_length = 10, .min_classes = 1, .history = 1, .max_age_days = 0},
    {.name = "mlps3", .min_length = 10, .min_classes = 3, .history = 5, .max_age_days = 90},
};

constexpr size_t kSaltBytes = 16, kHashBytes = 32;

// What people begin with; lower case, as it reads after Plain().
constexpr std::string_view kGuessedFirst[] = {
    "password", "passw",     "passwd",     "admin",    "root",      "welcome",  "letmein",
    "login",    "master",    "monkey",     "dragon",   "football",  "baseball", "sunshine",
    "princess", "iloveyou",  "superman",   "batman",   "trustno",   "shadow",   "michael",
    "jordan",   "hunter",    "secret",     "changeme", "default",   "guest",    "test",
    "user",     "system",    "manager",    "oracle",   "summer",    "winter",   "spring",
    "autumn",   "qwerty",    "qwertyuiop", "asdfgh",   "asdfghjkl", "zxcvbn",   "zxcvbnm",
    "qazwsx",   "qazwsxedc", "abcdef",     "abcdefgh", "abc",       "qwe",      "asd",
    "aaa",      "woaini",    "woaiwojia",  "nihao",    "zhongguo",  "beijing",  "shanghai",
    "mima",     "china",     "bank",       "yinhang",  "waypost",   "lubiao",   "computer",
    "internet", "company",   "office",     "hello",    "freedom",   "whatever", "starwars",
    "pokemon",  "google",
};

// Of the 3,000 passwords found most often in public leaks, as zxcvbn 4.4.2 lists them, all that
// have ten characters: shorter ones are refused for that.
constexpr std::string_view kOften[] = {
    "qwertyuiop",       "1234567890",    "q1w2e3r4t5",      "1q2w3e4r5t",   "4815162342",
    "123456789a",       "12345qwert",    "1234554321",      "usuckballz1",  "password123",
    "123456789q",       "1029384756",    "123qweasdzxc",    "soso123aljg",  "manchester",
    "1qaz2wsx3edc",     "12345678910",   "q1w2e3r4t5y6",    "1123581321",   "qwerty12345",
    "1q2w3e4r5t6y",     "fuck_inside",   "mailcreated5240", "nuttertools",  "1122334455",
    "qazwsxedcrfv",     "123456qwerty",  "1234567890q",     "terminator",   "qwerty123456",
    "enterprise",       "123456789z",    "poiuytrewq",      "rjirfrgbde",   "fktrcfylhf",
    "polniypizdec0211", "sojdlg123aljg", "a123456789",      "translator",   "deepthroat",
    "qwerty1234",       "undertaker",    "multiplelo",      "motherlode",   "rjycnfynby",
    "syncmaster",       "aleksandra",    "salamander",      "montgom240",   "sersolution",
    "leavemealone",     "realmadrid",    "tinkerbell",      "123456654321",
};

constexpr std::string_view kRuns[] = {
    "01234567890",
    "09876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "poiuytrewqlkjhgfdsamnbvcxz",
    "qazwsxedcrfvtgbyhnujm",
};

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), Lower);
  return lower;
}

// The word in the middle of a lower-case text, with the signs in it that stand for letters read as
// these: "password" of "p@ssw0rd2026!".
std::string Plain(std::string_view lower) {
  constexpr std::string_view kSigns = "@4301$57!", kLetters = "aaeoissti";
  constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz";
  const size_t first = lower.find_first_of(kAlphabet), last = lower.find_last_of(kAlphabet);
  if (first == lower.npos) return {};
  std::string plain;
  for (const char c : lower.substr(first, last + 1 - first)) {
    const size_t sign = kSigns.find(c);
    if (c >= 'a' && c <= 'z') plain += c;
    if (sign != kSigns.npos) plain += kLetters[sign];
  }
  return plain;
}

std::string OnlyLetters(std::string_view lower) {
  std::string letters;
  std::ranges::copy_if(lower, std::back_inserter(letters),
                       [](char c) { return c >= 'a' && c <= 'z'; });
  return letters;
}

size_t Characters(std::string_view text) {
  return static_cast<size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

int Classes(std::string_view text) {
  std::array<bool, 4> seen{};
  for (const char c : text) {
    const bool lower = c >= 'a' && c <= 'z', upper = c >= 'A' && c <= 'Z',
               digit = c >= '0' && c <= '9';
    seen[lower ? 0 : upper ? 1 : digit ? 2 : 3] = true;
  }
  return static_cast<int>(std::ranges::count(seen, true));
}

// The longest walk along a keyboard row, the alphabet or the digits that begins at `lower`.
size_t RunLength(std::string_view lower) {
  size_t longest = 1;
  for (const std::string_view run : kRuns) {
    const size_t at = run.find(lower[0]);
    if (at == run.npos) continue;
    size_t length = 1;
    while (length < lower.size() && at + length < run.size() && lower[length] == run[at + length])
      ++length;
    longest = std::max(longest, length);
  }
  return longest;
}

// What is left to guess: each walk of four or more and each repetition counts as one character.
size_t Surprises(std::string_view lower) {
  size_t count = 0;
  for (size_t at = 0; at < lower.size(); ++count) {
    const size_t run = RunLength(lower.substr(at));
    const size_t next = std::min(lower.find_first_not_of(lower[at], at), lower.size());
    at = std::max(next, at + (run >= 4 ? run : 1));
  }
  return count;
}

// A word of the list, once or repeated, and nothing else but digits and signs.
bool IsGuessedFirst(std::string_view letters) {
  return std::ranges::any_of(kGuessedFirst, [&](std::string_view word) {
    if (letters.empty() || letters.size() % word.size() != 0) return false;
    for (size_t at = 0; at < letters.size(); at += word.size()) {
      if (letters.substr(at, word.size()) != word) return false;
    }
    return true;
  });
}

// One of the list, with whatever digits and signs behind.
bool IsOften(std::string_view lower) {
  return std::ranges::any_of(kOften, [&](std::string_view word) {
    return lower.starts_with(word) && OnlyLetters(lower.substr(word.size())).empty();
  });
}

// A name of one or two letters is in half of all passwords and says nothing.
bool HoldsName(std::string_view lower, std::string_view person) {
  return person.size() > 2 && lower.find(LowerCase(person)) != lower.npos;
}

Error Weak(std::string message) {
  return Error(Code::kInvalid, "weak_password", std::move(message));
}

}  // namespace

const PasswordProfile* FindPasswordProfile(std::string_view name) {
  const auto* found = std::ranges::find(kProfiles, name, &PasswordProfile::name);
  return found == std::end(kProfiles) ? nullptr : found;
}

Result<> CheckPassword(const PasswordProfile& profile, std::string_view password,
                       std::string_view person) {
  if (Characters(password) < profile.min_length) {
    return Weak(fmt::format("A password has at least {} characters.", profile.min_length));
  }
  if (password.size() > kMaxPasswordBytes) {
    return Weak(fmt::format("A password has at most {} bytes.", kMaxPasswordBytes));
  }
  if (Classes(password) < profile.min_classes) {
    return Weak(
        fmt::format("A password has characters of {} kinds: lower case, upper case, digits, signs.",
                    profile.min_classes));
  }
  const std::string lower = LowerCase(password);
  if (HoldsName(lower, person)) return Weak("A password does not hold the person's name.");
  if (IsGuessedFirst(OnlyLetters(lower)) || IsGuessedFirst(Plain(lower)) || IsOften(lower) ||
      Surprises(lower) < 6)
    return Weak("This password would be among the first to be guessed: choose another.");
  return {};
}

std::string HashPassword(std::string_view password, io::Random& random, const HashCost& cost) {
  CHECK(password.size() <= kMaxPasswordBytes);
  std::array<uint8_t, kSaltBytes> salt;
  random.Fill(salt);
  std::string text(
      argon2_encodedlen(cost.passes, cost.kibibytes, 1, kSaltBytes, kHashBytes, Argon2_id), '\0');
  const int status =
      argon2id_hash_encoded(cost.passes, cost.kibibytes, 1, password.data(), password.size(),
                            salt.data(), salt.size(), kHashBytes, text.data(), text.size());
  CHECK(status == ARGON2_OK);
  text.resize(text.find('\0'));
  return text;
}

std::string DecoyHash(io::Random& random, const HashCost& cost) {
  constexpr std::string_view kBase64 =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  // The last letter stands for less than six bits, and "A" for none that are set.
  const auto letters = [&](size_t bytes) {
    std::string text(bytes * 8 / 6, '\0');
    random.Fill({reinterpret_cast<uint8_t*>(text.data()), text.size()});
    for (char& c : text) c = kBase64[static_cast<uint8_t>(c) % kBase64.size()];
    return text + 'A';
  };
  return fmt::format("$argon2id$v=19$m={},t={},p=1${}${}", cost.kibibytes, cost.passes,
                     letters(kSaltBytes), letters(kHashBytes));
}

bool PasswordFits(const std::string& hash, std::string_view password) {
  return password.size() <= kMaxPasswordBytes &&
         argon2id_verify(hash.c_str(), password.data(), password.size()) == ARGON2_OK;
}

std::string NewPassword(io::Random& random, std::string_view person) {
  constexpr std::string_view kLetters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
  std::string password;
  do {
    password.clear();
    for (int i = 0; i < 20; ++i) {
      if (i > 0 && i % 5 == 0) password += '-';
      password += kLetters[random.Below(kLetters.size())];
    }
  } while (Classes(password) < 4 || HoldsName(LowerCase(password), person));
  return password;
}

}  // namespace waypost::people
