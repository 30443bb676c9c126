// config_folder.h: where what a person has chosen for every run is kept: window.ini and keys.
//
// As the XDG base directory specification has it: a variable that is empty counts as one that is not set, and a path
// that is not absolute is passed over.
#pragma once

#include <string>

namespace equipoise::ui {

// $XDG_CONFIG_HOME/equipoise, else $HOME/.config/equipoise; "" when neither is there. It may not exist yet.
std::string ConfigFolder();
// Where a person's documents lie, as the desktop has it (user-dirs.dirs); else the home; "" without one.
std::string DocumentsFolder();

}  // namespace equipoise::ui
