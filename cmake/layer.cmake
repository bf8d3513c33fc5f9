# waypost_layer(name DEPENDS lower layers... LIBRARIES outside libraries...)
#
# One folder under src/ is one static library `waypost_<name>` holding every *.cc but the tests, and one
# test binary `<name>_test` holding every *_test.cc. Headers are seen only through the named layers'
# targets: each layer's headers live in a private mirror folder <build>/include/<name>/<name> so that
# including a layer that is not in DEPENDS fails to compile.
function(waypost_layer name)
  cmake_parse_arguments(A "" "" "DEPENDS;LIBRARIES" ${ARGN})
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

  # Every header compiles alone: sources are compiled several at once (CMAKE_UNITY_BUILD), so what a
  # header forgets to include may have come with the file before it.
  set(alone ${CMAKE_CURRENT_BINARY_DIR}/headers)
  foreach(header IN LISTS headers)
    get_filename_component(stem ${header} NAME_WE)
    file(CONFIGURE OUTPUT ${alone}/${stem}.cc CONTENT "#include \"${name}/${stem}.h\"\n")
    list(APPEND alone_sources ${alone}/${stem}.cc)
  endforeach()
  if(alone_sources)
    add_library(${target}_headers OBJECT EXCLUDE_FROM_ALL ${alone_sources})
    target_link_libraries(${target}_headers PRIVATE ${target})
    set_target_properties(${target}_headers PROPERTIES UNITY_BUILD OFF)
    target_compile_options(${target}_headers PRIVATE -O0 -g0 -fno-sanitize=all)  # only to be read
    if(NOT TARGET check_headers)
      add_custom_target(check_headers)
    endif()
    add_dependencies(check_headers ${target}_headers)
  endif()

  if(tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE ${target} GTest::gmock GTest::gtest_main)
    add_test(NAME ${name} COMMAND ${name}_test)
  endif()
endfunction()
