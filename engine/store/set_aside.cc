#include "engine/store/set_aside.h"

#include <filesystem>

#include "engine/base/atomic_file.h"

namespace equipoise::store {
namespace {

namespace fs = std::filesystem;

// The one process that holds the folder's lock asks: nobody else takes the name in between.
Result<std::string> FreeName(const std::string& folder, const std::string& of) {
  std::string ending = fs::path(of).extension().string();
  if (of.find("events.out.tfevents.") != std::string::npos)
    ending = ".bin";  // TensorBoard reads whatever is named like its own
  std::error_code error;
  for (int number = 1;; ++number) {
    const std::string name = "cut-" + std::to_string(number) + ending;
    const bool taken = fs::exists(folder + "/" + name, error);
    if (error) return Error{"cannot look at " + folder + "/" + name + ": " + error.message()};
    if (!taken) return name;
  }
}

}  // namespace

Result<std::string> KeepBytes(const std::string& folder, const std::string& of, const std::string& bytes) {
  const Result<std::string> name = FreeName(folder, of);
  if (!name) return name.error();
  if (Status status = WriteFileAtomically(folder + "/" + name.value(), bytes); !status) return status.error();
  return name;
}

Result<std::string> SetAside(const std::string& folder, const std::string& path) {
  const Result<std::string> name = FreeName(folder, path);
  if (!name) return name.error();
  std::error_code error;
  fs::rename(path, folder + "/" + name.value(), error);
  if (error) return Error{"cannot rename " + path + " to " + name.value() + ": " + error.message()};
  return name;
}

}  // namespace equipoise::store
