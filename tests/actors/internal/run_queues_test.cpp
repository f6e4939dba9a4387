#include <ottla/actors/internal/run_queues.hpp>

#include "support/patience.hpp"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <future>
#include <vector>

using namespace std::chrono_literals;
using ottla::detail::run_queues;
using ottla::test::patience;

namespace {

/// A job that is never dereferenced.
run_queues::job job(std::size_t number) {
  static std::array<char, 4096> places;
  return reinterpret_cast<run_queues::job>(&places.at(number));
}

struct one_worker {
  run_queues queues{1};
};

/// Each call of next() that waits for a job blocks a thread of its own.
template <std::size_t count>
struct some_workers {
  run_queues queues{count};

  std::future<run_queues::job> next_of(std::size_t worker) {
    return std::async(std::launch::async, [this, worker] { return queues.next(worker); });
  }

  run_queues::job value(std::future<run_queues::job>& of) {
    const bool came = of.wait_for(patience()) == std::future_status::ready;
    if (!came)
      queues.close(); // releases waiting workers
    REQUIRE(came);
    return of.get();
  }

  ~some_workers() { queues.close(); }
};

using two_workers = some_workers<2>;
using three_workers = some_workers<3>;

} // namespace

TEST_SUITE("run_queues") {
  TEST_CASE_FIXTURE(one_worker, "a worker runs the jobs that it wakes itself, in order") {
    queues.add(job(0));
    CHECK(queues.next(0) == job(0));
    for (std::size_t number = 1; number <= 3; ++number)
      queues.add_from(0, job(number));
    for (std::size_t number = 1; number <= 3; ++number)
      CHECK(queues.next(0) == job(number));
  }

  TEST_CASE_FIXTURE(one_worker,
                    "a job from another thread waits for at most four of a worker's own jobs") {
    for (std::size_t number = 0; number < 100; ++number)
      queues.add_from(0, job(number));
    queues.add(job(1000));
    std::size_t before = 0;
    while (queues.next(0) != job(1000))
      ++before;
    CHECK(before <= 4);
  }

  TEST_CASE_FIXTURE(one_worker, "a job that takes another turn queues behind the waiting jobs") {
    queues.add_from(0, job(1));
    queues.add_from(0, job(2));
    CHECK(queues.next(0) == job(1));
    queues.add_from(0, job(1));
    CHECK(queues.next(0) == job(2));
    CHECK(queues.next(0) == job(1));
  }

  TEST_CASE_FIXTURE(two_workers, "an idle worker takes a job from another thread") {
    auto of_first = next_of(0);
    queues.add(job(1));
    CHECK(value(of_first) == job(1));
  }

  TEST_CASE_FIXTURE(two_workers, "a sleeping worker takes over jobs behind a long handler") {
    queues.add(job(0));
    CHECK(queues.next(0) == job(0));
    auto helper = next_of(1);
    // Worker 0 never asks for another job.
    queues.add_from(0, job(1));
    CHECK(value(helper) == job(1));
    queues.add_from(0, job(2));
    queues.add_from(0, job(3));
    auto again = next_of(1);
    CHECK(value(again) == job(2));
    CHECK(queues.next(1) == job(3));
  }

  TEST_CASE_FIXTURE(two_workers,
                    "a worker that never sleeps also takes over jobs behind a long handler") {
    queues.add_from(0, job(1));
    queues.add_from(1, job(2));
    const auto until = std::chrono::steady_clock::now() + patience();
    run_queues::job got = nullptr;
    while (got != job(1) && std::chrono::steady_clock::now() < until) {
      got = queues.next(1);
      if (got == job(2))
        queues.add_from(1, job(2));
    }
    CHECK(got == job(1));
  }

  TEST_CASE_FIXTURE(two_workers,
                    "jobs behind a long handler are taken over even if all workers slept before") {
    for (std::size_t round = 0; round < 50; ++round) {
      auto one = next_of(0);
      auto other = next_of(1);
      // Idle workers stop inspecting the queues within this time. Both then sleep until woken.
      if (round % 10 == 0)
        CHECK(one.wait_for(run_queues::check_interval * 20) == std::future_status::timeout);
      queues.add(job(0));
      std::future_status first{};
      while ((first = one.wait_for(0s)) != std::future_status::ready
             && other.wait_for(1ms) != std::future_status::ready)
        continue;
      const std::size_t woken = first == std::future_status::ready ? 0 : 1;
      auto& waiting = woken == 0 ? other : one;
      CHECK(value(woken == 0 ? one : other) == job(0));
      queues.add_from(woken, job(1));
      CHECK(value(waiting) == job(1));
    }
  }

  TEST_CASE_FIXTURE(three_workers,
                    "another worker inspects the queues if the inspecting worker gets a job") {
    for (std::size_t round = 0; round < 50; ++round) {
      queues.add(job(0));
      CHECK(queues.next(0) == job(0));
      auto one = next_of(1);
      auto other = next_of(2);
      queues.add_from(0, job(1));
      queues.add(job(2));
      const auto first = value(one);
      const auto second = value(other);
      CHECK((first == job(1) ? second == job(2) : first == job(2) && second == job(1)));
    }
  }

  TEST_CASE_FIXTURE(two_workers, "taking over jobs neither loses nor duplicates a job") {
    queues.add(job(0));
    CHECK(queues.next(0) == job(0));
    for (std::size_t number = 1; number <= 1000; ++number)
      queues.add_from(0, job(number));
    auto helper = next_of(1);
    std::vector<bool> seen(1001);
    const auto see = [&](run_queues::job what) {
      for (std::size_t number = 1; number <= 1000; ++number)
        if (what == job(number)) {
          CHECK_FALSE(seen[number]);
          seen[number] = true;
        }
    };
    see(value(helper));
    queues.close();
    while (auto* left = queues.take_any())
      see(left);
    for (std::size_t number = 1; number <= 1000; ++number)
      CHECK(seen[number]);
  }

  TEST_CASE_FIXTURE(two_workers,
                    "after close, next returns null and take_any returns the remaining jobs") {
    auto waiting = next_of(0);
    queues.close();
    CHECK(value(waiting) == nullptr);
    queues.add(job(1));
    queues.add_from(1, job(2));
    CHECK(queues.next(1) == nullptr);
    CHECK(queues.take_any() == job(2));
    CHECK(queues.take_any() == job(1));
    CHECK(queues.take_any() == nullptr);
  }
}
