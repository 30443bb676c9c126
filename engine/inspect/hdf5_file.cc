#include "engine/inspect/hdf5_file.h"

#include <hdf5.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <type_traits>

namespace equipoise::run {

static_assert(std::is_same_v<hid_t, int64_t>, "HDF5 of before 1.10");

Hdf5File::Hdf5File(const std::string& path, Arrays arrays) : path_(path), kind_(arrays) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);  // it would print
  errno = 0;
  if (!Done(file_ = H5Fcreate(path.c_str(), H5F_ACC_EXCL, H5P_DEFAULT, H5P_DEFAULT), "making it")) return;
  const int8_t no = 0, yes = 1;
  Done(truth_ = H5Tenum_create(H5T_NATIVE_INT8), "a type");
  Done(H5Tenum_insert(truth_, "FALSE", &no), "a type");
  Done(H5Tenum_insert(truth_, "TRUE", &yes), "a type");
  Done(text_ = H5Tcopy(H5T_C_S1), "a type");
  Done(H5Tset_size(text_, H5T_VARIABLE), "a type");
  Done(H5Tset_cset(text_, H5T_CSET_UTF8), "a type");
  Done(links_ = H5Pcreate(H5P_LINK_CREATE), "a property");
  Done(H5Pset_create_intermediate_group(links_, 1), "a property");
}

Hdf5File::~Hdf5File() { (void)Close(); }

bool Hdf5File::Done(Id outcome, const std::string& what) {
  if (outcome >= 0) return true;
  if (problem_.empty())
    problem_ =
        path_ + ": HDF5 cannot write it (" + what + (errno != 0 ? std::string("): ") + std::strerror(errno) : ")");
  return false;
}

bool Hdf5File::Make(const std::string& path, Id type, uint64_t rows, int64_t width, Array* array) {
  const bool grows = kind_ == Arrays::kGrow;
  const auto columns = static_cast<hsize_t>(std::max<int64_t>(width, 1));
  const hsize_t now[2] = {grows ? 0 : rows, columns}, most[2] = {H5S_UNLIMITED, columns};
  const hsize_t chunk[2] = {std::max<hsize_t>(1, 16384 / columns), columns};
  const int rank = width > 0 ? 2 : 1;
  const hid_t space = H5Screate_simple(rank, now, grows ? most : nullptr), layout = H5Pcreate(H5P_DATASET_CREATE);
  hid_t id = H5I_INVALID_HID;
  if (Done(space, path) && Done(layout, path) && (!grows || Done(H5Pset_chunk(layout, rank, chunk), path)))
    id = H5Dcreate2(file_, path.c_str(), type, space, links_, layout, H5P_DEFAULT);
  H5Pclose(layout);
  H5Sclose(space);
  *array = {id, 0};
  return Done(id, path);
}

void Hdf5File::AppendRows(const std::string& path, Id stored, Id given, const void* data, uint64_t rows,
                          int64_t width) {
  if (!problem_.empty()) return;
  Array array;
  const auto known = arrays_.find(path);
  if (known != arrays_.end()) {
    array = known->second;
  } else if (!Make(path, stored, rows, width, &array)) {
    return;
  }
  const int rank = width > 0 ? 2 : 1;
  const auto columns = static_cast<hsize_t>(std::max<int64_t>(width, 1));
  const hsize_t all[2] = {array.rows + rows, columns}, at[2] = {array.rows, 0}, size[2] = {rows, columns};
  if (kind_ == Arrays::kGrow) Done(H5Dset_extent(array.id, all), path);
  const hid_t file_space = H5Dget_space(array.id), memory = H5Screate_simple(rank, size, nullptr);
  if (Done(file_space, path) && Done(memory, path) &&
      Done(H5Sselect_hyperslab(file_space, H5S_SELECT_SET, at, nullptr, size, nullptr), path))
    Done(H5Dwrite(array.id, given, memory, file_space, H5P_DEFAULT, data), path);
  H5Sclose(memory);
  H5Sclose(file_space);
  array.rows += rows;
  if (kind_ == Arrays::kGrow) {
    arrays_[path] = array;
  } else {
    Done(H5Dclose(array.id), path);
  }
}

void Hdf5File::Append(const std::string& array, const std::vector<float>& rows, int64_t width) {
  const auto columns = static_cast<hsize_t>(std::max<int64_t>(width, 1));
  AppendRows(array, H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, rows.data(), rows.size() / columns, width);
}

void Hdf5File::Append(const std::string& array, const std::vector<int32_t>& values) {
  AppendRows(array, H5T_STD_I32LE, H5T_NATIVE_INT32, values.data(), values.size(), 0);
}

void Hdf5File::Append(const std::string& array, const std::vector<bool>& values) {
  const std::vector<int8_t> bytes(values.begin(), values.end());
  AppendRows(array, truth_, truth_, bytes.data(), bytes.size(), 0);
}

void Hdf5File::MakeGroup(const std::string& path) {
  if (!problem_.empty()) return;
  const hid_t group = H5Gcreate2(file_, path.c_str(), links_, H5P_DEFAULT, H5P_DEFAULT);
  if (Done(group, path)) H5Gclose(group);
}

void Hdf5File::SetAttribute(const std::string& of, const char* name, Id type, Id space, const void* value) {
  if (problem_.empty() && Done(space, name)) {
    const hid_t id = H5Acreate_by_name(file_, of.c_str(), name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    if (Done(id, name)) {
      Done(H5Awrite(id, type, value), name);
      H5Aclose(id);
    }
  }
  H5Sclose(space);
}

void Hdf5File::Set(const std::string& of, const char* name, const std::string& text) {
  const char* value = text.c_str();
  SetAttribute(of, name, text_, H5Screate(H5S_SCALAR), &value);
}

void Hdf5File::Set(const std::string& of, const char* name, int64_t value) {
  SetAttribute(of, name, H5T_NATIVE_INT64, H5Screate(H5S_SCALAR), &value);
}

void Hdf5File::Set(const std::string& of, const char* name, const std::vector<std::string>& words) {
  std::vector<const char*> values;
  for (const std::string& word : words) values.push_back(word.c_str());
  const hsize_t size = values.size();
  SetAttribute(of, name, text_, H5Screate_simple(1, &size, nullptr), values.data());
}

Status Hdf5File::Close() {
  for (const auto& [path, array] : arrays_) Done(H5Dclose(array.id), path);
  arrays_.clear();
  if (truth_ >= 0) H5Tclose(truth_);
  if (text_ >= 0) H5Tclose(text_);
  if (links_ >= 0) H5Pclose(links_);
  truth_ = text_ = links_ = H5I_INVALID_HID;
  if (file_ >= 0) Done(H5Fclose(file_), "closing it");
  file_ = H5I_INVALID_HID;
  if (!problem_.empty()) return Error{problem_};
  return {};
}

}  // namespace equipoise::run
