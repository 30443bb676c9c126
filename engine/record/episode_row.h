// episode_row.h: an episode's numbers as a row of fixed width, for episode_index.h.
//
// A row is as this machine keeps numbers in memory; the index's header tells one of another kind of machine from ours.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/record/episode_index.h"

namespace equipoise::run {

// Raise it whenever a row, or how one of its numbers is derived from a line, changes.
inline constexpr uint32_t kIndexFormat = 2;

size_t RowBytes(const IndexColumns& columns);
size_t FixedRowBytes();  // of them those that every index has

// Appends the row; false: see IndexRows::Add. `number` counts from 0 and is part of the row's sum.
bool AppendRow(const EpisodeSummary& episode, const IndexColumns& columns, size_t number, std::string* out);

class RowReader {
 public:
  explicit RowReader(IndexColumns columns) : columns_(std::move(columns)) {}
  // Nothing when the row's sum does not fit.
  std::optional<EpisodeSummary> Read(const char* row, size_t number);

 private:
  NamedNumbers Numbers(const char* present, const char* values, const std::vector<std::string>& names);

  const IndexColumns columns_;
  std::map<std::pair<const void*, std::string>, NamedNumbers::Names> names_;  // by which columns are present
};

}  // namespace equipoise::run
