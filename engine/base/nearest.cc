#include "engine/base/nearest.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace equipoise {

int EditDistance(std::string_view a, std::string_view b) {
  std::vector<int> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (size_t i = 0; i < a.size(); ++i) {
    int diagonal = row[0];
    row[0] = static_cast<int>(i) + 1;
    for (size_t j = 0; j < b.size(); ++j) {
      const int substitute = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({substitute, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

std::string NearestName(std::string_view text, const std::vector<std::string>& known) {
  std::string nearest;
  int best = std::numeric_limits<int>::max();
  for (const std::string& name : known)
    if (const int distance = EditDistance(text, name); distance < best) {
      best = distance;
      nearest = name;
    }
  return nearest;
}

}  // namespace equipoise
