// mail.h: what can be asked of a run by mail (store/mailbox.h), as text and as commands; and what it answers.
//
//   {"do": "set", "changes": {"model.dropout": "0.2"}, "why": "..."}    texts as --set gives them
//   {"do": "pause"} {"do": "unpause"} {"do": "step", "unit": "episode"} {"do": "stop"}
//   {"do": "push", "body": "torso", "wrench": [N, N, N, Nm, Nm, Nm], "why": "..."}    all zero lets go
//   {"do": "roll back", "to": "before-2", "why": "..."}
//   {"do": "status"}
//
//   {"done": true, "text": "model.dropout will be 0.2 from episode 13 on"}
//
// Thread   any; no state
// Errors   what cannot be read or is unknown: the sentence for whoever asked
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "engine/record/command.h"

namespace equipoise::run {

struct StatusAsked {};
struct PushByName {  // of a body by its name in the model
  std::string body;
  PushBody push;
  std::string why = {};  // the person's reason
};
using Order = std::variant<StatusAsked, std::vector<ChangeSetting>, PushByName, Command>;

// As JSON, and back. `settings`: as in force; texts of changes are read by them.
std::string ToMail(const std::vector<std::pair<std::string, std::string>>& changes, const std::string& why);
std::string ToMail(const Command& command);  // of Pause, Resume, Step, RollBack and Quit
std::string ToMail(const PushByName& push);
std::string ToMail(const StatusAsked&);
Result<Order> OrderFrom(const std::string& text, const config::Settings& settings);

struct Answer {
  bool done = false;  // false: refused, `text` says why
  std::string text;   // one or more sentences
};
std::string ToMail(const Answer& answer);
Result<Answer> AnswerFrom(const std::string& text);

}  // namespace equipoise::run
