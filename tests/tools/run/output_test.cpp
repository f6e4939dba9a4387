#include "run/output.hpp"

#include <doctest/doctest.h>

#include <array>
#include <csignal>
#include <fcntl.h>
#include <string>
#include <thread>
#include <unistd.h>

using namespace command;

TEST_SUITE("command: output") {
  TEST_CASE("text is kept until it is flushed, or until the buffer is full") {
    std::array<int, 2> pipe{};
    REQUIRE(::pipe2(pipe.data(), O_NONBLOCK) == 0);
    output out{pipe[1]};
    std::array<char, 100> read{};
    out.write("orders\n");
    CHECK(::read(pipe[0], read.data(), read.size()) < 0);
    out.flush();
    CHECK(::read(pipe[0], read.data(), read.size()) == 7);
    CHECK(out.is_good());
    close(pipe[0]);
    close(pipe[1]);
  }

  TEST_CASE("a closed pipe is no failure, and later text is dropped") {
    std::signal(SIGPIPE, SIG_IGN);
    std::array<int, 2> pipe{};
    REQUIRE(::pipe2(pipe.data(), 0) == 0);
    close(pipe[0]);
    output out{pipe[1]};
    out.write("orders\n");
    out.flush();
    CHECK(out.now() == output::state::closed);
    out.write("more");
    out.flush();
    CHECK(out.fault().empty());
    close(pipe[1]);
  }

  TEST_CASE("a write that waits for the reader of a pipe can be cancelled") {
    std::array<int, 2> pipe{};
    REQUIRE(::pipe2(pipe.data(), 0) == 0);
    output out{pipe[1]};
    std::thread canceller{[&] {
      // The first byte shows that the write has begun. The pipe does not take all of it.
      std::array<char, 1> first{};
      CHECK(::read(pipe[0], first.data(), first.size()) == 1);
      out.cancel();
    }};
    out.write(std::string(1'000'000, 'x'));
    CHECK(out.now() == output::state::closed);
    CHECK(out.fault().empty());
    canceller.join();
    close(pipe[0]);
    close(pipe[1]);
  }

  TEST_CASE("an output that does not wait is written after a cancel") {
    std::array<int, 2> pipe{};
    REQUIRE(::pipe2(pipe.data(), 0) == 0);
    output out{pipe[1]};
    out.cancel();
    out.write("orders\n");
    out.flush();
    CHECK(out.is_good());
    close(pipe[0]);
    close(pipe[1]);
  }

  TEST_CASE("a full disk is a failure with its cause") {
    const auto full = open("/dev/full", O_WRONLY);
    REQUIRE(full >= 0);
    output out{full};
    out.write("orders\n");
    out.flush();
    CHECK(out.now() == output::state::failed);
    CHECK(out.fault().starts_with("the output cannot be written: "));
    close(full);
  }
}
