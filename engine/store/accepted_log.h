// accepted_log.h: what a run was asked for since its last checkpoint, so that it outlives the process.
//
//   checkpoints/accepted.jsonl   {"checkpoint": "48213-1a2b3c4d"} and then one line for each thing accepted
//
// The first line says which checkpoint the others follow; behind any other they mean nothing. A new checkpoint holds
// what still counts, so the file goes when there is one: most of the time there is none.
//
// Thread   engine thread
// Errors   anything wrong with the disk; a line is whole or absent
#pragma once

#include <string>
#include <vector>

#include "engine/base/atomic_file.h"
#include "engine/store/run_folder.h"

namespace equipoise::store {

std::string AcceptedPath(const RunPaths& paths);

// Tells one checkpoint from all others: of its bytes as written.
std::string CheckpointStamp(const std::string& bytes);

class AcceptedLog {
 public:
  AcceptedLog() = default;
  // Goes on behind the checkpoint of that stamp. Nothing is written before the first Append.
  AcceptedLog(std::string path, std::string stamp) : path_(std::move(path)), stamp_(std::move(stamp)) {}

  // The lines that follow the checkpoint of that stamp.
  static Result<std::vector<std::string>> Read(const std::string& path, const std::string& stamp);

  // Without a line break. What Append wrote outlives the process; after Sync it outlives the machine.
  Status Append(const std::string& json_line);
  Status Sync();

 private:
  std::string path_, stamp_;
  bool open_ = false;
  AppendFile file_;
};

// There is a new checkpoint, and what counts is in it.
AcceptedLog NewAcceptedLog(const RunPaths& paths, const std::string& checkpoint_bytes);

}  // namespace equipoise::store
