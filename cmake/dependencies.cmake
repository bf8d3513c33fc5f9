# Libraries of Debian 12, by package: see packages.txt.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(ZLIB REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(GTest REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(simdjson REQUIRED)
find_package(Boost 1.81 REQUIRED CONFIG COMPONENTS json url)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(LZ4 REQUIRED IMPORTED_TARGET liblz4)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(PROMETHEUS REQUIRED IMPORTED_TARGET prometheus-cpp-core)
find_library(DATE_TZ_LIBRARY date-tz REQUIRED)
# Debian builds the library to read the system's time zones, and its header must know that: without
# USE_OS_TZDB the types have another layout.
add_library(date_tz INTERFACE)
target_link_libraries(date_tz INTERFACE ${DATE_TZ_LIBRARY})
target_compile_definitions(date_tz INTERFACE USE_OS_TZDB=1)
find_library(ROARING_LIBRARY roaring REQUIRED)
# SOCI 4.0 has a CMake configuration only for its own static builds.
find_library(SOCI_CORE_LIBRARY soci_core REQUIRED)
find_library(SOCI_SQLITE_LIBRARY soci_sqlite3 REQUIRED)
add_library(soci INTERFACE)
target_link_libraries(soci INTERFACE ${SOCI_CORE_LIBRARY} ${SOCI_SQLITE_LIBRARY})
# Its shared library hides type information that the sanitizer's check of virtual calls needs.
target_compile_options(soci INTERFACE -fno-sanitize=vptr)
