// hdf5_file.h: an HDF5 file that is being written: groups, arrays, attributes, as much of HDF5 as a data set takes.
//
// Arrays grow by rows, or are written once (then in one piece, without room to grow); a path such as "infos/actor" makes
// its groups. Truth values are the enumeration that h5py and NumPy read as bool.
//
// Thread   one; libhdf5 is not asked by two at once
// Errors   the first is kept, everything after it does nothing, and Close tells it
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace equipoise::run {

class Hdf5File {
 public:
  enum class Arrays { kGrow, kWrittenOnce };
  Hdf5File(const std::string& path, Arrays arrays);
  ~Hdf5File();
  Hdf5File(const Hdf5File&) = delete;
  Hdf5File& operator=(const Hdf5File&) = delete;

  // Rows of `width` numbers behind those that are there; width 0: a list of numbers.
  void Append(const std::string& array, const std::vector<float>& rows, int64_t width);
  void Append(const std::string& array, const std::vector<int32_t>& values);
  void Append(const std::string& array, const std::vector<bool>& values);
  void MakeGroup(const std::string& path);
  // Of a group or an array, "/" being the file.
  void Set(const std::string& of, const char* name, const std::string& text);
  void Set(const std::string& of, const char* name, int64_t value);
  void Set(const std::string& of, const char* name, const std::vector<std::string>& words);

  Status Close();

 private:
  using Id = int64_t;  // hid_t
  struct Array {
    Id id = -1;
    uint64_t rows = 0;
  };
  bool Make(const std::string& path, Id type, uint64_t rows, int64_t width, Array* array);
  void AppendRows(const std::string& path, Id stored, Id given, const void* data, uint64_t rows, int64_t width);
  void SetAttribute(const std::string& of, const char* name, Id type, Id space, const void* value);
  // Notes what failed. Returns whether it did not.
  bool Done(Id outcome, const std::string& what);

  const std::string path_;
  const Arrays kind_;
  std::string problem_;
  Id file_ = -1, truth_ = -1, text_ = -1, links_ = -1;
  std::map<std::string, Array> arrays_;
};

}  // namespace equipoise::run
