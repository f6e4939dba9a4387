// How much slower is a look-up where there are a million names instead of a thousand?

#include "registry_lookup/locked_map.hpp"
#include "registry_lookup/our_names.hpp"
#include "registry_lookup/questions.hpp"
#include "registry_lookup/reading.hpp"

namespace bench {

namespace {

constexpr std::size_t million = 1'000'000;

template <class Names, class Read>
std::vector<double> slow_down(Read read) {
  const auto many = read_all<Names>({.names = million, .reads = million}, read);
  const auto few = read_all<Names>({}, read);
  return {many / few, many};
}

template <class Read>
comparison million_of(std::string name, Read read) {
  return {
    .name = std::move(name),
    .measures = {{.what = "1 M names over 1,000", .unit = "x", .bars = {at_most(3, "")}},
                 {.what = "1 M names", .unit = "ns"}},
    .ours = [=] { return slow_down<our_names>(read); },
    .floor = [=] { return slow_down<locked_map>(read); },
    .rounds = registry_rounds,
  };
}

} // namespace

void add_lookup_of_a_million(suite& to) {
  to.add(million_of("found in place", in_place{}));
  to.add(million_of("whereis", owning{}));
}

} // namespace bench
