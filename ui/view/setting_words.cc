#include "ui/view/setting_words.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <map>

#include "engine/config/section.h"
#include "ui/kit/text.h"

namespace equipoise::ui {
namespace {

// Fields whose names are no words. What is not here is called as it is written, with spaces.
const std::map<std::string, std::string>& FieldWords() {
  static const std::map<std::string, std::string> kWords = {
      {"lr", "step size"},
      {"lr_final", "last step size"},
      {"actor_lr", "actor's step size"},
      {"critic_lr", "critic's step size"},
      {"value_lr", "value's step size"},
      {"model_lr", "model's step size"},
      {"reward_lr", "reward's step size"},
      {"entropy_lr", "step size of the entropy bonus"},
      {"entropy_auto", "tuning of the entropy bonus"},
      {"eta", "weight prior"},
      {"gamma", "discount"},
      {"tau", "pace of the target networks"},
      {"value_tau", "pace of the target value"},
      {"lambda", "weight of longer returns"},
      {"clip", "largest gradient"},
      {"clip_norm", "largest gradient"},
      {"hidden", "width of the layers"},
      {"sd", "standard deviation"},
      {"sd_min", "least standard deviation"},
      {"sd_max", "largest standard deviation"},
      {"sd_floor", "least standard deviation"},
      {"start_sd", "standard deviation at the start"},
      {"noise_sd", "standard deviation of the noise"},
      {"noise_sd_final", "standard deviation of the noise at the end"},
      {"target_kl", "largest divergence of an update"},
      {"force_every", "episodes between forced ones"},
      {"distractors.active", "distractors"},
      {"run.episodes", "length of the run"},
  };
  return kWords;
}

std::string After(const std::string& key) { return key.substr(key.find('.') + 1); }

bool OfKey(char c) {
  const auto u = static_cast<unsigned char>(c);
  return std::islower(u) != 0 || std::isdigit(u) != 0 || c == '_' || c == '.';
}

std::string ValueWords(const std::string& written) {
  if (written == "true") return "on";
  if (written == "false") return "off";
  return Format("%s", written.c_str());
}

}  // namespace

std::string SettingWords(const std::string& key) {
  const auto whole = FieldWords().find(key);
  if (whole != FieldWords().end()) return whole->second;
  const auto field = FieldWords().find(After(key));
  std::string words = field != FieldWords().end() ? field->second : After(key);
  std::replace(words.begin(), words.end(), '_', ' ');
  for (const config::Section& section : config::Sections()) {
    if (key.compare(0, section.id.size() + 1, section.id + ".") != 0) continue;
    if (section.central) return words;
    const bool name = section.title.size() > 1 && std::isupper(static_cast<unsigned char>(section.title[1])) != 0;
    return words + " of " + (name ? "" : "the ") + section.title;
  }
  return words;
}

std::string InWords(const std::string& text, bool brief) {
  std::string out;
  for (size_t i = 0; i < text.size();) {
    size_t end = i;
    while (end < text.size() && OfKey(text[end])) ++end;
    while (end > i && text[end - 1] == '.') --end;  // of the sentence
    const std::string word = text.substr(i, end - i);
    if (word.find('.') != std::string::npos && config::FindSpec(word) != nullptr) {
      const std::string words = SettingWords(word);
      out += brief ? words.substr(0, words.rfind(" of ")) : words;
      i = end;
    } else if (end > i) {
      out += word;
      i = end;
    } else {
      out += text[i++];
    }
  }
  return out;
}

std::string SettingText(const config::Value& value) { return ValueWords(config::ToText(value)); }

Status ReadSetting(const std::string& key, const std::string& typed, config::Settings* settings) {
  std::string text = typed;
  const std::string minus = "\xe2\x88\x92";
  for (size_t at = text.find(minus); at != std::string::npos; at = text.find(minus))
    text.replace(at, minus.size(), "-");
  return config::SetFromText(*settings, key, text);
}

std::string EventSentence(const run::Event& event) {
  std::string text = event.text;
  if (text.empty() && !event.key.empty())
    text = "You set " + event.key + " from " + event.from + " to " + event.to + ".";
  // Its values as they are shown elsewhere; what follows them stays.
  const std::string set = "You set " + event.key + " from " + event.from + " to " + event.to;
  if (!event.key.empty() && text.compare(0, set.size(), set) == 0)
    text = "You set the " + SettingWords(event.key) + " from " + ValueWords(event.from) + " to " +
           ValueWords(event.to) + text.substr(set.size());
  text = InWords(text);
  return event.why.empty() ? text : text + " Reason: " + event.why;  // in the person's own words
}

}  // namespace equipoise::ui
