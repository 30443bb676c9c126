// far_run.h: a run on another machine, mirrored into a folder here by rsync over ssh.
//
//   ssh://[user@]host[:port]/path/of/the/run       ssh://host/~/runs/a: from the home folder there
//
// ssh and rsync are used as they are: keys, known hosts and names are those of ~/.ssh/config, and nobody is asked for a
// password. RSYNC_RSH, rsync's own, names another ssh. The mirror lies under $XDG_CACHE_HOME/equipoise/far, one folder for
// each address, and is fetched again while the object lives; logs grow in place, everything else changes as a whole.
// Nothing is written over there. What this program put into the mirror itself (export/) stays.
//
// Thread   fetching has one of its own; the methods may be called from any
// Errors   an address that is none; another window that fetches the same run; what ssh and rsync say, in their words
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "engine/base/mutex.h"
#include "engine/base/result.h"
#include "engine/store/folder_lock.h"

namespace equipoise::app {

struct FarAddress {
  std::string text;        // as it was given
  std::string host, path;  // "user@host", "/path"
  int port = 0;            // 0: ssh's own
};
bool IsFarAddress(const std::string& text);
Result<FarAddress> ParseFarAddress(const std::string& text);

class FarRun {
 public:
  // Fetches it once, so that there is something to look at, and goes on fetching. Waits for that.
  static Result<std::shared_ptr<FarRun>> Open(const FarAddress& address);
  ~FarRun();  // stops what is being fetched
  FarRun(const FarRun&) = delete;
  FarRun& operator=(const FarRun&) = delete;

  const std::string& folder() const { return folder_; }  // the mirror
  // Why it could not be fetched the last time, a sentence; "": it could.
  std::string Trouble() const;

 private:
  explicit FarRun(FarAddress address);
  Status Fetch();
  Status Rsync(const std::vector<std::string>& more);
  void Loop();

  const FarAddress address_;
  const std::string folder_;
  store::FolderLock lock_;
  std::atomic<bool> quit_{false};
  mutable Mutex mutex_;
  std::string trouble_ EQ_GUARDED_BY(mutex_);
  std::thread thread_;
};

// Of an address as it was given.
Result<std::shared_ptr<FarRun>> FetchFarRun(const std::string& text);

}  // namespace equipoise::app
