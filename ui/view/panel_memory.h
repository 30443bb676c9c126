// panel_memory.h: what a panel keeps from frame to frame and no other panel needs: columns of curves, lines of the log,
// what was typed into a field.
//
// One value of each type, made when it is first asked for; a panel declares a type of its own. What belongs to the run
// is forgotten when another one is looked at, the rest lives as long as the window.
//
// Thread   window thread
#pragma once

#include <memory>
#include <typeindex>
#include <typeinfo>
#include <unordered_map>
#include <utility>

namespace equipoise::ui {

class PanelMemory {
 public:
  PanelMemory() = default;
  PanelMemory(PanelMemory&&) = default;
  PanelMemory& operator=(PanelMemory&&) = default;

  template <class T>
  T& OfRun() {
    return In<T>(&of_run_);
  }
  template <class T>
  T& OfWindow() {
    return In<T>(&of_window_);
  }
  using Values = std::unordered_map<std::type_index, std::shared_ptr<void>>;
  // What belongs to the run, to be kept for it; none is left.
  Values TakeRun() { return std::exchange(of_run_, {}); }
  void GiveRun(Values values) { of_run_ = std::move(values); }

 private:
  template <class T>
  static T& In(Values* values) {
    std::shared_ptr<void>& value = (*values)[typeid(T)];
    if (value == nullptr) value = std::make_shared<T>();
    return *static_cast<T*>(value.get());
  }

  Values of_run_, of_window_;
};

}  // namespace equipoise::ui
