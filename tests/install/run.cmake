# cmake -DBUILD=… -DSOURCE=… -DWORK=… -DTOOLS=0|1 [-DPREFIX_PATH=…] -P run.cmake: installs ottla, then builds and runs a
# user's program that uses the installed package.

function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    list(JOIN ARGV " " command)
    message(FATAL_ERROR "${command}:\n${output}")
  endif()
endfunction()

file(REMOVE_RECURSE "${WORK}")
run("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${WORK}/prefix")
run("${CMAKE_COMMAND}" -S "${SOURCE}" -B "${WORK}/build" -G Ninja -DCMAKE_BUILD_TYPE=Release
    "-DCMAKE_PREFIX_PATH=${WORK}/prefix;${PREFIX_PATH}")
run("${CMAKE_COMMAND}" --build "${WORK}/build")
run("${WORK}/build/user")
if(TOOLS)
  run("${WORK}/prefix/bin/ottla" --version)
  run(bash -n "${WORK}/prefix/share/bash-completion/completions/ottla")
endif()
