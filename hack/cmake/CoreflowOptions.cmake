# Compiler, linker and hardening options that every target shares.

option(COREFLOW_WERROR "Treat warnings as errors" ON)
option(COREFLOW_FUZZ "Build the fuzzers; needs clang" OFF)
set(COREFLOW_SANITIZE "" CACHE STRING "Sanitizers to build with: address,undefined or thread")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_link_options(-fuse-ld=mold)
endif()

# Every field has its initial value, so a designated initialiser may name just those that differ.
add_compile_options(-Wall -Wextra -Wno-missing-field-initializers -Wformat=2 -Wimplicit-fallthrough -Wnon-virtual-dtor)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports every std::variant that holds strings as maybe uninitialised when it optimises.
  add_compile_options(-Wno-maybe-uninitialized -Wbidi-chars=any)
endif()
if(COREFLOW_WERROR)
  add_compile_options(-Werror)
endif()

if(COREFLOW_SANITIZE)
  add_compile_options(-fsanitize=${COREFLOW_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${COREFLOW_SANITIZE})
  if(COREFLOW_SANITIZE MATCHES "undefined")
    # Half of the time to compile (21.8 s to 12.0 s for a test). What null finds the address sanitizer finds too; what
    # alignment, object-size and vptr would find is given up for that time.
    add_compile_options(-fno-sanitize=null,alignment,object-size,vptr)
  endif()
  if(COREFLOW_SANITIZE STREQUAL "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-Wno-tsan)  # the sanitizer doesn't know the fences that Asio uses between its own threads
  endif()
endif()

if(COREFLOW_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# Hardening; hack/checks/hardening.py reads it back from the built files.
if(CMAKE_BUILD_TYPE MATCHES "Rel" AND NOT COREFLOW_SANITIZE)
  add_compile_options(-D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection
                      -fcf-protection=full -ftrivial-auto-var-init=zero -D_GLIBCXX_ASSERTIONS)
  add_link_options(-pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
endif()

# How `coreflow` and tests allocate memory (docs/decisions/0019-jemalloc.md); sanitizers have their own way.
add_library(coreflow_malloc INTERFACE)
if(CMAKE_BUILD_TYPE MATCHES "Rel" AND NOT COREFLOW_SANITIZE)
  find_library(COREFLOW_JEMALLOC jemalloc REQUIRED)
  # Nothing calls it by its own name.
  target_link_options(coreflow_malloc INTERFACE -Wl,--push-state,--no-as-needed ${COREFLOW_JEMALLOC} -Wl,--pop-state)
endif()

find_package(OpenSSL REQUIRED)
find_package(simdjson REQUIRED)
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(spdlog REQUIRED)
find_package(prometheus-cpp REQUIRED)
find_package(GTest REQUIRED)
include(GoogleTest)
enable_testing()
