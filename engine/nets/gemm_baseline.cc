#define FLOATS 4
#define MULTIPLY MultiplyBaseline
#include "engine/nets/gemm_tile.inc"
