#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ottla::kafka::simulation {

/// The only source of random numbers in a simulated life. The generator is splitmix64. Unlike the
/// distributions of <random>, random_source returns the same numbers with every standard library.
class random_source {
public:
  explicit random_source(std::uint64_t seed) noexcept : state_{seed} {}

  std::uint64_t next() noexcept {
    state_ += 0x9e3779b97f4a7c15U;
    auto mixed = state_;
    mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
    return mixed ^ (mixed >> 31U);
  }

  /// From 0 up to but not including `bound`, which must not be 0.
  std::size_t below(std::size_t bound) noexcept { return next() % bound; }

  /// From `least` to `most`, both included.
  std::int64_t between(std::int64_t least, std::int64_t most) noexcept {
    return least + static_cast<std::int64_t>(below(static_cast<std::size_t>(most - least + 1)));
  }

  /// True with a probability of `per_mille` in a thousand.
  bool chance(int per_mille) noexcept {
    return per_mille > 0 && below(1000) < static_cast<std::size_t>(per_mille);
  }

  template <class Value>
  const Value& one_of(const std::vector<Value>& all) noexcept {
    return all[below(all.size())];
  }

private:
  std::uint64_t state_;
};

} // namespace ottla::kafka::simulation
