#include "support/child_process.hpp"
#include "support/print.hpp"
#include "support/stderr_stand_in.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <string>
#include <vector>

using namespace ottla::test;
using namespace std::chrono_literals;

// How an operating system process with an application ends: its exit status and its output.

namespace {

constexpr int nowhere = -1;

/// A mode of application_process, and the exit status of this mode for every kind of stderr.
struct ending {
  std::string mode;
  int status = 0;
};
const std::vector<ending> endings{{"crash_and_stop", 0}, {"hang", 1}};

int open_null() {
  return open("/dev/null", O_WRONLY | O_CLOEXEC);
}

std::optional<int> status_of(const std::string& mode, int out, int error) {
  child_process child{{OTTLA_APPLICATION_PROCESS, mode}, out, error};
  return child.wait();
}

/// Checks that the program reports its orderly end and exits with its own status.
void check_ends_in_order(const std::string& mode) {
  test_pipe out;
  child_process child{{OTTLA_APPLICATION_PROCESS, mode}, out.take_writer(), open_null()};
  CHECK(out.read_until("ended\n") == "ended\n");
  CHECK(child.wait() == 5);
}

} // namespace

TEST_SUITE("process end: static destruction") {
  TEST_CASE(
    "an application in a global object stops at exit, and the process keeps main's status") {
    check_ends_in_order("global");
  }

  TEST_CASE("an application in a function-local static stops at exit, even if the main thread made "
            "a blocking call before") {
    check_ends_in_order("static");
  }

  TEST_CASE("a call in the destructor of a static object returns") {
    check_ends_in_order("call_in_static_destruction");
  }

  TEST_CASE("an application that is never destroyed stops at exit") {
    check_ends_in_order("leak");
  }
}

TEST_SUITE("process end: exit during run") {
  TEST_CASE("an exit during run ends the processes in an orderly way and keeps its status") {
    for (const std::string mode :
         {"return_from_main_during_run", "exit_in_started", "exit_on_another_thread",
          "exit_during_start", "join_run_in_static_destruction", "exit_during_construction",
          "exit_during_construction_on_another_thread"}) {
      INFO(mode);
      test_pipe out;
      child_process child{{OTTLA_APPLICATION_PROCESS, mode}, out.take_writer(), open_null()};
      CHECK(out.read_until("ended\n") == "ended\n");
      CHECK(child.wait() == 5);
      // Threads are joined only if the start was complete.
      CHECK(out.read_until("joined\n") == "");
    }
  }

  TEST_CASE("exit handlers that the start has registered run after the processes have ended") {
    test_pipe out;
    child_process child{
      {OTTLA_APPLICATION_PROCESS, "exit_after_setting_up"}, out.take_writer(), open_null()};
    CHECK(out.read_until("torn down\n") == "ended\ntorn down\n");
    CHECK(child.wait() == 5);
  }

  TEST_CASE("an exit during run waits for background work") {
    test_pipe out;
    child_process child{
      {OTTLA_APPLICATION_PROCESS, "exit_with_background_work"}, out.take_writer(), open_null()};
    CHECK(out.read_until("ended\n") == "ended\n");
    CHECK_FALSE(child.wait(300ms));
    child.signal(SIGUSR1);
    CHECK(out.read_until("left\n") == "left\n");
    CHECK(child.wait() == 5);
  }
}

TEST_SUITE("process end: forked children") {
  TEST_CASE("in a forked child, the end of the parent's application does nothing") {
    for (const std::string mode : {"fork_beside_local", "fork_beside_static", "fork_in_run"}) {
      INFO(mode);
      test_pipe out;
      child_process child{{OTTLA_APPLICATION_PROCESS, mode}, out.take_writer(), open_null()};
      CHECK(child.wait() == 5);
      CHECK(out.read_until("ended\n") == "ended\n");
    }
  }
}

TEST_SUITE("process end: global state of forked children") {
  TEST_CASE("a child forked during run can run its own applications, each until its signal") {
    CHECK(status_of("run_in_fork", open_null(), open_null()) == 5);
  }

  TEST_CASE(
    "a forked child prints only its own lines and has none of the parent's background work") {
    test_pipe error;
    child_process child{
      {OTTLA_APPLICATION_PROCESS, "print_in_fork"}, open_null(), error.take_writer()};
    CHECK(error.read_until("child\n") == "parent\nchild\n");
    CHECK(child.wait() == 5);
  }
}

