// checksum.h: the two sums that our files carry: CRC-32 (zip, PNG, our own formats) and CRC-32C (TensorBoard's
// records).
#pragma once

#include <cstddef>
#include <cstdint>

namespace equipoise {

// `before`: the sum of what comes before `data`, to go on from; 0 is the sum of nothing.
uint32_t Crc32(const void* data, size_t size, uint32_t before = 0);
uint32_t Crc32C(const void* data, size_t size);

}  // namespace equipoise
