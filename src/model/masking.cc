#include "model/masking.h"

#include <algorithm>
#include <vector>

namespace waypost {

std::string Masked(std::string_view text) {
  std::vector<size_t> starts;  // of its characters
  for (size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) starts.push_back(i);
  }
  const size_t count = starts.size();
  if (count == 0) return {};
  if (count <= 4)
    return std::string(text.substr(0, count < 2 ? 0 : starts[1])) +
           std::string(std::max<size_t>(count - 1, 1), '*');
  std::string masked(text.substr(0, starts[count < 8 ? 1 : 3]));
  masked += kMask;
  if (count >= 11) masked += text.substr(starts[count - 4]);
  return masked;
}

bool IsPersonalKey(std::string_view key) {
  constexpr std::string_view kPersonal[] = {"phone",     "mobile",  "email",  "card",
                                            "certified", "id_card", "idcard", "passport"};
  return std::ranges::find(kPersonal, key) != std::end(kPersonal);
}

}  // namespace waypost
