#include "engine/base/archive.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "engine/base/archive_finite.h"
#include "engine/base/checksum.h"
#include "engine/base/interrupt.h"

namespace equipoise {
namespace {

constexpr char kMagic[4] = {'E', 'Q', 'P', 'S'};
constexpr uint32_t kVersion = 1;
constexpr uint8_t kFloat = 1, kDouble = 2, kInt64 = 3, kText = 4;
constexpr size_t kHeaderBytes = sizeof(kMagic) + sizeof(kVersion) + sizeof(uint64_t);

static_assert(sizeof(float) == 4 && sizeof(double) == 8, "the format stores IEEE 754 single and double precision");

const char* TypeName(uint8_t type) {
  switch (type) {
    case kFloat:
      return "float32";
    case kDouble:
      return "float64";
    case kInt64:
      return "int64";
    case kText:
      return "text";
  }
  return "unknown";
}

size_t SizeOf(uint8_t type) {
  return type == kText ? 1 : type == kFloat ? 4 : type == kDouble || type == kInt64 ? 8 : 0;
}

template <class T>
void AppendRaw(std::string* out, const T& value) {
  out->append(reinterpret_cast<const char*>(&value), sizeof(T));
}

// Takes numbers off a block, never past its end.
class Cursor {
 public:
  Cursor(const std::string& bytes, size_t at, size_t end) : bytes_(bytes), at_(at), end_(end) {}
  template <class T>
  bool Take(T* value) {
    if (end_ - at_ < sizeof(T)) return false;
    std::memcpy(value, bytes_.data() + at_, sizeof(T));
    at_ += sizeof(T);
    return true;
  }
  bool Take(size_t count, std::string* text) {
    if (end_ - at_ < count) return false;
    text->assign(bytes_, at_, count);
    at_ += count;
    return true;
  }
  bool Skip(size_t count, size_t size) {
    if (size == 0 || count > (end_ - at_) / size) return false;
    at_ += count * size;
    return true;
  }
  size_t at() const { return at_; }

