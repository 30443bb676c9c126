// blind_changes.h: seeds with a few bytes changed, cut, doubled or put together, by a fixed stream: the short version of
// what libFuzzer does, for the suite.
#pragma once

#include <string>
#include <vector>

#include "engine/base/random.h"

namespace equipoise::fuzz {

inline std::string Changed(const std::vector<std::string>& seeds, uint64_t number) {
  Stream random(0, "fuzz.changes", number);
  const auto below = [&random](size_t n) { return n == 0 ? 0 : random.Below(static_cast<uint32_t>(n)); };
  std::string bytes = seeds[below(seeds.size())];
  const size_t changes = 1 + below(4);
  for (size_t i = 0; i < changes; ++i) {
    const size_t at = below(bytes.size() + 1), length = below(1 + std::min<size_t>(bytes.size() - at, 40));
    static const std::vector<std::string> kOdd{"\"",
                                               "}",
                                               "[",
                                               "=",
                                               "\n",
                                               "-1",
                                               "1e999",
                                               "nan",
                                               "null",
                                               "99999999999999999999",
                                               std::string(1, '\0'),
                                               "\xff\xfe",
                                               "\\u0000",
                                               "true",
                                               ".",
                                               std::string(8, '\xff')};
    switch (below(5)) {
      case 0:
        if (at < bytes.size()) bytes[at] = static_cast<char>(below(256));
        break;
      case 1:
        bytes.erase(at, length);
        break;
      case 2:
        bytes.insert(at, bytes.substr(at, length));
        break;
      case 3:
        bytes.replace(at, length, kOdd[below(kOdd.size())]);
        break;
      default:
        bytes = bytes.substr(0, at) + seeds[below(seeds.size())].substr(0, below(200));
    }
  }
  return bytes;
}

}  // namespace equipoise::fuzz
