#pragma once

#include <ottla/kafka/producer/produce.hpp>
#include <ottla/kafka/producer/producer.hpp>

#include "run/reporter.hpp"
#include "text/exit_status.hpp"
#include "text/record_json.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <future>
#include <map>
#include <string>
#include <vector>

namespace command {

/// Collects records into produces, sends them and counts their outcomes. Reports failures with the
/// number of the line.
class pending_produces {
public:
  pending_produces(ottla::kafka::producer to, std::string topic, std::chrono::milliseconds within,
                   reporter& faults);

  void add(input_record one, std::uint64_t line);
  /// Sends the records that were added. May block while the producer's buffer is full.
  void send();
  /// Takes the outcomes that are known. Waits for all outcomes if `wait` is true.
  void take_outcomes(bool wait);

  std::uint64_t stored() const noexcept { return stored_; }
  std::uint64_t failed() const noexcept { return failed_; }
  /// ok if no record has failed.
  exit_status status() const noexcept { return status_; }

private:
  struct chunk {
    ottla::kafka::produce records = {};
    std::vector<std::uint64_t> lines = {};
  };
  struct sent {
    std::vector<std::uint64_t> lines;
    std::future<ottla::kafka::produced> outcome;
  };

  void take(const sent& of, const ottla::kafka::produced& outcome);

  const ottla::kafka::producer to_;
  const std::string topic_;
  const std::chrono::milliseconds within_;
  reporter& faults_;
  /// By partition, since a produce has one partition.
  std::map<std::int32_t, chunk> added_;
  std::size_t added_records_ = 0;
  std::size_t added_bytes_ = 0;
  std::deque<sent> sent_;
  std::uint64_t stored_ = 0;
  std::uint64_t failed_ = 0;
  exit_status status_ = exit_status::ok;
};

} // namespace command
