#pragma once

#include <ottla/actors/call_result.hpp>
#include <ottla/actors/process.hpp>
#include <ottla/actors/type_ids.hpp>
#include <ottla/kafka/producer/produce.hpp>

#include "job.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <vector>

/// Messages of the feeder to itself.
struct lines_counted {};
struct feed_again {};

/// Produces the lines as fast as they are counted, then produces the totals and ends the job. The
/// feeder produces unconfirmed lines again, so a line may be in the topic twice.
class feeder : public ottla::process {
public:
  feeder(caf::actor_config& config, ottla::process_context context, std::shared_ptr<job> work);

private:
  struct chunk {
    std::vector<ottla::kafka::record> records;
    std::uint64_t bytes = 0;
    bool in_flight = false;
  };

  caf::behavior set_up() override;
  void terminated() override;

  void feed();
  bool read_chunk();
  void send_chunk(std::uint64_t number);
  void feed_totals();
  /// Whether all records are known to be stored.
  static bool all_stored(const ottla::call_result<ottla::kafka::produced>& answer);

  std::shared_ptr<job> job_;
  text_source source_;
  std::uint64_t next_line_ = 0;
  std::uint64_t bytes_read_ = 0;
  bool all_read_ = false;
  /// The unconfirmed chunks, by number.
  std::map<std::uint64_t, chunk> chunks_;
  std::uint64_t last_chunk_ = 0;
  bool again_scheduled_ = false;
  bool totals_in_flight_ = false;
};

OTTLA_MESSAGES_BEGIN(word_count, ottla::first_user_type_id)
OTTLA_MESSAGE(word_count, (lines_counted))
OTTLA_MESSAGE(word_count, (feed_again))
OTTLA_MESSAGES_END(word_count)
