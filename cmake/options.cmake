# Flags every target shares. Presets choose the build type and the sanitizers.
set(WAYPOST_SANITIZE "" CACHE STRING "Sanitizers, as for -fsanitize= (address,undefined or thread)")
option(WAYPOST_FUZZ "Build the libFuzzer targets (clang)" OFF)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  # What is precompiled (precompiled.cmake) is known by its bytes, not by when it was made.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()

# Portable x86-64; faster instructions are chosen while running (column/simd.h). Designated
# initialisers may leave out what has a default.
add_compile_options(-Wall -Wextra -Werror -Wno-missing-field-initializers -Wshadow
                    -Wnon-virtual-dtor -Woverloaded-virtual
                    -fPIE -pthread -fno-omit-frame-pointer -fstack-protector-strong -fcf-protection)
add_compile_definitions(_GLIBCXX_ASSERTIONS)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # False alarms of g++ 12 in inlined standard containers.
  add_compile_options(-Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds)
  # Sources compiled together look like headers, whose hidden types would be another in each file.
  add_compile_options(-Wno-subobject-linkage)
endif()
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
  # libstdc++ 12's stable_sort uses what it deprecates itself.
  add_compile_options(-Wno-deprecated-declarations)
endif()
if(CMAKE_BUILD_TYPE MATCHES "Rel")
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-clash-protection)
endif()
add_link_options(-pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)

find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

if(WAYPOST_SANITIZE)
  add_compile_options(-fsanitize=${WAYPOST_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${WAYPOST_SANITIZE})
endif()
if(WAYPOST_SANITIZE MATCHES "undefined")
  # Asked at each -> and each reference: two fifths of all code. A null that is used ends in ASan just as well;
  # alignment is asked in the layers that READS_BYTES (layer.cmake).
  add_compile_options(-fno-sanitize=null,alignment)
endif()
if(WAYPOST_SANITIZE STREQUAL "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-Wno-tsan)  # Asio has fences, which the sanitizer does not model
endif()
