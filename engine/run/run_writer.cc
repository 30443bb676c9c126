#include "engine/run/run_writer.h"

#include <utility>

#include "engine/record/records.h"
#include "engine/store/kept_checkpoints.h"

namespace equipoise::run {

Result<store::DecisionFiles> OpenDecisions(const config::Settings& s, const std::string& directory, int last_episode) {
  constexpr int64_t kMegabyte = 1'000'000;
  return store::DecisionFiles::Open(directory, s.log.moments * kMegabyte, s.log.moments_every, last_episode);
}

RunWriter::RunWriter(RunFiles files) : files_(std::move(files)) {
  if (!files_.folder) return;
  lines_ = std::make_shared<EpisodeLines>(store::RunPaths(files_.folder->name()).episodes);
  index_ = std::make_unique<IndexWriter>(files_.folder->paths().folder);
}

Status RunWriter::Stays() { return files_.folder ? files_.folder->Stays() : Status(); }

std::string RunWriter::Named(const std::string& text) const {
  return files_.folder ? files_.folder->Named(text) : text;
}

Status RunWriter::CreateReplay(int64_t block_bytes) {
  if (!files_.folder) return {};
  auto replay = store::ReplayFile::Create(files_.folder->paths().replay, block_bytes);
  if (!replay) return replay.error();
  files_.replay = std::move(replay).value();
  return {};
}

Status RunWriter::GoOn(const store::RunLife& life, int episodes) {
  if (!files_.folder) return {};
  files_.folder->SetEpisodes(episodes);
  return files_.folder->RecordResumption(life);
}

Status RunWriter::SetLength(int episodes, bool steered) {
  if (!files_.folder) return {};
  files_.folder->SetEpisodes(episodes);
  return files_.folder->SetCondition(store::RunCondition::kRunning, steered);
}

Status RunWriter::SetCondition(store::RunCondition condition, bool steered, const std::string& reason) {
  return files_.folder ? files_.folder->SetCondition(condition, steered, reason) : Status();
}

Status RunWriter::AppendBlock(const std::string& block) {
  return files_.folder ? files_.replay->Append(block) : Status();
}

Result<Shared<EpisodeSummary>> RunWriter::Append(EpisodeRecord record) {
  if (!files_.folder) return Summarised(std::move(record));
  const int64_t before = files_.folder->sizes().episodes;
  if (Status logged = Log(&*files_.folder, record); !logged) return logged.error();
  const LineSpan line = lines_->Find(before, files_.folder->sizes().episodes - before - 1);
  if (line.offset < 0) return Summarised(std::move(record));
  auto summary = std::make_shared<EpisodeSummary>(record);
  summary->line = line;
  summary->lines = lines_;
  return Shared<EpisodeSummary>(std::move(summary));
}

Status RunWriter::Append(const Event& event) { return files_.folder ? Log(&*files_.folder, event) : Status(); }

void RunWriter::UpdateIndex(const List<EpisodeSummary>& episodes) {
  if (index_ != nullptr) index_->Update(episodes);
}

Status RunWriter::WriteDecision(int episode, const std::string& bytes) {
  if (Status stays = Stays(); !stays) return stays;
  return files_.decisions->Write(episode, bytes);
}

bool RunWriter::DropOldestDecision() { return files_.decisions && Stays().ok() && files_.decisions->DropOldest(); }

Status RunWriter::Note(const std::string& line, bool for_good) {
  if (!files_.folder) return {};
  const auto append = [&] { return files_.accepted.Append(line); };
  if (Status noted = files_.folder->WriteInCheckpoints(append); !noted) return noted;
  return for_good ? files_.accepted.Sync() : Status();
}

Result<std::vector<std::string>> RunWriter::LookAfter() {
  if (!files_.folder) return std::vector<std::string>();
  if (Status logs = files_.folder->LookAfterFiles(); !logs) return logs.error();
  const auto look_after_replay = [this] {
    const Result<std::string> replay = files_.replay->LookAfter();
    if (!replay) return Status(replay.error());
    if (!replay.value().empty()) files_.folder->AddNote(replay.value());
    return Status();
  };
  if (Status looked = files_.folder->WriteInCheckpoints(look_after_replay); !looked) return looked.error();
  return files_.folder->TakeNotes();
}

Status RunWriter::SyncReplay() { return files_.folder ? files_.replay->Sync() : Status(); }

Status RunWriter::WriteCheckpoint(const std::string& bytes) {
  if (!files_.folder) return {};
  if (Status written = files_.folder->WriteCheckpoint(bytes); !written) return written;
  files_.accepted = store::NewAcceptedLog(files_.folder->paths(), bytes);
  return {};
}

Status RunWriter::WriteKept(const std::string& name, const std::string& bytes) {
  if (!files_.folder) return {};
  return files_.folder->WriteInCheckpoints([&] { return store::WriteKept(files_.folder->paths(), name, bytes); });
}

Result<std::vector<std::string>> RunWriter::CutLogs(const store::LogSizes& sizes) {
  if (!files_.folder) return std::vector<std::string>();
  if (Status cut = files_.folder->CutTo(sizes); !cut) return cut.error();
  return files_.folder->TakeNotes();
}

Status RunWriter::CutFiles(const config::Settings& settings, int64_t block_bytes, int64_t blocks, int picked) {
  if (!files_.folder) return {};
  const store::RunPaths& paths = files_.folder->paths();
  auto replay = store::ReplayFile::Open(paths.replay, block_bytes, blocks);
  if (!replay) return replay.error();
  files_.replay = std::move(replay).value();
  auto decisions = OpenDecisions(settings, paths.folder, picked);
  if (!decisions) return decisions.error();
  files_.decisions = std::move(decisions).value();
  return {};
}

Status RunWriter::RecordRollBack(int next, bool steered) {
  if (!files_.folder) return {};
  files_.folder->RecordRollBack(next);
  return files_.folder->SetCondition(store::RunCondition::kRunning, steered);
}

}  // namespace equipoise::run
