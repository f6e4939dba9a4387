#pragma once

#include <ottla/kafka/consumer/consumer.hpp>
#include <ottla/kafka/consumer/group_consumer.hpp>

namespace ottla::kafka {

/// The settings of a consumer without a group, as the processes of a group read them. The settings
/// of the membership have no meaning. `begin` is `earliest` if a function decides. Workers share
/// no partitions, and their names have no topic: `worker/3`.
group_consumer as_group_consumer(const consumer& settings);

} // namespace ottla::kafka
