#include "engine/inspect/replayer.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <optional>

#include "engine/agent/collector.h"
#include "engine/agent/recipes.h"
#include "engine/base/atomic_file.h"
#include "engine/base/flush_to_zero.h"
#include "engine/config/config_file.h"
#include "engine/env/configured_task.h"
#include "engine/env/task_library.h"
#include "engine/inspect/decision_differences.h"
#include "engine/inspect/disagreement.h"
#include "engine/inspect/imagine.h"
#include "engine/inspect/plan_again.h"
#include "engine/inspect/reevaluated_sentence.h"
#include "engine/record/episode_reader.h"
#include "engine/record/records.h"
#include "engine/record/run_settings.h"
#include "engine/run/lives.h"
#include "engine/store/decision_files.h"

namespace equipoise::run {
namespace {

class ReplayerImpl : public Replayer {
 public:
  ReplayerImpl(const std::string& folder, const config::Settings& settings, std::unique_ptr<env::Task> task)
      : paths_(folder),
        settings_(settings),
        parts_(agent::PartsOf(settings)),
        collector_(std::move(task), 0, static_cast<uint64_t>(settings.run.seed)),
        starts_(collector_.MakeStartPool()) {}

  Reevaluated Do(const Reevaluate& request) override {
    Reevaluated out;
    out.request = request;
    if (Status found = Find(request.episode); !found) {
      out.problem = found.error().message;
      return out;
    }
    const Result<eps::Decision> logged = Logged(request.episode);
    if (!logged) {
      out.problem = logged.error().message;
      return out;
    }
    out.logged = logged.value();
    const DecisionMoment& m = *moment_;
    const agent::Controller* acted = m.Controller(out.logged.pick);
    if (acted != nullptr && acted->plans()) {
      PlanEpisodeAgain(&out);
      return out;
    }
    eps::CheckInputs in = m.Check(starts_);
    if (request.all_masks) in.early_exit = false;
    {
      const ScopedFlushToZero flush;
      out.again = eps::Check(in);
    }
    eps::Decision& again = out.again;
    again.episode = request.episode;
    again.pick = out.logged.pick;
    again.reason = out.logged.reason;
    again.force_every = out.logged.force_every;
    Differences differ = CompareDecisions(out.logged, again, parts_);
    out.differs = std::move(differ.sentences);
    if (!out.differs.empty()) {
      out.elsewhere = Elsewhere(request.episode);
      out.same_but_for_rounding = out.logged.evaluated > 0 && !out.elsewhere.empty() && differ.rounding_alone &&
                                  again.proved == out.logged.proved;
    }
    out.same = out.logged.evaluated > 0 && out.differs.empty();
    out.sentence = SentenceOf(out, parts_);
    return out;
  }

  Imagined Do(const Imagine& request) override {
    Imagined out;
    out.request = request;
    const auto give_up = [&out](const std::string& why) {
      out.problem = why;
      return out;
    };
    if (Status found = Find(request.episode); !found) return give_up(found.error().message);
    const DecisionMoment& m = *moment_;
    if (m.model == nullptr) return give_up("This agent has no model, so nothing can be imagined.");
    const bool real_actions = !request.policy.has_value();
    if (!real_actions && m.Find(*request.policy) == nullptr)
      return give_up("This agent has no " + NameOf(parts_, *request.policy) + " policy.");
    const eps::CheckInputs in = m.Check(starts_);
    const Result<eps::Decision> logged = Logged(request.episode);
    if (logged.ok()) {
      if (Status real = FindReal(); !real) return give_up(real.error().message);
    } else if (real_actions) {
      return give_up("Episode " + std::to_string(request.episode) +
                     " has not been acted yet: there are no real actions to imagine with.");
    }
    const ImagineScene scene{m, starts_, collector_.task(), real_ ? &*real_ : nullptr};
    out.horizon = m.horizon;
    out.qpos_size = collector_.task().info().qpos_size;
    out.states = static_cast<int>(m.model->states());
    out.rebuilt = collector_.task().RebuiltInPose();
    for (int mask : request.masks) {
      if (mask < 0 || mask >= in.masks)
        return give_up("This decision has no mask " + std::to_string(mask + 1) + "; it has " +
                       std::to_string(in.masks) + ".");
      MaskImagined one = real_actions ? ImagineRealActions(scene, mask, request.rollouts)
                                      : ImaginePolicy(scene, *request.policy, mask, request.rollouts);
      const auto i = static_cast<size_t>(mask);
      if (logged.ok() && i < logged.value().delta().size()) one.delta = logged.value().delta()[i];
      out.masks.push_back(std::move(one));
    }
    if (real_actions) out.all = ImagineRealActions(scene, -1, 0);
    if (logged.ok() && !logged.value().delta().empty()) {
      const eps::DecisionSummary s = eps::Summarise(logged.value());
      out.all.delta = s.mean;
      if (!real_actions) out.all.return_mean = s.MeanReturnOf(*request.policy);
    }
    out.has_real = real_.has_value();
    if (real_) {
      out.real = real_->trajectory;
      out.real_note = real_->note;
    }
    return out;
  }

