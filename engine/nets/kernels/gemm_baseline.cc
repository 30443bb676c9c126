#define FLOATS 4
#define MULTIPLY MultiplyBaseline
#include "engine/nets/kernels/gemm_tile.inc"
