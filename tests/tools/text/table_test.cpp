#include "text/table.hpp"

#include <doctest/doctest.h>

using namespace command;

TEST_SUITE("command: table") {
  TEST_CASE("columns are as wide as their widest cells") {
    table rows{{{"TOPIC"}, {"N", table::side::right}, {"X"}}};
    rows.add({"orders", "12", "a"});
    rows.add({"\u00e4", "3", ""});
    CHECK(rows.text()
          == "TOPIC    N  X\n"
             "orders  12  a\n"
             "\u00e4        3\n");
  }

  TEST_CASE("without rows only the titles are shown") {
    CHECK(table{{{"GROUP"}, {"STATE"}}}.text() == "GROUP  STATE\n");
  }

  TEST_CASE("names cannot control the terminal") {
    table rows{{{"GROUP"}}};
    rows.add({"\x1b]0;x\x07"});
    CHECK(rows.text() == "GROUP\n\\x1b]0;x\\x07\n");
  }
}
