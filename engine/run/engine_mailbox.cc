// What is asked of a run by mail; see engine_impl.h, mail.h and store/mailbox.h.
#include <algorithm>
#include <utility>
#include <variant>

#include "engine/base/clock.h"
#include "engine/run/engine_impl.h"
#include "engine/run/mail.h"
#include "engine/store/mailbox.h"

namespace equipoise::run {
namespace {

std::string Pending(const PendingChange& change) {
  return change.key + " will be " + config::ToText(change.to) + " from episode " + std::to_string(change.episode) +
         " on";
}

}  // namespace

// True: there was something.
bool EngineImpl::ReadMail() {
  const double now = MonotonicSeconds();
  if (writer_.folder() == nullptr || now < next_mail_) return false;
  next_mail_ = now + kMailSeconds;
  const std::string folder = writer_.folder()->paths().folder;
  const std::vector<store::Mailbox::Letter> letters = store::Mailbox::Read(folder);
  for (const store::Mailbox::Letter& letter : letters) {
    const Result<std::string> done = DoByMail(letter.text);
    const Answer answer{done.ok(), writer_.Named(done ? done.value() : done.error().message)};
    disk_.optional = true;  // on a full disk nobody waits for it
    (void)store::Mailbox::Answer(folder, letter.name, ToMail(answer));
    disk_.optional = false;
  }
  return !letters.empty();
}

Result<std::string> EngineImpl::DoByMail(const std::string& text) {
  Result<Order> order = OrderFrom(text, trainer_->settings());
  if (!order) return order.error();
  if (std::holds_alternative<StatusAsked>(order.value())) return StatusText();
  if (const auto* changes = std::get_if<std::vector<ChangeSetting>>(&order.value())) return ChangeByMail(*changes);
  if (const auto* push = std::get_if<PushByName>(&order.value())) {
    PushBody command = push->push;
    for (int body = 1; command.body == 0 && !trainer_->BodyName(body).empty(); ++body)
      if (trainer_->BodyName(body) == push->body) command.body = body;
    const bool lets_go = IsRelease(command);
    if (command.body == 0 && !lets_go)
      return Error{"The robot has no body \"" + push->body + "\": " + BodyNames() + "."};
    if (lets_go) command = {};
    if (!push->why.empty())
      if (const Status given = Obey(ChangeSetting{kPushKey, std::string(), push->why}); !given) return given.error();
    if (const Status obeyed = Obey(command); !obeyed) return obeyed.error();
    return std::string(lets_go ? "Let go." : "Pushed from the next environment step on.");
  }
  const Command& command = std::get<Command>(order.value());
  if (const Status obeyed = Obey(command); !obeyed) return obeyed.error();
  if (std::holds_alternative<Pause>(command)) return std::string("Paused.");
  if (std::holds_alternative<Resume>(command)) return std::string("It goes on.");
  if (std::holds_alternative<Step>(command)) return std::string("It goes one step.");
  if (std::holds_alternative<Quit>(command)) return std::string("It ends at the last whole episode.");
  return "Rolled back to " + std::get<RollBack>(command).checkpoint + ".";
}

// All of them, or none.
Result<std::string> EngineImpl::ChangeByMail(const std::vector<ChangeSetting>& changes) {
  if (Status asked = changes_.AskAll(changes, Standing()); !asked) return asked.error();
  std::string text;
  for (const ChangeSetting& change : changes) {
    const std::vector<PendingChange>& waiting = changes_.waiting();
    const auto of_key = [&change](const PendingChange& p) { return p.key == change.key; };
    const auto at = std::find_if(waiting.begin(), waiting.end(), of_key);
    text += (text.empty() ? "" : "; ") +
            (at != waiting.end() ? Pending(*at) : change.key + " is " + config::ToText(change.value) + " already");
  }
  return text + ".";
}

std::string EngineImpl::BodyNames() const {
  std::string names;
  for (int body = 1; !trainer_->BodyName(body).empty(); ++body)
    names += (names.empty() ? "" : ", ") + trainer_->BodyName(body);
  return "its bodies are " + names;
}

std::string EngineImpl::StatusText() {
  Publish();
  const std::shared_ptr<const Snapshot> now = publisher_.Latest();
  std::string text = std::string(Name(now->state)) + ", episode " + std::to_string(now->episode) + " of " +
                     std::to_string(changes_.Episodes(now->settings->run.episodes));
  for (const StageProgress& stage : now->stages)
    if (stage.active)
      text += "; " + stage.title + " " + std::to_string(stage.done) + " of " + std::to_string(stage.total);
  if (now->live.acting) text += "; acting, step " + std::to_string(now->live.step);
  for (const PendingChange& change : now->pending) text += "\n" + Pending(change);
  for (const KeptCheckpoint& kept : now->kept)
    text += "\n" + kept.name + " kept, from before episode " + std::to_string(kept.episode);
  for (const nets::Finding& finding : now->health) text += "\n" + nets::Sentence(finding);
  return text;
}

}  // namespace equipoise::run
