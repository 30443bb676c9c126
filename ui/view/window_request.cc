#include "ui/view/window_request.h"

#include <utility>

namespace equipoise::ui {

void WindowRequests::Post(WindowRequest request) { posted_.push_back(std::move(request)); }

std::vector<WindowRequest> WindowRequests::Take() { return std::exchange(posted_, {}); }

}  // namespace equipoise::ui
