#include "run/reporter.hpp"
#include "support/stderr_stand_in.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <sys/ioctl.h>
#include <unistd.h>

using namespace command;
using ottla::test::stderr_stand_in;

namespace {

/// Writes all kinds of lines to this file as stderr.
void write_all_to(int file) {
  REQUIRE(file >= 0);
  const stderr_stand_in to{file};
  reporter faults{output_format::text, true};
  progress_line bar{"orders", std::chrono::steady_clock::now()};
  faults.show_progress(bar, {.done = 1, .total = 2});
  faults.clear_progress();
  faults.note("a note");
  faults.fail(exit_status::failed, "a failure");
}

} // namespace

TEST_SUITE("command: reporter") {
  TEST_CASE("a full or closed stderr is no failure of the command") {
    CHECK_NOTHROW(write_all_to(open("/dev/full", O_WRONLY | O_CLOEXEC)));
    CHECK_NOTHROW(write_all_to(open("/dev/null", O_RDONLY | O_CLOEXEC)));
  }

  TEST_CASE("the progress bar fits into a narrow terminal") {
    const auto screen = posix_openpt(O_RDWR | O_NOCTTY);
    REQUIRE(screen >= 0);
    REQUIRE(grantpt(screen) == 0);
    REQUIRE(unlockpt(screen) == 0);
    const winsize narrow{.ws_row = 24, .ws_col = 20, .ws_xpixel = 0, .ws_ypixel = 0};
    REQUIRE(ioctl(screen, TIOCSWINSZ, &narrow) == 0);
    {
      const stderr_stand_in terminal{open(ptsname(screen), O_RDWR | O_NOCTTY)};
      reporter faults{output_format::text, true};
      progress_line bar{"a topic with a long name", std::chrono::steady_clock::now()};
      faults.show_progress(bar, {.done = 1, .total = 2});
    }
    std::string shown(200, '\0');
    const auto size = read(screen, shown.data(), shown.size());
    REQUIRE(size > 0);
    shown.resize(static_cast<std::size_t>(size));
    CHECK(shown == "\ra topic with a long\x1b[K");
    close(screen);
  }
}
