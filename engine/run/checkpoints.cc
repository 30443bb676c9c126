#include "engine/run/checkpoints.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "engine/base/archive_finite.h"
#include "engine/record/records.h"
#include "engine/run/accepted.h"
#include "engine/run/fork_plan.h"
#include "engine/store/kept_checkpoints.h"

namespace equipoise::run {
Status Checkpoints::WriteWith(const Event& unlogged) {
  unlogged_ = ToLine(unlogged);
  return Write();
}

Status Checkpoints::Write() {
  ArchiveWriter archive = *state_;
  if (!unlogged_.empty()) archive.Put(kUnloggedEvent, unlogged_);
  SaveChanges(changes_->waiting(), archive);
  if (fork_ahead_ > 0) archive.Put(kForkAhead, static_cast<int64_t>(fork_ahead_));
  const std::string bytes = archive.Finish();
  if (const std::string name = FirstNotFinite(bytes); !name.empty())
    return Error{"the array \"" + name +
                 "\" of the run's state holds numbers that are not finite: no checkpoint was made of it, the last one "
                 "stands. Resume the run from there, with smaller step sizes"};
  if (Status written = writer_->WriteCheckpoint(bytes); !written) return written;
  changes_->OnCheckpoint();
  return {};
}

bool Checkpoints::Gone() const {
  std::error_code unknown;
  return writer_->folder() != nullptr && state_ &&
         !std::filesystem::exists(writer_->folder()->paths().state, unknown) && !unknown;
}

Result<std::string> Checkpoints::Keep(int intervention, int episode, int most) {
  if (writer_->folder() == nullptr || !state_ || most == 0) return std::string();
  // Without what is pending, or a fork to come: whoever comes back here does so to go another way.
  ArchiveWriter bytes = *state_;
  bytes.Put("engine.pending", int64_t{0});
  const std::string name = store::KeptName(intervention);
  if (const Status written = writer_->WriteKept(name, bytes.Finish()); !written) return written.error();
  kept_.push_back({name, episode});
  while (kept_.size() > static_cast<size_t>(most)) {
    store::RemoveKept(writer_->folder()->paths(), kept_.front().name);
    kept_.erase(kept_.begin());
  }
  return name;
}

void Checkpoints::FindKept(const List<Event>& events) {
  kept_.clear();
  if (writer_->folder() == nullptr) return;
  for (const std::string& name : store::ListKept(writer_->folder()->paths())) {
    const auto made_for = [&name](const auto& event) { return event->checkpoint == name; };
    const auto event = std::find_if(events.begin(), events.end(), made_for);
    if (event != events.end()) kept_.push_back({name, (*event)->episode});
  }
}

void Checkpoints::RemovePrevious() {
  std::error_code absent;
  for (const std::string& path : store::PreviousPaths(writer_->folder()->paths()))
    std::filesystem::remove(path, absent);
}

void Checkpoints::RemoveKeptAfter(const std::string& name) {
  const store::RunPaths& paths = writer_->folder()->paths();
  for (const std::string& other : store::ListKept(paths))
    if (store::InterventionOf(other) > store::InterventionOf(name)) store::RemoveKept(paths, other);
}

}  // namespace equipoise::run
