#pragma once

#include <ottla/kafka/internal/partition/partition_state.hpp>

#include <memory>

namespace ottla::kafka {

/// A partition's state. The coordinator and the worker that leases the state share it.
using state_ptr = std::shared_ptr<partition_state>;

} // namespace ottla::kafka
