#include "engine/env/task_library.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "engine/base/atomic_file.h"
#include "engine/base/checksum.h"
#include "engine/base/json.h"
#include "engine/base/mutex.h"
#include "engine/base/random.h"
#include "engine/config/task_name.h"
#include "engine/env/file_task/file_task.h"
#include "engine/env/file_task/model_files.h"
#include "engine/env/mujoco_errors.h"

namespace equipoise::env {
namespace {

namespace fs = std::filesystem;

using KnownPtr = std::shared_ptr<const KnownTask>;

constexpr char kFolder[] = "/task", kList[] = "/files.json";

struct Library {
  Mutex mutex;
  std::map<std::string, KnownPtr> known EQ_GUARDED_BY(mutex);
  std::map<std::string, std::vector<std::string>> places EQ_GUARDED_BY(mutex);
};

Library& TheLibrary() {
  static Library library;
  return library;
}

std::string Bytes(const mjModel* model) {
  std::string bytes(static_cast<size_t>(mj_sizeModel(model)), '\0');
  mj_saveModel(model, nullptr, bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

Result<ModelPtr> Compile(const std::string& path) {
  InstallMujocoHandlers();
  char why[1000] = "";
  try {
    ModelPtr model(mj_loadXML(path.c_str(), nullptr, why, sizeof(why)));
    if (!model) return Error{path + ": MuJoCo cannot load it: " + why};
    return model;
  } catch (const InternalError& error) {
    return Error{path + ": MuJoCo cannot load it: " + error.what()};
  }
}

Result<std::vector<std::pair<std::string, std::string>>> ReadAll(const std::string& model) {
  const Result<std::vector<std::string>> paths = ModelFiles(model);
  if (!paths) return paths.error();
  std::vector<std::pair<std::string, std::string>> files;
  for (const std::string& path : paths.value()) {
    Result<std::string> bytes = ReadFile(path);
    if (!bytes) return bytes.error();
    files.emplace_back(path, std::move(bytes).value());
  }
  return files;
}

uint64_t SumOf(const KnownTask& task) {
  uint64_t sum = task.file.sum;
  for (const auto& [path, bytes] : task.model_files) sum = HashName(bytes, sum);
  return sum;
}

// The task of a file, and the name that it has.
Result<std::pair<std::string, KnownPtr>> Read(const std::string& path) {
  Result<std::string> text = ReadFile(path);
  if (!text) return text.error();
  Result<TaskFile> file = ParseTaskFile(text.value(), path);
  if (!file) return file.error();
  auto task = std::make_shared<KnownTask>();
  task->file = std::move(file).value();
  task->text = std::move(text).value();
  const std::string model_path = task->file.ModelPath();
  std::error_code unreadable;
  if (!fs::is_regular_file(model_path, unreadable))
    return Error{path + ":" + std::to_string(task->file.model.line) + ": the model " + model_path +
                 " is not there; task.model is relative to the task file"};
  auto files = ReadAll(model_path);
  if (!files) return files.error();
  Result<ModelPtr> model = Compile(model_path);
  if (!model) return model.error();
  const auto again = ReadAll(model_path);
  if (!again) return again.error();
  if (again.value() != files.value())
    return Error{model_path + ": it was changed while it was being read; start again"};
  task->model_files = std::move(files).value();
  const std::string name = config::TaskName(task->file.stem, SumOf(*task));
  ModelPtr copy(mj_copyModel(nullptr, model.value().get()));
  const auto made = FileTask::Make(task->file, name, std::move(copy), AliveBonus::kWhileHealthy);
  if (!made) return made.error();
  task->model = std::shared_ptr<const mjModel>(std::move(model).value().release(),
                                               [](const mjModel* m) { mj_deleteModel(const_cast<mjModel*>(m)); });
  return std::pair(name, KnownPtr(std::move(task)));
}

// The deepest folder that all of these files lie in.
fs::path CommonFolder(const std::vector<fs::path>& files) {
  fs::path common = files[0].parent_path();
  for (const fs::path& file : files) {
    while (true) {
      const fs::path inside = file.lexically_relative(common);
      if (!inside.empty() && *inside.begin() != "..") break;
      common = common.parent_path();
    }
  }
  return common;
}

// Each file of folder/task is as files.json says.
Result<std::string> IntactTaskFile(const std::string& folder) {
  const std::string list = folder + kFolder + kList;
  Result<std::string> text = ReadFile(list);
  if (!text) return text.error();
  const Result<Json> json = ParseJson(text.value(), list);
  if (!json) return json.error();
  try {
    for (const auto& [name, sum] : MemberOf(json.value(), "sums").items()) {
      const std::string path = folder + kFolder + "/" + name;
      const Result<std::string> bytes = ReadFile(path);
      if (!bytes) return bytes.error();
      if (Crc32(bytes.value().data(), bytes.value().size()) != sum.get<uint32_t>())
        return Error{path +
                     " was changed since the run began; put it back as it was (its original, or a copy of the run)"};
    }
    return folder + kFolder + "/" + TextFrom(json.value(), "task");
  } catch (const std::exception& problem) {
    return Error{list + ": " + problem.what()};
  }
}

Result<KnownPtr> FromPlace(const std::string& task, const std::string& folder) {
  const Result<std::string> path = IntactTaskFile(folder);
  if (!path) return path.error();
  auto read = Read(path.value());
  if (!read) return read.error();
  if (read.value().first != task)
    return Error{folder + kFolder + " holds the task " + read.value().first + ", and the run was begun with " + task +
                 "; put the files back as they were"};
  return read.value().second;
}

}  // namespace

Result<std::string> LearnTask(const std::string& path) {
  auto read = Read(path);
  if (!read) return read.error();
  Library& library = TheLibrary();
  const MutexLock lock(library.mutex);
  library.known.insert(read.value());
  return read.value().first;
}

Result<KnownPtr> ReadTask(const std::string& path) {
  auto read = Read(path);
  if (!read) return read.error();
  return read.value().second;
}

void NoteTaskPlace(const std::string& task, const std::string& run_folder) {
  if (!config::NamesTaskFile(task)) return;
  Library& library = TheLibrary();
  const MutexLock lock(library.mutex);
  std::vector<std::string>& places = library.places[task];
  const auto at = std::find(places.begin(), places.end(), run_folder);
  if (at != places.end()) places.erase(at);
  places.push_back(run_folder);  // the newest is looked at first
}

Result<KnownPtr> FindTask(const std::string& task) {
  Library& library = TheLibrary();
  std::vector<std::string> places;
  {
    const MutexLock lock(library.mutex);
    if (const auto known = library.known.find(task); known != library.known.end()) return known->second;
    if (const auto noted = library.places.find(task); noted != library.places.end()) places = noted->second;
  }
  std::string why;
  for (auto folder = places.rbegin(); folder != places.rend(); ++folder) {
    // What a roll back set aside lies within its run.
    for (const std::string& place : {*folder, (fs::path(*folder) / "..").string()}) {
      std::error_code absent;
      if (!fs::exists(place + kFolder, absent)) continue;
      Result<KnownPtr> found = FromPlace(task, place);
      if (!found) {
        if (why.empty()) why = found.error().message;
        continue;
      }
      const MutexLock lock(library.mutex);
      library.known.emplace(task, found.value());
      return found;
    }
    if (why.empty()) why = *folder + kFolder + " is not there: it held the run's copy of its task";
  }
  return Error{why.empty() ? "the task " + task +
                                 " came from a file that this process has not read: name the file, as in "
                                 "--task my/" +
                                 config::TaskStem(task) + ".toml"
                           : why};
}

Status CopyTask(const std::string& task, const std::string& run_folder) {
  if (!config::NamesTaskFile(task)) return {};
  const Result<KnownPtr> found = FindTask(task);
  if (!found) return found.error();
  const KnownTask& known = *found.value();
  std::vector<std::pair<fs::path, const std::string*>> files;
  std::error_code error;
  const auto absolute = [&error](const std::string& path) { return fs::absolute(path, error).lexically_normal(); };
  files.emplace_back(absolute(known.file.path), &known.text);
  for (const auto& [path, bytes] : known.model_files) files.emplace_back(absolute(path), &bytes);
  std::vector<fs::path> paths;
  for (const auto& [path, bytes] : files) paths.push_back(path);
  const fs::path common = CommonFolder(paths);
  const std::string to = run_folder + kFolder;
  Json sums = Json::object();
  for (const auto& [path, bytes] : files) {
    const std::string name = path.lexically_relative(common).string();
    const fs::path target = fs::path(to) / name;
    fs::create_directories(target.parent_path(), error);
    if (error) return Error{"cannot make the folder " + target.parent_path().string() + ": " + error.message()};
    if (Status written = WriteFileAtomically(target.string(), *bytes); !written) return written;
    sums[name] = Crc32(bytes->data(), bytes->size());
  }
  const Json list = {{"task", paths[0].lexically_relative(common).string()}, {"sums", sums}};
  if (Status written = WriteFileAtomically(to + kList, list.dump(1) + "\n"); !written) return written;
  const Result<KnownPtr> copy = FromPlace(task, run_folder);
  if (!copy)
    return Error{"the copy of the task in " + to + " is not the same: " + copy.error().message +
                 ". Name files within the model relative to it, not by absolute paths"};
  for (const auto& [path, bytes] : copy.value()->model_files)
    if (absolute(path).lexically_relative(absolute(to)).string().rfind("..", 0) == 0)
      return Error{path + " is named by an absolute path: a run that is moved would not find it. Name it relative to " +
                   known.file.ModelPath()};
  if (Bytes(copy.value()->model.get()) != Bytes(known.model.get()))
    return Error{"the copy of the model in " + to + " does not compile to the same model as " + known.file.ModelPath()};
  return {};
}

std::string CopiedTaskFile(const std::string& run_folder) {
  const Result<std::string> path = IntactTaskFile(run_folder);
  return path ? path.value() : "";
}

}  // namespace equipoise::env
