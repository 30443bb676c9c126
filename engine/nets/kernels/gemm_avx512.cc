#define FLOATS 16
#define MULTIPLY MultiplyAvx512
#include "engine/nets/kernels/gemm_tile.inc"