TEST_SUITE("process end: stdio") {
  TEST_CASE("a stop past its deadline prints the stuck process on stderr and flushes stdout") {
    test_pipe out;
    test_pipe error;
    child_process child{{OTTLA_APPLICATION_PROCESS, "hang_with_buffered_output"},
                        out.take_writer(),
                        error.take_writer()};
    CHECK(out.read_until("buffered\n") == "buffered\n");
    CHECK(error.read_until("app/worker\n").find("Still running: app/worker") != std::string::npos);
    CHECK(child.wait() == 1);
  }

  TEST_CASE("a stop past its deadline ends the process while another thread holds stdout's lock") {
    CHECK(status_of("hang_with_locked_stdout", open_null(), open_null()) == 1);
  }

  TEST_CASE("a stop past its deadline flushes stdout while another stream's lock is held") {
    for (const std::string mode : {"hang_with_locked_file", "hang_with_locked_stderr"}) {
      INFO(mode);
      test_pipe out;
      test_pipe error;
      child_process child{
        {OTTLA_APPLICATION_PROCESS, mode}, out.take_writer(), error.take_writer()};
      CHECK(out.read_until("buffered\n") == "buffered\n");
      CHECK(error.read_until("app/worker\n").find("Still running: app/worker")
            != std::string::npos);
      CHECK(child.wait() == 1);
    }
  }

  TEST_CASE("a stop past its deadline ends the process while stdout is a full pipe") {
    test_pipe out;
    out.fill();
    CHECK(status_of("hang_with_buffered_output", out.take_writer(), open_null()) == 1);
  }

  TEST_CASE("a stopping program exits with its usual status while stderr is a full pipe that "
            "nobody reads") {
    for (const auto& each : endings) {
      INFO(each.mode);
      test_pipe error;
      error.fill();
      CHECK(status_of(each.mode, open_null(), error.take_writer()) == each.status);
    }
  }

  TEST_CASE("a stopping program exits with its usual status while stderr is on a full disk") {
    for (const auto& each : endings) {
      INFO(each.mode);
      CHECK(status_of(each.mode, open_null(), open("/dev/full", O_WRONLY | O_CLOEXEC))
            == each.status);
    }
  }

  TEST_CASE(
    "a stopping program exits with its usual status while stderr is closed or has no reader") {
    for (const auto& each : endings) {
      INFO(each.mode);
      CHECK(status_of(each.mode, open_null(), nowhere) == each.status);
      test_pipe error;
      error.close_reader();
      CHECK(status_of(each.mode, open_null(), error.take_writer()) == each.status);
    }
  }
}

TEST_SUITE("process end: signals") {
  TEST_CASE("with stop_on_hangup, SIGHUP stops run in an orderly way") {
    test_pipe out;
    child_process child{{OTTLA_APPLICATION_PROCESS, "run"}, out.take_writer(), open_null()};
    REQUIRE(out.read_until("ready\n") == "ready\n");
    child.signal(SIGHUP);
    CHECK(child.wait() == 0);
  }

  TEST_CASE("a signal that was ignored before run stays ignored, and another signal stops run") {
    for (const int ignored : {SIGHUP, SIGINT}) {
      test_pipe out;
      child_process child{
        {OTTLA_APPLICATION_PROCESS, "run"}, out.take_writer(), open_null(), ignored};
      REQUIRE(out.read_until("ready\n") == "ready\n");
      child.signal(ignored);
      CHECK_FALSE(child.wait(300ms));
      child.signal(SIGTERM);
      CHECK(child.wait() == 0);
    }
  }

  TEST_CASE("a second signal right after the first does not interrupt the orderly stop") {
    test_pipe out;
    child_process child{
      {OTTLA_APPLICATION_PROCESS, "run_with_background_work"}, out.take_writer(), open_null()};
    REQUIRE(out.read_until("ready\n") == "ready\n");
    // Two different signals, because the kernel may merge two pending signals of one number.
    child.signal(SIGTERM);
    child.signal(SIGINT);
    CHECK(out.read_until("ended\n") == "ended\n");
    CHECK_FALSE(child.wait(300ms));
    child.signal(SIGUSR1);
    CHECK(out.read_until("left\n") == "left\n");
    CHECK(child.wait() == 0);
  }

  TEST_CASE("a second signal after 200 ms ends the process at once with status 128 plus the signal "
            "number") {
    for (const int second : {SIGTERM, SIGINT}) {
      INFO(second);
      test_pipe out;
      child_process child{
        {OTTLA_APPLICATION_PROCESS, "run_with_background_work"}, out.take_writer(), open_null()};
      REQUIRE(out.read_until("ready\n") == "ready\n");
      child.signal(SIGTERM);
      REQUIRE(out.read_until("ended\n") == "ended\n");
      // The stop waits for its background work. 400 ms is more than the 200 ms within which two
      // signals count as one.
      CHECK_FALSE(child.wait(400ms));
      child.signal(second);
      CHECK(child.wait() == 128 + second);
      CHECK(out.read_until("left\n") == "");
    }
  }
}
