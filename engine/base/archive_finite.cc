#include "engine/base/archive_finite.h"

#include <cmath>
#include <cstdint>
#include <cstring>

namespace equipoise {
namespace {

template <class T>
T Take(const std::string& bytes, size_t* at) {
  T value{};
  std::memcpy(&value, bytes.data() + *at, sizeof value);
  *at += sizeof value;
  return value;
}

template <class T>
bool Finite(const char* data, uint64_t count) {
  bool finite = true;
  for (uint64_t i = 0; i < count; ++i) {
    T value;
    std::memcpy(&value, data + i * sizeof value, sizeof value);
    finite = finite && std::isfinite(value);
  }
  return finite;
}

}  // namespace

std::string FirstNotFinite(const std::string& bytes) {
  constexpr uint8_t kFloat = 1, kDouble = 2, kText = 4;
  size_t at = 8;  // magic and version
  const auto entries = Take<uint64_t>(bytes, &at);
  for (uint64_t i = 0; i < entries; ++i) {
    const auto length = Take<uint32_t>(bytes, &at);
    std::string name = bytes.substr(at, length);
    at += length;
    const auto type = Take<uint8_t>(bytes, &at);
    const auto count = Take<uint64_t>(bytes, &at);
    const char* data = bytes.data() + at;
    if (type == kFloat ? !Finite<float>(data, count) : type == kDouble && !Finite<double>(data, count)) return name;
    at += count * (type == kText ? 1 : type == kFloat ? sizeof(float) : sizeof(double));
  }
  return "";
}

}  // namespace equipoise
