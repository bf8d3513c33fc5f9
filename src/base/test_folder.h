// For tests: a folder of its own on the real disk, empty at first and gone at the end.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>

#include "base/check.h"

namespace waypost {

class TestFolder {
 public:
  TestFolder() { CHECK(::mkdtemp(path_.data())); }
  ~TestFolder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  const std::string& path() const { return path_; }
  // The path of what is in it.
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_ = std::filesystem::temp_directory_path() / "waypost-test-XXXXXX";
};

}  // namespace waypost
