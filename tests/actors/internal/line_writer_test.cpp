#include <ottla/actors/internal/line_writer.hpp>

#include "support/counter.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

using namespace ottla::detail;
using namespace ottla::test;
using namespace std::chrono_literals;

namespace {

/// A file whose writes a test can block or cut short.
struct scripted_file {
  std::string text;
  counter writes;
  counter released;
  std::atomic<bool> held = false;
  std::atomic<std::size_t> room = std::string::npos;

  write_result write(std::string_view what) {
    writes.raise();
    if (held)
      released.wait_for(1);
    const auto size = std::min<std::size_t>(what.size(), room);
    text += what.substr(0, size);
    return {size, size < what.size()};
  }
};

struct stage {
  scripted_file file;
  line_writer writer{[this](std::string_view what) { return file.write(what); }};
  std::thread thread{[this] { writer.run(); }};

  /// Makes the writer drop a line of which the file accepts only `room` bytes.
  void drop(std::string_view line, std::size_t room = 0) {
    file.room = room;
    writer.add(line);
    CHECK_FALSE(writer.flush(patience()));
    file.room = std::string::npos;
  }

  /// Ends the writer and returns everything that it wrote.
  std::string end() {
    if (thread.joinable()) {
      writer.close();
      thread.join();
    }
    return file.text;
  }
  ~stage() {
    file.released.raise();
    end();
  }
};

} // namespace

TEST_SUITE("line_writer") {
  TEST_CASE("lines are written in the order of the calls") {
    stage on;
    on.writer.add("one");
    on.writer.add("two");
    CHECK(on.writer.flush(patience()));
    CHECK(on.end() == "one\ntwo\n");
  }

  TEST_CASE(
    "a blocked file does not delay callers, and lines over the limit are dropped and counted") {
    stage on;
    on.file.held = true;
    on.writer.add("first");
    REQUIRE(on.file.writes.wait_for(1));
    for (std::size_t number = 0; number < line_writer::most_lines + 7; ++number)
      on.writer.add("x");
    CHECK_FALSE(on.writer.flush(10ms));
    on.file.held = false;
    on.file.released.raise();
    // Until stderr has accepted a line again, a further flush would return at once.
    REQUIRE(on.file.writes.wait_for(2));
    CHECK(on.writer.flush(patience()));
    const auto text = on.end();
    CHECK(text.starts_with("first\nx\n"));
    CHECK(
      text.ends_with("x\nottla: 7 lines were dropped here because stderr accepted no output\n"));
  }

  TEST_CASE("long lines are cut, and the bytes of all waiting lines are limited") {
    stage on;
    on.file.held = true;
    on.writer.add("first");
    REQUIRE(on.file.writes.wait_for(1));
    for (int number = 0; number < 100; ++number)
      on.writer.add(std::string(100'000, 'x'));
    on.file.held = false;
    on.file.released.raise();
    CHECK(on.writer.flush(patience()));
    CHECK(on.end().size() < line_writer::most_bytes + 1024);
    CHECK(on.end().find("x ...\n") != std::string::npos);
  }

  TEST_CASE("lines that a full disk rejects are reported before the next written line") {
    stage on;
    on.file.room = 0;
    on.writer.add("lost");
    on.writer.add("lost too");
    CHECK_FALSE(on.writer.flush(patience()));
    on.file.room = std::string::npos;
    on.writer.add("taken");
    CHECK(on.writer.flush(patience()));
    CHECK(on.end()
          == "ottla: 2 lines were dropped here because stderr accepted no output\ntaken\n");
  }

  TEST_CASE("a flush reports dropped lines if no further line follows") {
    stage on;
    on.drop("lost");
    CHECK(on.writer.flush(patience()));
    CHECK(on.end() == "ottla: 1 line was dropped here because stderr accepted no output\n");
  }

  TEST_CASE("a partly written line counts as dropped, and the next text starts on a new line") {
    stage on;
    on.drop("broken", 3);
    on.writer.add("taken");
    CHECK(on.writer.flush(patience()));
    CHECK(on.end().ends_with(
      "\nottla: 1 line was dropped here because stderr accepted no output\ntaken\n"));
  }

  TEST_CASE(
    "after a flush has timed out, a later flush returns at once while stderr accepts no line") {
    stage on;
    on.file.held = true;
    on.writer.add("stuck");
    CHECK_FALSE(on.writer.flush(10ms));
    CHECK_FALSE(on.writer.flush(1h));
    on.file.held = false;
    on.file.released.raise();
  }
}
