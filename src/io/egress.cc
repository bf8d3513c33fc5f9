#include "io/egress.h"

#include <arpa/inet.h>
#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <memory>

namespace waypost::io {
namespace {

constexpr Address kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0};
constexpr int kMappedBits = 96;

struct Reserved {
  std::array<uint8_t, 4> first;
  int bits;
};
// The IPv4 special-purpose registry (RFC 6890 and its updates), multicast and class E.
constexpr Reserved kReserved[] = {
    {{0, 0, 0, 0}, 8},      {{10, 0, 0, 0}, 8},     {{100, 64, 0, 0}, 10}, {{127, 0, 0, 0}, 8},
    {{169, 254, 0, 0}, 16}, {{172, 16, 0, 0}, 12},  {{192, 0, 0, 0}, 24},  {{192, 0, 2, 0}, 24},
    {{192, 88, 99, 0}, 24}, {{192, 168, 0, 0}, 16}, {{198, 18, 0, 0}, 15}, {{198, 51, 100, 0}, 24},
    {{203, 0, 113, 0}, 24}, {{224, 0, 0, 0}, 4},    {{240, 0, 0, 0}, 4}};
// Of the IPv6 global unicast block 2000::/3: what is not the internet, or hides an IPv4 address.
struct Reserved6 {
  std::array<uint8_t, 4> first;
  int bits;
};
constexpr Reserved6 kReserved6[] = {{{0x20, 0x01, 0x00, 0x00}, 23},
                                    {{0x20, 0x01, 0x0d, 0xb8}, 32},
                                    {{0x20, 0x02, 0, 0}, 16},
                                    {{0x3f, 0xff, 0, 0}, 20}};

bool SameBits(const uint8_t* a, const uint8_t* b, int bits) {
  for (; bits >= 8; bits -= 8, ++a, ++b) {
    if (*a != *b) return false;
  }
  return bits == 0 || (*a ^ *b) >> (8 - bits) == 0;
}

Error Denied(std::string what) { return Error(Code::kInvalid, "egress_denied", std::move(what)); }

// A part of a parsed URL; empty when it has none.
std::string PartOf(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
  std::string copy(text);
  curl_free(text);
  return copy;
}

}  // namespace

Result<Address> ReadAddress(std::string_view text) {
  Address address = kMapped;
  const std::string copy(text);
  if (inet_pton(AF_INET, copy.c_str(), address.data() + 12) == 1) return address;
  if (inet_pton(AF_INET6, copy.c_str(), address.data()) == 1) return address;
  return Error(Code::kInvalid, "not an address: " + copy);
}

bool IsPublic(const Address& address) {
  if (SameBits(address.data(), kMapped.data(), kMappedBits)) {
    return std::ranges::none_of(kReserved, [&](const Reserved& range) {
      return SameBits(address.data() + 12, range.first.data(), range.bits);
    });
  }
  return address[0] >> 5 == 1 && std::ranges::none_of(kReserved6, [&](const Reserved6& range) {
           return SameBits(address.data(), range.first.data(), range.bits);
         });
}

Result<EgressRules> EgressRules::Read(std::string_view text) {
  EgressRules rules;
  while (!text.empty()) {
    const std::string_view item = text.substr(0, text.find(','));
    text.remove_prefix(std::min(item.size() + 1, text.size()));
    const size_t slash = item.find('/');
    const Result<Address> first = ReadAddress(item.substr(0, slash));
    if (!first.ok()) return first.error();
    const bool mapped = SameBits(first.value().data(), kMapped.data(), kMappedBits);
    const int most = mapped ? 32 : 128;
    int bits = most;
    if (slash != item.npos) {
      const std::string_view number = item.substr(slash + 1);
      const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), bits);
      if (error != std::errc() || end != number.data() + number.size() || bits < 0 || bits > most) {
        return Error(Code::kInvalid, "not a range of addresses: " + std::string(item));
      }
    }
    rules.allowed_.push_back({first.value(), mapped ? bits + kMappedBits : bits});
  }
  return rules;
}

bool EgressRules::Allows(const Address& address) const {
  return IsPublic(address) || std::ranges::any_of(allowed_, [&](const Range& range) {
           return SameBits(address.data(), range.first.data(), range.bits);
         });
}

Result<> EgressRules::Check(std::string_view url, std::span<const std::string_view> schemes) const {
  const bool plain = std::ranges::all_of(url, [](char c) { return c > ' ' && c <= '~'; });
  if (!plain) return Denied("a URL has only ASCII characters and no spaces");
  const std::unique_ptr<CURLU, void (*)(CURLU*)> parsed(curl_url(), curl_url_cleanup);
  const std::string copy(url);
  if (curl_url_set(parsed.get(), CURLUPART_URL, copy.c_str(), CURLU_NON_SUPPORT_SCHEME) !=
      CURLUE_OK) {
    return Denied("not a URL: " + copy.substr(0, 80));
  }
  const std::string scheme = PartOf(parsed.get(), CURLUPART_SCHEME);
  if (std::ranges::find(schemes, scheme) == schemes.end()) {
    return Denied("only " + std::string(schemes[0]) + " and " + std::string(schemes[1]) +
                  " may be called, not " + scheme);
  }
  if (!PartOf(parsed.get(), CURLUPART_USER).empty() ||
      !PartOf(parsed.get(), CURLUPART_PASSWORD).empty()) {
    return Denied("a URL has no user or password in it: keep them as secrets");
  }
  std::string host = PartOf(parsed.get(), CURLUPART_HOST);
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  if (const Result<Address> address = ReadAddress(host); address.ok()) {
    return Allows(address.value()) ? Result<>() : Denied(host + " may not be called");
  }
  while (host.ends_with('.')) host.pop_back();
  std::ranges::transform(host, host.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  const bool own = host == "localhost" || host.ends_with(".localhost");
  if (own && !Allows(ReadAddress("127.0.0.1").value())) return Denied(host + " may not be called");
  return {};
}

}  // namespace waypost::io
