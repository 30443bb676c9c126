#include "engine/store/derived_file.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <vector>

#include "engine/base/checksum.h"

namespace equipoise::store {

std::string DerivedFile::Fault(const std::string& path, int64_t bytes, uint32_t sum) {
  std::error_code absent;
  const auto size = static_cast<int64_t>(std::filesystem::file_size(path, absent));
  if (absent) return "is not there";
  if (size < bytes) return "was shortened";
  std::ifstream in(path, std::ios::binary);
  std::vector<char> block(1 << 16);
  uint32_t found = 0;
  for (int64_t left = bytes; left > 0;) {
    const int64_t take = std::min<int64_t>(left, static_cast<int64_t>(block.size()));
    if (!in.read(block.data(), take)) return "cannot be read";
    found = Crc32(block.data(), static_cast<size_t>(take), found);
    left -= take;
  }
  return found == sum ? "" : "was changed";
}

Result<DerivedFile> DerivedFile::Open(const std::string& path, int64_t bytes, uint32_t sum) {
  Result<AppendFile> file = AppendFile::Open(path, bytes);
  if (!file) return file.error();
  DerivedFile out;
  out.file_ = std::move(file).value();
  out.sum_ = sum;
  return out;
}

Result<DerivedFile> DerivedFile::Make(const std::string& path, const std::string& contents) {
  if (Status status = WriteFileAtomically(path, contents); !status) return status.error();
  return Open(path, static_cast<int64_t>(contents.size()), Crc32(contents.data(), contents.size()));
}

Status DerivedFile::Append(const std::string& bytes) {
  if (Status status = file_.Append(bytes); !status) return status;
  sum_ = Crc32(bytes.data(), bytes.size(), sum_);
  return {};
}

}  // namespace equipoise::store
