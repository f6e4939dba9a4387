#pragma once

#include <ottla/kafka/internal/driver/lookup_session.hpp>
#include <ottla/kafka/internal/driver/reader_handle.hpp>

#include "simulated_cluster.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace ottla::kafka::simulation {

/// The beginnings that look-ups of one member have returned.
using known_beginnings = std::map<topic_partition, beginning>;

/// Reads partitions of the simulated cluster without a group.
class simulated_reader : public reader_handle {
public:
  simulated_reader(simulated_cluster& of, std::size_t member,
                   std::shared_ptr<known_beginnings> beginnings);
  ~simulated_reader() override;
  simulated_reader(const simulated_reader&) = delete;
  simulated_reader& operator=(const simulated_reader&) = delete;

  result<std::unique_ptr<partition_queue>> start(const position& from) override;

  // Consumers without a group use none of these functions.

  std::chrono::milliseconds elapsed() const override { return {}; }
  result<std::int32_t> count_partitions(const std::string& topic,
                                        std::chrono::milliseconds within) override;
  result<std::vector<log_offsets>>
  look_up(std::span<const topic_partition> partitions,
          std::span<const std::chrono::system_clock::time_point> times,
          std::chrono::milliseconds within) override;
  void share_among(std::size_t) override {}
  error explain_silence(const topic_partition& of, std::chrono::milliseconds waited) override;

private:
  simulated_cluster& of_;
  std::size_t member_;
  std::shared_ptr<known_beginnings> beginnings_;
};

/// Looks up offsets of the simulated cluster.
class simulated_lookup : public lookup_session {
public:
  simulated_lookup(simulated_cluster& of, std::size_t member,
                   std::shared_ptr<known_beginnings> beginnings)
    : of_{of}, member_{member}, beginnings_{std::move(beginnings)} {}

  std::vector<beginning> find_beginnings(std::span<const wanted_beginning> wanted,
                                         const begin_offset& when_missing) override;
  std::vector<position> find_ends(std::span<const topic_partition> partitions) override;

private:
  beginning find_beginning(const wanted_beginning& what, const begin_offset& when_missing) const;

  simulated_cluster& of_;
  std::size_t member_;
  std::shared_ptr<known_beginnings> beginnings_;
};

} // namespace ottla::kafka::simulation
