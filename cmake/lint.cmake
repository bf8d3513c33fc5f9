# tidy_<n>: the sources of all layers as clang-tidy reads them (`./dev lint`), never built: some dozen layers at
# once, so that the headers from outside, which are most of what it looks through, are read once for all of
# them. That names hidden in a file are not those hidden in another of its folder is the price.
set(groups 4)  # two for each core that a small machine has

get_property(layers GLOBAL PROPERTY WAYPOST_LAYERS)
set(all "")
foreach(layer IN LISTS layers)
  get_property(sources GLOBAL PROPERTY WAYPOST_SOURCES_${layer})
  list(APPEND all ${sources})
endforeach()
list(LENGTH all count)
math(EXPR size "(${count} + ${groups} - 1) / ${groups}")
math(EXPR last "${groups} - 1")
foreach(group RANGE ${last})
  math(EXPR begin "${group} * ${size}")
  list(SUBLIST all ${begin} ${size} sources)
  add_library(tidy_${group} OBJECT EXCLUDE_FROM_ALL ${sources})
  foreach(layer IN LISTS layers)
    target_link_libraries(tidy_${group} PRIVATE waypost_${layer})
    target_compile_definitions(tidy_${group} PRIVATE $<TARGET_PROPERTY:waypost_${layer},COMPILE_DEFINITIONS>)
  endforeach()
  target_include_directories(tidy_${group} SYSTEM PRIVATE
    $<TARGET_PROPERTY:duckdb,INTERFACE_INCLUDE_DIRECTORIES>
    $<TARGET_PROPERTY:PkgConfig::POSTGRES,INTERFACE_INCLUDE_DIRECTORIES>)
  set_target_properties(tidy_${group} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 0)
endforeach()
