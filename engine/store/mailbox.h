// mailbox.h: words to a run that another process works on, and its answers, as whole files in the run's folder.
//
//   mailbox/<name>.ask       one JSON object; appears whole, by renaming, and is taken away once it is answered
//   mailbox/<name>.answer    one JSON object; taken away by whoever asked
//
// Files alone: no socket, no lock, nothing but renaming, so that it works on a file system that hosts share, and over ssh.
// What was asked while nobody worked on the run is not answered: see Mailbox::Forget.
//
// Thread   one; the two sides are two processes
// Errors   anything wrong with the disk
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace equipoise::store {

// "mailbox", of a run's folder.
std::string MailboxPath(const std::string& run_folder);

// Of the process that works on the run.
class Mailbox {
 public:
  struct Letter {
    std::string name, text;
  };
  // What has not been answered, in the order in which it was asked; a letter that cannot be read has no text. None where
  // there is no mailbox.
  static std::vector<Letter> Read(const std::string& run_folder);
  // The letter goes, and its answer is there.
  static Status Answer(const std::string& run_folder, const std::string& name, const std::string& text);
  // Of a run that is taken up: what was asked before is nobody's any more.
  static void Forget(const std::string& run_folder);
};

// Asks, and waits so long for the answer as `patient` says so; it is called every few milliseconds. Without an answer the
// letter is taken back: an error then.
Result<std::string> AskByMail(const std::string& run_folder, const std::string& text,
                              const std::function<bool()>& patient);

}  // namespace equipoise::store
