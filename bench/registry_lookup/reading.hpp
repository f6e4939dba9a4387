#pragma once

#include "registry_lookup/name_list.hpp"
#include "registry_lookup/population.hpp"
#include "registry_lookup/renewal.hpp"

#include <algorithm>
#include <barrier>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

namespace bench {

struct read_run {
  std::size_t names = 1000;
  /// The number of names that a reader draws at random and reads repeatedly.
  std::size_t read = 1000;
  std::size_t readers = 1;
  /// Reads per reader.
  std::size_t reads = 4'000'000;
};

/// Maximum number of processes that hold the names.
inline constexpr std::size_t most_holders = 1000;

/// Uses the process in place, without a copy of its handle.
struct in_place {
  template <class Names>
  std::uint64_t operator()(const Names& names, const std::string& name) const {
    std::uint64_t id = 0;
    names.visit(name, [&](const caf::actor& who) { id = who.id(); });
    return id;
  }
};

/// Copies the handle for the reader.
struct owning {
  template <class Names>
  std::uint64_t operator()(const Names& names, const std::string& name) const {
    const auto who = names.whereis(name);
    return who ? who.id() : 0;
  }
};

/// Nanoseconds per read. Before the measurement, all names are claimed, and each reader reads its
/// names once. A writer releases and claims 10 k names per second during the reads.
template <class Names, class Read>
double read_all(const read_run& how, Read read) {
  const auto names = name_list(how.names);
  population holders{std::min(how.names, most_holders)};
  Names table{holders.system()};
  for (std::size_t name = 0; name < names.size(); ++name)
    table.take(names[name], holders.holder_of(name));
  table.settle();
  std::vector<double> took(how.readers);
  {
    const renewal writer{[&](std::size_t turn) {
      const auto name = turn % names.size();
      table.give_back(names[name], holders.holder_of(name));
      table.take(names[name], holders.holder_of(name));
    }};
    std::barrier line{static_cast<std::ptrdiff_t>(how.readers)};
    std::vector<std::jthread> readers;
    for (std::size_t reader = 0; reader < how.readers; ++reader)
      readers.emplace_back([&, reader] {
        const auto order = drawn(names, how.read, static_cast<std::uint32_t>(reader));
        const auto passes = std::max<std::size_t>(1, how.reads / order.size());
        // The sum is stored so that the compiler keeps the reads.
        [[maybe_unused]] volatile std::uint64_t seen = 0;
        const auto pass = [&] {
          std::uint64_t sum = 0;
          for (const auto& name : order)
            sum += read(table, name);
          seen = sum;
        };
        pass();
        line.arrive_and_wait();
        const auto begin = std::chrono::steady_clock::now();
        for (std::size_t left = passes; left > 0; --left)
          pass();
        const std::chrono::duration<double, std::nano> all
          = std::chrono::steady_clock::now() - begin;
        took[reader] = all.count() / static_cast<double>(passes * order.size());
      });
  }
  double sum = 0;
  for (const auto one : took)
    sum += one;
  return sum / static_cast<double>(how.readers);
}

} // namespace bench
