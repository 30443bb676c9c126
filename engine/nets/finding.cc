#include "engine/nets/finding.h"

#include <cctype>
#include <cstdarg>
#include <cstdio>

namespace equipoise::nets {

std::string Sentence(const Finding& finding) {
  if (finding.remedies.empty()) return finding.what;
  std::string advice = finding.remedies[0];
  advice[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(advice[0])));
  for (size_t i = 1; i < finding.remedies.size(); ++i)
    advice += (i + 1 < finding.remedies.size() ? ", " : ", or ") + finding.remedies[i];
  return finding.what + " " + advice + ".";
}

std::vector<std::string> Helping(std::initializer_list<Remedy> remedies) {
  std::vector<std::string> left;
  for (const Remedy& remedy : remedies)
    if (remedy.helps) left.push_back(remedy.text);
  return left;
}

std::string Format(const char* format, ...) {
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  return text;
}

}  // namespace equipoise::nets
