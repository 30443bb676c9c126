#include "engine/base/archive_edit.h"

#include <cstring>

#include "engine/base/archive.h"
#include "engine/base/checksum.h"

namespace equipoise {

Result<std::string> WithInts(const std::string& bytes, const std::string& name, const std::vector<int64_t>& values,
                             const std::string& origin) {
  const Result<ArchiveReader> in = ArchiveReader::Parse(bytes, origin);
  if (!in) return in.error();
  if (!in.value().Has(name)) return Error{origin + ": entry \"" + name + "\" is missing"};
  const size_t old_count = in.value().Count(name);
  // An entry is: uint32 size of the name, the name, uint8 type, uint64 count, the values.
  std::string head(sizeof(uint32_t), '\0');
  const auto name_size = static_cast<uint32_t>(name.size());
  std::memcpy(head.data(), &name_size, sizeof(name_size));
  head += name;
  size_t at = std::string::npos;
  for (size_t found = bytes.find(head); found != std::string::npos; found = bytes.find(head, found + 1)) {
    uint64_t count = 0;
    const size_t count_at = found + head.size() + 1;
    if (count_at + sizeof(count) > bytes.size()) break;
    std::memcpy(&count, bytes.data() + count_at, sizeof(count));
    if (count == old_count) at = count_at;
  }
  if (at == std::string::npos) return Error{origin + ": entry \"" + name + "\" cannot be found"};
  std::string out = bytes.substr(0, at);
  const uint64_t count = values.size();
  out.append(reinterpret_cast<const char*>(&count), sizeof(count));
  out.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(int64_t));
  out.append(bytes, at + sizeof(count) + old_count * sizeof(int64_t), std::string::npos);
  out.resize(out.size() - sizeof(uint32_t));
  const uint32_t sum = Crc32(out.data(), out.size());
  out.append(reinterpret_cast<const char*>(&sum), sizeof(sum));
  const Result<ArchiveReader> again = ArchiveReader::Parse(out, origin);
  if (!again) return again.error();
  return out;
}

}  // namespace equipoise
