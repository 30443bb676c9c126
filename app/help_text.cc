#include "app/help_text.h"

#include <algorithm>
#include <sstream>

namespace equipoise::app {
namespace {

// Bytes that begin a character of UTF-8.
size_t Characters(const std::string& text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

// Words of `text` after `first`, in lines of at most `width`; the later ones begin with `indent` blanks. Every line but
// the last ends in `more`.
std::string Break(const std::string& first, const std::string& text, size_t indent, size_t width,
                  const std::string& more) {
  std::string out, line = first;
  bool empty = true;  // the line has no word yet
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (!empty && Characters(line) + 1 + Characters(word) + more.size() > width) {
      out += line + more + "\n";
      line = std::string(indent, ' ');
      empty = true;
    }
    line += (empty ? "" : " ") + word;
    empty = false;
  }
  return out + line + "\n";
}

std::string Wrap(const std::string& line, size_t width) {
  if (Characters(line) <= width) return line + "\n";
  constexpr size_t kLeastColumn = 24;  // characters that a second column needs to be worth it
  const size_t leading = std::min(line.find_first_not_of(' '), line.size());
  const std::string more = line.compare(leading, 10, "equipoise ") == 0 ? " \\" : "";
  const size_t gap = line.find("  ", leading);
  if (gap == std::string::npos)
    return Break(std::string(leading, ' '), line, leading > 0 ? leading + 4 : 0, width, more);
  const size_t column = line.find_first_not_of(' ', gap);
  const std::string head = line.substr(0, gap), tail = line.substr(column);
  if (column + kLeastColumn <= width) return Break(line.substr(0, column), tail, column, width, "");
  const std::string below(leading + 6, ' ');
  return Wrap(head, width) + Break(below, tail, below.size(), width, "");
}

}  // namespace

std::string WrapHelp(const std::string& text, int width) {
  std::string out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) out += Wrap(line, static_cast<size_t>(std::max(width, 40)));
  return out;
}

}  // namespace equipoise::app
