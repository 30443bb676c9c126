// open_folder.h: what was taken away, in the person's file manager.
//
// Thread   window thread; it does not wait for that program
// Errors   the program xdg-open is not installed, or cannot be started
#pragma once

#include <string>

#include "engine/base/result.h"

namespace equipoise::ui {

// Of a file the folder that it lies in.
Status OpenInFileManager(const std::string& path);

}  // namespace equipoise::ui
