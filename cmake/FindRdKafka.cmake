# Finds librdkafka, whose Debian package has only a pkg-config file.
#
#   find_package(RdKafka REQUIRED)   ->   RdKafka::rdkafka, RdKafka_VERSION

find_path(RdKafka_INCLUDE_DIR NAMES librdkafka/rdkafka.h)
find_library(RdKafka_LIBRARY NAMES rdkafka)

if(RdKafka_INCLUDE_DIR)
  file(STRINGS "${RdKafka_INCLUDE_DIR}/librdkafka/rdkafka.h" _rdkafka_version
       REGEX "#define RD_KAFKA_VERSION +0x[0-9a-f]+")
  if(_rdkafka_version MATCHES "0x([0-9a-f][0-9a-f])([0-9a-f][0-9a-f])([0-9a-f][0-9a-f])")
    math(EXPR _rdkafka_major "0x${CMAKE_MATCH_1}")
    math(EXPR _rdkafka_minor "0x${CMAKE_MATCH_2}")
    math(EXPR _rdkafka_patch "0x${CMAKE_MATCH_3}")
    set(RdKafka_VERSION "${_rdkafka_major}.${_rdkafka_minor}.${_rdkafka_patch}")
  endif()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(RdKafka
  REQUIRED_VARS RdKafka_LIBRARY RdKafka_INCLUDE_DIR
  VERSION_VAR RdKafka_VERSION
  REASON_FAILURE_MESSAGE "install librdkafka-dev, 2.0.2 or newer")

if(RdKafka_FOUND AND NOT TARGET RdKafka::rdkafka)
  add_library(RdKafka::rdkafka UNKNOWN IMPORTED)
  set_target_properties(RdKafka::rdkafka PROPERTIES
    IMPORTED_LOCATION "${RdKafka_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${RdKafka_INCLUDE_DIR}")
endif()
mark_as_advanced(RdKafka_INCLUDE_DIR RdKafka_LIBRARY)
