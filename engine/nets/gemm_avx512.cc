#define FLOATS 16
#define MULTIPLY MultiplyAvx512
#include "engine/nets/gemm_tile.inc"
