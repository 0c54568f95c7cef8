# Compiler and linker flags, in one interface library that everything of ours links.
add_library(beta_flags INTERFACE)
target_compile_options(beta_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor
  -Werror -fno-omit-frame-pointer)

find_program(CCACHE ccache)
if(CCACHE)
  # A precompiled header changes with its time stamp; these keep ccache sound with one.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CMAKE_CXX_COMPILER_LAUNCHER})
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_compile_options(-Xclang -fno-pch-timestamp)
  add_link_options(-fuse-ld=lld-19)
endif()

string(APPEND CMAKE_CXX_FLAGS_DEBUG " -O1 -D_GLIBCXX_ASSERTIONS")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  include(CheckIPOSupported)
  check_ipo_supported(RESULT has_lto OUTPUT why LANGUAGES CXX)
  if(NOT has_lto)
    message(FATAL_ERROR "the release build needs link-time optimisation: ${why}")
  endif()
  set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
  add_compile_options(-fstack-protector-strong -fstack-clash-protection -fcf-protection=full
    -D_FORTIFY_SOURCE=3 -D_GLIBCXX_ASSERTIONS -ftrivial-auto-var-init=zero -fPIE)
  add_compile_options(-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)  # the binary tells no path of ours
  add_link_options(-pie -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code)
endif()

if(BETA_SANITIZE)
  add_compile_options(-fsanitize=${BETA_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${BETA_SANITIZE})
endif()
if(BETA_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
