// lambda_return.h: the lambda-return of imagined trajectories and its derivatives.
//
//   G_k = r_k + gamma [ (1 - lambda) V_{k+1} + lambda G_{k+1} ],  k = 0..H-1,  G_H := V_H
//   loss = -(1/(H n)) sum_k sum_i gamma^k G_k
//
// Shapes   reward [H, n]; value [H, n]: V_1 .. V_H; all outputs [H, n]
#pragma once

#include <cstdint>

namespace equipoise::learn {

void LambdaReturn(int64_t horizon, int64_t n, const float* reward, const float* value, double gamma, double lambda,
                  float* g);
// Derivatives of the loss above: dreward[k] = dLoss/dr_k, dvalue[k] = dLoss/dV_{k+1}.
void LambdaReturnGradient(int64_t horizon, int64_t n, double gamma, double lambda, float* dreward, float* dvalue);

}  // namespace equipoise::learn
