#pragma once

#include <ottla/kafka/fetch/fetch.hpp>
#include <ottla/kafka/internal/driver/driver.hpp>

#include <chrono>

namespace ottla::kafka {

/// Implements kafka::fetch over any driver.
result<fetched_records> fetch_from(driver& with, const fetch_settings& what,
                                   std::chrono::milliseconds within);

} // namespace ottla::kafka
