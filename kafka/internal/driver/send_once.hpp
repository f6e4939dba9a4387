#pragma once

#include <ottla/kafka/internal/driver/driver.hpp>
#include <ottla/kafka/producer/produce.hpp>
#include <ottla/kafka/result.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace ottla::kafka {

/// Opens a producing handle, sends the records, waits for their outcome for up to `within`, and
/// drops the handle. Blocks. See produce_once.hpp.
result<produced> send_once(driver& over, const std::string& topic, std::vector<record> records,
                           std::chrono::milliseconds within);

} // namespace ottla::kafka
