#include <ottla/actors/stderr_lines.hpp>
#include <ottla/kafka/failure_printer.hpp>

#include "support/stderr_stand_in.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

TEST_SUITE("failure_printer") {
  TEST_CASE("a full disk under stderr costs the line, and not the process that reports") {
    kafka::failure_printer printer{"orders"};
    {
      const stderr_stand_in instead{open("/dev/full", O_WRONLY | O_CLOEXEC)};
      CHECK_NOTHROW(printer.failed({.code = kafka::errc::unreachable, .text = "no broker"}));
      CHECK_FALSE(flush_lines(30s));
    }
    test_pipe pipe;
    const stderr_stand_in instead{pipe.take_writer()};
    printer.failed({.code = kafka::errc::unreachable, .text = "still no broker"});
    CHECK(pipe.read_until("still no broker\n").starts_with("ottla: 1 line was dropped here"));
  }
}
