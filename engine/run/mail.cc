#include "engine/run/mail.h"

#include <nlohmann/json.hpp>

#include "engine/base/json.h"

namespace equipoise::run {
namespace {

constexpr const char* kUnits[] = {"environment step", "gradient step", "episode"};  // as Step::Unit

std::string Doing(const char* what) {
  Json json;
  json["do"] = what;
  return OneLine(json);
}

std::string WhyOf(const Json& json) { return json.contains("why") ? TextFrom(json, "why") : ""; }

Result<Order> ChangesFrom(const Json& json, const config::Settings& settings) {
  std::vector<ChangeSetting> changes;
  for (const auto& [key, to] : MemberOf(json, "changes").items()) {
    config::Settings probe = settings;
    if (Status set = config::SetFromText(probe, key, to.get<std::string>()); !set) return set.error();
    changes.push_back({key, config::Get(probe, key), WhyOf(json)});
  }
  if (changes.empty()) return Error{"no setting is named"};
  return Order(std::move(changes));
}

Result<Order> StepFrom(const Json& json) {
  const std::string unit = TextFrom(json, "unit");
  for (size_t i = 0; i < std::size(kUnits); ++i)
    if (unit == kUnits[i]) return Order(Command(Step{static_cast<Step::Unit>(i)}));
  return Error{"a step is one of: environment step, gradient step, episode; not " + unit};
}

Result<Order> PushFrom(const Json& json) {
  PushByName push;
  push.body = TextFrom(json, "body");
  const Json& wrench = MemberOf(json, "wrench");
  if (!wrench.is_array() || wrench.size() != push.push.wrench.size())
    return Error{"a push is six numbers: force [N] and torque [N m]"};
  for (size_t i = 0; i < wrench.size(); ++i) push.push.wrench[i] = RealOf(wrench[i], "wrench");
  push.why = WhyOf(json);
  return Order(std::move(push));
}

}  // namespace

std::string ToMail(const std::vector<std::pair<std::string, std::string>>& changes, const std::string& why) {
  Json json;
  json["do"] = "set";
  json["changes"] = Json::object();
  for (const auto& [key, to] : changes) json["changes"][key] = to;
  if (!why.empty()) json["why"] = why;
  return OneLine(json);
}

std::string ToMail(const Command& command) {
  if (std::holds_alternative<Pause>(command)) return Doing("pause");
  if (std::holds_alternative<Resume>(command)) return Doing("unpause");
  if (std::holds_alternative<Quit>(command)) return Doing("stop");
  Json json;
  if (const auto* step = std::get_if<Step>(&command)) {
    json["do"] = "step";
    json["unit"] = kUnits[static_cast<size_t>(step->unit)];
  } else {
    const auto& back = std::get<RollBack>(command);
    json["do"] = "roll back";
    json["to"] = back.checkpoint;
    if (!back.why.empty()) json["why"] = back.why;
  }
  return OneLine(json);
}

std::string ToMail(const PushByName& push) {
  Json json;
  json["do"] = "push";
  json["body"] = push.body;
  json["wrench"] = push.push.wrench;
  if (!push.why.empty()) json["why"] = push.why;
  return OneLine(json);
}

std::string ToMail(const StatusAsked&) { return Doing("status"); }

Result<Order> OrderFrom(const std::string& text, const config::Settings& settings) {
  const Result<Json> parsed = ParseJson(text, "the letter");
  if (!parsed) return parsed.error();
  const Json& json = parsed.value();
  try {
    const std::string what = TextFrom(json, "do");
    if (what == "status") return Order(StatusAsked{});
    if (what == "set") return ChangesFrom(json, settings);
    if (what == "pause") return Order(Command(Pause{}));
    if (what == "unpause") return Order(Command(Resume{}));
    if (what == "stop") return Order(Command(Quit{}));
    if (what == "step") return StepFrom(json);
    if (what == "push") return PushFrom(json);
    if (what == "roll back") return Order(Command(RollBack{TextFrom(json, "to"), WhyOf(json)}));
    return Error{"this version knows no \"" + what + "\""};
  } catch (const std::exception& problem) {  // FormatError, or the JSON library's own
    return Error{std::string("the letter is not as it should be: ") + problem.what()};
  }
}

std::string ToMail(const Answer& answer) {
  Json json;
  json["done"] = answer.done;
  json["text"] = answer.text;
  return OneLine(json);
}

Result<Answer> AnswerFrom(const std::string& text) {
  const Result<Json> parsed = ParseJson(text, "the answer");
  if (!parsed) return parsed.error();
  try {
    return Answer{BoolFrom(parsed.value(), "done"), TextFrom(parsed.value(), "text")};
  } catch (const std::exception& problem) {
    return Error{std::string("the answer is not as it should be: ") + problem.what()};
  }
}

}  // namespace equipoise::run
