#pragma once

#include "counter.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <thread>
#include <utility>

namespace ottla::test {

/// A thread of the program that does its work and then lives until the object is destroyed.
class living_thread {
public:
  explicit living_thread(std::function<void()> work)
    : thread_{[this, work = std::move(work)] {
        work();
        done_.raise();
        // Longer than ends() waits, because a thread that ended earlier would hide a hang.
        may_end_.wait_for(1, std::chrono::hours{1});
      }} {
    done_.wait_for(1);
  }
  ~living_thread() {
    may_end_.raise();
    thread_.join();
  }
  living_thread(const living_thread&) = delete;
  living_thread& operator=(const living_thread&) = delete;

private:
  counter done_;
  counter may_end_;
  std::thread thread_;
};

/// Returns true if the work ends in time. A hang leaks a thread, but does not hang the test run.
inline bool ends(std::function<void()> work) {
  auto done = std::make_shared<counter>();
  std::thread{[done, work = std::move(work)] {
    work();
    done->raise();
  }}.detach();
  return done->wait_for(1, std::chrono::seconds{10});
}

} // namespace ottla::test
