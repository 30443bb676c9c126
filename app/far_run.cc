#include "app/far_run.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

#include "engine/store/run_description.h"

extern char** environ;  // NOLINT: POSIX's own

namespace equipoise::app {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr char kScheme[] = "ssh://";
constexpr auto kBetweenFetches = 2s;

std::string CacheFolder() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && *cache == '/') return std::string(cache) + "/equipoise/far";
  const char* home = std::getenv("HOME");
  return (home != nullptr ? std::string(home) : fs::temp_directory_path().string()) + "/.cache/equipoise/far";
}

// "lab3/home/me/runs/a" as one folder's name: no two addresses share it.
std::string MirrorName(const FarAddress& address) {
  std::string name;
  for (const char c : address.host + (address.port > 0 ? ":" + std::to_string(address.port) : "") + address.path)
    name += c == '/' ? std::string("%2F") : c == '%' ? std::string("%25") : std::string(1, c);
  return name;
}

struct Ended {
  int code = -1;  // -1: it was stopped
  std::string said;
};

// A process, to its end or until `quit`.
Result<Ended> Run(const std::vector<std::string>& words, const std::string& log, const std::atomic<bool>& quit) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  posix_spawn_file_actions_adddup2(&files, 1, 2);
  pid_t pid = 0;
  const int problem = ::posix_spawnp(&pid, words[0].c_str(), &files, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (problem != 0)
    return Error{problem == ENOENT ? words[0] + " is not installed here" : words[0] + ": " + std::strerror(problem)};
  Ended ended;
  int status = 0;
  while (::waitpid(pid, &status, WNOHANG) == 0) {
    if (quit) ::kill(pid, SIGTERM);
    std::this_thread::sleep_for(20ms);
  }
  if (WIFEXITED(status)) ended.code = WEXITSTATUS(status);
  std::ifstream in(log);
  for (std::string line; std::getline(in, line);) ended.said += (ended.said.empty() ? "" : "\n") + line;
  return ended;
}

// What ssh or rsync said first.
std::string Reason(const std::string& said) {
  std::string first = said.substr(0, said.find('\n'));
  return first.empty() ? "they did not say why" : first;
}

}  // namespace

bool IsFarAddress(const std::string& text) { return text.rfind(kScheme, 0) == 0; }

Result<FarAddress> ParseFarAddress(const std::string& text) {
  const Error wrong{text + ": write it as ssh://host/path or ssh://user@host:port/path"};
  if (!IsFarAddress(text)) return wrong;
  FarAddress address;
  address.text = text;
  const std::string rest = text.substr(std::strlen(kScheme));
  const size_t slash = rest.find('/');
  if (slash == std::string::npos || slash == 0 || slash + 1 == rest.size()) return wrong;
  address.host = rest.substr(0, slash);
  address.path = rest.substr(slash);
  if (address.path.rfind("/~/", 0) == 0) address.path = address.path.substr(3);  // from the home folder
  while (address.path.size() > 1 && address.path.back() == '/') address.path.pop_back();
  if (const size_t colon = address.host.rfind(':'); colon != std::string::npos && address.host.back() != ']') {
    const char *begin = address.host.data() + colon + 1, *end = address.host.data() + address.host.size();
    const auto read = std::from_chars(begin, end, address.port);
    if (read.ec != std::errc() || read.ptr != end || address.port < 1 || address.port > 65535) return wrong;
    address.host.resize(colon);
  }
  // Neither may be taken for an option, nor for more than one word by a shell.
  if (address.host.empty() || address.host.front() == '-' || address.path.front() == '-') return wrong;
  return address;
}

FarRun::FarRun(FarAddress address)
    : address_(std::move(address)), folder_(CacheFolder() + "/" + MirrorName(address_)) {}

FarRun::~FarRun() {
  quit_ = true;
  if (thread_.joinable()) thread_.join();
}

Result<std::shared_ptr<FarRun>> FarRun::Open(const FarAddress& address) {
  std::shared_ptr<FarRun> run(new FarRun(address));
  std::error_code error;
  fs::create_directories(run->folder_, error);
  if (error) return Error{run->folder_ + ": cannot be made: " + error.message()};
  Result<store::FolderLock> lock = store::FolderLock::Take(run->folder_);
  if (!lock) return Error{address.text + " is fetched by another window: " + lock.error().message};
  run->lock_ = std::move(lock).value();
  if (Status fetched = run->Fetch(); !fetched) return fetched.error();
  if (const auto description = store::ReadDescription(run->folder_); !description)
    return Error{address.text + " is no run: " + description.error().message};
  run->thread_ = std::thread([far = run.get()] { far->Loop(); });
  return run;
}

Result<std::shared_ptr<FarRun>> FetchFarRun(const std::string& text) {
  const Result<FarAddress> address = ParseFarAddress(text);
  if (!address) return address.error();
  return FarRun::Open(address.value());
}

std::string FarRun::Trouble() const {
  const MutexLock lock(mutex_);
  return trouble_;
}

Status FarRun::Rsync(const std::vector<std::string>& more) {
  const char* named = std::getenv("RSYNC_RSH");
  std::string shell = named != nullptr && *named != '\0' ? named : "ssh";
  shell += " -o BatchMode=yes -o ConnectTimeout=10";
  if (address_.port > 0) shell += " -p " + std::to_string(address_.port);
  // Without links, which could lead anywhere here; names reach the other side as they are, without a shell's help.
  std::vector<std::string> words = {"rsync", "-rt", "--protect-args", "--timeout=30", "-e", shell};
  words.insert(words.end(), more.begin(), more.end());
  words.insert(words.end(), {"--", address_.host + ":" + address_.path + "/", folder_ + "/"});
  Result<Ended> ended = Run(words, folder_ + "/.rsync-said", quit_);
  if (!ended) return Error{address_.text + " cannot be fetched: " + ended.error().message};
  const int code = ended.value().code;
  constexpr int kVanished = 24;  // a file went while it was read: it comes the next time
  if (code == 0 || code == kVanished) return {};
  return Error{address_.text + " cannot be fetched: " + Reason(ended.value().said) +
               " (rsync and ssh must be there on both sides, and `ssh " + address_.host +
               "` must work without a password)"};
}

// Logs first and in place, so that whoever follows them reads on where they were; then what changes as a whole, which may
// know of newer episodes than they.
Status FarRun::Fetch() {
  if (Status logs = Rsync({"--inplace", "--include=/episodes.jsonl", "--include=/checkpoints/",
                           "--include=/checkpoints/replay.bin", "--exclude=*"});
      !logs)
    return logs;
  return Rsync({"--delete", "--exclude=/episodes.jsonl", "--exclude=/episodes.index",
                "--exclude=/checkpoints/replay.bin", "--exclude=/.lock", "--exclude=/.rsync-said", "--exclude=/export/",
                "--exclude=/mailbox/", "--exclude=/cut-*", "--exclude=/rolled-back-*", "--exclude=*equipoise-part*"});
}

void FarRun::Loop() {
  auto next = std::chrono::steady_clock::now() + kBetweenFetches;
  while (!quit_) {
    std::this_thread::sleep_for(50ms);
    if (std::chrono::steady_clock::now() < next) continue;
    const Status fetched = Fetch();
    {
      const MutexLock lock(mutex_);
      trouble_ = fetched || quit_ ? "" : fetched.error().message + "; what is shown is from before, trying again";
    }
    next = std::chrono::steady_clock::now() + kBetweenFetches;
  }
}

}  // namespace equipoise::app
