// How many acknowledgements per second can be put in order?

#include <ottla/kafka/internal/partition/out_of_order_acks.hpp>

#include "support/suite.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <malloc.h>
#include <numeric>
#include <random>
#include <set>
#include <stdexcept>
#include <vector>

namespace {

constexpr std::size_t rounds = 15;
constexpr std::int64_t block = 100;

/// The obvious implementation: a set of acknowledged offsets.
class offset_set {
public:
  explicit offset_set(std::int64_t front) : front_{front} {}

  bool finish(std::int64_t first, std::int64_t next) {
    for (; first < next; ++first)
      done_.insert(first);
    const auto before = front_;
    while (!done_.empty() && *done_.begin() == front_) {
      done_.erase(done_.begin());
      ++front_;
    }
    return front_ != before;
  }

  std::int64_t front() const noexcept { return front_; }

private:
  std::int64_t front_;
  std::set<std::int64_t> done_;
};

std::vector<std::int64_t> shuffled(std::int64_t count) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  std::shuffle(order.begin(), order.end(), std::mt19937{17});
  return order;
}

/// Acknowledges `count` offsets in blocks, each in the given order. Returns millions per second.
template <class Tracker>
double rate(const std::vector<std::int64_t>& order, std::int64_t count) {
  // Makes malloc consolidate the million freed nodes of the previous set now. Without this call,
  // malloc would consolidate them at this tracker's first page, within the measured time.
  malloc_trim(0);
  Tracker done{0};
  const auto length = static_cast<std::int64_t>(order.size());
  const auto began = std::chrono::steady_clock::now();
  for (std::int64_t first = 0; first < count; first += length)
    for (const auto offset : order)
      done.finish(first + offset, first + offset + 1);
  const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - began;
  if (done.front() != count)
    throw std::runtime_error{"the tracker's front is wrong"};
  return static_cast<double>(count) / took.count();
}

bench::comparison question(std::string name, std::vector<std::int64_t> order, std::int64_t count,
                           double least) {
  return {.name = std::move(name),
          .measures = {{.what = "offsets", .unit = "M/s", .bars = {bench::at_least(least, "")}}},
          .ours = [=] { return std::vector{rate<ottla::kafka::out_of_order_acks>(order, count)}; },
          .floor = [=] { return std::vector{rate<offset_set>(order, count)}; },
          .rounds = rounds};
}

} // namespace

int main(int argc, char** argv) {
  constexpr std::int64_t many = 5'000'000;
  std::vector<std::int64_t> in_order(block);
  std::iota(in_order.begin(), in_order.end(), 0);
  bench::suite all;
  all.add(question("100 delivered, acknowledged in order", in_order, many, 50));
  all.add(question("100 delivered, acknowledged shuffled", shuffled(block), many, 50));
  all.add(question("1 M delivered, acknowledged shuffled", shuffled(1'000'000), 1'000'000, 20));
  return all.run(argc, argv);
}
