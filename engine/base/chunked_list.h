// chunked_list.h: a list that only grows at its end, whose copies share what they have in common.
//
// A copy costs a pointer for every 512 items, and so does the next push_back onto it: whoever hands out a copy after
// every item (a snapshot after every episode) does not pay for the whole past each time.
//
// Thread   as a std::vector; two copies never touch what they share
#pragma once

#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

namespace equipoise {

template <class T>
class ChunkedList {
 public:
  class const_iterator {
   public:
    using iterator_category = std::random_access_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using pointer = const T*;
    using reference = const T&;
    const_iterator() = default;
    const_iterator(const ChunkedList* list, std::ptrdiff_t at) : list_(list), at_(at) {}
    reference operator*() const { return (*list_)[static_cast<size_t>(at_)]; }
    pointer operator->() const { return &**this; }
    reference operator[](difference_type n) const { return *(*this + n); }
    const_iterator& operator+=(difference_type n) {
      at_ += n;
      return *this;
    }
    const_iterator& operator-=(difference_type n) { return *this += -n; }
    const_iterator& operator++() { return *this += 1; }
    const_iterator& operator--() { return *this -= 1; }
    const_iterator operator++(int) { return {list_, at_++}; }
    const_iterator operator--(int) { return {list_, at_--}; }
    friend const_iterator operator+(const_iterator it, difference_type n) { return it += n; }
    friend const_iterator operator+(difference_type n, const_iterator it) { return it += n; }
    friend const_iterator operator-(const_iterator it, difference_type n) { return it -= n; }
    friend difference_type operator-(const const_iterator& a, const const_iterator& b) { return a.at_ - b.at_; }
    friend bool operator==(const const_iterator& a, const const_iterator& b) { return a.at_ == b.at_; }
    friend bool operator!=(const const_iterator& a, const const_iterator& b) { return a.at_ != b.at_; }
    friend bool operator<(const const_iterator& a, const const_iterator& b) { return a.at_ < b.at_; }
    friend bool operator>(const const_iterator& a, const const_iterator& b) { return a.at_ > b.at_; }
    friend bool operator<=(const const_iterator& a, const const_iterator& b) { return a.at_ <= b.at_; }
    friend bool operator>=(const const_iterator& a, const const_iterator& b) { return a.at_ >= b.at_; }

   private:
    const ChunkedList* list_ = nullptr;
    std::ptrdiff_t at_ = 0;
  };
  using iterator = const_iterator;
  using const_reverse_iterator = std::reverse_iterator<const_iterator>;
  using value_type = T;

  ChunkedList() = default;
  ChunkedList(std::initializer_list<T> items) : ChunkedList(items.begin(), items.end()) {}
  template <class Iterator>
  ChunkedList(Iterator first, Iterator last) {
    for (; first != last; ++first) push_back(*first);
  }

  void push_back(T item) {
    if (size_ % kChunk == 0) {
      chunks_.push_back(std::make_shared<std::vector<T>>());
      chunks_.back()->reserve(kChunk);
    } else if (chunks_.back().use_count() > 1) {  // another copy ends in it too
      auto own = std::make_shared<std::vector<T>>();
      own->reserve(kChunk);
      own->assign(chunks_.back()->begin(), chunks_.back()->end());
      chunks_.back() = std::move(own);
    }
    chunks_.back()->push_back(std::move(item));
    ++size_;
  }

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const T& operator[](size_t i) const { return (*chunks_[i / kChunk])[i % kChunk]; }
  const T& front() const { return (*this)[0]; }
  const T& back() const { return (*this)[size_ - 1]; }
  const_iterator begin() const { return {this, 0}; }
  const_iterator end() const { return {this, static_cast<std::ptrdiff_t>(size_)}; }
  const_reverse_iterator rbegin() const { return const_reverse_iterator(end()); }
  const_reverse_iterator rend() const { return const_reverse_iterator(begin()); }

 private:
  static constexpr size_t kChunk = 512;
  std::vector<std::shared_ptr<std::vector<T>>> chunks_;  // all but the last are full
  size_t size_ = 0;
};

}  // namespace equipoise
