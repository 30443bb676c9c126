#define FLOATS 8
#define MULTIPLY MultiplyAvx2
#include "engine/nets/gemm_tile.inc"