  Recalled Do(const Recall& request) override {
    Recalled out;
    out.request = request;
    const Result<eps::Decision> logged = Logged(request.episode);
    if (!logged) {
      out.problem = logged.error().message;
      return out;
    }
    const auto strokes = Strokes(request.episode);
    if (!strokes) {
      out.problem = strokes.error().message;
      return out;
    }
    auto acted = ReadActedEpisode(paths_.replay, settings_, request.episode, strokes.value(), &collector_.task());
    if (!acted) {
      out.problem = acted.error().message;
      return out;
    }
    ActedEpisode episode = std::move(acted).value();
    episode.trace.pick = logged.value().pick;
    episode.trace.reason = logged.value().reason;
    out.note = std::move(episode.note);
    out.trace = std::make_shared<const EpisodeTrace>(std::move(episode.trace));
    return out;
  }

  Disagreement Do(const Disagree& request) override {
    Disagreement out;
    out.request = request;
    if (Status found = FindCompared(request.episode, request.preferred, request.challenger); !found) {
      out.problem = found.error().message;
      return out;
    }
    const eps::CheckInputs in = moment_->Check(starts_);
    if (request.masks < 1 || request.masks > in.masks) {
      out.problem =
          "This decision has " + std::to_string(in.masks) + " masks, not " + std::to_string(request.masks) + ".";
      return out;
    }
    Split(in, collector_.task(), &out);
    return out;
  }

  FollowedMask Do(const FollowMask& request) override {
    constexpr int kAtOnce = 8;
    FollowedMask out;
    out.request = request;
    const auto same = [&](const FollowMask& a) {
      return a.episode == request.episode && a.mask == request.mask && a.preferred == request.preferred &&
             a.challenger == request.challenger;
    };
    if (!same(following_)) followed_.clear();
    following_ = request;
    const std::vector<int> kept = store::KeptDecisions(paths_.folder);
    int computed = 0;
    out.whole = true;
    for (auto episode = kept.rbegin(); episode != kept.rend(); ++episode) {
      if (*episode > request.newest || followed_.count(*episode) > 0) continue;
      if (computed == kAtOnce) {
        out.whole = false;
        break;
      }
      ++computed;
      const Status found = FindCompared(*episode, request.preferred, request.challenger);
      if (!found) {  // gone meanwhile, or without one of the policies: there is no point
        if (out.problem.empty()) out.problem = found.error().message;
        followed_[*episode] = {*episode, NAN, NAN};
        continue;
      }
      followed_[*episode] = Followed(request);
    }
    for (const auto& [episode, point] : followed_)
      if (episode <= request.newest && std::isfinite(point.delta)) out.points.push_back(point);
    if (!out.points.empty() || !out.whole) out.problem.clear();
    if (out.points.empty() && out.whole && out.problem.empty()) out.problem = WhyNotKept(request.episode);
    return out;
  }

 private:
  // Of the moment that was found.
  FollowedMask::Point Followed(const FollowMask& request) {
    const eps::CheckInputs in = moment_->Check(starts_);
    eps::CheckInputs then = in;
    then.iteration = static_cast<uint64_t>(request.episode);
    const int mask = std::min(request.mask, in.masks - 1);
    const DifferenceParts parts = PartsOfDifference(in, collector_.task(), request.preferred, request.challenger, mask,
                                                    in.rollouts, eps::MaskOf(then, request.mask));
    return {moment_->episode, parts.delta, parts.standard_error};
  }

  // A decision between these two.
  Status FindCompared(int episode, const eps::Pick& preferred, const eps::Pick& challenger) {
    if (Status found = Find(episode); !found) return found;
    if (moment_->model == nullptr) return Error{"This agent has no model, so nothing was imagined."};
    for (const eps::Pick& policy : {preferred, challenger})
      if (moment_->Find(policy) == nullptr) return Error{"This agent has no " + NameOf(parts_, policy) + " policy."};
    return {};
  }

  void PlanEpisodeAgain(Reevaluated* out) {
    if (Status real = FindReal(); !real) {
      out->problem = real.error().message;
      return;
    }
    const auto strokes = Strokes(moment_->episode);
    if (!strokes) {
      out->problem = strokes.error().message;
      return;
    }
    PlannedAgain again = PlanAgain(*moment_, out->logged.pick, real_->recorded, strokes.value(), &collector_);
    out->planned = true;
    out->again = out->logged;
    out->same = again.differs.empty();
    out->differs = std::move(again.differs);
    if (!out->same) out->elsewhere = Elsewhere(moment_->episode);
    out->sentence = SentenceOfPlans(*out, again.actions);
  }

