# cmake -DCOMPILER=… -DINCLUDE=… [-DMORE_INCLUDES=…] -P run.cmake: compiles the programs of this
# folder. INCLUDE has a folder for each component.
# aggregates.cpp must compile without a warning. It is compiled with several levels of optimization,
# because GCC's optimizer has warnings of its own.
# The compiler must reject each program in wrong/ with exactly the errors in its comments, in this order. Such a
# comment is `// error: TEXT`. The comment `// more errors follow` allows further errors.

set(flags -std=c++20 -Wall -Wextra -fdiagnostics-color=never -DFMT_SHARED)
foreach(component IN ITEMS actors registry supervision kafka)
  list(APPEND flags "-I${INCLUDE}/${component}")
endforeach()
foreach(folder IN LISTS MORE_INCLUDES)
  # Compilers search /usr/include by default. As an option, it would come before their own folders.
  if(NOT folder STREQUAL "/usr/include")
    list(APPEND flags "-isystem${folder}")
  endif()
endforeach()

set(failed "")
foreach(optimization IN ITEMS -O0 -O1 -O2)
  execute_process(COMMAND "${COMPILER}" ${flags} ${optimization} -Werror -c -o /dev/null
                          "${CMAKE_CURRENT_LIST_DIR}/aggregates.cpp"
                  RESULT_VARIABLE status ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    string(APPEND failed "aggregates.cpp, ${optimization}:\n${output}\n")
  endif()
endforeach()
list(APPEND flags -fsyntax-only)

file(GLOB programs "${CMAKE_CURRENT_LIST_DIR}/wrong/*.cpp")
if(programs STREQUAL "")
  message(FATAL_ERROR "no programs in ${CMAKE_CURRENT_LIST_DIR}/wrong")
endif()
foreach(program IN LISTS programs)
  cmake_path(GET program FILENAME name)
  file(STRINGS "${program}" expected REGEX "^// error: ")
  file(STRINGS "${program}" followers REGEX "^// more errors follow")
  list(TRANSFORM expected REPLACE "^// error: " "")
  execute_process(COMMAND "${COMPILER}" ${flags} "${program}" RESULT_VARIABLE status
                  ERROR_VARIABLE output)
  # CMake would interpret brackets and semicolons in the output as parts of a list.
  string(REGEX REPLACE "[][;]" " " lines "${output}")
  string(REGEX MATCHALL "[^\n]* error: [^\n]*" errors "${lines}")
  list(LENGTH errors found)
  list(LENGTH expected wanted)
  set(right TRUE)
  if(status EQUAL 0 OR found LESS wanted OR (found GREATER wanted AND NOT followers))
    set(right FALSE)
  else()
    foreach(text error IN ZIP_LISTS expected errors)
      string(FIND "${error}" "${text}" at)
      if(DEFINED text AND NOT text STREQUAL "" AND at EQUAL -1)
        set(right FALSE)
      endif()
    endforeach()
  endif()
  if(NOT right)
    list(JOIN errors "\n" errors)
    string(APPEND failed "${name}: ${wanted} errors expected, ${found} found:\n${errors}\n")
  endif()
endforeach()
if(failed)
  message(FATAL_ERROR "${COMPILER}:\n${failed}")
endif()
