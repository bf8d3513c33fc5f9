// For tests of what lives in a catalog: a file, or, when WAYPOST_TEST_POSTGRES says where
// ("host=... user=..."), a schema there. One test after the other.
#pragma once

#include <soci/soci.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "catalog/catalog.h"

namespace waypost::catalog {

class TestCatalog {
 public:
  // Nothing is in it.
  explicit TestCatalog(const std::string& path) : path_(path) {
    std::filesystem::remove(path_);
    if (server_) Forget();
  }
  ~TestCatalog() {
    if (server_) Forget();
    std::filesystem::remove(path_);
  }
  TestCatalog(const TestCatalog&) = delete;
  TestCatalog& operator=(const TestCatalog&) = delete;

  std::unique_ptr<Catalog> Open() const {
    return (server_ ? Catalog::OpenOn(server_, kSchema, "") : Catalog::Open(path_)).value();
  }

 private:
  static constexpr const char* kSchema = "waypost_test";
  void Forget() const {
    soci::session sql("postgresql", server_);
    sql << "set client_min_messages = warning";
    sql << "drop schema if exists " << kSchema << " cascade";
  }

  const std::string path_;
  const char* const server_ = std::getenv("WAYPOST_TEST_POSTGRES");
};

}  // namespace waypost::catalog
