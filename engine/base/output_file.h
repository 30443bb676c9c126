// output_file.h: a file that is written for a user: a picture, a plot, a table, a film. One set of rules for all.
//
//   exists      refused unless `overwrite` was asked for, also when it appears while its content is being made
//   whole       written under a temporary name beside it and renamed; a failure leaves what was there. What replaces a
//               file has its permissions
//   link        a symbolic link stays; what it points to is the file that is meant
//   stream      "-" (standard output), devices, named pipes and open descriptors (/dev/stdout, /dev/fd/3,
//               /proc/self/fd/3) are written to. Nothing is replaced there, so they need no `overwrite`
//   ending      names the format and is one of the rule's; streams have none and take what is written
//   run         the files of a run, those beside a run.json, are not replaced, except pictures
//
// The program's own files: atomic_file.h. Folders: output_folder.h.
//
// Thread   any; one object by one thread
// Errors   everything above, a full disk, no permission; they name the path as it was given
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"

namespace equipoise {

struct OutputRule {
  std::vector<std::string> endings;  // ".svg", small letters; none: any
  bool overwrite = false;
  bool streams = true;  // false: only a file will do, such as for a film, whose beginning is written last
  bool binary = false;  // not to be poured over a terminal
};

class OutputFile {
 public:
  // Looks at the place and makes nothing: what is refused is refused before the work for it is done.
  static Result<OutputFile> At(const std::string& path, const OutputRule& rule);
  ~OutputFile();  // removes what was begun and not finished
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&& other) noexcept;

  // All of it. Folders that are missing are made. Once; not together with Begin.
  Status Write(const std::string& bytes);

  // For what is written little by little or by another program. Begin returns the name to write to, which does not
  // exist and has the same ending (a stream: its own name); Finish gives it its place.
  Result<std::string> Begin();
  Status Finish();

  const std::string& path() const { return path_; }  // as it was given
  bool is_stream() const { return is_stream_; }
  bool is_standard_output() const { return descriptor_ == 1; }

 private:
  OutputFile() = default;
  Status WriteToStream(const std::string& bytes) const;
  Status Rename();

  std::string path_, target_, temporary_;  // target_: links followed
  bool is_stream_ = false, overwrite_ = false, binary_ = false;
  int descriptor_ = -1;  // of this process; -1: none
  int mode_ = -1;        // permissions of the file that is replaced; -1: there is none
};

// Is this a name of standard output? Then nothing else may be printed there.
bool IsStandardOutput(const std::string& path);

// At and Write.
Status WriteOutput(const std::string& path, const std::string& bytes, const OutputRule& rule);

// "curves.equipoise-part-1234.svg" for "curves.svg": a name beside `path` that is free, of this process, with its
// ending, and that says of itself that it is not whole.
std::string UnfinishedName(const std::string& path);

// Removes from `folder` files and folders of such names whose process ended without finishing them: there is no such
// process here, and nothing was written into them for ten minutes (on a shared disk it may be at work on another
// machine). A folder goes only if it holds nothing but files.
void RemoveUnfinished(const std::string& folder);

// As rename, but what has `to` for its name meanwhile is not replaced: EEXIST. 0, or errno.
int RenameToNew(const std::string& from, const std::string& to);

}  // namespace equipoise
