#include "engine/base/interrupt.h"

#include <utility>

namespace equipoise {
namespace {
thread_local const std::function<void()>* t_handler = nullptr;
}  // namespace

void PollInterrupt() {
  if (t_handler != nullptr) (*t_handler)();
}

ScopedInterruptHandler::ScopedInterruptHandler(std::function<void()> handler)
    : handler_(std::move(handler)), previous_(t_handler) {
  t_handler = &handler_;
}

ScopedInterruptHandler::~ScopedInterruptHandler() { t_handler = previous_; }

}  // namespace equipoise
