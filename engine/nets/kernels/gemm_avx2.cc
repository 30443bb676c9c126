#define FLOATS 8
#define MULTIPLY MultiplyAvx2
#include "engine/nets/kernels/gemm_tile.inc"
