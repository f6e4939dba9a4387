#pragma once

#include <ottla/actors/process.hpp>
#include <ottla/kafka/health.hpp>
#include <ottla/kafka/internal/driver/driver.hpp>
#include <ottla/kafka/internal/health/broker_health.hpp>
#include <ottla/kafka/internal/health/health_board.hpp>
#include <ottla/kafka/internal/health/health_messages.hpp>
#include <ottla/kafka/internal/health/silence_watch.hpp>
#include <ottla/kafka/observer.hpp>

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace ottla::kafka {

/// Reports the health of a connection. Watches whether brokers are reachable, and whether the
/// processes that call hooks of the program answer. Runs as a separate process, so that it answers
/// while other processes restart or hang.
class health_reporter : public process {
public:
  /// `consumers` are the topics of the consumers without a group.
  health_reporter(caf::actor_config& config, process_context context,
                  std::shared_ptr<health_board> board, std::shared_ptr<driver> seam,
                  std::shared_ptr<observer> listener,
                  const std::vector<std::string>& consumers = {});

private:
  caf::behavior set_up() override;
  void terminated() override;

  void check_all();
  void check_silence();
  void ask_for_sign(std::string_view name);
  /// Combines the faults on the board with the silent processes.
  health_report report();
  void ask();
  void note_brokers();
  void report_recovery();
  broker_health::time_point now_as_time();

  /// Names of the processes that call the program's hooks or observer. Workers are not included,
  /// since handle_within limits their handlers.
  std::vector<std::string> watched_;
  std::shared_ptr<health_board> board_;
  std::shared_ptr<driver> seam_;
  std::shared_ptr<observer> observer_;
  broker_health brokers_;
  silence_watch silence_;
  std::stop_source stop_;
  /// When this process first saw the current fault of the brokers.
  std::optional<broker_health::time_point> named_since_;
  bool complained_ = false;
  std::string complaint_;
  bool was_well_ = true;
};

} // namespace ottla::kafka
