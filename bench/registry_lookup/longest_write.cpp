// How long is the longest single write to a table that grows to a million names?

#include "registry_lookup/growing.hpp"
#include "registry_lookup/locked_map.hpp"
#include "registry_lookup/name_list.hpp"
#include "registry_lookup/our_names.hpp"
#include "registry_lookup/questions.hpp"

#include <fmt/format.h>

#include <chrono>
#include <memory>

namespace bench {

namespace {

using steady = std::chrono::steady_clock;

constexpr std::size_t million = 1'000'000;
constexpr std::size_t holders = 1000;

std::vector<double> figures(const write_times& of) {
  return {of.longest, of.p99_99};
}

template <class Names, class Clock>
write_times grow_to_a_million() {
  population all{holders};
  Names table{all.system()};
  return grow<Clock>(table, name_list(million), all);
}

/// Measures waits of the same number and length as the writes. Shows the pauses that the machine
/// causes.
write_times wait_as_long(std::chrono::duration<double, std::micro> each) {
  return time_each<wall_time>(million, [&](std::size_t) {
    const auto end = steady::now() + each;
    while (steady::now() < end) {
    }
  });
}

std::vector<double> grow_ets(otp_peer& otp) {
  const auto ns = otp.ask(fmt::format("longest_write ets {}", million));
  return {ns.at(0) / 1e3, ns.at(1) / 1e3};
}

} // namespace

void add_longest_write(suite& to, const otp_pointer& otp) {
  // An estimate until ottla's first run sets the mean.
  const auto mean = std::make_shared<double>(1);
  to.add({
    .name = "growing to 1 M names",
    .measures = {{.what = "longest write", .unit = "us", .bars = {at_most(1000, "")}},
                 {.what = "p99.99 of the writes", .unit = "us"}},
    .ours =
      [=] {
        const auto times = grow_to_a_million<our_names, wall_time>();
        *mean = times.mean;
        return figures(times);
      },
    .floor = [=] { return figures(grow_to_a_million<locked_map, wall_time>()); },
    .peers
    = {{"waiting as long",
        [=] { return figures(wait_as_long(std::chrono::duration<double, std::micro>{*mean})); }},
       {ets, [=] { return grow_ets(*otp); }}},
    .rounds = registry_rounds,
  });
  to.add({
    .name = "growing to 1 M names",
    .measures = {{.what = "longest write in CPU time", .unit = "us", .bars = {at_most(1000, "")}}},
    .ours = [] { return std::vector{grow_to_a_million<our_names, thread_time>().longest}; },
    .floor = [] { return std::vector{grow_to_a_million<locked_map, thread_time>().longest}; },
    .rounds = registry_rounds,
  });
}

} // namespace bench
