#pragma once

#include <ottla/kafka/producer/produce.hpp>
#include <ottla/kafka/producer/producer.hpp>

#include "run/reporter.hpp"
#include "text/exit_status.hpp"
#include "text/record_json.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <map>
#include <string>
#include <vector>

namespace command {

/// Collects records into produces, sends them and counts their outcomes. Reports failures with the
/// number of the line.
class pending_produces {
public:
  /// A produce takes at most a part of `buffer_bytes`, the producer's buffer. `is_interrupted`
  /// tells whether the user has ended the command. Records that fail afterwards are counted and not
  /// reported one by one.
  pending_produces(ottla::kafka::producer to, std::string topic, std::chrono::milliseconds within,
                   std::size_t buffer_bytes, reporter& faults,
                   std::function<bool()> is_interrupted);

  void add(input_record one, std::uint64_t line);
  /// Sends the records that were added. May block while the producer's buffer is full.
  void send();
  /// Takes the outcomes that are known. Waits for all outcomes if `wait` is true.
  void take_outcomes(bool wait);

  /// Some outcomes are not known yet.
  bool is_waiting() const noexcept { return !sent_.empty(); }

  /// Records with the same outcome.
  struct group {
    std::uint64_t records = 0;
    /// The first line among them; 0 if there is none.
    std::uint64_t first_line = 0;

    void add(std::uint64_t line) noexcept {
      first_line = records++ == 0 ? line : std::min(first_line, line);
    }
  };
  std::uint64_t stored() const noexcept { return stored_; }
  const group& not_stored() const noexcept { return not_stored_; }
  /// Records that were sent and have no answer, so they may be stored.
  const group& unknown() const noexcept { return unknown_; }
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
  const std::size_t most_bytes_;
  reporter& faults_;
  const std::function<bool()> is_interrupted_;
  /// By partition, since a produce has one partition.
  std::map<std::int32_t, chunk> added_;
  std::size_t added_records_ = 0;
  std::size_t added_bytes_ = 0;
  std::deque<sent> sent_;
  std::uint64_t stored_ = 0;
  group not_stored_ = {};
  group unknown_ = {};
  exit_status status_ = exit_status::ok;
};

} // namespace command
