#include "engine/base/checksum.h"

#include <boost/crc.hpp>

namespace equipoise {
namespace {

uint32_t Reversed(uint32_t bits) {
  uint32_t out = 0;
  for (int i = 0; i < 32; ++i, bits >>= 1) out = out << 1 | (bits & 1);
  return out;
}

}  // namespace

uint32_t Crc32(const void* data, size_t size, uint32_t before) {
  // Boost takes the remainder to begin with in the order of the polynomial, and gives its sum out the other way round.
  boost::crc_32_type crc(Reversed(~before));
  crc.process_bytes(data, size);
  return crc.checksum();
}

uint32_t Crc32C(const void* data, size_t size) {
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
  crc.process_bytes(data, size);
  return crc.checksum();
}

}  // namespace equipoise
