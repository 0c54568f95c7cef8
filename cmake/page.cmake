# The files of the admin page become string literals in one generated unit, ${page_unit}.
foreach(kind IN ITEMS html css js)
  set(file ${PROJECT_SOURCE_DIR}/src/admin/page/page.${kind})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(READ ${file} page_${kind})
endforeach()
set(page_unit ${PROJECT_BINARY_DIR}/page_files.cpp)
configure_file(${PROJECT_SOURCE_DIR}/src/admin/page/page_files.cpp.in ${page_unit} @ONLY)
