#include <ottla/registry/internal/read_section.hpp>

#include <doctest/doctest.h>

#include <barrier>
#include <thread>
#include <vector>

using namespace ottla::detail;

TEST_SUITE("read_section") {
  TEST_CASE("a section is open until the outermost section of its thread ends") {
    CHECK_FALSE(read_section::is_open());
    {
      const read_section outer;
      CHECK(read_section::is_open());
      {
        const read_section inner;
        CHECK(read_section::is_open());
      }
      CHECK(read_section::is_open());
    }
    CHECK_FALSE(read_section::is_open());
  }

  TEST_CASE("a section of one thread is not open in another thread") {
    const read_section reading;
    bool open_before = true;
    bool open_inside = false;
    bool open_after = true;
    std::thread{[&] {
      open_before = read_section::is_open();
      {
        const read_section other;
        open_inside = read_section::is_open();
      }
      open_after = read_section::is_open();
    }}.join();
    CHECK_FALSE(open_before);
    CHECK(open_inside);
    CHECK_FALSE(open_after);
    CHECK(read_section::is_open());
  }

  TEST_CASE("each outermost section leaves a new even number in the slot of its thread") {
    { const read_section first; }
    const auto& slot = *reader_slot::mine;
    const auto before = slot.at.load();
    CHECK(before % 2 == 0);
    {
      const read_section outer;
      CHECK(slot.at.load() == before + 1);
      const read_section inner;
      CHECK(slot.at.load() == before + 1);
    }
    CHECK(slot.at.load() == before + 2);
  }

  TEST_CASE("two living threads never share a slot") {
    constexpr std::size_t threads = 4;
    std::vector<const reader_slot*> slots(threads);
    std::barrier line{threads};
    std::vector<std::thread> readers;
    for (auto& slot : slots)
      readers.emplace_back([&] {
        const read_section reading;
        slot = reader_slot::mine;
        line.arrive_and_wait();
      });
    for (auto& each : readers)
      each.join();
    for (std::size_t one = 0; one < threads; ++one) {
      REQUIRE(slots[one] != nullptr);
      CHECK(slots[one] != reader_slot::mine);
      for (std::size_t other = 0; other < one; ++other)
        CHECK(slots[one] != slots[other]);
    }
  }

  TEST_CASE("a new thread can reuse the slot of an ended thread") {
    std::vector<const reader_slot*> slots;
    for (int number = 0; number < 100; ++number)
      std::thread{[&] {
        const read_section reading;
        slots.push_back(reader_slot::mine);
      }}.join();
    std::size_t reused = 0;
    for (std::size_t number = 1; number < slots.size(); ++number)
      reused += slots[number] == slots[number - 1];
    CHECK(reused > 0);
  }
}
