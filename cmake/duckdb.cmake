# The imported target `duckdb`: DuckDB 1.5.6 as a shared library with its C API (duckdb.h), for reading
# and writing Parquet. Debian has neither DuckDB nor Arrow; npm has DuckDB's own build. The C API only
# grows, so the header of 1.4.4, the last one published with sources, serves 1.5.6.
include(cmake/fetch_npm.cmake)

fetch_npm(@duckdb/node-bindings-linux-x64 VERSION 1.5.6-r.1 OUT duckdb_library
  SHA512 21772b64913a904a8cd19e30c1d5671811d7fdface4b7dd53cd0300d743f43e16cf386f4e7c41ef78721ac208870d2651bc6375072145387817824315b998dd5
  FILES package/libduckdb.so package/LICENSE*)
fetch_npm(duckdb VERSION 1.4.4 OUT duckdb_sources
  SHA512 844249e61c9517454b8f776638ba6c5ab411d1bddde1892ab72826ea25178c72430e74aa83f5122b171be6abcdace84560f824b5ac94e9d5c2b603ea7269a9a2
  FILES package/src/duckdb/src/include/duckdb.h)

add_library(duckdb SHARED IMPORTED)
set_target_properties(duckdb PROPERTIES
  IMPORTED_LOCATION ${duckdb_library}/libduckdb.so
  INTERFACE_INCLUDE_DIRECTORIES ${duckdb_sources}/src/duckdb/src/include)
install(FILES ${duckdb_library}/libduckdb.so TYPE LIB)
set(CMAKE_INSTALL_RPATH $ORIGIN/../${CMAKE_INSTALL_LIBDIR})
