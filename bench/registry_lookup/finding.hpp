#pragma once

#include "registry_lookup/locked_map.hpp"
#include "registry_lookup/our_names.hpp"
#include "registry_lookup/questions.hpp"
#include "registry_lookup/reading.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <string_view>
#include <vector>

namespace bench {

/// A peer in the table, and the `kind` of read_otp that it runs.
struct otp_read {
  const char* peer;
  const char* kind;
};

/// A way to read a name, and what to compare it with.
template <class Read>
struct way_to_find {
  Read read;
  measure what;
  std::vector<otp_read> peers;
};

template <class Ours, class Read>
comparison finding(const way_to_find<Read>& way, std::string_view whom, std::size_t readers,
                   const otp_pointer& otp) {
  const read_run how{.readers = readers};
  comparison result{
    .name = fmt::format("{}, {}", whom, readers == 1 ? "1 reader" : "2 readers"),
    .measures = {way.what},
    .ours = [=] { return std::vector{read_all<Ours>(how, way.read)}; },
    .floor = [=] { return std::vector{read_all<locked_map>(how, way.read)}; },
    .rounds = registry_rounds,
  };
  for (const auto& each : way.peers)
    result.peers.push_back(
      {each.peer, [=] { return std::vector{read_otp(*otp, each.kind, how)}; }});
  return result;
}

/// Adds comparisons with one and with two readers, for names of children and of strangers.
template <class Read>
void add_finding(suite& to, const way_to_find<Read>& way, const otp_pointer& otp) {
  for (const std::size_t readers : {1, 2}) {
    to.add(finding<our_names>(way, "a child", readers, otp));
    to.add(finding<our_names_of_strangers>(way, "a stranger", readers, otp));
  }
}

} // namespace bench
