#include "text/input_lines.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace command;

namespace {

std::vector<std::string> all(input_lines& lines) {
  std::vector<std::string> found;
  while (const auto line = lines.next())
    found.emplace_back(*line);
  return found;
}

} // namespace

TEST_SUITE("command: input_lines") {
  using texts = std::vector<std::string>;

  TEST_CASE("lines may be cut at any byte") {
    const std::string text = "one\n\ntwo\nthree";
    for (std::size_t size = 1; size <= text.size(); ++size) {
      input_lines lines;
      texts found;
      for (std::size_t at = 0; at < text.size(); at += size) {
        lines.add(text.substr(at, size));
        for (auto& each : all(lines))
          found.push_back(std::move(each));
      }
      lines.end();
      for (auto& each : all(lines))
        found.push_back(std::move(each));
      CHECK(found == texts{"one", "", "two", "three"});
      CHECK(lines.count() == 4);
    }
  }

  TEST_CASE("the end adds no empty line") {
    input_lines lines;
    lines.add("one\n");
    lines.end();
    CHECK(all(lines) == texts{"one"});
    input_lines none;
    none.end();
    CHECK(all(none).empty());
  }

  TEST_CASE("NUL and carriage return belong to the line") {
    input_lines lines;
    const std::string text{"a\0b\r\n", 5};
    lines.add(text);
    CHECK(all(lines) == texts{text.substr(0, 4)});
  }

  TEST_CASE("a line without an end becomes too long") {
    input_lines lines;
    lines.add(std::string(input_lines::longest, 'x'));
    CHECK_FALSE(lines.is_too_long());
    lines.add("x");
    CHECK(lines.is_too_long());
  }
}
