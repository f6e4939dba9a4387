#pragma once

#include <ottla/actors/saturating.hpp>
#include <ottla/kafka/admin/record_deletion.hpp>
#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/result.hpp>

#include <chrono>
#include <vector>

namespace ottla::kafka {

/// Deletes the oldest records of partitions, up to an offset. Returns an outcome for each
/// partition, in the order of the request. An offset beyond the end of the log fails with
/// errc::offset_out_of_range. If the cleanup.policy of a topic is only `compact`, its partitions
/// fail with POLICY_VIOLATION in error::name. topics.hpp states the rules of all requests.
result<std::vector<records_deleted>> delete_records(const cluster_settings& cluster,
                                                    const std::vector<records_before>& records,
                                                    saturating<std::chrono::milliseconds> within);

} // namespace ottla::kafka
