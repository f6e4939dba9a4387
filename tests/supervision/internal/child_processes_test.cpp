#include <ottla/actors/virtual_time.hpp>
#include <ottla/supervision/internal/child_processes.hpp>

#include "support/stranger.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace ottla;

namespace {

using keys = std::vector<child_processes::key>;

/// Processes on virtual time, and the rows that supervisors would hold for them.
struct family {
  ~family() {
    for (const auto& each : processes)
      kill(each);
    time.run();
  }

  caf::actor spawn() { return processes.emplace_back(ottla::test::spawn_stranger(time.system())); }

  caf::actor spawn_dead() {
    auto process = spawn();
    kill(process);
    time.run();
    return process;
  }

  static std::shared_ptr<child_row> row(child_processes::key key, const std::string& path,
                                        caf::actor process,
                                        std::shared_ptr<child_processes> children = nullptr) {
    auto one = std::make_shared<child_row>();
    one->spec = std::make_shared<const child_spec>(child_spec{.id = path});
    one->label = std::make_shared<const process_label>(process_label{.id = path});
    one->run.key = key;
    one->run.process = std::move(process);
    one->run.children = std::move(children);
    return one;
  }

  keys survivors() const {
    keys found;
    for (const auto& each : table.survivors())
      found.push_back(each->run.key);
    return found;
  }

  /// Returns the living processes, as in `a b!`. A `!` marks a process that was asked to end.
  std::string living() const {
    std::string found;
    for (const auto& each : table.living())
      found += (found.empty() ? "" : " ") + each.path + (each.is_ending ? "!" : "");
    return found;
  }

  virtual_time time;
  std::vector<caf::actor> processes;
  child_processes table;
};

} // namespace

TEST_SUITE("child_processes") {
  TEST_CASE_FIXTURE(family, "keys(), survivors() and living() list processes in start order, in "
                            "whatever order rows were added") {
    for (const child_processes::key key : {7, 2, 9, 4, 1})
      table.add(row(key, std::to_string(key), spawn()));
    CHECK(table.keys() == keys{1, 2, 4, 7, 9});
    CHECK(survivors() == keys{1, 2, 4, 7, 9});
    CHECK(living() == "1 2 4 7 9");
  }

  TEST_CASE_FIXTURE(family, "dead processes stay in the table until they are removed, and are "
                            "neither survivors nor living") {
    table.add(row(1, "a", spawn_dead()));
    table.add(row(2, "b", spawn()));
    table.add(row(3, "no process", {}));
    CHECK(table.size() == 3);
    CHECK(survivors() == keys{2});
    CHECK(living() == "b");
    CHECK(table.remove(1)->label->path() == "a");
    CHECK(table.remove(1) == nullptr);
    CHECK(table.find(1) == nullptr);
    CHECK(table.size() == 2);
  }

  TEST_CASE_FIXTURE(
    family,
    "the survivors of a dead supervisor include living children below further dead supervisors") {
    const auto inner = std::make_shared<child_processes>();
    inner->add(row(5, "inner/a", spawn()));
    inner->add(row(6, "inner/b", spawn_dead()));
    const auto outer = std::make_shared<child_processes>();
    outer->add(row(3, "outer/inner", spawn_dead(), inner));
    outer->add(row(4, "outer/c", spawn()));
    table.add(row(1, "outer", spawn_dead(), outer));
    table.add(row(2, "d", spawn()));
    CHECK(survivors() == keys{2, 4, 5});
  }

  TEST_CASE_FIXTURE(family, "a living supervisor is a survivor, and its children are not") {
    const auto children = std::make_shared<child_processes>();
    children->add(row(2, "s/a", spawn()));
    table.add(row(1, "s", spawn(), children));
    CHECK(survivors() == keys{1});
    CHECK(table.survivors().at(0)->run.children == children);
  }

  TEST_CASE_FIXTURE(family, "survivors() and living() list an orphan once if its dead parent and "
                            "the supervisor above both have a row for the orphan") {
    const auto orphan = spawn();
    const auto children = std::make_shared<child_processes>();
    children->add(row(2, "s/a", orphan));
    table.add(row(1, "s", spawn_dead(), children));
    table.add(row(2, "s/a", orphan));
    table.add(row(3, "b", spawn()));
    CHECK(survivors() == keys{2, 3});
    CHECK(living() == "s/a b");
  }

  TEST_CASE_FIXTURE(family, "survivors() and living() list an orphan below two dead supervisors "
                            "once, although three tables have a row for the orphan") {
    const auto orphan = spawn();
    const auto inner = std::make_shared<child_processes>();
    inner->add(row(3, "o/i/a", orphan));
    const auto outer = std::make_shared<child_processes>();
    outer->add(row(2, "o/i", spawn_dead(), inner));
    outer->add(row(3, "o/i/a", orphan));
    table.add(row(1, "o", spawn_dead(), outer));
    table.add(row(3, "o/i/a", orphan));
    CHECK(survivors() == keys{3});
    CHECK(living() == "o/i/a");
  }

  TEST_CASE_FIXTURE(family, "an orphan that its dead parent had asked to end is listed as ending") {
    const auto orphan = spawn();
    const auto children = std::make_shared<child_processes>();
    children->mark_ending(children->add(row(2, "s/a", orphan)));
    table.add(row(1, "s", spawn_dead(), children));
    table.add(row(2, "s/a", orphan));
    CHECK(living() == "s/a!");
  }

  TEST_CASE_FIXTURE(family,
                    "living() lists the whole subtree, each supervisor after its children") {
    const auto inner = std::make_shared<child_processes>();
    inner->add(row(3, "o/i/a", spawn()));
    const auto outer = std::make_shared<child_processes>();
    outer->add(row(2, "o/i", spawn(), inner));
    outer->add(row(5, "o/b", spawn()));
    table.add(row(1, "o", spawn(), outer));
    auto& last = table.add(row(4, "c", spawn()));
    table.mark_ending(last);
    CHECK(living() == "o/i/a o/i o/b o c!");
  }

  TEST_CASE_FIXTURE(
    family, "survivors() returns copies of rows, which stay valid after the rows are removed") {
    auto& original = table.add(row(1, "a", spawn()));
    original.restarts = 7;
    const auto copies = table.survivors();
    REQUIRE(copies.size() == 1);
    CHECK(copies[0].get() != &original);
    table.remove(1);
    CHECK(copies[0]->id() == "a");
    CHECK(copies[0]->label->path() == "a");
    CHECK(is_alive(copies[0]->run.process));
    CHECK(copies[0]->restarts == 0);
  }

  TEST_CASE_FIXTURE(family, "other threads see every row that stays, while the supervisor adds and "
                            "removes other rows") {
    table.add(row(1, "stays", spawn()));
    const auto brief = spawn();
    std::atomic<bool> done = false;
    std::atomic<int> looks = 0;
    std::atomic<int> missed = 0;
    std::thread reader{[&] {
      while (!done) {
        const auto all = table.living();
        missed += all.empty() || all.front().path != "stays" || all.size() > 2;
        const auto copies = table.survivors();
        missed += copies.empty() || copies.front()->run.key != 1 || copies.size() > 2;
        ++looks;
      }
    }};
    for (int count = 0; count < 1'000 || looks == 0; ++count) {
      table.mark_ending(table.add(row(2, "brief", brief)));
      table.remove(2);
    }
    done = true;
    reader.join();
    CHECK(missed == 0);
  }
}
