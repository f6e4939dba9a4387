#include <ottla/registry/internal/limbo.hpp>
#include <ottla/registry/internal/read_section.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <barrier>
#include <future>
#include <memory>
#include <optional>
#include <semaphore>
#include <thread>
#include <vector>

using namespace ottla::detail;

namespace {

/// Counts the live objects of its kind.
struct thing {
  explicit thing(std::atomic<int>& of) : left{of} { ++left; }
  ~thing() { --left; }
  std::atomic<int>& left;
};

/// A thread that reads from its construction until leave().
class reader {
public:
  reader() : thread_{[this] { run(); }} { inside_.acquire(); }
  ~reader() { leave(); }

  void leave() {
    if (!thread_.joinable())
      return;
    may_leave_.release();
    thread_.join();
  }

private:
  void run() {
    const read_section reading;
    inside_.release();
    may_leave_.acquire();
  }

  std::binary_semaphore inside_{0};
  std::binary_semaphore may_leave_{0};
  std::thread thread_;
};

struct waste : limbo {
  std::atomic<int> left = 0;

  void throw_away() {
    add(new thing{left}, true);
    dispose_when_unread(take_due());
  }
};

} // namespace

TEST_SUITE("limbo") {
  TEST_CASE("without readers, urgent objects are freed at once and others in batches of 64") {
    waste from;
    from.throw_away();
    CHECK(from.left == 0);
    for (int count = 1; count < 64; ++count) {
      from.add(new thing{from.left});
      dispose_when_unread(from.take_due());
    }
    CHECK(from.left == 63);
    from.add(new thing{from.left});
    dispose_when_unread(from.take_due());
    CHECK(from.left == 0);
  }

  TEST_CASE("an object that a reader may have found is freed when the reader leaves") {
    waste from;
    reader one;
    from.throw_away();
    CHECK(from.left == 1);
    one.leave();
    CHECK(from.left == 0);
  }

  TEST_CASE(
    "a discarded object is freed when all readers that began before its discard have left") {
    waste from;
    reader one;
    std::optional<reader> two{std::in_place};
    from.throw_away();
    reader late;
    two.reset();
    CHECK(from.left == 1);
    one.leave();
    CHECK(from.left == 0);
  }

  TEST_CASE("an object removed during a section does not wait for the thread's next section") {
    waste from;
    reader other;
    {
      const read_section reading;
      from.throw_away();
    }
    const read_section again;
    CHECK(from.left == 1);
    other.leave();
    CHECK(from.left == 0);
  }

  TEST_CASE(
    "an object that is discarded inside a section is freed when the outermost section ends") {
    waste from;
    {
      const read_section outer;
      CHECK(read_section::is_open());
      {
        const read_section inner;
        from.throw_away();
      }
      CHECK(read_section::is_open());
      CHECK(from.left == 1);
    }
    CHECK_FALSE(read_section::is_open());
    CHECK(from.left == 0);
  }

  TEST_CASE("the destructor of limbo waits until all readers have left") {
    std::atomic<int> left = 0;
    std::atomic<bool> reader_left = false;
    bool ended_after_reader = false;
    reader one;
    std::promise<void> ends;
    std::thread owner{[&] {
      {
        limbo from;
        from.add(new thing{left}, true);
        dispose_when_unread(from.take_due());
        from.add(new thing{left});
        ends.set_value();
      }
      ended_after_reader = reader_left;
      CHECK(left == 0);
    }};
    ends.get_future().wait();
    // If the destructor did not wait, it would return within this time.
    for (int turn = 0; turn < 1'000; ++turn)
      std::this_thread::yield();
    CHECK(left == 2);
    reader_left = true;
    one.leave();
    owner.join();
    CHECK(ended_after_reader);
  }

  TEST_CASE("a destructor run by limbo can open a section and discard objects") {
    struct chain {
      limbo& from;
      std::atomic<int>& left;
      int more;
      ~chain() {
        --left;
        const read_section reading;
        if (more == 0)
          return;
        ++left;
        from.add(new chain{from, left, more - 1}, true);
        dispose_when_unread(from.take_due());
      }
    };
    std::atomic<int> left = 1;
    limbo from;
    from.add(new chain{from, left, 5}, true);
    dispose_when_unread(from.take_due());
    CHECK(left == 0);
  }

  TEST_CASE("concurrent readers never see a freed object, and every object is freed") {
    struct cell {
      explicit cell(std::atomic<int>& of) : counted{of} {}
      ~cell() { alive.store(false, std::memory_order_relaxed); }
      thing counted;
      std::atomic<bool> alive = true;
    };
    constexpr int writes = 20'000;
    std::atomic<int> left = 0;
    std::atomic<int> met = 0;
    std::atomic<bool> done = false;
    {
      limbo from;
      std::atomic<cell*> now = new cell{left};
      std::barrier line{6};
      std::vector<std::thread> readers;
      for (int number = 0; number < 5; ++number)
        readers.emplace_back([&, number] {
          line.arrive_and_wait();
          while (!done) {
            const read_section reading;
            const auto* found = now.load(std::memory_order_acquire);
            for (int count = 0; count < number; ++count)
              met += !found->alive.load(std::memory_order_relaxed);
          }
        });
      line.arrive_and_wait();
      for (int write = 0; write < writes; ++write) {
        from.add(now.exchange(new cell{left}), write % 3 == 0);
        dispose_when_unread(from.take_due());
      }
      done = true;
      for (auto& each : readers)
        each.join();
      delete now.load();
    }
    CHECK(met == 0);
    CHECK(left == 0);
  }
}
