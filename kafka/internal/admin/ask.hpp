#pragma once

#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/internal/admin/carry_out.hpp>
#include <ottla/kafka/internal/admin/request_faults.hpp>
#include <ottla/kafka/internal/driver/librdkafka_driver.hpp>

#include <optional>

namespace ottla::kafka {

/// Carries out a request on the caller's thread, with a Kafka handle of its own.
template <class Request>
typename Request::answer ask(const cluster_settings& cluster, const Request& what) {
  if (auto wrong = fault_of(what))
    return *wrong;
  std::optional<typename Request::answer> answer;
  administer_once(cluster, what.within,
                  [&](admin_session& over) { answer.emplace(carry_out(over, what)); });
  return std::move(*answer);
}

/// The outcome of a request for one item.
template <class Outcome>
result<void> only_outcome(const result<std::vector<Outcome>>& of) {
  if (!of)
    return of.error();
  if (const auto& failed = of->front().failed)
    return *failed;
  return {};
}

} // namespace ottla::kafka
