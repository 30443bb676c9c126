#include "engine/store/replay_file.h"

#include <cstring>
#include <fstream>

#include "engine/base/checksum.h"
#include "engine/store/set_aside.h"

namespace equipoise::store {
namespace {

constexpr char kMagic[4] = {'E', 'Q', 'R', 'B'};
constexpr uint32_t kVersion = 1;
constexpr int64_t kHeaderBytes = 16;
constexpr int64_t kSumBytes = 4;

std::string Header(int64_t block_bytes) {
  std::string out(kMagic, sizeof(kMagic));
  out.append(reinterpret_cast<const char*>(&kVersion), sizeof(kVersion));
  out.append(reinterpret_cast<const char*>(&block_bytes), sizeof(block_bytes));
  return out;
}

Status CheckHeader(const std::string& path, std::istream& in, int64_t block_bytes) {
  std::string header(kHeaderBytes, '\0');
  if (!in.read(header.data(), kHeaderBytes)) return Error{path + ": cannot be read, or is cut off in its header"};
  if (header != Header(block_bytes)) {
    int64_t stored = 0;
    std::memcpy(&stored, header.data() + 8, sizeof(stored));
    if (std::memcmp(header.data(), kMagic, sizeof(kMagic)) != 0) return Error{path + ": is not a replay file"};
    return Error{path + ": holds episodes of " + std::to_string(stored) + " bytes, but this task's have " +
                 std::to_string(block_bytes) + "; was it written for another task, or by another version?"};
  }
  return {};
}

// The next block, checked; errors name it by `index`.
Result<std::string> ReadBlock(const std::string& path, std::ifstream& in, int64_t block_bytes, int64_t index) {
  std::string block(static_cast<size_t>(block_bytes), '\0');
  uint32_t sum = 0;
  if (!in.read(block.data(), block_bytes) || !in.read(reinterpret_cast<char*>(&sum), kSumBytes))
    return Error{path + ": ends before the end of episode " + std::to_string(index + 1)};
  if (sum != Crc32(block.data(), block.size()))
    return Error{path + ": episode " + std::to_string(index + 1) + " is damaged (its checksum does not match)"};
  return block;
}

}  // namespace

int64_t ReplayFile::SizeOf(int64_t block_bytes, int64_t blocks) {
  return kHeaderBytes + blocks * (block_bytes + kSumBytes);
}

Result<ReplayFile> ReplayFile::Create(const std::string& path, int64_t block_bytes) {
  EQ_CHECK(block_bytes > 0, "a replay block must hold something");
  Result<AppendFile> file = AppendFile::Open(path, 0);
  if (!file) return file.error();
  ReplayFile out;
  out.file_ = std::move(file).value();
  out.block_bytes_ = block_bytes;
  if (Status status = out.file_.Append(Header(block_bytes)); !status) return status.error();
  return out;
}

Result<ReplayFile> ReplayFile::Open(const std::string& path, int64_t block_bytes, int64_t blocks) {
  {
    std::ifstream in(path, std::ios::binary);
    if (Status status = CheckHeader(path, in, block_bytes); !status) return status.error();
  }
  Result<AppendFile> file = AppendFile::Open(path, SizeOf(block_bytes, blocks));
  if (!file) return file.error();
  ReplayFile out;
  out.file_ = std::move(file).value();
  out.block_bytes_ = block_bytes;
  return out;
}

Result<int64_t> ReplayFile::BlockBytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string header(kHeaderBytes, '\0');
  int64_t stored = 0;
  if (!in.read(header.data(), kHeaderBytes)) return Error{path + ": cannot be read, or is cut off in its header"};
  std::memcpy(&stored, header.data() + 8, sizeof(stored));
  if (Status status = CheckHeader(path, in.seekg(0), stored); !status) return status.error();
  return stored;
}

Result<std::string> ReplayFile::ReadOne(const std::string& path, int64_t block_bytes, int64_t index) {
  std::ifstream in(path, std::ios::binary);
  if (Status status = CheckHeader(path, in, block_bytes); !status) return status.error();
  in.seekg(SizeOf(block_bytes, index));
  return ReadBlock(path, in, block_bytes, index);
}

Result<std::vector<std::string>> ReplayFile::ReadAll(const std::string& path, int64_t block_bytes, int64_t blocks) {
  std::ifstream in(path, std::ios::binary);
  if (Status status = CheckHeader(path, in, block_bytes); !status) return status.error();
  std::vector<std::string> out;
  for (int64_t i = 0; i < blocks; ++i) {
    Result<std::string> block = ReadBlock(path, in, block_bytes, i);
    if (!block) return block.error();
    out.push_back(std::move(block).value());
  }
  return out;
}

Status ReplayFile::Append(const std::string& block) {
  EQ_CHECK(static_cast<int64_t>(block.size()) == block_bytes_, "a replay block has the wrong size");
  const uint32_t sum = Crc32(block.data(), block.size());
  return file_.Append(block + std::string(reinterpret_cast<const char*>(&sum), sizeof(sum)));
}

Result<std::string> ReplayFile::LookAfter() {
  const AppendFile::Fate fate = file_.Look();
  if (fate == AppendFile::Fate::kThere) return std::string();
  if (fate == AppendFile::Fate::kAltered)
    return Error{file_.path() + " was changed by something else while the run was writing it"};
  std::string kept;
  if (fate == AppendFile::Fate::kReplaced) {
    const std::string folder = file_.path().substr(0, file_.path().find_last_of('/'));
    Result<std::string> name = SetAside(folder, file_.path());
    if (!name) return name.error();
    kept = "; what took its place lies beside it in " + name.value();
  }
  if (Status status = file_.PutBack(); !status) return status.error();
  return "replay.bin was " + std::string(fate == AppendFile::Fate::kGone ? "removed" : "replaced") +
         " while the run was writing it: it was written again as it was" + kept + ".";
}

int64_t ReplayFile::blocks() const { return (file_.size() - kHeaderBytes) / (block_bytes_ + kSumBytes); }

}  // namespace equipoise::store
