# The heavy kinds of tests, each as one test of the gcc build, so that one summary tells all.
# They belong to the configuration "full": a plain `ctest` leaves them out, tests/run.sh asks for
# them with `ctest -C full`.
#
# `cost` is about its seconds on two cores. ctest begins with the costliest, so that no long test is
# left to run alone at the end; tests of other folders that take longer than some seconds have one too.
function(stride_stage name limit_s cost)
    add_test(NAME stage/${name} CONFIGURATIONS full
             COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/stage.sh ${name}
             WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    set_tests_properties(stage/${name} PROPERTIES
        LABELS stage SKIP_RETURN_CODE 77 TIMEOUT ${limit_s} PROCESSORS 2 COST ${cost})
endfunction()

stride_stage(clang 900 150)
stride_stage(asan 1200 260)
stride_stage(tsan 1200 200)
stride_stage(fuzz 900 110)
stride_stage(bench 900 110)
stride_stage(demo 400 100)
# A benchmark beside another test measures the other test; the demo has a limit in time.
set_tests_properties(stage/bench stage/demo PROPERTIES RUN_SERIAL ON)
