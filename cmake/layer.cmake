# waypost_layer(name [READS_BYTES] DEPENDS lower layers... LIBRARIES outside libraries...)
#
# One folder under src/ is one static library `waypost_<name>` holding every *.cc but the tests, and one
# test binary `<name>_test` holding every *_test.cc. Headers are seen only through the named layers'
# targets: each layer's headers live in a private mirror folder <build>/include/<name>/<name> so that
# including a layer that is not in DEPENDS fails to compile. READS_BYTES: it takes numbers out of bytes by
# their address, which must suit them.
function(waypost_layer name)
  cmake_parse_arguments(A "READS_BYTES" "" "DEPENDS;LIBRARIES" ${ARGN})
  set(target waypost_${name})
  set(mirror ${CMAKE_BINARY_DIR}/include/${name})
  file(MAKE_DIRECTORY ${mirror})
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${mirror}/${name} SYMBOLIC)

  file(GLOB sources CONFIGURE_DEPENDS *.cc)
  file(GLOB tests CONFIGURE_DEPENDS *_test.cc)
  file(GLOB headers CONFIGURE_DEPENDS *.h)
  if(tests)
    list(REMOVE_ITEM sources ${tests})
  endif()
  list(FILTER sources EXCLUDE REGEX "/main\\.cc$")
  if(sources)
    add_library(${target} STATIC ${sources})
    precompile(${target} precompiled)
    set(scope PUBLIC)
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${target} ${scope} ${mirror})
  target_link_libraries(${target} ${scope} Threads::Threads ${A_LIBRARIES})
  foreach(layer IN LISTS A_DEPENDS)
    target_link_libraries(${target} ${scope} waypost_${layer})
  endforeach()

  if(A_READS_BYTES AND WAYPOST_SANITIZE MATCHES "undefined")
    target_compile_options(${target} PRIVATE -fsanitize=alignment)
  endif()

  # For clang-tidy (lint.cmake) and check_headers (headers.cmake).
  set_property(GLOBAL PROPERTY WAYPOST_SOURCES_${name} ${sources})
  if(headers)
    list(TRANSFORM headers REPLACE "^${CMAKE_CURRENT_SOURCE_DIR}" "${mirror}/${name}")
    set_property(GLOBAL APPEND PROPERTY WAYPOST_LAYERS ${name})
    set_property(GLOBAL PROPERTY WAYPOST_HEADERS_${name} ${headers})
  endif()

  if(tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE ${target} GTest::gmock GTest::gtest_main)
    # g++ sees shadows and loose elses in the macros of googletest, and in files that are compiled together.
    target_compile_options(${name}_test PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-shadow -Wno-dangling-else>)
    precompile(${name}_test precompiled_tests)
    add_test(NAME ${name} COMMAND ${name}_test)
  endif()
endfunction()
