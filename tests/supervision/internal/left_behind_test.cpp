#include <ottla/actors/virtual_time.hpp>
#include <ottla/supervision/internal/left_behind.hpp>

#include "support/stranger.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace ottla;
using namespace ottla::test;

namespace {

using paths = std::vector<std::string>;

} // namespace

TEST_SUITE("left_behind") {
  TEST_CASE(
    "abandoned processes are listed until they end, in the order in which they were added") {
    virtual_time time;
    const auto first = spawn_stranger(time.system());
    const auto second = spawn_stranger(time.system());
    left_behind abandoned;
    abandoned.add("root/b", first);
    abandoned.add("root/a", second);
    CHECK(abandoned.paths() == paths{"root/b", "root/a"});
    kill(first);
    time.run();
    CHECK(abandoned.paths() == paths{"root/a"});
    kill(second);
    time.run();
    CHECK(abandoned.paths().empty());
  }

  TEST_CASE("a hanging process stays listed after its kill until it ends") {
    virtual_time time;
    const auto process = spawn_stranger(time.system());
    left_behind abandoned;
    abandoned.add("root/a", process);
    time.hang(process);
    kill(process);
    time.run();
    CHECK(abandoned.paths() == paths{"root/a"});
    time.wake(process);
    time.run();
    CHECK(abandoned.paths().empty());
  }

  TEST_CASE("a dead process whose last handle is released is not listed") {
    virtual_time time;
    left_behind abandoned;
    {
      const auto process = spawn_stranger(time.system());
      abandoned.add("root/a", process);
      kill(process);
      time.run();
    }
    CHECK(abandoned.paths().empty());
  }
}
