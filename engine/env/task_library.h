// task_library.h: the tasks that came from files, by the names that run.task gives them ("reacher@1f2e3d4c5b6a").
//
// A name holds a sum over the file's table and the model's files, so it stands for one content for good: what is known
// is read once and kept, and a file that was changed since is another task. A run's folder holds copies in task/, from
// which its task is found again when the originals are edited or gone.
//
//   task/files.json           which of them is the task file, and each one's checksum
//   task/...                  the files as they lay to one another
//
// Thread   any
// Errors   what ReadTaskFile, MuJoCo and FileTask::Make find; a copy that was changed or is incomplete, by name
#pragma once

#include <memory>
#include <string>

#include "engine/base/result.h"
#include "engine/env/file_task/task_file.h"
#include "engine/env/mujoco_model.h"

namespace equipoise::env {

struct KnownTask {
  TaskFile file;
  std::string text;                                              // of the file, settings included
  std::vector<std::pair<std::string, std::string>> model_files;  // path and bytes; the model first
  std::shared_ptr<const mjModel> model;
};

// Reads the file and its model and checks that a task can be made of them; from then on it is known. Its name.
Result<std::string> LearnTask(const std::string& path);
// The same without its being known, for whoever only looks.
Result<std::shared_ptr<const KnownTask>> ReadTask(const std::string& path);
// That the task of a run may be found in this folder (a run's). Costs nothing until it is asked for; a name that is no
// task file's is passed over.
void NoteTaskPlace(const std::string& task, const std::string& run_folder);
// Known, or found where it was noted.
Result<std::shared_ptr<const KnownTask>> FindTask(const std::string& task);

// Writes task/ into a run's folder, and makes sure that the copy is the same task and compiles to the same model. For
// the tasks that came with the program: nothing.
Status CopyTask(const std::string& task, const std::string& run_folder);
// The task file in a folder that CopyTask wrote, "" where there is none.
std::string CopiedTaskFile(const std::string& run_folder);

}  // namespace equipoise::env
