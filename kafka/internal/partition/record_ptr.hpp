#pragma once

#include <ottla/kafka/internal/partition/partition_record.hpp>

#include <memory>

namespace ottla::kafka {

/// A partition's record. The coordinator and the worker that leases the record share it.
using record_ptr = std::shared_ptr<partition_record>;

} // namespace ottla::kafka
