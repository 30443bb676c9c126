// archive_finite.h: is every number of an archive (archive.h) one that can be computed with? In archive.cc, which
// alone knows the format.
//
// Thread   any; no state
// Cost     reads the bytes once
#pragma once

#include <string>

namespace equipoise {

// The name of the first array of floats or doubles that holds NaN or infinity; "": all are finite. `bytes`: a whole
// archive.
std::string FirstNotFinite(const std::string& bytes);

}  // namespace equipoise
