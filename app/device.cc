#include "app/device.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

namespace equipoise::app {
namespace {

std::vector<std::string> Arguments() {
  std::ostringstream all;
  all << std::ifstream("/proc/self/cmdline", std::ios::binary).rdbuf();
  std::vector<std::string> arguments;
  std::istringstream in(all.str());
  for (std::string argument; std::getline(in, argument, '\0');) arguments.push_back(argument);
  return arguments;
}

// Returns where that was not possible.
Error BecomeTorch(const std::string& what, const std::string& otherwise) {
  std::error_code failed;
  const std::filesystem::path here = std::filesystem::read_symlink("/proc/self/exe", failed);
  const std::string other = (here.parent_path() / "equipoise-torch").string();
  std::vector<std::string> arguments = Arguments();
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  if (!failed && !arguments.empty()) ::execv(other.c_str(), pointers.data());
  return Error{what + " takes " + other + ", which cannot be started (" + std::strerror(errno) +
               "): build it with LibTorch, or install the package equipoise-torch" + otherwise};
}

}  // namespace

Status UseDevice(const std::string& device) {
  if (device == "cpu") return {};
  return BecomeTorch("run.device = \"" + device + "\"", ", or set run.device = \"cpu\"");
}

Result<std::string> PolicyFile(const run::KeptPolicy&) { return BecomeTorch("a policy as a TorchScript file", ""); }

}  // namespace equipoise::app
