// advantage.h: a quadratic advantage, whose best action can be read off (Gu et al. 2016, normalised advantage
// functions), and its derivatives.
//
//   mu = tanh(m);  d = a - mu;  w = L^T d;  A = -|w|^2 / 2
//   L lower triangular, packed by rows: l_11, l_21, l_22, l_31, ...; its diagonal is exp(l_kk)
//
//   dA/dl_ik = -d_i w_k (i > k);  dA/dl_kk = -d_k w_k L_kk;  dA/dm = (1 - mu^2) L w
//
// Shapes   m and a [A], l [A (A + 1) / 2]
// Thread   any; no state
#pragma once

#include <cstdint>

namespace equipoise::learn {

inline int64_t TriangleSize(int64_t actions) { return actions * (actions + 1) / 2; }

// Returns the advantage. dm and dl receive its derivatives, unless they are null.
double Advantage(int64_t actions, const float* m, const float* l, const float* a, double* dm, double* dl);

}  // namespace equipoise::learn
