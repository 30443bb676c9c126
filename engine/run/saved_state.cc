#include "engine/run/saved_state.h"

#include <algorithm>
#include <filesystem>

#include "engine/base/archive_finite.h"
#include "engine/base/atomic_file.h"
#include "engine/config/config_file.h"
#include "engine/run/derived.h"
#include "engine/store/accepted_log.h"
#include "engine/store/kept_checkpoints.h"
#include "engine/store/replay_file.h"
#include "engine/store/set_aside.h"

namespace equipoise::run {

Result<SavedState> ReadState(const store::RunPaths& paths, const std::string& path) {
  Result<std::string> bytes = ReadFile(path);
  if (!bytes) return bytes.error();
  SavedState state;
  state.stamp = store::CheckpointStamp(bytes.value());
  Result<ArchiveReader> archive = ArchiveReader::Parse(bytes.value(), path);
  if (!archive) return archive.error();
  if (const std::string name = FirstNotFinite(bytes.value()); !name.empty())
    return Error{path + ": its array \"" + name + "\" holds numbers that are not finite"};
  state.path = path;
  state.archive = std::move(archive).value();
  const ArchiveReader& in = state.archive;
  try {
    Result<config::Settings> settings = config::FromJson(in.Text("settings"));
    if (!settings) return Error{path + ": " + settings.error().message};
    state.settings = std::move(settings).value();
    const Result<store::LogSizes> sizes = store::LogSizes::Unpack(in.Ints("engine.log_sizes"));
    if (!sizes) return Error{path + ": " + sizes.error().message};
    state.sizes = sizes.value();
    state.block_bytes = in.Int("trainer.block_bytes");
    state.picked = static_cast<int>(in.Int("trainer.picked"));
    Result<std::vector<std::string>> blocks =
        store::ReplayFile::ReadAll(paths.replay, state.block_bytes, in.Int("trainer.episodes"));
    if (!blocks) return blocks.error();
    state.blocks = std::move(blocks).value();
  } catch (const FormatError& error) {
    return Error{path + " cannot be continued: " + error.what()};
  }
  return state;
}

Result<SavedState> NewestState(store::RunFolder* folder) {
  const store::RunPaths& paths = folder->paths();
  std::error_code absent;
  std::vector<std::string> states = store::PreviousPaths(paths);
  states.insert(states.begin(), paths.state);
  const auto there = [&absent](const std::string& path) { return std::filesystem::exists(path, absent); };
  if (std::none_of(states.begin(), states.end(), there))
    return Error{paths.folder +
                 " has no checkpoint: checkpoints/state.eqps is gone. Its episodes can be looked at, compared and "
                 "exported, but it cannot go on"};
  Error first;
  std::string given_up;
  for (const std::string& path : states) {
    if (path != paths.state && !there(path)) continue;
    Result<SavedState> state = ReadState(paths, path);
    const Status stands = state ? folder->Stands(state.value().sizes) : Status(state.error());
    if (stands && path != paths.state)
      folder->AddNote(given_up + "The run goes on from an older checkpoint, after episode " +
                      std::to_string(state.value().picked) + ".");
    if (stands) return state;
    given_up += stands.error().message + ". ";
    if (first.message.empty()) first = stands.error();
  }
  return Error{first.message + ". `equipoise repair " + paths.folder + "` says what can be brought back, and does it"};
}

namespace {

// Whole lines that the state does not know are made again, but not by this processor, maybe: they are kept.
Status KeepNewerLines(store::RunFolder* folder, const SavedState& state) {
  const std::string& path = folder->paths().episodes;
  const Result<store::LogReport> report = store::VerifyLog(path);
  if (!report) return report.error();
  const int64_t from = state.sizes.episodes, to = report.value().lines.empty() ? 0 : report.value().lines.back().bytes;
  if (to <= from) return {};
  const Result<std::string> text = ReadFile(path);
  if (!text) return text.error();
  const auto bytes = text.value().substr(static_cast<size_t>(from), static_cast<size_t>(to - from));
  Result<std::string> name = store::KeepBytes(folder->paths().folder, path, bytes);
  if (!name) return name.error();
  folder->AddNote("Its newer lines of episodes.jsonl lie in " + name.value() + ".");
  return {};
}

// An episode that was being written is no episode yet; what is neither is named.
void NoteAddedBytes(store::RunFolder* folder, const SavedState& state) {
  std::error_code error;
  const auto size = static_cast<int64_t>(std::filesystem::file_size(folder->paths().replay, error));
  const int64_t known = store::ReplayFile::SizeOf(state.block_bytes, static_cast<int64_t>(state.blocks.size()));
  const int64_t block =
      store::ReplayFile::SizeOf(state.block_bytes, 1) - store::ReplayFile::SizeOf(state.block_bytes, 0);
  if (!error && (size - known) % block != 0)
    folder->AddNote(
        "replay.bin: something was added at its end, or it ends in the middle of an episode that the "
        "checkpoint does not know; it was cut off.");
}

// An older checkpoint that could not be gone back to any more is named while the others can still replace it. One of a
// future that was rolled back is none, and what it was lies in that roll back's copy.
Status LookAfterOlder(store::RunFolder* folder, const SavedState& state) {
  const store::RunPaths& paths = folder->paths();
  std::vector<std::string> older = store::PreviousPaths(paths);
  for (const std::string& name : store::ListKept(paths)) older.push_back(paths.checkpoints + "/" + name + ".eqps");
  for (const std::string& path : older) {
    std::error_code absent;
    if (path == state.path || !std::filesystem::exists(path, absent)) continue;
    const bool kept = store::InterventionOf(std::filesystem::path(path).stem().string()) > 0;
    Result<std::string> bytes = ReadFile(path);
    if (!bytes) {
      folder->AddNote(bytes.error().message + ".");
      continue;
    }
    const Result<ArchiveReader> archive = ArchiveReader::Parse(std::move(bytes).value(), path);
    Status whole = archive ? Status() : Status(archive.error());
    if (whole && !kept) {  // whether a kept one stands is asked by whoever goes back to it, and mended by repair
      const Result<store::LogSizes> sizes = store::LogSizes::Unpack(archive.value().Ints("engine.log_sizes"));
      whole = sizes ? folder->Stands(sizes.value()) : Status(sizes.error());
      if (!whole && sizes && sizes.value().episodes >= state.sizes.episodes) {
        std::filesystem::remove(path, absent);
        continue;
      }
    }
    if (whole) continue;
    Result<std::string> name = store::SetAside(paths.folder, path);
    if (!name) return name.error();
    folder->AddNote(whole.error().message + ". The run does not need it to go on; it lies in " + name.value() + ".");
  }
  return {};
}

}  // namespace

Status TakeUp(store::RunFolder* folder, const SavedState& state) {
  const store::RunPaths& paths = folder->paths();
  folder->SetOptions(FolderOptions(state.settings));
  NoteAddedBytes(folder, state);
  if (Status looked = LookAfterOlder(folder, state); !looked) return looked;
  if (state.path != paths.state) {
    if (Status kept = KeepNewerLines(folder, state); !kept) return kept;
    std::error_code error;
    if (std::filesystem::exists(paths.state, error)) {
      Result<std::string> name = store::SetAside(paths.folder, paths.state);
      if (!name) return name.error();
      folder->AddNote("The checkpoint that was given up lies in " + name.value() + ".");
    }
    std::filesystem::rename(state.path, paths.state, error);
    if (error) return Error{"cannot rename " + state.path + " to " + paths.state + ": " + error.message()};
  }
  if (state.archive.Has("engine.description"))
    if (Status agreed = folder->Agree(state.archive.Text("engine.description"), state.path); !agreed) return agreed;
  return folder->CutTo(state.sizes);
}

}  // namespace equipoise::run
