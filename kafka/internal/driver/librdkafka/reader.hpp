#pragma once

#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/internal/driver/librdkafka/broker_contact.hpp>
#include <ottla/kafka/internal/driver/librdkafka/lookup_handle.hpp>
#include <ottla/kafka/internal/driver/librdkafka/reader_core.hpp>
#include <ottla/kafka/internal/driver/reader_handle.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace ottla::kafka {

/// Reads without a group. Has two librdkafka handles: one looks up offsets, the other fetches. The
/// handle that fetches is opened by the first start(), because its limits depend on the number of
/// partitions.
class reader final : public reader_handle {
public:
  reader(cluster_settings common, const reader_settings& how,
         std::shared_ptr<broker_contact> contact);
  ~reader() override;
  reader(const reader&) = delete;
  reader& operator=(const reader&) = delete;

  std::chrono::milliseconds elapsed() const override;
  result<std::int32_t> count_partitions(const std::string& topic,
                                        std::chrono::milliseconds within) override;
  result<std::vector<log_offsets>>
  look_up(std::span<const topic_partition> partitions,
          std::span<const std::chrono::system_clock::time_point> times,
          std::chrono::milliseconds within) override;
  void share_among(std::size_t partitions) override { partitions_ = partitions; }
  result<std::unique_ptr<partition_queue>> start(const position& from) override;
  error explain_silence(const topic_partition& of, std::chrono::milliseconds waited) override;

private:
  using clock = std::chrono::steady_clock;

  /// Repeats `ask` until it returns no retriable error, or until the deadline. `ask` gets the time
  /// that is left.
  template <class Ask>
  auto retry(std::chrono::milliseconds within, Ask ask)
    -> decltype(ask(std::chrono::milliseconds{}));
  std::optional<error> open_core();
  topic_layout find_leaders(std::span<const topic_partition> of, std::chrono::milliseconds within);
  /// Explains a look-up that no broker answered, or one leader did not answer.
  error explain(error why, std::chrono::milliseconds within) const;

  const clock::time_point opened_at_ = clock::now();
  const cluster_settings common_;
  const reader_settings how_;
  const std::shared_ptr<broker_contact> contact_;
  std::size_t partitions_ = 1;
  bool has_leaders_ = false; ///< a broker answered the last find_leaders()
  std::shared_ptr<lookup_handle> lookups_;
  std::shared_ptr<reader_core> core_; ///< null before the first start()
};

} // namespace ottla::kafka
