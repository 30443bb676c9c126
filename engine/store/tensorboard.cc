#include "engine/store/tensorboard.h"

#include <unistd.h>

#include <chrono>
#include <cmath>
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

double WallTime() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

std::string EventHead() {
  std::string event;
  Tag(&event, 1, 1);
  Raw(&event, WallTime());
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

Result<TensorBoardFile> TensorBoardFile::Open(const std::string& path, int64_t keep_bytes) {
  Result<AppendFile> file = AppendFile::Open(path, keep_bytes);
  if (!file) return file.error();
  TensorBoardFile out;
  out.file_ = std::move(file).value();
  if (out.file_.size() == 0) {
    std::string event = EventHead();
    Bytes(&event, 3, "brain.Event:2");
    if (Status status = out.file_.Append(Record(event)); !status) return status.error();
  }
  return out;
}

Status TensorBoardFile::Append(int64_t step, const std::map<std::string, double>& scalars) {
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
  if (summary.empty()) return {};
  std::string event = EventHead();
  Tag(&event, 2, 0);
  Varint(&event, static_cast<uint64_t>(step));
  Bytes(&event, 5, summary);
  return file_.Append(Record(event));
}

std::string TensorBoardFileName() {
  return "events.out.tfevents." + std::to_string(std::time(nullptr)) + "." + HostName() + "." +
         std::to_string(::getpid()) + ".0";
}

}  // namespace equipoise::store
