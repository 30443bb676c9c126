// nearest.h: the known name that a mistyped one was meant to be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace equipoise {

// Letters to put in, take out or change.
int EditDistance(std::string_view a, std::string_view b);
// The name that is most like `text`; "" where nothing is known.
std::string NearestName(std::string_view text, const std::vector<std::string>& known);

}  // namespace equipoise
