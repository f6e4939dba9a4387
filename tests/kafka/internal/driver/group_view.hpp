#pragma once

#include "kafka/internal/driver/raw_topic.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace ottla::kafka::test {

/// Describes a group without joining it.
class group_view {
public:
  group_view(const std::string& brokers, std::string group)
    : group_{std::move(group)},
      handle_{open_raw(RD_KAFKA_PRODUCER, {{"bootstrap.servers", brokers}})} {}

  /// Returns true if the group has one member and does not rebalance. Returns false if no broker
  /// answers.
  bool has_settled_on_one_member() const {
    constexpr int within_ms = 2'000;
    const struct rd_kafka_group_list* told = nullptr;
    const auto code = rd_kafka_list_groups(handle_.get(), group_.c_str(), &told, within_ms);
    const owned<const struct rd_kafka_group_list, rd_kafka_group_list_destroy> list{told};
    return code == RD_KAFKA_RESP_ERR_NO_ERROR && list->group_cnt == 1
           && list->groups[0].member_cnt == 1
           && std::string_view{list->groups[0].state} == "Stable";
  }

private:
  std::string group_;
  owned_handle handle_;
};

} // namespace ottla::kafka::test
