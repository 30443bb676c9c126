// Kept checkpoints and the way back to them; see engine_impl.h and store/kept_checkpoints.h.
#include <algorithm>
#include <utility>

#include "engine/base/clock.h"
#include "engine/config/config_file.h"
#include "engine/record/episode_reader.h"
#include "engine/record/records.h"
#include "engine/run/engine_impl.h"
#include "engine/store/kept_checkpoints.h"

namespace equipoise::run {
namespace {

// A hand that plays with a slider must not fill the disk.
constexpr size_t kMostKept = 20;

}  // namespace

std::vector<KeptCheckpoint> EngineImpl::FindKept() const {
  std::vector<KeptCheckpoint> kept;
  if (!folder_) return kept;
  for (const std::string& name : store::ListKept(folder_->paths())) {
    const auto made_for = [&name](const auto& event) { return event->checkpoint == name; };
    const auto event = std::find_if(events_->begin(), events_->end(), made_for);
    if (event != events_->end()) kept.push_back({name, (*event)->episode});
  }
  return kept;
}

std::string EngineImpl::KeepCheckpoint() {
  if (!folder_ || !archive_) return "";
  // Without what is pending: whoever comes back here does so to go another way.
  ArchiveWriter bytes = *archive_;
  bytes.Put("engine.pending", int64_t{0});
  const std::string name = store::KeptName(interventions_ + 1);
  const std::string finished = bytes.Finish();
  Throw(folder_->WriteInCheckpoints([&] { return store::WriteKept(folder_->paths(), name, finished); }));
  kept_.push_back({name, trainer_->episodes_picked() + 1});
  while (kept_.size() > kMostKept) {
    store::RemoveKept(folder_->paths(), kept_.front().name);
    kept_.erase(kept_.begin());
  }
  return name;
}

void EngineImpl::Handle(const RollBack& command) {
  if (const Status planned = PlanRollBack(command.checkpoint); !planned) {
    Refuse("Not rolled back: " + planned.error().message + ".");
    return;
  }
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    abandon_ = true;
  }
  changed_.notify_all();
}

// Reads all that is needed and copies what will be cut off, while the run can still go on as it is.
Status EngineImpl::PlanRollBack(const std::string& checkpoint) {
  if (!folder_) return Error{"this run is not written to a folder, so it keeps no checkpoints"};
  if (const Status stays = folder_->Stays(); !stays) return stays.error();
  const store::RunPaths& paths = folder_->paths();
  auto bytes = store::ReadKept(paths, checkpoint);
  if (!bytes.ok()) return bytes.error();
  auto archive = ArchiveReader::Parse(std::move(bytes).value(), checkpoint);
  if (!archive.ok()) return archive.error();
  RollBackPlan plan;
  plan.checkpoint = checkpoint;
  plan.archive = std::move(archive).value();
  try {
    auto settings = config::FromJson(plan.archive.Text("settings"));
    if (!settings.ok()) return settings.error();
    plan.settings = settings.value();
    plan.settings.run.episodes = trainer_->settings().run.episodes;  // how long to go on is no part of the past
    const auto sizes = store::LogSizes::Unpack(plan.archive.Ints("engine.log_sizes"));
    if (!sizes.ok()) return sizes.error();
    plan.sizes = sizes.value();
    if (const Status stands = folder_->Stands(plan.sizes); !stands) return stands.error();
    auto blocks = store::ReplayFile::ReadAll(paths.replay, plan.archive.Int("trainer.block_bytes"),
                                             plan.archive.Int("trainer.episodes"));
    if (!blocks.ok()) return blocks.error();
    plan.blocks = std::move(blocks).value();
  } catch (const FormatError& error) {
    return Error{error.what()};
  }
  // A hand that pushes lets go; the touch is on record, and goes aside with its episode.
  if (!touch_.empty()) touch_.push_back({push_attempt_, live_.step, {}});
  EndTouch(live_.step);
  auto aside = store::CopyAside(*folder_);
  if (!aside.ok()) return aside.error();
  plan.aside = aside.value();
  plan_ = std::move(plan);
  return {};
}

// Engine thread, with nobody at work any more.
void EngineImpl::PerformRollBack() {
  const RollBackPlan plan = std::move(*plan_);
  plan_.reset();
  abandon_ = false;
  GoOn();
  const int left = trainer_->episodes_picked();
  auto task = TaskOf(plan.settings);
  if (!task.ok()) Throw(task.error());
  trainer_ = std::make_unique<Trainer>(plan.settings, std::move(task).value(), MakeHooks());
  trainer_->Load(plan.archive, plan.blocks);
  steered_ = true;
  pending_.clear();
  const int next = trainer_->episodes_picked() + 1;
  Event event;
  event.kind = Event::Kind::kIntervention;
  event.number = interventions_ + 1;
  event.episode = next;
  event.checkpoint = plan.checkpoint;
  event.text = "You rolled back to before episode " + std::to_string(next) + ".";
  if (left >= next)
    event.text += (left > next ? " Episodes " + std::to_string(next) + " to " + std::to_string(left) + " lie in "
                               : " Episode " + std::to_string(next) + " lies in ") +
                  plan.aside + ".";
  // The checkpoint first: if the process ends here, the run is continued from it, and the logs are cut and told then.
  archive_ = MakeArchive(plan.sizes);
  ArchiveWriter untold = *archive_;
  untold.Put(kUnloggedEvent, ToLine(event));
  Throw(WriteCheckpoint(std::move(untold)));
  Throw(folder_->CutTo(plan.sizes));
  AddNotes(folder_->TakeNotes());
  auto replay = store::ReplayFile::Open(folder_->paths().replay, trainer_->BlockBytes(), trainer_->data().size());
  if (!replay.ok()) Throw(replay.error());
  replay_ = std::move(replay).value();
  auto decisions = OpenDecisions(plan.settings, folder_->paths().folder, trainer_->episodes_picked());
  if (!decisions.ok()) Throw(decisions.error());
  decisions_ = std::move(decisions).value();
  for (const std::string& name : store::ListKept(folder_->paths()))
    if (store::InterventionOf(name) > store::InterventionOf(plan.checkpoint)) store::RemoveKept(folder_->paths(), name);

  auto episodes = ReadSummaries(folder_->name());  // which outlive this engine in what it published
  if (!episodes.ok()) Throw(episodes.error());
  auto events = ReadEvents(folder_->paths().folder);
  if (!events.ok()) Throw(events.error());
  TakeHistory(std::move(episodes).value(), std::move(events).value());
  live_ = {};
  decided_wall_.reset();
  scheduled_.clear();
  wanted_.reset();
  episode_walls_.clear();
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    guard_sentences_.clear();
  }
  settings_ = std::make_shared<config::Settings>(trainer_->settings());
  if (active_since_ <= 0) active_since_ = MonotonicSeconds();

  interventions_ = event.number;
  AddEvent(std::move(event));
  kept_ = FindKept();
  folder_->RecordRollBack(next);
  Throw(folder_->SetCondition(store::RunCondition::kRunning, steered_));
  WriteState();
  BeginPhases();
}

}  // namespace equipoise::run
