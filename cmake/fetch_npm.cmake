# fetch_npm(<package> VERSION v SHA512 hex FILES patterns... OUT variable)
#
# Brings files of one npm package, pinned by its hash: packs it with npm (no script of the package
# runs), checks the SHA-512 of the archive, and unpacks what FILES names. OUT gets the folder that holds
# the package's root. Archives and files are kept in WAYPOST_DOWNLOADS for every preset to share, so
# only the first configure downloads.
set(WAYPOST_DOWNLOADS ${CMAKE_SOURCE_DIR}/.dev/npm CACHE PATH "Where npm archives are kept")
find_program(NPM npm REQUIRED)

function(fetch_npm package)
  cmake_parse_arguments(A "" "VERSION;SHA512;OUT" "FILES" ${ARGN})
  string(REPLACE "@" "" stem ${package})
  string(REPLACE "/" "-" stem ${stem}-${A_VERSION})
  set(archive ${WAYPOST_DOWNLOADS}/${stem}.tgz)
  set(folder ${WAYPOST_DOWNLOADS}/${stem})
  set(${A_OUT} ${folder}/package PARENT_SCOPE)
  if(EXISTS ${folder}/.unpacked)
    return()
  endif()

  file(MAKE_DIRECTORY ${WAYPOST_DOWNLOADS})
  file(LOCK ${WAYPOST_DOWNLOADS} DIRECTORY GUARD FUNCTION)
  if(NOT EXISTS ${archive})
    message(STATUS "Fetching ${package} ${A_VERSION} with npm")
    execute_process(
      COMMAND ${NPM} pack --silent --ignore-scripts ${package}@${A_VERSION}
              --pack-destination ${WAYPOST_DOWNLOADS}
      WORKING_DIRECTORY ${WAYPOST_DOWNLOADS} RESULT_VARIABLE failed OUTPUT_QUIET)
    if(failed)
      message(FATAL_ERROR "npm pack ${package}@${A_VERSION} failed (${failed}); is a registry set up?")
    endif()
  endif()
  file(SHA512 ${archive} hash)
  if(NOT hash STREQUAL A_SHA512)
    file(REMOVE ${archive})
    message(FATAL_ERROR "${package} ${A_VERSION}: SHA-512 is ${hash}, pinned is ${A_SHA512}")
  endif()
  file(ARCHIVE_EXTRACT INPUT ${archive} DESTINATION ${folder} PATTERNS ${A_FILES})
  file(TOUCH ${folder}/.unpacked)
endfunction()
