// view.h: numbers that somebody else owns, counted by int64_t as shapes are.
//
// A View is a pointer and a size: cheap to copy, valid as long as what it looks at stays where it is.
//
// Thread   as what it looks at
// Errors   InternalError for an index outside, where assertions are on (debug builds)
#pragma once

#include <cstdint>
#include <type_traits>
#include <vector>

#include "engine/base/check.h"

namespace equipoise {

template <class T>
class View {
 public:
  View() = default;
  View(T* data, int64_t size) : data_(data), size_(size) {}
  // NOLINTNEXTLINE(google-explicit-constructor): a vector is what it looks at, as in std::span
  View(std::vector<std::remove_const_t<T>>& all) : View(all.data(), static_cast<int64_t>(all.size())) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  template <class U = T, class = std::enable_if_t<std::is_const_v<U>>>
  View(const std::vector<std::remove_const_t<U>>& all) : View(all.data(), static_cast<int64_t>(all.size())) {}

  T& operator[](int64_t i) const {
#ifndef NDEBUG
    EQ_CHECK(i >= 0 && i < size_, "an index outside of what is looked at");
#endif
    return data_[i];
  }
  // `count` of them from `first` on.
  View Part(int64_t first, int64_t count) const {
#ifndef NDEBUG
    EQ_CHECK(first >= 0 && count >= 0 && first + count <= size_, "a part outside of what is looked at");
#endif
    return {data_ + first, count};
  }
  T* data() const { return data_; }
  int64_t size() const { return size_; }
  T* begin() const { return data_; }
  T* end() const { return data_ + size_; }

 private:
  T* data_ = nullptr;
  int64_t size_ = 0;
};
template <class T>
View(std::vector<T>&) -> View<T>;
template <class T>
View(const std::vector<T>&) -> View<const T>;

// Room for so many numbers, as shapes count them.
template <class T>
View<T> Room(std::vector<T>& numbers, int64_t size) {
  numbers.resize(static_cast<size_t>(size));
  return numbers;
}

}  // namespace equipoise
