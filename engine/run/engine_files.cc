// The run folder of an engine: looked after while it is written, and what was mended put on record; see engine_impl.h.
#include <exception>
#include <filesystem>
#include <system_error>

#include "engine/run/engine_impl.h"
#include "engine/run/lives.h"

namespace equipoise::run {

void EngineImpl::GoOn() {
  if (goes_on_) return;
  goes_on_ = true;
  if (folder_) {
    folder_->SetEpisodes(trainer_->settings().run.episodes);
    const int made =
        trainer_->learning() ? trainer_->episodes_picked() : trainer_->random_done() - settings_->run.random_episodes;
    Throw(folder_->RecordResumption(LifeHere(made + 1)));
  }
}

void EngineImpl::AddNotes(const std::vector<std::string>& notes) {
  for (const std::string& note : notes) {
    Event event;
    event.episode = trainer_->learning() ? trainer_->episodes_picked() + 1 : 0;
    event.text = note;
    AddEvent(event);
  }
}

Status EngineImpl::RecordNotes() {
  if (notes_.empty() || !folder_) return {};
  try {
    AddNotes(notes_);
  } catch (const std::exception& error) {
    return Error{error.what()};
  }
  archive_ = MakeArchive(folder_->sizes());
  Publish();
  return WriteCheckpoint(*archive_);
}

bool EngineImpl::LookAfterFiles() {
  if (!folder_) return false;
  Throw(folder_->LookAfterFiles());
  Throw(folder_->WriteInCheckpoints([this] {
    const Result<std::string> replay = replay_->LookAfter();
    if (!replay) return Status(replay.error());
    if (!replay.value().empty()) folder_->AddNote(replay.value());
    return Status();
  }));
  const std::vector<std::string> notes = folder_->TakeNotes();
  AddNotes(notes);
  if (!notes.empty()) kept_ = FindKept();
  return !notes.empty();
}

void EngineImpl::PutCheckpointBack() {
  std::error_code unknown;
  if (!folder_ || !archive_ || !goes_on_ || std::filesystem::exists(folder_->paths().state, unknown) || unknown) return;
  pending_.insert(pending_.begin(), applied_.begin(), applied_.end());
  Throw(WriteCheckpoint(*archive_));
}

}  // namespace equipoise::run
