// Commands: whose each is, and what it comes to at its boundary; see engine_impl.h.
#include <algorithm>
#include <deque>
#include <string>
#include <utility>
#include <variant>

#include "engine/run/engine_impl.h"
#include "engine/run/or_throw.h"

namespace equipoise::run {
namespace {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

// A person's reason: one line.
Status CheckWhy(const std::string& why) {
  constexpr size_t kLongest = 500;
  const auto is_control = [](unsigned char c) { return c < ' '; };
  if (why.size() <= kLongest && std::none_of(why.begin(), why.end(), is_control)) return {};
  return Error{"A reason is one line of at most " + std::to_string(kLongest) + " characters."};
}

}  // namespace

void EngineImpl::ProcessCommands() {
  const std::deque<Command> commands = control_.TakeCommands();
  for (const Command& command : commands) {
    if (const Status obeyed = Obey(command); !obeyed) refused_.push_back(writer_.Named(obeyed.error().message));
    constexpr size_t kMostRefused = 20;
    if (refused_.size() > kMostRefused) refused_.erase(refused_.begin());
  }
  if (!commands.empty()) publisher_.Hurry();  // answer at once
}

// Accepted, or the sentence why it is refused.
Status EngineImpl::Obey(const Command& command) {
  return std::visit(Overloaded{[this](const ChangeSetting& c) {
                                 if (Status reason = CheckWhy(c.why); !reason) return reason;
                                 if (c.key != kPushKey) return changes_.Ask(c, Standing());
                                 pushes_.Explain(c.why);
                                 return Status();
                               },
                               [this](const CancelChange& c) { return changes_.TakeBack(c, Standing()); },
                               [this](const PushBody& c) {
                                 if (Status now = RefusedBeforeFork("Not pushed"); !now) return now;
                                 const auto is_body = [this](int body) { return !trainer_->BodyName(body).empty(); };
                                 return pushes_.Ask(c, live_.acting, is_body);
                               },
                               [this](const RollBack& c) {
                                 if (Status reason = CheckWhy(c.why); !reason) return reason;
                                 if (Status now = RefusedBeforeFork("Not rolled back"); !now) return now;
                                 const Status planned = PlanRollBack(c);
                                 if (!planned)
                                   return Status(Error{"Not rolled back: " + planned.error().message + "."});
                                 control_.Abandon();
                                 return Status();
                               },
                               [this](const auto& c) { return control_.Obey(c); }},
                    command);
}

PendingChanges::Standing EngineImpl::Standing() const {
  int boundary = working_on_ > 0 ? working_on_ + 1 : trainer_->episodes_picked() + 1;
  if (fork_) boundary = std::max(boundary, fork_->plan.episode);  // until there it is the other run
  return {trainer_->settings(), trainer_->most_groups(), boundary, history_.steered()};
}

void EngineImpl::ApplyChanges() {
  const int episode = trainer_->episodes_picked() + 1;
  std::vector<PendingChange> changes = fork_ && fork_->plan.episode == episode ? GoOwnWay() : ScriptedChanges(episode);
  const std::vector<config::ScheduledChange> scheduled = config::ScheduledFor(trainer_->settings(), episode);
  std::optional<PendingChanges::Due> due;
  if (Script() == nullptr) {
    due = changes_.DueBefore(episode);
    changes.insert(changes.end(), due->changes.begin(), due->changes.end());
  }
  if (changes.empty() && scheduled.empty()) return;
  const bool by_hand = std::any_of(changes.begin(), changes.end(), [](const auto& c) { return c.key != kLengthKey; });
  // All of it is done again if the process ends before the episode does; but the run has been touched from here on.
  if (!changes.empty()) OrThrow(changes_.NoteAgain(history_.steered() || by_hand));
  std::string checkpoint;
  const ScopedInterruptHandler patient = Patiently();
  if (by_hand)
    checkpoint = OrThrow(checkpoints_.Keep(history_.interventions() + 1, episode, trainer_->settings().log.kept));
  if (due) changes_.PutInForce(*due);  // what a script says it says again
  for (const config::ScheduledChange& change : scheduled) {
    const config::Value from = config::Get(trainer_->settings(), change.key);
    trainer_->Apply(change.key, change.value);
    AddEvent(ToEvent(change, from));
  }
  for (const PendingChange& change : changes) {
    const config::Value from = config::Get(trainer_->settings(), change.key);
    trainer_->Apply(change.key, change.to);
    AddEvent(ToEvent(change, from, episode, trainer_->data().distractors().size(), checkpoint));
  }
  if (fork_) trainer_->Apply(kLengthKey, fork_->plan.episodes);  // how long it is to be is its own
  settings_ = std::make_shared<config::Settings>(trainer_->settings());
  OrThrow(writer_.SetLength(settings_->run.episodes, history_.steered()));
}

}  // namespace equipoise::run
