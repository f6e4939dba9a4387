# ottla_component(NAME USES target… [NEEDS target…])
#
# Adds one component: a library of the .cpp files below the current folder. The library sees its own
# headers as <ottla/NAME/…> and the headers of the targets that it USES. Any other include does not
# compile: the build tree has a folder for each component that contains only ottla/NAME, a link to
# the sources.
#
# All headers are installed, except those in a folder internal/. Headers in a folder detail/ are
# installed because public headers include them; programs do not include them.

function(ottla_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wnon-virtual-dtor
                                           -Woverloaded-virtual -Wno-missing-field-initializers)
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    target_compile_options(${target} PRIVATE -Wshadow=local)
  else()
    # Macros of librdkafka expand to statement expressions, which clang reports in our sources.
    target_compile_options(${target} PRIVATE -Wshadow-uncaptured-local
                                             -Wno-gnu-statement-expression)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # GCC 12 gives false warnings for std::string and std::map (GCC bugs 105329 and 105562).
    target_compile_options(${target} PRIVATE -Wno-restrict -Wno-maybe-uninitialized)
  endif()
  if(OTTLA_SANITIZER)
    # The presets end a program at the first error, and code that never continues compiles faster.
    target_compile_options(${target} PRIVATE -fsanitize=${OTTLA_SANITIZER} -fno-sanitize-recover=all
                                             -fno-omit-frame-pointer)
    target_link_options(${target} PRIVATE -fsanitize=${OTTLA_SANITIZER})
    if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
      # Sources and tests ask for these macros, which only GCC defines.
      foreach(kind IN ITEMS address thread)
        if(OTTLA_SANITIZER MATCHES "${kind}")
          string(TOUPPER "${kind}" kind)
          target_compile_definitions(${target} PRIVATE __SANITIZE_${kind}__=1)
        endif()
      endforeach()
    endif()
  endif()
  if(OTTLA_SANITIZER MATCHES "undefined")
    # These three checks take half of the compile time. AddressSanitizer finds the resulting errors:
    # a read at null or beyond an object. x86 and ARM64 allow misaligned reads.
    target_compile_options(${target} PRIVATE -fno-sanitize=null,alignment,object-size)
  endif()
endfunction()

function(ottla_component name)
  cmake_parse_arguments(arg "" "" "USES;NEEDS" ${ARGN})
  set(base "${PROJECT_BINARY_DIR}/include/${name}")
  file(MAKE_DIRECTORY "${base}/ottla")
  file(CREATE_LINK "${CMAKE_CURRENT_SOURCE_DIR}" "${base}/ottla/${name}" SYMBOLIC)

  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  add_library(ottla_${name} ${sources})
  add_library(ottla::${name} ALIAS ottla_${name})
  set_target_properties(ottla_${name} PROPERTIES EXPORT_NAME ${name})
  target_compile_features(ottla_${name} PUBLIC cxx_std_20)
  target_link_libraries(ottla_${name} PUBLIC ${arg_USES} PRIVATE ${arg_NEEDS})
  ottla_warnings(ottla_${name})

  file(GLOB_RECURSE headers RELATIVE "${CMAKE_CURRENT_SOURCE_DIR}" CONFIGURE_DEPENDS
       "${CMAKE_CURRENT_SOURCE_DIR}/*.hpp")
  set(public_headers ${headers})
  list(FILTER public_headers EXCLUDE REGEX "(^|/)internal/")
  list(TRANSFORM public_headers PREPEND "${base}/ottla/${name}/")
  target_sources(ottla_${name} PUBLIC FILE_SET HEADERS BASE_DIRS "${base}" FILES ${public_headers})

  # Checks that every header, public or private, compiles on its own.
  set(alone)
  foreach(header IN LISTS headers)
    string(MAKE_C_IDENTIFIER "${header}" identifier)
    set(file "${CMAKE_CURRENT_BINARY_DIR}/header_check/${identifier}.cpp")
    file(CONFIGURE OUTPUT "${file}" CONTENT "#include <ottla/${name}/${header}>\n")
    list(APPEND alone "${file}")
  endforeach()
  add_library(ottla_${name}_header_check OBJECT EXCLUDE_FROM_ALL ${alone})
  target_link_libraries(ottla_${name}_header_check PRIVATE ottla_${name} ${arg_NEEDS})
  ottla_warnings(ottla_${name}_header_check)
  if(NOT TARGET header_check)
    add_custom_target(header_check)
  endif()
  add_dependencies(header_check ottla_${name}_header_check)
  set_property(GLOBAL APPEND PROPERTY ottla_components ottla_${name})
endfunction()
