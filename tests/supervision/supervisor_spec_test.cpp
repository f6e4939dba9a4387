#include <ottla/supervision/supervisor_spec.hpp>

#include <doctest/doctest.h>

#include <algorithm>

using namespace ottla;
using namespace std::chrono_literals;

namespace {

const start_function some_start = [](start_context) { return caf::actor{}; };

bool says(const std::vector<std::string>& lines, const std::string& line) {
  return std::find(lines.begin(), lines.end(), line) != lines.end();
}

} // namespace

TEST_SUITE("supervisor_spec") {
  TEST_CASE("validate of a valid spec returns no faults") {
    CHECK(validate(supervisor_spec{.id = "top",
                                   .when_done = auto_shutdown::any_significant,
                                   .children = {{.id = "a", .start = some_start},
                                                {.id = "b",
                                                 .start = some_start,
                                                 .restart = restart_policy::transient,
                                                 .shutdown = 2s,
                                                 .significant = true}}})
            .empty());
  }

  TEST_CASE("brutal_kill and infinity are valid shutdown policies") {
    CHECK(
      validate(
        supervisor_spec{
          .id = "top",
          .children = {{.id = "a", .start = some_start, .shutdown = shutdown_policy::brutal_kill()},
                       {.id = "b", .start = some_start, .shutdown = shutdown_policy::infinity()}}})
        .empty());
  }

  TEST_CASE("validate reports all faults together, with names and values") {
    const auto wrong = validate(
      supervisor_spec{.restarts = {.at_most = 3, .within = -1s},
                      .children = {{.start = some_start},
                                   {.id = "a", .start = some_start},
                                   {.id = "a"},
                                   {.id = "feed", .start = some_start, .shutdown = -2s},
                                   {.id = "sign", .start = some_start, .significant = true}}});
    CHECK(says(wrong, "supervisor without an id"));
    CHECK(says(wrong, "supervisor \"\": restarts.within must be above 0, got -1000ms"));
    CHECK(says(wrong, "child without an id"));
    CHECK(says(wrong, "supervisor \"\": two children with id \"a\""));
    CHECK(says(wrong, "child \"a\": no start function"));
    CHECK(says(wrong, "child \"feed\": shutdown must not be negative, got -2000ms"));
    CHECK(says(wrong, "child \"sign\": a permanent child cannot be significant"));
    CHECK(says(
      wrong,
      "child \"sign\": must not be significant, because when_done of supervisor \"\" is never"));
    CHECK(wrong.size() == 8);
  }
}
