#include <ottla/actors/check_name.hpp>
#include <ottla/kafka/embedded_cluster.hpp>
#include <ottla/kafka/internal/driver/librdkafka/mock_cluster.hpp>
#include <ottla/kafka/internal/driver/librdkafka/mock_process.hpp>
#include <ottla/kafka/internal/settings/topic_name.hpp>

#include <fmt/format.h>

#include <optional>
#include <stdexcept>
#include <string>

namespace ottla::kafka {

namespace {

/// Throws if a name has a fault. An order is one line, so a name must not contain a line end.
void check(const std::optional<std::string>& fault) {
  if (fault)
    throw std::runtime_error{*fault};
}

} // namespace

struct embedded_cluster::implementation {
  std::optional<mock_cluster> here;
  std::optional<mock_process> elsewhere;

  std::string order(const std::string& what) {
    return here ? here->obey(what) : elsewhere->obey(what);
  }
};

embedded_cluster::embedded_cluster(settings how) : impl_{std::make_unique<implementation>()} {
  if (how.where == place::own_process)
    impl_->elsewhere.emplace(how);
  else
    impl_->here.emplace(how);
}

embedded_cluster::~embedded_cluster() = default;

std::string embedded_cluster::brokers() const {
  return impl_->here ? impl_->here->brokers() : impl_->elsewhere->brokers();
}

void embedded_cluster::take_broker_down(int broker_id) {
  impl_->order(fmt::format("down {}", broker_id));
}

void embedded_cluster::bring_broker_up(int broker_id) {
  impl_->order(fmt::format("up {}", broker_id));
}

void embedded_cluster::fail_next(request which, const std::vector<std::int16_t>& codes,
                                 int broker_id) {
  for (const auto code : codes)
    impl_->order(fmt::format("fail {} {} {}", broker_id, static_cast<int>(which), code));
}

std::size_t embedded_cluster::failures_left(request which, int broker_id) {
  const auto count = impl_->order(fmt::format("left {} {}", broker_id, static_cast<int>(which)));
  return count.empty() ? 0 : std::stoul(count);
}

void embedded_cluster::move_leader(const std::string& topic, std::int32_t partition,
                                   int broker_id) {
  check(fault_of_topic(topic));
  impl_->order(fmt::format("leader {} {} {}", broker_id, partition, topic));
}

void embedded_cluster::move_coordinator(const std::string& group, int broker_id) {
  if (group.empty() || has_control_characters(group))
    check("a group name must not be empty or contain control characters");
  impl_->order(fmt::format("coordinator {} {}", broker_id, group));
}

} // namespace ottla::kafka
