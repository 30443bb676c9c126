#include "engine/store/mailbox.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "engine/base/atomic_file.h"
#include "engine/store/folder_lock.h"

namespace equipoise::store {
namespace {

namespace fs = std::filesystem;

constexpr char kAsk[] = ".ask", kAnswer[] = ".answer";
constexpr std::uintmax_t kLongest = 100'000;  // bytes of a letter; what is longer is not ours

// Rises with time, and is nobody else's: by the clock, the host and the process.
std::string NewName() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  char name[160];
  std::snprintf(name, sizeof name, "%020lld-%.80s-%ld",
                static_cast<long long>(std::chrono::duration_cast<std::chrono::microseconds>(now).count()),
                HostName().c_str(), static_cast<long>(::getpid()));
  return name;
}

}  // namespace

std::string MailboxPath(const std::string& run_folder) { return run_folder + "/mailbox"; }

std::vector<Mailbox::Letter> Mailbox::Read(const std::string& run_folder) {
  std::vector<Letter> letters;
  std::error_code error;
  for (fs::directory_iterator it(MailboxPath(run_folder), error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() != kAsk) continue;
    std::error_code gone;
    const bool small = it->is_regular_file(gone) && it->file_size(gone) <= kLongest && !gone;
    Result<std::string> text = small ? ReadFile(it->path().string()) : Result<std::string>(std::string());
    letters.push_back({it->path().stem().string(), text ? std::move(text).value() : std::string()});
  }
  std::sort(letters.begin(), letters.end(), [](const Letter& a, const Letter& b) { return a.name < b.name; });
  return letters;
}

Status Mailbox::Answer(const std::string& run_folder, const std::string& name, const std::string& text) {
  const std::string path = MailboxPath(run_folder) + "/" + name;
  Status written = WriteFileAtomically(path + kAnswer, text);
  std::error_code ignored;
  fs::remove_all(path + kAsk, ignored);  // whatever somebody put there
  return written;
}

void Mailbox::Forget(const std::string& run_folder) {
  std::error_code ignored;
  fs::remove_all(MailboxPath(run_folder), ignored);
}

Result<std::string> AskByMail(const std::string& run_folder, const std::string& text,
                              const std::function<bool()>& patient) {
  const std::string box = MailboxPath(run_folder);
  std::error_code error;
  fs::create_directory(box, error);
  if (error) return Error{"cannot make the folder " + box + ": " + error.message()};
  const std::string path = box + "/" + NewName();
  if (Status written = WriteFileAtomically(path + kAsk, text); !written) return written.error();
  for (bool goes_on = true; goes_on;) {
    goes_on = patient();  // asked before the last look, so that an answer in the last moment counts
    if (fs::exists(path + kAnswer, error)) {
      Result<std::string> answer = ReadFile(path + kAnswer);
      fs::remove(path + kAnswer, error);
      return answer;
    }
    if (goes_on) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  const bool taken_back = fs::remove(path + kAsk, error);
  return Error{taken_back ? "there was no answer, and what was asked was taken back"
                          : "there was no answer; it may have been done all the same"};
}

}  // namespace equipoise::store