  // What is other here than where that episode was computed; "": nothing, as far as the run folder says.
  std::string Elsewhere(int episode) const {
    const auto description = store::ReadDescription(paths_.folder);
    return description.ok() ? UnlikeIn(store::LifeOf(description.value(), episode), LifeHere(0)) : "";
  }

  // Brings the moment of `episode` to moment_, unless it is there already.
  Status Find(int episode) {
    const std::string path = store::DecisionPath(paths_.folder, episode);
    std::error_code absent;
    const auto written = std::filesystem::last_write_time(path, absent);
    if (absent) return Error{WhyNotKept(episode)};
    if (moment_ && moment_->episode == episode && written == written_) return {};
    moment_.reset();
    real_.reset();
    Result<std::string> bytes = ReadFile(path);
    if (!bytes) return bytes.error();
    Result<ArchiveReader> in = ArchiveReader::Parse(std::move(bytes).value(), path);
    if (!in) return in.error();
    try {
      DecisionMoment moment = LoadMoment(in.value());
      if (moment.episode != episode)
        return Error{path + ": holds the decision of episode " + std::to_string(moment.episode) +
                     ", not of the one in its name"};
      if (moment.starts_checksum != Checksum(starts_, moment.physics_states))
        return Error{path +
                     ": this program resets the task to other states than the one that made the decision "
                     "(another MuJoCo, or another version); use that one"};
      moment_ = std::move(moment);
      written_ = written;
    } catch (const std::exception& error) {
      return Error{path + " cannot be used: " + error.what()};
    }
    return {};
  }

  std::string WhyNotKept(int episode) const {
    const std::vector<int> kept = store::KeptDecisions(paths_.folder);
    const std::string what = "The decision of episode " + std::to_string(episode) + " is not kept in " + paths_.folder;
    if (kept.empty())
      return what + ": none is. They are, from the first one with a trained model on, while log.moments is above 0.";
    return what + "; kept are " + std::to_string(kept.size()) + ", from " + std::to_string(kept.front()) + " to " +
           std::to_string(kept.back()) + ". A larger log.moments (MB) keeps more.";
  }

  // As in episodes.jsonl.
  Result<eps::Decision> Logged(int episode) const {
    std::optional<EpisodeSummary> found;
    EpisodeReader reader(paths_.folder);
    const Status read = reader.Read([] {},
                                    [&](EpisodeSummary summary) {
                                      if (summary.episode == episode) found = std::move(summary);
                                    });
    if (!found && !read) return read.error();
    if (!found)
      return Error{"Episode " + std::to_string(episode) + " has not been acted yet, so its decision is not in " +
                   paths_.episodes + "."};
    const auto record = Whole(*found);
    if (record == nullptr) return Error{paths_.episodes + " was changed while it was read; try again"};
    return record->decision;
  }

  // How a hand pushed the robot in that episode.
  Result<std::vector<Stroke>> Strokes(int episode) const {
    std::vector<Event> events;
    const auto lines = store::ReadLines(paths_.events);
    if (!lines) return lines.error();
    for (const std::string& line : lines.value())
      if (const auto event = EventFromLine(line, paths_.events); event.ok()) events.push_back(event.value());
    return StrokesOf(events, episode);
  }

  Status FindReal() {
    if (real_) return {};
    const auto strokes = Strokes(moment_->episode);
    if (!strokes) return strokes.error();
    auto real = ReadRealEpisode(paths_.replay, *moment_, strokes.value(), &collector_.task());
    if (!real) return real.error();
    real_ = std::move(real).value();
    return {};
  }

  const store::RunPaths paths_;
  const config::Settings settings_;  // as the run began
  const nets::PartList parts_;
  Collector collector_;
  const learn::StartPool starts_;
  std::optional<DecisionMoment> moment_;
  std::filesystem::file_time_type written_;
  std::optional<RealEpisode> real_;  // of the same episode
  FollowMask following_;             // what is followed, and what was found of it, by episode
  std::map<int, FollowedMask::Point> followed_;
};

}  // namespace

Result<std::unique_ptr<Replayer>> Replayer::Open(const std::string& folder) {
  const store::RunPaths paths(folder);
  const auto description = store::ReadDescription(paths.folder);
  if (!description) return description.error();
  const auto settings = SettingsOf(description.value(), paths.folder);
  if (!settings) return settings.error();
  return Open(folder, settings.value());
}

Result<std::unique_ptr<Replayer>> Replayer::Open(const std::string& folder, const config::Settings& settings) {
  env::NoteTaskPlace(settings.run.task, store::RunPaths(folder).folder);
  auto task = env::MakeTask(settings);
  if (!task) return task.error();
  return std::unique_ptr<Replayer>(
      std::make_unique<ReplayerImpl>(store::RunPaths(folder).folder, settings, std::move(task).value()));
}

}  // namespace equipoise::run