 private:
  const std::string& bytes_;
  size_t at_, end_;
};

// By its bits, of which a compiler can look at many at a time: NaN and infinity have every bit of the exponent.
template <class Bits>
bool Finite(const char* data, uint64_t count) {
  constexpr Bits kExponent = sizeof(Bits) == 4 ? Bits{0x7f800000u} : static_cast<Bits>(0x7ff0000000000000u);
  Bits found = 0;
  for (uint64_t i = 0; i < count; ++i) {
    Bits bits;
    std::memcpy(&bits, data + i * sizeof bits, sizeof bits);
    found |= static_cast<Bits>((bits & kExponent) == kExponent);
  }
  return found == 0;
}

// In pieces, between which whoever waits may end it.
template <class Take>
void InPieces(const char* data, size_t size, Take take) {
  constexpr size_t kPiece = size_t{4} << 20;
  for (size_t at = 0; at < size; at += kPiece) {
    if (at > 0) PollInterrupt();
    take(data + at, std::min(kPiece, size - at));
  }
}

void Append(std::string* out, const char* data, size_t size) {
  InPieces(data, size, [out](const char* piece, size_t bytes) { out->append(piece, bytes); });
}

}  // namespace

void ArchiveWriter::Entry(const std::string& name, uint8_t type, const void* data, size_t count, size_t size) {
  AppendRaw(&body_, static_cast<uint32_t>(name.size()));
  body_ += name;
  AppendRaw(&body_, type);
  AppendRaw(&body_, static_cast<uint64_t>(count));
  Append(&body_, static_cast<const char*>(data), count * size);
  ++entries_;
}

void ArchiveWriter::Put(const std::string& name, const float* data, size_t count) {
  Entry(name, kFloat, data, count, sizeof(float));
}
void ArchiveWriter::Put(const std::string& name, const double* data, size_t count) {
  Entry(name, kDouble, data, count, sizeof(double));
}
void ArchiveWriter::Put(const std::string& name, const int64_t* data, size_t count) {
  Entry(name, kInt64, data, count, sizeof(int64_t));
}
void ArchiveWriter::Put(const std::string& name, const std::string& text) {
  Entry(name, kText, text.data(), text.size(), 1);
}

std::string ArchiveWriter::Finish() const {
  std::string out;
  out.reserve(kHeaderBytes + body_.size() + sizeof(uint32_t));
  out.append(kMagic, sizeof(kMagic));
  AppendRaw(&out, kVersion);
  AppendRaw(&out, entries_);
  Append(&out, body_.data(), body_.size());
  uint32_t sum = 0;
  InPieces(out.data(), out.size(), [&sum](const char* piece, size_t bytes) { sum = Crc32(piece, bytes, sum); });
  AppendRaw(&out, sum);
  return out;
}

Result<ArchiveReader> ArchiveReader::Parse(std::string bytes, const std::string& origin) {
  const auto broken = [&](const std::string& what) { return Error{origin + ": " + what}; };
  if (bytes.size() < sizeof(kMagic) || std::memcmp(bytes.data(), kMagic, sizeof(kMagic)) != 0)
    return broken("this is not a saved state of Equipoise (it does not begin with EQPS)");
  if (bytes.size() < kHeaderBytes + sizeof(uint32_t)) return broken("the file is cut off; use an older copy");

  ArchiveReader reader;
  const size_t end = bytes.size() - sizeof(uint32_t);
  Cursor cursor(bytes, sizeof(kMagic), end);
  uint32_t version = 0;
  uint64_t entries = 0;
  (void)cursor.Take(&version);
  (void)cursor.Take(&entries);
  if (version != kVersion)
    return broken("format version " + std::to_string(version) + "; this program reads version " +
                  std::to_string(kVersion));
  uint32_t stored = 0;
  std::memcpy(&stored, bytes.data() + end, sizeof(stored));
  if (stored != Crc32(bytes.data(), end))
    return broken("the checksum does not match: the file is damaged or cut off; use an older copy");

  for (uint64_t i = 0; i < entries; ++i) {
    uint32_t name_size = 0;
    uint64_t count = 0;
    std::string name;
    Slot slot{};
    if (!cursor.Take(&name_size) || !cursor.Take(name_size, &name) || !cursor.Take(&slot.type) || !cursor.Take(&count))
      return broken("entry " + std::to_string(i) + " is cut off");
    slot.count = count;
    slot.offset = cursor.at();
    if (!cursor.Skip(slot.count, SizeOf(slot.type)))
      return broken("entry \"" + name + "\" is cut off or of unknown type");
    if (!reader.slots_.emplace(name, slot).second) return broken("entry \"" + name + "\" is there twice");
  }
  if (cursor.at() != end) return broken("there are bytes after the last entry");
  reader.bytes_ = std::move(bytes);
  reader.origin_ = origin;
  return reader;
}

std::string FirstNotFinite(const std::string& bytes) {
  Cursor cursor(bytes, kHeaderBytes - sizeof(uint64_t), bytes.size());
  uint64_t entries = 0;
  (void)cursor.Take(&entries);
  for (uint64_t i = 0; i < entries; ++i) {
    uint32_t name_size = 0;
    uint64_t count = 0;
    uint8_t type = 0;
    std::string name;
    if (!cursor.Take(&name_size) || !cursor.Take(name_size, &name) || !cursor.Take(&type) || !cursor.Take(&count))
      break;
    const char* data = bytes.data() + cursor.at();
    if (!cursor.Skip(count, SizeOf(type))) break;
    if (type == kFloat ? !Finite<uint32_t>(data, count) : type == kDouble && !Finite<uint64_t>(data, count))
      return name;
  }
  return "";
}

bool ArchiveReader::Has(const std::string& name) const { return slots_.count(name) > 0; }

size_t ArchiveReader::Count(const std::string& name) const {
  const auto it = slots_.find(name);
  if (it == slots_.end()) throw FormatError(origin_ + ": entry \"" + name + "\" is missing");
  return it->second.count;
}

const ArchiveReader::Slot& ArchiveReader::Find(const std::string& name, uint8_t type) const {
  const auto it = slots_.find(name);
  if (it == slots_.end()) throw FormatError(origin_ + ": entry \"" + name + "\" is missing");
  if (it->second.type != type)
    throw FormatError(origin_ + ": entry \"" + name + "\" holds " + TypeName(it->second.type) + ", not " +
                      TypeName(type));
  return it->second;
}

void ArchiveReader::Get(const std::string& name, float* out, size_t count) const {
  const Slot& slot = Find(name, kFloat);
  if (slot.count != count)
    throw FormatError(origin_ + ": entry \"" + name + "\" has " + std::to_string(slot.count) + " values, not " +
                      std::to_string(count) + " (was it saved with other network sizes?)");
  if (count > 0) std::memcpy(out, bytes_.data() + slot.offset, count * sizeof(float));
}

namespace {
template <class T>
std::vector<T> CopyOut(const std::string& bytes, size_t offset, size_t count) {
  std::vector<T> out(count);
  if (count > 0) std::memcpy(out.data(), bytes.data() + offset, count * sizeof(T));
  return out;
}
}  // namespace

std::vector<float> ArchiveReader::Floats(const std::string& name) const {
  const Slot& slot = Find(name, kFloat);
  return CopyOut<float>(bytes_, slot.offset, slot.count);
}
std::vector<double> ArchiveReader::Doubles(const std::string& name) const {
  const Slot& slot = Find(name, kDouble);
  return CopyOut<double>(bytes_, slot.offset, slot.count);
}
std::vector<int64_t> ArchiveReader::Ints(const std::string& name) const {
  const Slot& slot = Find(name, kInt64);
  return CopyOut<int64_t>(bytes_, slot.offset, slot.count);
}
std::string ArchiveReader::Text(const std::string& name) const {
  const Slot& slot = Find(name, kText);
  return bytes_.substr(slot.offset, slot.count);
}

double ArchiveReader::Real(const std::string& name) const {
  const std::vector<double> values = Doubles(name);
  if (values.size() != 1) throw FormatError(origin_ + ": entry \"" + name + "\" is not a single number");
  return values[0];
}
int64_t ArchiveReader::Int(const std::string& name) const {
  const std::vector<int64_t> values = Ints(name);
  if (values.size() != 1) throw FormatError(origin_ + ": entry \"" + name + "\" is not a single number");
  return values[0];
}

}  // namespace equipoise
