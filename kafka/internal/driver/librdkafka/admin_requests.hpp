#pragma once

#include <ottla/kafka/internal/driver/admin_session.hpp>
#include <ottla/kafka/internal/driver/librdkafka/admin_handle.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

namespace ottla::kafka {

/// The admin requests of librdkafka, over one handle. Each session first asks a broker for the
/// cluster, to tell an unreachable cluster from a request that fails.
///
/// librdkafka's mock cluster supports no admin requests, and librdkafka waits for an answer until
/// the deadline. The cluster's id shows whether the cluster is a mock cluster, even if another
/// process runs the mock cluster.
class admin_requests final : public admin_session {
public:
  using clock = std::chrono::steady_clock;
  /// Called a few times a second. The session fails soon after `give_up` returns true.
  using stop_signal = std::function<bool()>;

  /// Returns the deadline of a session that begins now. The longest session takes an hour, as
  /// librdkafka's longest request.
  static clock::time_point deadline_in(std::chrono::milliseconds within);

  /// `within` is for error texts. `until` is the deadline.
  admin_requests(admin_handle& over, std::chrono::milliseconds within, clock::time_point until,
                 stop_signal give_up);

  // -- the cluster: admin_requests.cpp
  result<cluster_view> read_cluster() override;

  // -- topics: admin_topics.cpp
  std::map<std::string, std::string> find_ids(std::span<const std::string> topics) override;
  result<std::vector<topic_outcome>> create_topics(std::span<const new_topic> topics) override;
  result<std::vector<topic_outcome>> delete_topics(std::span<const std::string> topics) override;
  result<void> add_partitions(const std::string& topic, std::int32_t total) override;

  // -- configs: admin_configs.cpp
  result<std::vector<configs_or_error>>
  describe_configs(std::span<const config_owner> owners) override;
  result<void> alter_configs(const config_owner& owner,
                             std::span<const config_change> changes) override;

  // -- records: admin_records.cpp
  result<std::vector<records_deleted>>
  delete_records(std::span<const records_before> records) override;

  // -- groups: admin_groups.cpp
  result<group_list> list_groups() override;
  result<std::vector<group_description>>
  describe_groups(std::span<const std::string> groups) override;
  result<std::vector<group_outcome>> delete_groups(std::span<const std::string> groups) override;

  // -- offsets: admin_offsets.cpp
  result<std::vector<partition_offset>> read_committed(const std::string& group) override;
  result<std::vector<partition_offset>> commit(const std::string& group,
                                               std::span<const partition_offset> offsets) override;
  result<std::vector<partition_offset>> find_offsets(std::span<const topic_partition> partitions,
                                                     const log_point& where) override;

private:
  /// Repeats `once` until the group's coordinator is ready, or until the deadline, as Java's admin
  /// client does. A coordinator is not ready while it is being elected or reads its groups.
  template <class Once>
  auto until_coordinated(Once once) {
    for (;;) {
      auto answer = once();
      bool waits = !answer && waits_for_coordinator(answer.error());
      if (answer)
        for (const auto& each : *answer)
          waits = waits || (each.failed && waits_for_coordinator(*each.failed));
      if (!waits || !pause())
        return answer;
    }
  }

  // -- all requests: admin_requests.cpp
  using request
    = std::function<void(const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* answers)>;

  rd_kafka_t* native() const noexcept { return over_.native(); }
  std::chrono::milliseconds left() const;

  /// Requests the cluster from any broker, with all topics or without any.
  result<owned_metadata> ask_metadata(bool with_topics);

  /// Asks for the cluster once in each session, and rejects the request on a mock cluster. `what`
  /// is the request's name in error texts.
  std::optional<error> check_support(std::string_view what);

  /// Sends one request, and waits for its result.
  result<owned_event> send(std::string_view what, const request& how);

  bool waits_for_coordinator(const error& why);
  /// Waits a moment. False if the session is over.
  bool pause() const;

  error explain_no_broker(rd_kafka_resp_err_t code);
  /// `words` may be null.
  error in_words_of_the_broker(rd_kafka_resp_err_t code, const char* words) const;
  /// nullopt if `what` is null or says that there is no error.
  std::optional<error> to_failure(const rd_kafka_error_t* what) const;

  // -- configs, in both ways: admin_configs.cpp
  result<void> replace_configs(const config_owner& owner, std::span<const config_change> changes);
  result<void> change_configs(const config_owner& owner, std::span<const config_change> changes);

  // -- one try: admin_groups.cpp
  result<std::vector<group_description>> try_describe_groups(std::span<const std::string> groups);
  result<std::vector<group_outcome>> try_delete_groups(std::span<const std::string> groups);

  // -- one try: admin_offsets.cpp
  result<std::vector<partition_offset>> try_read_committed(const std::string& group);
  result<std::vector<partition_offset>> try_commit(const std::string& group,
                                                   std::span<const partition_offset> offsets);

  admin_handle& over_;
  const std::chrono::milliseconds within_;
  const clock::time_point until_;
  const stop_signal give_up_;
  bool has_answered_ = false;
  bool is_embedded_ = false;
};

} // namespace ottla::kafka
