#include "model/error_texts.h"

#include <gtest/gtest.h>

namespace waypost {
namespace {

TEST(ErrorTextsTest, EveryNameIsFoundOnceInBothLanguages) {
  std::string_view before;
  for (const ErrorText& text : ErrorTexts()) {
    EXPECT_LT(before, text.name);
    EXPECT_EQ(FindErrorText(text.name), &text);
    EXPECT_FALSE(text.zh.empty() || text.en.empty()) << text.name;
    before = text.name;
  }
  EXPECT_EQ(FindErrorText("no_such_error"), nullptr);
}

}  // namespace
}  // namespace waypost
