#include "engine/base/xml_text.h"

#include <cstdint>
#include <cstdio>

#include "engine/base/checksum.h"

namespace equipoise {
namespace {

constexpr char kReplacement[] = "\xef\xbf\xbd";  // U+FFFD

// The bytes of the character that begins at `at`; 0 when they are no shortest UTF-8 form of one that XML may hold.
size_t CharacterAt(const std::string& text, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(at);
  const size_t size = first < 0x80 ? 1 : first >> 5 == 6 ? 2 : first >> 4 == 14 ? 3 : first >> 3 == 30 ? 4 : 0;
  if (size == 0 || at + size > text.size()) return 0;
  uint32_t code = size == 1 ? first : first & (0x7fu >> size);
  for (size_t i = 1; i < size; ++i) {
    if (byte(at + i) >> 6 != 2) return 0;
    code = code << 6 | (byte(at + i) & 0x3fu);
  }
  constexpr uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code <= 0xdfff,
             control = code < 0x20 && code != 9 && code != 10 && code != 13;
  if (code < kLeast[size] || surrogate || control || code == 0xfffe || code == 0xffff || code > 0x10ffff) return 0;
  return size;
}

}  // namespace

std::string XmlText(const std::string& text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const size_t size = CharacterAt(text, at);
    const char c = text[at];
    if (size == 0)
      out += kReplacement;
    else if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\'')
      out += "&#39;";
    else
      out.append(text, at, size);
    at += size == 0 ? 1 : size;
  }
  return out;
}

std::string XmlId(const std::string& name, const std::string& content) {
  char sum[16];
  std::snprintf(sum, sizeof sum, "-%08x", Crc32(content.data(), content.size()));
  return name + sum;
}

}  // namespace equipoise
