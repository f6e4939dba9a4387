#include <ottla/actors/stderr_lines.hpp>
#include <ottla/supervision/internal/print_outcome.hpp>

#include "support/patience.hpp"
#include "support/stderr_stand_in.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <optional>
#include <string>

using namespace ottla;
using namespace ottla::detail;

namespace {

/// Exit status and printed lines of one call of print_outcome().
struct outcome {
  outcome(const std::optional<exit_reason>& why, const stop_report& stopped,
          bool program_exits = false, const std::string& last_words = {}) {
    ottla::test::test_pipe pipe;
    const ottla::test::stderr_stand_in stand_in{pipe.take_writer()};
    status = print_outcome("shop", why, stopped, program_exits);
    flush_lines(ottla::test::patience());
    if (!last_words.empty())
      printed = pipe.read_until(last_words + '\n');
  }

  int status = -1;
  std::string printed;
};

} // namespace

TEST_SUITE("print_outcome") {
  TEST_CASE("a stop on request and an orderly end without a text are successes") {
    CHECK(outcome{std::nullopt, {}}.status == EXIT_SUCCESS);
    CHECK(outcome{exit_reason::normal(), {}}.status == EXIT_SUCCESS);
    CHECK(outcome{exit_reason::shutdown(), {}}.status == EXIT_SUCCESS);
  }

  TEST_CASE("print_outcome() prints and returns a failure if the root crashed, was killed or shut "
            "down with a text") {
    const outcome crashed{exit_reason::crashed("disk full"), {}, false, "crashed: disk full"};
    CHECK(crashed.status == EXIT_FAILURE);
    CHECK(crashed.printed == "\"shop\" ended: crashed: disk full\n");
    CHECK(outcome{exit_reason::killed(), {}}.status == EXIT_FAILURE);
    CHECK(outcome{exit_reason::shutdown("gave up"), {}}.status == EXIT_FAILURE);
  }

  TEST_CASE("during an exit of the program, the end of the root is not a failure") {
    CHECK(outcome{exit_reason::crashed("disk full"), {}, true}.status == EXIT_SUCCESS);
  }

  TEST_CASE("unfinished work makes the stop a failure, even during an exit of the program") {
    const stop_report stopped{.unfinished = {"shop/a: 1 of 2", "shop/b: lost"}};
    const outcome on_request{std::nullopt, stopped, false, "shop/b: lost"};
    CHECK(on_request.status == EXIT_FAILURE);
    CHECK(on_request.printed
          == "\"shop\" stopped with unfinished work: shop/a: 1 of 2\n"
             "\"shop\" stopped with unfinished work: shop/b: lost\n");
    CHECK(outcome{std::nullopt, stopped, true}.status == EXIT_FAILURE);
  }

  TEST_CASE("killed processes make the stop a failure, and are printed in one line") {
    const outcome stopped{exit_reason::normal(), {.killed = {"shop/a", "shop/b"}}, false, "shop/b"};
    CHECK(stopped.status == EXIT_FAILURE);
    CHECK(stopped.printed.find("\"shop\" did not stop in time") == 0);
    CHECK(stopped.printed.find("shop/a, shop/b\n") != std::string::npos);
  }

  TEST_CASE("during an exit of the program, print_outcome() returns even if a process still runs") {
    const outcome stopped{std::nullopt, {.killed = {"shop/b"}, .left = {"shop/a"}}, true, "shop/a"};
    CHECK(stopped.status == EXIT_FAILURE);
    CHECK(stopped.printed.find("Still running: shop/a\n") != std::string::npos);
    CHECK(stopped.printed.find("shop/b") == std::string::npos);
  }
}
