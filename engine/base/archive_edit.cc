#include "engine/base/archive_edit.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "engine/base/checksum.h"

namespace equipoise {
namespace {

// Magic and version; the number of entries follows.
constexpr size_t kHeadBytes = 4 + sizeof(uint32_t);

// Name and bytes, from the size of the name to the last value. Of a whole archive: it was parsed.
using Entries = std::vector<std::pair<std::string, std::string>>;

template <class T>
T Take(const std::string& bytes, size_t* at) {
  T value{};
  std::memcpy(&value, bytes.data() + *at, sizeof value);
  *at += sizeof value;
  return value;
}

Entries EntriesOf(const std::string& bytes) {
  // By the numbers of the format: nothing, float, double, int64, text.
  constexpr size_t kSizes[] = {0, sizeof(float), sizeof(double), sizeof(int64_t), 1};
  size_t at = kHeadBytes;
  const auto count = Take<uint64_t>(bytes, &at);
  Entries entries;
  for (uint64_t i = 0; i < count; ++i) {
    const size_t from = at;
    const auto name_size = Take<uint32_t>(bytes, &at);
    std::string name = bytes.substr(at, name_size);
    at += name_size;
    const auto type = Take<uint8_t>(bytes, &at);
    const auto values = Take<uint64_t>(bytes, &at);
    at += values * kSizes[type];
    entries.emplace_back(std::move(name), bytes.substr(from, at - from));
  }
  return entries;
}

}  // namespace

Result<std::string> WithEntries(const std::string& bytes, const ArchiveWriter& instead,
                                const std::vector<std::string>& without, const std::string& origin) {
  if (const Result<ArchiveReader> in = ArchiveReader::Parse(bytes, origin); !in) return in.error();
  Entries entries = EntriesOf(bytes);
  entries.erase(std::remove_if(entries.begin(), entries.end(),
                               [&without](const auto& entry) {
                                 return std::find(without.begin(), without.end(), entry.first) != without.end();
                               }),
                entries.end());
  for (auto& entry : EntriesOf(instead.Finish())) {
    const auto old =
        std::find_if(entries.begin(), entries.end(), [&](const auto& e) { return e.first == entry.first; });
    if (old != entries.end())
      old->second = std::move(entry.second);
    else
      entries.push_back(std::move(entry));
  }
  std::string out = bytes.substr(0, kHeadBytes);
  const uint64_t count = entries.size();
  out.append(reinterpret_cast<const char*>(&count), sizeof(count));
  for (const auto& entry : entries) out += entry.second;
  const uint32_t sum = Crc32(out.data(), out.size());
  out.append(reinterpret_cast<const char*>(&sum), sizeof(sum));
  return out;
}

Result<std::string> WithInts(const std::string& bytes, const std::string& name, const std::vector<int64_t>& values,
                             const std::string& origin) {
  const Result<ArchiveReader> in = ArchiveReader::Parse(bytes, origin);
  if (!in) return in.error();
  if (!in.value().Has(name)) return Error{origin + ": entry \"" + name + "\" is missing"};
  ArchiveWriter instead;
  instead.Put(name, values);
  return WithEntries(bytes, instead, {}, origin);
}

}  // namespace equipoise
