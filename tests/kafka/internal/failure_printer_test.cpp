#include <ottla/actors/stderr_lines.hpp>
#include <ottla/kafka/internal/failure_printer.hpp>

#include "support/printed.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::test;
using namespace std::chrono_literals;

namespace {

error refused(const std::string& broker, int after_ms) {
  return {.code = errc::unreachable,
          .text = broker + ": Connection refused (after " + std::to_string(after_ms)
                  + "ms in state CONNECT)"};
}

} // namespace

TEST_SUITE("failure_printer") {
  TEST_CASE("a repeated failure is printed once, even if its times differ and another failure "
            "alternates with it") {
    failure_printer printer{"orders"};
    CHECK(printed([&] {
            for (int i = 0; i < 5; ++i) {
              printer.failed(refused("a:9092/1", i));
              printer.failed(refused("b:9092/2", i));
            }
          })
          == "orders: unreachable: a:9092/1: Connection refused (after 0ms in state CONNECT)\n"
             "orders: unreachable: b:9092/2: Connection refused (after 0ms in state CONNECT)\n");
  }

  TEST_CASE("failures and log lines with line breaks are printed on one line") {
    failure_printer printer{"orders", true};
    CHECK(printed([&] {
            printer.failed({.code = errc::other, .text = "a\nb"});
            printer.left_unfinished({.text = "c\nd"});
            printer.logged({.level = 3, .facility = "FAIL", .text = "e\r\nf"});
          })
          == "orders: other: a\\nb\norders: c\\nd\norders: FAIL e\\r\\nf\n");
  }

  TEST_CASE("a long text is cut before it is printed or compared with earlier failures") {
    failure_printer printer{"orders", true};
    const auto lines = printed([&] {
      for (const std::string begin : {"0x", "from ", "at 1", ""})
        for (const std::string end : {"", "b"})
          printer.failed({.text = begin + std::string(1'000'000, 'a') + end});
      printer.left_unfinished({.text = std::string(1'000'000, 'b')});
      printer.logged({.facility = "FAIL", .text = std::string(1'000'000, 'c')});
    });
    CHECK(std::ranges::count(lines, '\n') == 6);
    CHECK(lines.size() < 6 * 8'300);
  }

  TEST_CASE("a failure is printed again after the connection recovers or gets an assignment") {
    failure_printer printer{"orders"};
    CHECK(printed([&] {
            printer.failed({.text = "no luck"});
            printer.recovered();
            printer.failed({.text = "no luck"});
            printer.assigned(1, {});
            printer.failed({.text = "no luck"});
          })
          == "orders: other: no luck\norders: other: no luck\norders: other: no luck\n");
  }

  TEST_CASE("log lines are printed only if the program asks for debug lines") {
    failure_printer silent{"orders"};
    failure_printer printer{"orders", true};
    const log_line line{.level = 7, .facility = "STATE", .text = "up"};
    CHECK(printed([&] { silent.logged(line); }) == "");
    CHECK(printed([&] { printer.logged(line); }) == "orders: STATE up\n");
  }

  TEST_CASE(
    "a failed write to stderr throws no exception, and the next line reports the dropped line") {
    failure_printer printer{"orders"};
    {
      const stderr_stand_in instead{open("/dev/full", O_WRONLY | O_CLOEXEC)};
      CHECK_NOTHROW(printer.failed({.code = errc::unreachable, .text = "no broker"}));
      CHECK_FALSE(flush_lines(30s));
    }
    test_pipe pipe;
    const stderr_stand_in instead{pipe.take_writer()};
    printer.failed({.code = errc::unreachable, .text = "still no broker"});
    CHECK(pipe.read_until("still no broker\n").starts_with("ottla: 1 line was dropped here"));
  }
}
