# Debian 12's own packages (scripts/setup installs them); nothing is downloaded.
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(yaml REQUIRED IMPORTED_TARGET yaml-0.1)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)

# Asio, Beast and Boost.JSON compiled once: a unit that includes them compiles in half the time.
add_library(beta_boost STATIC src/boost_impl.cpp)
target_compile_definitions(beta_boost PUBLIC
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED
  BOOST_ASIO_DISABLE_BOOST_COROUTINE)
target_include_directories(beta_boost SYSTEM PUBLIC ${Boost_INCLUDE_DIRS})
target_link_libraries(beta_boost PUBLIC Threads::Threads PRIVATE OpenSSL::SSL)
