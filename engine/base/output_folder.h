// output_folder.h: a folder of files that is made for a user: the frames of a film, the evidence behind a picture.
//
//   mark      the folder holds kMarkFile, a list of what was written into it
//   exists    refused unless `overwrite` was asked for, an empty one excepted. What is replaced holds the mark and
//             nothing that the mark does not name: not a file of somebody else, not a folder
//   never     the working directory, a folder that is to be kept (the run), or one above either of them
//   mounted   the place where a file system is mounted is refused: it cannot be swapped
//   whole     filled beside its place and swapped in when it is finished; the old one goes only then
//
// Files: output_file.h.
//
// Thread   any; one object by one thread
// Errors   everything above, a full disk, no permission; they name the path as it was given
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"

namespace equipoise {

inline constexpr char kMarkFile[] = ".equipoise-wrote-this";

struct OutputFolderRule {
  bool overwrite = false;
  std::vector<std::string> keep;  // folders that must never go
};

class OutputFolder {
 public:
  // Looks at the place and makes nothing.
  static Result<OutputFolder> At(const std::string& path, const OutputFolderRule& rule);
  ~OutputFolder();  // removes what was begun and not finished
  OutputFolder(OutputFolder&& other) noexcept;
  OutputFolder& operator=(OutputFolder&& other) noexcept;

  // The folder to fill, with plain files; empty, and beside its later place.
  Result<std::string> Begin();
  // Writes the mark and gives the folder its place.
  Status Finish();

  const std::string& path() const { return path_; }  // as it was given

 private:
  OutputFolder() = default;
  Status Mark() const;
  Status Replace();

  std::string path_, target_, temporary_;  // target_: links followed
  bool exists_ = false;
};

}  // namespace equipoise
