#include <ottla/supervision/tree_node.hpp>

#include <doctest/doctest.h>

using namespace ottla;

TEST_SUITE("tree_node") {
  TEST_CASE("draw prints one process a line, with its status and number of restarts") {
    const tree_node root{
      .id = "shop",
      .status = child_status::up,
      .children
      = {{.id = "orders",
          .status = child_status::up,
          .children = {{.id = "worker", .status = child_status::restarting, .restarts = 2}}},
         {.id = "cache", .status = child_status::down}}};
    CHECK(draw(root)
          == "shop  up\n"
             "├─ orders  up\n"
             "│  └─ worker  restarting, 2 restarts\n"
             "└─ cache  down\n");
  }
}
