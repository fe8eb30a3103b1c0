# coreflow_library(NAME [PURE] SRCS … [DEPS …] [EXTERNAL …] [TESTS …] [TEST_DEPS …])
#
# One library a folder: coreflow::NAME, and NAME_test from TESTS. DEPS are coreflow libraries, by their short
# names; EXTERNAL are third-party targets. Configuration stops when a dependency is not declared yet, so the
# order of add_subdirectory in the root file is the architecture, and when a PURE library names one that is not.
# hack/checks/layers.py compares the includes with DEPS, hack/checks/pure.py reads the archives.
define_property(TARGET PROPERTY COREFLOW_PURE BRIEF_DOCS "no clock, I/O, thread or randomness")

function(coreflow_library name)
  cmake_parse_arguments(L "PURE" "" "SRCS;DEPS;EXTERNAL;TESTS;TEST_DEPS" ${ARGN})
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
  if(L_PURE)
    set_property(GLOBAL APPEND PROPERTY COREFLOW_PURE_LIBRARIES coreflow_${name})
  endif()
  if(L_TESTS)
    coreflow_test(${name}_test SRCS ${L_TESTS} DEPS ${name} ${L_TEST_DEPS})
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
  target_link_libraries(${name} PRIVATE ${T_EXTERNAL} GTest::gmock GTest::gtest_main)
  # In the root of the sources, so that a test may read what is checked in.
  add_test(NAME ${name} COMMAND ${name} --gtest_brief=1 WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES LABELS "unit;${T_LABELS}" TIMEOUT 900)
endfunction()
