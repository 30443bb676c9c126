// The state of a run and its files: taken, written, looked after, and what was mended put on record; see engine_impl.h.
#include <exception>
#include <utility>

#include "engine/record/records.h"
#include "engine/run/engine_impl.h"
#include "engine/run/lives.h"
#include "engine/run/or_throw.h"

namespace equipoise::run {

void EngineImpl::Restore(const ArchiveReader& in, const std::vector<std::string>& blocks, List<EpisodeSummary> episodes,
                         std::vector<Event> events, Accepted accepted) {
  trainer_->Load(in, blocks);
  TakeHistory(std::move(episodes), std::move(events));
  clock_.StartFrom(in.Real("engine.wall_seconds"));
  history_.Count(static_cast<int>(in.Int("engine.interventions")), in.Int("engine.steered") != 0);
  if (accepted.changes) changes_.Replace(std::move(*accepted.changes));
  pushes_.Repeat(std::move(accepted.strokes), std::move(accepted.push_reasons));
  TakeState();
  if (accepted.steered) history_.Touched();  // since then
  if (in.Has(kUnloggedEvent)) {
    auto event = EventFromLine(in.Text(kUnloggedEvent), "the last roll back");
    if (!event) throw FormatError(event.error().message);
    AddEvent(std::move(event).value());
    WriteState();
  }
  checkpoints_.FindKept(*history_.events());
  if (writer_.folder() != nullptr && !IndexIsStamped(writer_.folder()->paths().folder))
    writer_.UpdateIndex(*history_.episodes());
  BeginStages();
  Publish();
}

void EngineImpl::TakeHistory(List<EpisodeSummary> episodes, std::vector<Event> events) {
  const bool decided = !episodes.empty() && episodes.back()->decision.checked;
  decision_ = decided ? WholeDecision(*episodes.back()) : nullptr;
  history_.Replace(std::move(episodes), std::move(events));
}

Status EngineImpl::CreateReplay() { return writer_.CreateReplay(trainer_->BlockBytes()); }

Status EngineImpl::WriteFirstCheckpoint() {
  if (writer_.folder() == nullptr) return {};
  TakeState();
  return checkpoints_.Write();
}

Status EngineImpl::RecordNotes() {
  if (notes_.empty() || writer_.folder() == nullptr) return {};
  try {
    AddNotes(notes_);
  } catch (const std::exception& error) {
    return Error{error.what()};
  }
  TakeState();
  Publish();
  return checkpoints_.Write();
}

ArchiveWriter EngineImpl::State(const store::LogSizes& sizes) const {
  const store::RunFolder* folder = writer_.folder();
  ArchiveWriter out;
  trainer_->Save(out);
  out.Put("engine.wall_seconds", WallSeconds());
  out.Put("engine.steered", static_cast<int64_t>(history_.steered()));
  out.Put("engine.interventions", static_cast<int64_t>(history_.interventions()));
  out.Put("engine.log_sizes", folder != nullptr ? sizes.Pack() : std::vector<int64_t>());
  if (folder != nullptr) out.Put("engine.description", store::ToJsonText(folder->description()));
  return out;
}

void EngineImpl::TakeState() {
  checkpoints_.Take(State(writer_.folder() != nullptr ? writer_.folder()->sizes() : store::LogSizes()),
                    fork_ ? fork_->plan.episode : 0);
}

void EngineImpl::WriteState() {
  if (writer_.folder() == nullptr) return;
  const ScopedInterruptHandler patient = Patiently();
  OrThrow(writer_.SyncReplay());
  TakeState();
  OrThrow(checkpoints_.Write());
}

void EngineImpl::TakeUpWork() {
  if (goes_on_) return;
  goes_on_ = true;
  const int made =
      trainer_->learning() ? trainer_->episodes_picked() : trainer_->random_done() - settings_->run.random_episodes;
  OrThrow(writer_.GoOn(LifeHere(made + 1), trainer_->settings().run.episodes));
}

bool EngineImpl::LookAfterFiles() {
  const std::vector<std::string> notes = OrThrow(writer_.LookAfter());
  AddNotes(notes);
  if (!notes.empty()) checkpoints_.FindKept(*history_.events());
  return !notes.empty();
}

void EngineImpl::PutCheckpointBack() {
  if (!goes_on_ || !checkpoints_.Gone()) return;
  changes_.WaitAgain();
  OrThrow(checkpoints_.Write());
}

void EngineImpl::AddNotes(const std::vector<std::string>& notes) {
  for (const std::string& note : notes) {
    Event event;
    event.episode = trainer_->learning() ? trainer_->episodes_picked() + 1 : 0;
    event.text = note;
    AddEvent(std::move(event));
  }
}

void EngineImpl::AddEvent(Event event) {
  event.wall_seconds = WallSeconds();
  OrThrow(writer_.Append(history_.Add(std::move(event))));
}

void EngineImpl::AddTouch(const Touch& touch) {
  const std::vector<Stroke>& strokes = touch.strokes;
  Event event;
  event.kind = Event::Kind::kIntervention;
  event.episode = touch.episode;
  event.key = kPushKey;
  event.to = ToText(strokes);
  event.why = touch.why;
  event.text = PushSentence(strokes, trainer_->BodyName(strokes.front().push.body), touch.episode, touch.end);
  AddEvent(std::move(event));
  OrThrow(writer_.SetCondition(store::RunCondition::kRunning, history_.steered()));
}

void EngineImpl::AddGuards(int episode) {
  std::vector<std::string> sentences;
  {
    const MutexLock lock(told_mutex_);
    sentences.swap(guard_sentences_);
  }
  for (std::string& sentence : sentences) {
    Event event;
    event.kind = Event::Kind::kGuard;
    event.episode = episode;
    event.text = std::move(sentence);
    AddEvent(std::move(event));
  }
}

}  // namespace equipoise::run
