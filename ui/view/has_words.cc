#include "ui/view/has_words.h"

#include <cctype>
#include <sstream>

namespace equipoise::ui {
namespace {

std::string Lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

}  // namespace

bool HasWords(const std::string& text, const std::string& search) {
  const std::string all = Lower(text);
  std::istringstream words(Lower(search));
  for (std::string word; words >> word;)
    if (all.find(word) == std::string::npos) return false;
  return true;
}

}  // namespace equipoise::ui
