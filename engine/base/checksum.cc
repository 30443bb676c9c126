#include "engine/base/checksum.h"

#include <libdeflate.h>

#include <boost/crc.hpp>

namespace equipoise {

uint32_t Crc32(const void* data, size_t size, uint32_t before) {
  return size == 0 ? before : libdeflate_crc32(before, data, size);  // which takes no data for a new beginning
}

uint32_t Crc32C(const void* data, size_t size) {
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
  crc.process_bytes(data, size);
  return crc.checksum();
}

}  // namespace equipoise
