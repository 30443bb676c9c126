#include "engine/store/tensorboard.h"

#include <unistd.h>

#include <cmath>
#include <cstring>
#include <ctime>

#include "engine/base/checksum.h"
#include "engine/store/folder_lock.h"

namespace equipoise::store {
namespace {

// Wire types of protobuf: 0 varint, 1 eight bytes, 2 length and bytes, 5 four bytes.
void Varint(std::string* out, uint64_t value) {
  for (; value >= 0x80; value >>= 7) out->push_back(static_cast<char>(value | 0x80));
  out->push_back(static_cast<char>(value));
}
void Tag(std::string* out, int field, int wire) { Varint(out, static_cast<uint64_t>(field << 3 | wire)); }
void Bytes(std::string* out, int field, const std::string& bytes) {
  Tag(out, field, 2);
  Varint(out, bytes.size());
  *out += bytes;
}
template <class T>
void Raw(std::string* out, T value) {
  out->append(reinterpret_cast<const char*>(&value), sizeof(value));
}

constexpr size_t kClockAt = 8 + 4 + 1, kClockBytes = 8;  // of a record: behind length, its sum and the field's tag
constexpr size_t kSumBytes = 4;

std::string EventHead(double wall_time) {
  std::string event;
  Tag(&event, 1, 1);
  Raw(&event, wall_time);
  return event;
}

uint32_t MaskedCrc(const std::string& bytes) {
  const uint32_t crc = Crc32C(bytes.data(), bytes.size());
  return ((crc >> 15) | (crc << 17)) + 0xA282EAD8u;
}

std::string Record(const std::string& payload) {
  std::string out;
  Raw(&out, static_cast<uint64_t>(payload.size()));
  Raw(&out, MaskedCrc(out));
  out += payload;
  Raw(&out, MaskedCrc(payload));
  return out;
}

}  // namespace

double WallTimeOf(const std::string& utc) {
  std::tm parts{};
  const char* end = ::strptime(utc.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return end == nullptr ? 0 : static_cast<double>(::timegm(&parts));
}

std::string TensorBoardHead(double wall_time) {
  std::string event = EventHead(wall_time);
  Bytes(&event, 3, "brain.Event:2");
  return Record(event);
}

std::string TensorBoardRecord(double wall_time, int64_t step, const std::map<std::string, double>& scalars) {
  std::string summary;
  for (const auto& [name, number] : scalars) {
    if (std::isnan(number)) continue;
    std::string tag = name;
    if (const size_t dot = tag.find('.'); dot != std::string::npos) tag[dot] = '/';
    std::string value;
    Bytes(&value, 1, tag);
    Tag(&value, 2, 5);
    Raw(&value, static_cast<float>(number));
    Bytes(&summary, 1, value);
  }
  if (summary.empty()) return "";
  std::string event = EventHead(wall_time);
  Tag(&event, 2, 0);
  Varint(&event, static_cast<uint64_t>(step));
  Bytes(&event, 5, summary);
  return Record(event);
}

bool SameButForTheClock(const std::string& a, const std::string& b) {
  if (a.size() != b.size()) return false;
  for (size_t at = 0; at < a.size();) {
    uint64_t length = 0;
    if (a.size() - at < sizeof(length)) return false;
    std::memcpy(&length, a.data() + at, sizeof(length));
    if (length > a.size() - at || kClockAt + kClockBytes + kSumBytes > a.size() - at) return false;
    const size_t end = at + 12 + static_cast<size_t>(length) + kSumBytes, behind = at + kClockAt + kClockBytes;
    if (end > a.size() || end < behind + kSumBytes) return false;
    // The last sum covers the clock.
    if (a.compare(at, kClockAt, b, at, kClockAt) != 0) return false;
    if (a.compare(behind, end - kSumBytes - behind, b, behind, end - kSumBytes - behind) != 0) return false;
    at = end;
  }
  return true;
}

std::string TensorBoardFileName() {
  return kTensorBoardPrefix + std::to_string(std::time(nullptr)) + "." + HostName() + "." + std::to_string(::getpid()) +
         ".0";
}

}  // namespace equipoise::store
