#include <ottla/actors/stderr_lines.hpp>

#include "support/counter.hpp"
#include "support/stderr_stand_in.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <sys/socket.h>
#include <termios.h>
#include <thread>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

namespace {

/// Opens a new terminal. `controller` receives the controlling end.
int open_terminal(int& controller) {
  controller = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  grantpt(controller);
  unlockpt(controller);
  return open(ptsname(controller), O_RDWR | O_NOCTTY | O_CLOEXEC);
}

bool notice_in(const std::string& text) {
  return text.find(" dropped here because stderr accepted no output\n") != std::string::npos;
}

/// Lines that were lost in one case must not be reported in the next case.
void settle() {
  test_pipe sink;
  const stderr_stand_in instead{sink.take_writer()};
  print_line("settled");
  sink.read_until("settled\n");
}

/// Retries a flush. After a flush that timed out, later flushes return at once until stderr has
/// accepted a line.
bool flush_once_it_flows() {
  const auto until = std::chrono::steady_clock::now() + patience();
  while (!flush_lines(patience())) {
    if (std::chrono::steady_clock::now() > until)
      return false;
    std::this_thread::yield();
  }
  return true;
}

} // namespace

TEST_SUITE("print_line") {
  TEST_CASE("print_line escapes control characters and prints one line") {
    settle();
    test_pipe pipe;
    const stderr_stand_in instead{pipe.take_writer()};
    print_line("a\nb\r\tc\x1b[2J");
    CHECK(pipe.read_until("J\n") == "a\\nb\\r\\tc\\x1b[2J\n");
    CHECK(flush_lines(patience()));
  }

  TEST_CASE("print_line writes lines to stderr in order") {
    settle();
    test_pipe pipe;
    const stderr_stand_in instead{pipe.take_writer()};
    print_line("one");
    print_line("two");
    CHECK(pipe.read_until("two\n") == "one\ntwo\n");
    CHECK(flush_lines(patience()));
  }

  TEST_CASE("print_line does not wait for a full pipe, and reports that lines were dropped") {
    settle();
    test_pipe pipe;
    pipe.fill();
    const stderr_stand_in instead{pipe.take_writer()};
    for (int number = 0; number < 5000; ++number)
      print_line("a line");
    CHECK_FALSE(flush_lines(10ms));
    CHECK(notice_in(pipe.read_until("accepted no output\n")));
    CHECK(flush_once_it_flows());
  }

  TEST_CASE("print_line does not wait for a stopped terminal") {
    settle();
    int controller = -1;
    const auto terminal = open_terminal(controller);
    REQUIRE(terminal >= 0);
    REQUIRE(tcflow(terminal, TCOOFF) == 0);
    {
      const stderr_stand_in instead{terminal};
      print_line("waits");
      CHECK_FALSE(flush_lines(10ms));
      tcflow(STDERR_FILENO, TCOON);
      CHECK(flush_once_it_flows());
    }
    close(controller);
  }

  TEST_CASE("print_line drops lines on a full disk, and reports them once there is room") {
    settle();
    {
      const stderr_stand_in instead{open("/dev/full", O_WRONLY | O_CLOEXEC)};
      print_line("lost");
      CHECK_FALSE(flush_lines(patience()));
    }
    test_pipe pipe;
    const stderr_stand_in instead{pipe.take_writer()};
    print_line("taken");
    CHECK(pipe.read_until("taken\n")
          == "ottla: 1 line was dropped here because stderr accepted no output\ntaken\n");
  }

  TEST_CASE("print_line drops lines for a closed pipe without a SIGPIPE") {
    settle();
    test_pipe pipe;
    pipe.close_reader();
    const stderr_stand_in instead{pipe.take_writer()};
    print_line("lost");
    CHECK_FALSE(flush_lines(patience()));
  }

  TEST_CASE("print_line drops lines if stderr is closed") {
    settle();
    const stderr_stand_in instead{STDERR_FILENO};
    close(STDERR_FILENO);
    print_line("lost");
    CHECK_FALSE(flush_lines(patience()));
  }

  TEST_CASE("print_line writes nothing to a socket that reuses the descriptor of stderr") {
    settle();
    int ends[2];
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    const stderr_stand_in instead{ends[0]};
    print_line("lost");
    CHECK_FALSE(flush_lines(patience()));
    char byte = 0;
    CHECK(recv(ends[1], &byte, 1, MSG_DONTWAIT) == -1);
    close(ends[1]);
  }

  TEST_CASE("print_line writes while another thread holds the stdio lock of stderr") {
    settle();
    counter held;
    counter done;
    std::thread holder{[&] {
      flockfile(stderr);
      held.raise();
      done.wait_for(1);
      funlockfile(stderr);
    }};
    REQUIRE(held.wait_for(1));
    print_line("print_line: written although another thread holds stdio's lock of stderr");
    CHECK(flush_lines(patience()));
    done.raise();
    holder.join();
  }
}
