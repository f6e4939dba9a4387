#pragma once

#include <ottla/kafka/internal/driver/reader_handle.hpp>

#include "fake_driver.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ottla::kafka::test {

/// What a test decides about a fake reader, and what the reader saw.
struct reader_script {
  /// The answers to each look-up of times, in the order of the times.
  std::vector<std::int64_t> since;
  std::vector<std::chrono::system_clock::time_point> asked_times;
  /// Fails the next look-ups.
  std::optional<error> lookups_fail;
  /// Fails the next starts.
  std::optional<error> starts_fail;
  /// Number of opened readers.
  std::size_t opened = 0;
  std::chrono::milliseconds elapsed{0};
  std::size_t shared_among = 0;
};

class fake_reader : public reader_handle {
public:
  fake_reader(std::shared_ptr<fake_kafka> of, std::shared_ptr<reader_script> script)
    : of_{std::move(of)}, script_{std::move(script)} {}

  std::chrono::milliseconds elapsed() const override { return script_->elapsed; }

  result<std::int32_t> count_partitions(const std::string& topic,
                                        std::chrono::milliseconds) override {
    if (script_->lookups_fail)
      return *script_->lookups_fail;
    return of_->partitions.at(topic);
  }

  result<std::vector<log_offsets>>
  look_up(std::span<const topic_partition> partitions,
          std::span<const std::chrono::system_clock::time_point> times,
          std::chrono::milliseconds) override {
    of_->asked.push_back("look up" + to_text(partitions));
    if (script_->lookups_fail)
      return *script_->lookups_fail;
    script_->asked_times.assign(times.begin(), times.end());
    std::vector<log_offsets> answer;
    for (const auto& one : partitions)
      answer.push_back({.at = one,
                        .begin = of_->log_start,
                        .end = of_->logs[one].end,
                        .since = {script_->since.begin(),
                                  script_->since.begin() + static_cast<long>(times.size())}});
    return answer;
  }

  void share_among(std::size_t partitions) override { script_->shared_among = partitions; }

  result<std::unique_ptr<partition_queue>> start(const position& from) override {
    of_->asked.push_back("start " + to_string(from.at) + '@' + std::to_string(from.offset));
    if (script_->starts_fail)
      return *script_->starts_fail;
    return std::unique_ptr<partition_queue>{
      std::make_unique<fake_queue>(of_, from.at, from.offset)};
  }

  error explain_silence(const topic_partition& of, std::chrono::milliseconds waited) override {
    return {.code = errc::timed_out,
            .text = "silence of " + to_string(of) + " for " + std::to_string(waited.count())};
  }

private:
  std::shared_ptr<fake_kafka> of_;
  std::shared_ptr<reader_script> script_;
};

/// A driver whose readers follow a script.
class reading_driver : public fake_driver {
public:
  explicit reading_driver(std::shared_ptr<fake_kafka> of) : fake_driver{of}, of_{std::move(of)} {}

  result<std::unique_ptr<reader_handle>> open_reader(const reader_settings&) override {
    if (of_->opens.what == reply::kind::fail)
      return of_->opens.why;
    ++script->opened;
    return std::unique_ptr<reader_handle>{std::make_unique<fake_reader>(of_, script)};
  }

  const std::shared_ptr<reader_script> script = std::make_shared<reader_script>();

private:
  std::shared_ptr<fake_kafka> of_;
};

} // namespace ottla::kafka::test
