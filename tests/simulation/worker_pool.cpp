#include "worker_pool.hpp"

#include "life.hpp"

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <stdexcept>
#include <string>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace ottla::kafka::simulation {

namespace {

/// Each seed divisible by this number runs twice, and both runs must have the same digest.
constexpr std::uint64_t twice = 25;

/// Time limit of a life, which normally takes milliseconds. A life that hangs in one turn would
/// otherwise block all lives.
constexpr unsigned seconds_a_life = 20;

/// Shared with the processes that run lives.
struct progress {
  std::atomic<std::uint64_t> next;
  std::atomic<std::uint64_t> done;
  std::atomic<std::uint64_t> virtual_us;
  std::atomic<std::uint64_t> turns;
  std::atomic<bool> found;
};

struct slot {
  std::atomic<std::uint64_t> seed;
};

void* shared_memory(std::size_t bytes) {
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    throw std::runtime_error{"cannot map shared memory"};
  return memory;
}

std::string replay_with(std::uint64_t seed) {
  return "  replay: ./dev simulate --seed " + std::to_string(seed);
}

bool one_life(std::uint64_t seed, progress& all) {
  const bool again = seed % twice == 0;
  std::uint64_t digest = 0;
  {
    life one{seed, again ? trace::wanted::digest : trace::wanted::nothing};
    const auto found = one.run();
    if (found) {
      std::printf("seed %llu: %s: %s\n%s\n", static_cast<unsigned long long>(seed),
                  found->invariant.c_str(), found->details.c_str(), replay_with(seed).c_str());
      return false;
    }
    digest = one.digest();
    all.virtual_us += static_cast<std::uint64_t>(one.took().count());
    all.turns += one.turns();
  }
  if (!again)
    return true;
  life same{seed, trace::wanted::digest};
  static_cast<void>(same.run());
  if (same.digest() == digest)
    return true;
  std::printf("seed %llu: the second run of the seed differs from the first\n",
              static_cast<unsigned long long>(seed));
  return false;
}

[[noreturn]] void run_some(std::uint64_t end, progress& all, slot& mine) {
  bool good = true;
  while (good && !all.found) {
    const auto seed = all.next++;
    if (seed >= end)
      break;
    mine.seed = seed;
    alarm(seconds_a_life);
    good = one_life(seed, all);
    ++all.done;
  }
  if (!good)
    all.found = true;
  std::fflush(stdout);
  _exit(good ? 0 : 1);
}

} // namespace

bool run_lives(std::uint64_t from, std::uint64_t count, unsigned jobs) {
  auto* all = new (shared_memory(sizeof(progress))) progress{};
  auto* slots = static_cast<slot*>(shared_memory(jobs * sizeof(slot)));
  all->next = from;
  const auto began = std::chrono::steady_clock::now();
  std::vector<pid_t> children;
  for (unsigned job = 0; job < jobs; ++job) {
    auto* mine = new (&slots[job]) slot{};
    const auto child = fork();
    if (child < 0)
      throw std::runtime_error{"cannot fork"};
    if (child == 0)
      run_some(from + count, *all, *mine);
    children.push_back(child);
  }
  bool good = true;
  for (std::size_t job = 0; job < children.size(); ++job) {
    int status = 0;
    waitpid(children[job], &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
      continue;
    good = false;
    all->found = true;
    if (WIFSIGNALED(status)) {
      const auto seed = slots[job].seed.load();
      const auto why = WTERMSIG(status) == SIGALRM
                         ? "the life hangs"
                         : "signal " + std::to_string(WTERMSIG(status)) + " ended the process";
      std::printf("seed %llu: %s\n%s\n", static_cast<unsigned long long>(seed), why.c_str(),
                  replay_with(seed).c_str());
    }
  }
  const auto seconds
    = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  std::printf("%s: %llu seeds from %llu, %.0f s of virtual time and %.1f million turns in %.1f s, "
              "%.0f seeds a second\n",
              good ? "nothing found" : "FOUND", static_cast<unsigned long long>(all->done.load()),
              static_cast<unsigned long long>(from),
              static_cast<double>(all->virtual_us.load()) / 1e6,
              static_cast<double>(all->turns.load()) / 1e6, seconds,
              static_cast<double>(all->done.load()) / seconds);
  return good;
}

} // namespace ottla::kafka::simulation
