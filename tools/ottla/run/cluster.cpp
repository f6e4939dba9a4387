#include <ottla/kafka/admin/cluster.hpp>

#include "run/commands.hpp"
#include "text/table.hpp"
#include "text/utf8.hpp"

#include <fmt/format.h>

namespace command {

exit_status run(session& with, const describe_cluster&) {
  const auto cluster = ottla::kafka::describe_cluster(with.cluster, with.common.timeout);
  if (!cluster)
    return with.faults.fail(cluster.error());
  if (with.writes_json()) {
    auto brokers = json::array();
    for (const auto& each : cluster->brokers)
      brokers.push_back({{"id", each.id}, {"host", each.host}, {"port", each.port}});
    write_json(with.out, {{"id", cluster->id.empty() ? json(nullptr) : json(cluster->id)},
                          {"controller", cluster->controller},
                          {"brokers", brokers}});
    return exit_status::ok;
  }
  table rows{{{"BROKER", table::side::right}, {"HOST"}, {"PORT", table::side::right}, {"ROLE"}}};
  for (const auto& each : cluster->brokers)
    rows.add({std::to_string(each.id), each.host, std::to_string(each.port),
              each.id == cluster->controller ? "controller" : ""});
  with.out.write(
    fmt::format("cluster {}\n", cluster->id.empty() ? "without an id" : printable(cluster->id))
    + rows.text());
  return exit_status::ok;
}

} // namespace command
