# Installs libraries, public headers and a package config. After that find_package(ottla) provides
# ottla::actors, ottla::registry, ottla::supervision, ottla::kafka and, if it was built,
# ottla::configuration.

include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

get_property(components GLOBAL PROPERTY ottla_components)
install(TARGETS ${components} EXPORT ottla-targets FILE_SET HEADERS)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/ottla")
install(EXPORT ottla-targets NAMESPACE ottla:: DESTINATION "${package_dir}")
configure_package_config_file(cmake/ottla-config.cmake.in ottla-config.cmake
  INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file(ottla-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/ottla-config.cmake" "${PROJECT_BINARY_DIR}/ottla-config-version.cmake"
  cmake/FindCAF.cmake cmake/FindRdKafka.cmake
  DESTINATION "${package_dir}")
