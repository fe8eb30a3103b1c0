# coreflow_library(NAME [PURE] [THREADS] SRCS … [DEPS …] [EXTERNAL …] [TESTS …] [TEST_DEPS …])
#
# THREADS: its tests have more than one thread, so they run with the thread sanitizer, too.
#
# One library a folder: coreflow::NAME, and NAME_test from TESTS. DEPS are coreflow libraries, by their short
# names; EXTERNAL are third-party targets. Configuration stops when a dependency is not declared yet, so the
# order of add_subdirectory in the root file is the architecture, and when a PURE library names one that is not.
# hack/checks/layers.py compares the includes with DEPS, hack/checks/pure.py reads the archives.
#
# What was declared is written to <build>/libraries.txt, one line each, for the checks:
#   library NAME pure|effects FOLDER ARCHIVE DEPS     (DEPS with commas, - for none)
#   test    NAME pure|effects FOLDER PROGRAM DEPS
#   program NAME effects      FOLDER PROGRAM DEPS
#   fuzzer  NAME effects      FOLDER PROGRAM DEPS     (tests/fuzz; built by one preset only)
define_property(TARGET PROPERTY COREFLOW_PURE BRIEF_DOCS "no clock, I/O, thread or randomness")
define_property(TARGET PROPERTY COREFLOW_STATIC BRIEF_DOCS "a program that was linked static")

function(_coreflow_declare kind name purity target deps)
  cmake_path(RELATIVE_PATH CMAKE_CURRENT_SOURCE_DIR BASE_DIRECTORY ${CMAKE_SOURCE_DIR} OUTPUT_VARIABLE folder)
  list(JOIN deps "," deps)
  if(NOT deps)
    set(deps -)
  endif()
  set_property(GLOBAL APPEND PROPERTY COREFLOW_DECLARED "${kind} ${name} ${purity} ${folder} $<TARGET_FILE:${target}> ${deps}")
endfunction()

function(_coreflow_write_declared)
  get_property(lines GLOBAL PROPERTY COREFLOW_DECLARED)
  list(JOIN lines "\n" lines)
  file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/libraries.txt CONTENT "${lines}\n")
endfunction()
cmake_language(DEFER DIRECTORY ${CMAKE_SOURCE_DIR} CALL _coreflow_write_declared)

function(coreflow_library name)
  cmake_parse_arguments(L "PURE;THREADS" "" "SRCS;DEPS;EXTERNAL;TESTS;TEST_DEPS" ${ARGN})
  if(L_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "${name}: coreflow_library does not know ${L_UNPARSED_ARGUMENTS}")
  endif()
  add_library(coreflow_${name} STATIC ${L_SRCS})
  add_library(coreflow::${name} ALIAS coreflow_${name})
  target_include_directories(coreflow_${name} PUBLIC ${CMAKE_SOURCE_DIR})
  set_target_properties(coreflow_${name} PROPERTIES COREFLOW_PURE "${L_PURE}")
  foreach(dep IN LISTS L_DEPS)
    if(NOT TARGET coreflow_${dep})
      message(FATAL_ERROR "${name} depends on ${dep}, which is not declared before it (see the order in CMakeLists.txt)")
    endif()
    get_target_property(dep_pure coreflow_${dep} COREFLOW_PURE)
    if(L_PURE AND NOT dep_pure)
      message(FATAL_ERROR "${name} is PURE but depends on ${dep}, which is not")
    endif()
    target_link_libraries(coreflow_${name} PUBLIC coreflow_${dep})
  endforeach()
  target_link_libraries(coreflow_${name} PUBLIC ${L_EXTERNAL})
  set(purity effects)
  if(L_PURE)
    set(purity pure)
  endif()
  _coreflow_declare(library ${name} ${purity} coreflow_${name} "${L_DEPS}")
  set(labels ${purity})
  if(L_THREADS)
    list(APPEND labels threads)
  endif()
  if(L_TESTS)
    coreflow_test(${name}_test SRCS ${L_TESTS} DEPS ${name} ${L_TEST_DEPS} LABELS ${labels})
  endif()
endfunction()

# coreflow_test(NAME SRCS … DEPS … [EXTERNAL …] [LABELS …]): one GoogleTest program; every test in it is one ctest.
function(coreflow_test name)
  cmake_parse_arguments(T "" "" "SRCS;DEPS;EXTERNAL;LABELS" ${ARGN})
  add_executable(${name} ${T_SRCS})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  foreach(dep IN LISTS T_DEPS)
    target_link_libraries(${name} PRIVATE coreflow_${dep})
  endforeach()
  target_link_libraries(${name} PRIVATE ${T_EXTERNAL} coreflow_malloc GTest::gmock GTest::gtest_main)
  # In the root of the sources, so that a test may read what is checked in.
  add_test(NAME ${name} COMMAND ${name} --gtest_brief=1 WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set(purity effects)
  if("pure" IN_LIST T_LABELS)
    set(purity pure)
  endif()
  set_tests_properties(${name} PROPERTIES LABELS "unit;${T_LABELS}" TIMEOUT 900)
  _coreflow_declare(test ${name} ${purity} ${name} "${T_DEPS}")
endfunction()

# coreflow_program(NAME [STATIC] [OUTPUT file-name] SRCS … DEPS … [EXTERNAL …]): a program that is shipped;
# hack/checks/hardening.py reads its file.
#
# STATIC: it runs where there are no libraries, and is small. It gets the archives of DEPS alone, so these are all that it
# is made of, each before those that it uses; a use of anything third-party doesn't link. Static in release builds only:
# there are no static sanitizers.
function(coreflow_program name)
  cmake_parse_arguments(P "STATIC" "OUTPUT" "SRCS;DEPS;EXTERNAL" ${ARGN})
  add_executable(${name} ${P_SRCS})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  foreach(dep IN LISTS P_DEPS)
    if(P_STATIC)
      add_dependencies(${name} coreflow_${dep})
      target_link_libraries(${name} PRIVATE $<TARGET_FILE:coreflow_${dep}>)
    else()
      target_link_libraries(${name} PRIVATE coreflow_${dep})
    endif()
  endforeach()
  if(P_STATIC AND CMAKE_BUILD_TYPE MATCHES "Rel" AND NOT COREFLOW_SANITIZE)
    target_link_options(${name} PRIVATE -static-pie -Wl,--gc-sections -s)
    set_target_properties(${name} PROPERTIES COREFLOW_STATIC TRUE)
  endif()
  target_link_libraries(${name} PRIVATE ${P_EXTERNAL})
  if(P_OUTPUT)
    set_target_properties(${name} PROPERTIES OUTPUT_NAME ${P_OUTPUT})
  endif()
  _coreflow_declare(program ${name} effects ${name} "${P_DEPS}")
endfunction()
