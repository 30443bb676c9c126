// setting_words.h: a setting in words and its value as it is shown: the key belongs into files.
//
// "sac.entropy_bonus" -> "entropy bonus of SAC". A field's words are its name in the one table of setting_words.cc, or
// else its own; a section's are its title. Values carry a real minus sign, switches read "on" and "off".
//
// Thread   any
#pragma once

#include <string>

#include "engine/record/snapshot.h"

namespace equipoise::ui {

std::string SettingWords(const std::string& key);
// A sentence with every key in it that is a setting's replaced by its words.
std::string InWords(const std::string& text);

std::string SettingText(const config::Value& value);
// What was typed, into `settings`: a real minus sign is read as the one of a keyboard.
Status ReadSetting(const std::string& key, const std::string& typed, config::Settings* settings);

// What happened, for a person: "You set the entropy bonus of SAC from 0.1 to 10; in force from episode 41. ..."
std::string EventSentence(const run::Event& event);

}  // namespace equipoise::ui
