#include "services/answer_within.h"

#include <gtest/gtest.h>

#include "exec/parallel.h"

namespace waypost::services {
namespace {

constexpr size_t kPieces = 100;

// Each piece takes a tenth of a second.
Result<std::string> Slowly(unsigned seconds, unsigned threads, size_t* done) {
  ManualClock clock(0);
  std::atomic<size_t> begun = 0;
  Result<std::string> answer = AnswerWithin(seconds, clock, "question_limit", [&] {
    exec::ParallelWithinLimit(kPieces, threads, [&](size_t) {
      ++begun;
      clock.Advance(100);
    });
    return Result<std::string>("whole");
  });
  *done = begun;
  return answer;
}

TEST(AnswerWithinTest, WhatTakesTooLongIsGivenUp) {
  for (const unsigned threads : {1u, 4u}) {
    size_t done = 0;
    EXPECT_EQ(Slowly(10, threads, &done).value(), "whole");
    EXPECT_EQ(done, kPieces);
    EXPECT_EQ(Slowly(1, threads, &done).error().name(), "question_limit");
    EXPECT_GE(done, 11u);
    EXPECT_LE(done, 11u + threads);
  }
}

TEST(AnswerWithinTest, ALimitEndsWithItsAnswer) {
  size_t done = 0;
  ASSERT_FALSE(Slowly(1, 1, &done).ok());
  exec::ParallelWithinLimit(kPieces, 2, [&, first = done](size_t) { EXPECT_GE(first, 1u); });
  EXPECT_EQ(exec::Limit::Current(), nullptr);
}

}  // namespace
}  // namespace waypost::services
