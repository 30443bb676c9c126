// help_text.h: help as wide as the place where it is read.
#pragma once

#include <string>

namespace equipoise::app {

// Lines that are too long are broken between words. What stands in a second column stays in it; an example command goes
// on behind a backslash, so that it can still be copied. A single word is never broken.
std::string WrapHelp(const std::string& text, int width);

}  // namespace equipoise::app
