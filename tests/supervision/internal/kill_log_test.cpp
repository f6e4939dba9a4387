#include <ottla/supervision/internal/kill_log.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace ottla;

namespace {

using paths = std::vector<std::string>;

} // namespace

TEST_SUITE("kill_log") {
  TEST_CASE("kills before the end of the tree are never logged") {
    kill_log log;
    log.add("root/a");
    CHECK(log.paths().empty());
    log.tree_ends();
    CHECK(log.paths().empty());
    log.add("root/b");
    CHECK(log.paths() == paths{"root/b"});
  }

  TEST_CASE("a process that is killed several times is logged once, at its first kill") {
    kill_log log;
    log.tree_ends();
    for (const auto* path : {"root/b", "root/a", "root/b"})
      log.add(path);
    CHECK(log.paths() == paths{"root/b", "root/a"});
  }

  TEST_CASE("remove() removes only the process of the given path, and a later kill logs the "
            "process again") {
    kill_log log;
    log.tree_ends();
    log.remove("root/a");
    log.add("root/a");
    log.add("root/ab");
    log.remove("root/a");
    CHECK(log.paths() == paths{"root/ab"});
    log.add("root/a");
    CHECK(log.paths() == paths{"root/ab", "root/a"});
  }

  TEST_CASE("a second tree_ends() keeps the logged kills") {
    kill_log log;
    log.tree_ends();
    log.add("root/a");
    log.tree_ends();
    CHECK(log.paths() == paths{"root/a"});
  }
}
