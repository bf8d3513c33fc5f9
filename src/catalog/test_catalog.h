// For tests of what lives in a catalog: a file, or, when WAYPOST_TEST_POSTGRES says where
// ("host=... user=..."), a schema there. One test after the other.
#pragma once

#include <soci/soci.h>

#include <cstdlib>
#include <memory>
#include <string>

#include "base/test_folder.h"
#include "catalog/catalog.h"

namespace waypost::catalog {

class TestCatalog {
 public:
  // Nothing is in it.
  TestCatalog() {
    if (server_) Forget();
  }
  ~TestCatalog() {
    if (server_) Forget();
  }
  TestCatalog(const TestCatalog&) = delete;
  TestCatalog& operator=(const TestCatalog&) = delete;

  std::unique_ptr<Catalog> Open() const {
    return (server_ ? Catalog::OpenOn(server_, kSchema, "") : Catalog::Open(folder_ / "catalog.db"))
        .value();
  }

 private:
  static constexpr const char* kSchema = "waypost_test";
  void Forget() const {
    soci::session sql("postgresql", server_);
    sql << "set client_min_messages = warning";
    sql << "drop schema if exists " << kSchema << " cascade";
  }

  const TestFolder folder_;
  const char* const server_ = std::getenv("WAYPOST_TEST_POSTGRES");
};

}  // namespace waypost::catalog
