#pragma once

#include <ottla/kafka/admin/topic_info.hpp>
#include <ottla/kafka/internal/driver/admin_session.hpp>
#include <ottla/kafka/internal/driver/broker_view.hpp>
#include <ottla/kafka/internal/driver/consumer_handle.hpp>
#include <ottla/kafka/internal/driver/consumer_handle_settings.hpp>
#include <ottla/kafka/internal/driver/lookup_session.hpp>
#include <ottla/kafka/internal/driver/producer_handle.hpp>
#include <ottla/kafka/internal/driver/reader_handle.hpp>
#include <ottla/kafka/producer/producer_settings.hpp>
#include <ottla/kafka/producer/topic_producer_settings.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

namespace ottla::kafka {

/// The seam to Kafka. A driver opens handles. Each connection has one driver. The implementation is
/// librdkafka or a simulated cluster. The interface exposes no clock, no thread and no C type.
///
/// Thread safety: call from any thread.
class driver {
public:
  using topics_receiver = std::function<void(const std::variant<std::vector<topic_info>, error>&)>;

  /// The error is nullopt if a broker answered.
  using brokers_receiver = std::function<void(const std::optional<error>&)>;

  using admin_work = std::function<void(admin_session&)>;

  using lookup_work = std::function<void(lookup_session&)>;

  virtual ~driver() = default;

  /// On failure, returns an error of code bad_setting whose text lists each rejected setting.
  virtual std::variant<std::unique_ptr<consumer_handle>, error>
  open_consumer(const consumer_handle_settings& settings) = 0;
  /// `topics` are the settings of single topics, which override `settings`.
  virtual std::variant<std::unique_ptr<producer_handle>, error>
  open_producer(const producer_settings& settings,
                const std::vector<topic_producer_settings>& topics = {})
    = 0;

  /// Looks up these topics. The answer omits topics that do not exist. Calls `answer` once, within
  /// a few seconds, on a thread of the seam. Does not call `answer` if the program ends first.
  virtual void describe_topics(std::vector<std::string> topics, topics_receiver answer) = 0;

  /// Returns the state of the brokers, as the connection's handles see it. Does not block.
  virtual broker_view view_brokers() = 0;

  /// Checks whether any broker answers. Calls `answer` once, on a thread of the seam, after at most
  /// `within`. A stop request ends the check early.
  virtual void ask_brokers(std::chrono::milliseconds within, std::stop_token stop,
                           brokers_receiver answer)
    = 0;

  /// Call when no ask_brokers() is expected soon. Releases the resources kept for the next call.
  /// Does not block.
  virtual void stop_asking() = 0;

  /// Runs `work` with a session on a thread of the seam. The deadline of the session is `within`,
  /// counted from this call. The thread runs one work after the other, in the order of the calls.
  /// If `stop` is requested, `work` is dropped, or its pending request fails soon. When the driver
  /// ends, it drops the work that waits.
  virtual void administer(std::chrono::milliseconds within, std::stop_token stop, admin_work work)
    = 0;

  /// Runs `work` once, with a session on a thread of the seam. `work` may block, and may call
  /// functions of the program. Several works may run at the same time. `extra` are librdkafka keys
  /// of the session's handles. The session is released when `work` returns.
  virtual void look_up(extra_settings extra, lookup_work work) = 0;

  /// Runs `work` on a separate thread of the seam. `work` may block. `name` describes the work for
  /// reports. The end of the program does not wait for the work. A driver that does not override
  /// this function runs the work at once.
  virtual void run_aside(std::string name, std::function<void()> work);

  /// Opens a handle that reads without a consumer group. Contacts no broker. A driver that does not
  /// override this function returns an error.
  virtual result<std::unique_ptr<reader_handle>> open_reader(const reader_settings& settings);
};

inline void driver::run_aside(std::string, std::function<void()> work) {
  work();
}

inline result<std::unique_ptr<reader_handle>> driver::open_reader(const reader_settings&) {
  return error{.code = errc::other, .text = "this driver cannot read without a consumer group"};
}

} // namespace ottla::kafka
