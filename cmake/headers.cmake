# check_headers: every header compiles alone. Sources are compiled several at once
# (CMAKE_UNITY_BUILD), so what a header forgets to include may have come with the file before it.
#
# Each folder is one Clang module and each header a submodule of it, which sees what it includes
# itself and nothing else, so that a header is read once and not once a header above it. Headers
# from outside that ours name are modules, too; what is not listed is read where it is included.
if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  return()
endif()

function(write_module_map path)
  set(map "")
  macro(module name)
    string(APPEND map "module ${name} [system] {\n")
    foreach(header ${ARGN})
      string(APPEND map "  header \"${header}\"\n")
    endforeach()
    string(APPEND map "  export *\n}\n")
  endmacro()

  find_path(standard cstdint PATHS /usr/include/c++/12 NO_DEFAULT_PATH NO_CACHE REQUIRED)
  string(APPEND map "module std [system] {\n")
  foreach(name algorithm any array atomic bit bitset cctype charconv chrono cmath compare complex concepts
               condition_variable cstddef cstdint cstdio cstdlib cstring ctime deque exception filesystem
               functional future initializer_list iosfwd istream iterator limits list map memory mutex new
               numbers numeric optional ostream queue random ranges ratio set shared_mutex span sstream stack
               stdexcept string string_view system_error thread tuple type_traits typeinfo unordered_map
               unordered_set utility variant vector version)
    string(APPEND map "  module ${name}_ { header \"${standard}/${name}\" export * }\n")
  endforeach()
  string(APPEND map "}\n")

  # The macros of a library's headers meet in one module.
  find_path(include boost/json.hpp NO_CACHE REQUIRED)
  module(boost ${include}/boost/unordered/unordered_flat_map.hpp
         ${include}/boost/unordered/unordered_flat_set.hpp ${include}/boost/json/object.hpp
         ${include}/boost/json/value.hpp ${include}/boost/json/array.hpp ${include}/boost/json.hpp)
  module(simdjson ${include}/simdjson.h)
  module(soci ${include}/soci/soci.h)
  module(gtest ${include}/gtest/gtest.h)
  module(fmt ${include}/fmt/format.h ${include}/fmt/ranges.h)

  get_property(layers GLOBAL PROPERTY WAYPOST_LAYERS)
  foreach(layer IN LISTS layers)
    get_property(headers GLOBAL PROPERTY WAYPOST_HEADERS_${layer})
    string(APPEND map "module ${layer} {\n")
    foreach(header IN LISTS headers)
      get_filename_component(stem ${header} NAME_WE)
      string(APPEND map "  module ${stem}_ { header \"${header}\" export * }\n")
    endforeach()
    string(APPEND map "}\n")
  endforeach()
  file(CONFIGURE OUTPUT ${path} CONTENT "${map}" @ONLY)
endfunction()

set(folder ${CMAKE_BINARY_DIR}/headers)
write_module_map(${folder}/module.map)
get_property(layers GLOBAL PROPERTY WAYPOST_LAYERS)
add_library(check_headers OBJECT EXCLUDE_FROM_ALL)
foreach(layer IN LISTS layers)
  get_property(headers GLOBAL PROPERTY WAYPOST_HEADERS_${layer})
  list(TRANSFORM headers REPLACE "^.*/([^/]+/[^/]+)$" "#include \"\\1\"\n" OUTPUT_VARIABLE includes)
  list(JOIN includes "" includes)
  file(CONFIGURE OUTPUT ${folder}/${layer}.cc CONTENT "${includes}" @ONLY)
  target_sources(check_headers PRIVATE ${folder}/${layer}.cc)
  target_link_libraries(check_headers PRIVATE waypost_${layer})
endforeach()
target_include_directories(check_headers SYSTEM PRIVATE
  $<TARGET_PROPERTY:duckdb,INTERFACE_INCLUDE_DIRECTORIES>)
set_target_properties(check_headers PROPERTIES UNITY_BUILD OFF CXX_COMPILER_LAUNCHER "")
target_compile_options(check_headers PRIVATE
  -O0 -g0 -fno-sanitize=all -fmodules -Xclang -fmodules-local-submodule-visibility
  -fno-implicit-module-maps -fmodule-map-file=${folder}/module.map
  -fmodules-cache-path=${folder}/modules)
