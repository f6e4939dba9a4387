// How much slower is a look-up among a million names than among a thousand?

#include "registry_lookup/locked_map.hpp"
#include "registry_lookup/our_names.hpp"
#include "registry_lookup/questions.hpp"
#include "registry_lookup/reading.hpp"

namespace bench {

namespace {

constexpr std::size_t million = 1'000'000;

template <class Names, class Read>
std::vector<double> slow_down(const read_run& how, Read read) {
  const auto many = read_all<Names>(how, read);
  const auto few = read_all<Names>({}, read);
  return {many / few, many};
}

template <class Read>
comparison million_of(std::string name, const read_run& how, Read read) {
  return {
    .name = std::move(name),
    .measures = {{.what = "of 1 M names, over 1,000", .unit = "x", .bars = {at_most(3, "")}},
                 {.what = "of 1 M names", .unit = "ns"}},
    .ours = [=] { return slow_down<our_names>(how, read); },
    .floor = [=] { return slow_down<locked_map>(how, read); },
    .rounds = registry_rounds,
  };
}

} // namespace

// `some` models a program that uses few of its million names at a time. `all` reads every name in
// turn. The names exceed every cache, so `all` measures the memory.
void add_lookup_of_a_million(suite& to) {
  const read_run some{.names = million};
  const read_run all{.names = million, .read = million, .reads = million};
  to.add(million_of("1,000 of them found in place", some, in_place{}));
  to.add(million_of("1,000 of them, whereis", some, owning{}));
  to.add(million_of("each found in place", all, in_place{}));
  to.add(million_of("each, whereis", all, owning{}));
}

} // namespace bench
