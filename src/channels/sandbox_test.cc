#include "channels/sandbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/sim_file_system.h"

namespace waypost::channels {
namespace {

Message Of(std::string key) {
  return {.key = std::move(key), .channel = "sms", .address = "login:ann", .text = "\"你好\"\n"};
}

class SandboxTest : public testing::Test {
 protected:
  std::unique_ptr<Sandbox> Open() {
    Result<std::unique_ptr<Sandbox>> opened = Sandbox::Open(disk_, "/outbox.jsonl");
    EXPECT_TRUE(opened.ok()) << opened.error().message();
    return std::move(opened).value();
  }
  io::SimFileSystem disk_;
};

TEST_F(SandboxTest, WritesAMessageOnceHoweverOftenItIsHandedOver) {
  auto sandbox = Open();
  EXPECT_EQ(sandbox->Send(Of("k1")).what, HandOff::kAccepted);
  EXPECT_EQ(sandbox->Send(Of("k1")).what, HandOff::kAccepted);
  EXPECT_EQ(sandbox->Newest(10).size(), 1u);
  sandbox = Open();
  EXPECT_EQ(sandbox->Send(Of("k1")).what, HandOff::kAccepted);
  EXPECT_EQ(sandbox->Newest(10).size(), 1u);
}

TEST_F(SandboxTest, KnowsAfterACrashExactlyWhatItSaidItHad) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    disk_.Crash(seed);
    auto sandbox = Open();
    const size_t before = sandbox->size();
    ASSERT_EQ(before, seed);
    ASSERT_EQ(sandbox->Send(Of("k" + std::to_string(seed))).what, HandOff::kAccepted);
  }
}

TEST_F(SandboxTest, ForgetsMessagesForGoodAndTakesMore) {
  auto sandbox = Open();
  for (const char* key : {"k1", "k2", "k3"}) (void)sandbox->Send(Of(key));
  const auto forget = [&](std::string_view gone) {
    return sandbox->Forget([&](const Message& one) { return one.key == gone; }).ok();
  };
  EXPECT_TRUE(forget("k2"));
  EXPECT_EQ(sandbox->Newest(10).size(), 2u);
  EXPECT_EQ(sandbox->Send(Of("k2")).what, HandOff::kAccepted) << "it is not written again";
  EXPECT_EQ(sandbox->Send(Of("k4")).what, HandOff::kAccepted);
  disk_.Crash(1);
  sandbox = Open();
  ASSERT_EQ(sandbox->Newest(10).size(), 3u);
  EXPECT_THAT(sandbox->Newest(10), testing::Each(testing::Not(testing::HasSubstr("k2"))));
  disk_.InjectFault({.at = 1, .kind = io::FaultKind::kIoError});
  EXPECT_FALSE(forget("k1"));
}

TEST_F(SandboxTest, SaysThatItDoesNotKnowWhenTheDiskFails) {
  auto sandbox = Open();
  disk_.InjectFault({.at = 2, .kind = io::FaultKind::kIoError});
  EXPECT_EQ(sandbox->Send(Of("k1")).what, HandOff::kUnknown);
  EXPECT_EQ(sandbox->Find(Of("k1")), std::nullopt);
}

}  // namespace
}  // namespace waypost::channels
