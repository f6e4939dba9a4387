#pragma once

#include <ottla/actors/call_result.hpp>
#include <ottla/actors/process.hpp>
#include <ottla/actors/process_ref.hpp>
#include <ottla/kafka/consumer/message_handler.hpp>
#include <ottla/kafka/group/group_context.hpp>
#include <ottla/kafka/group/messages.hpp>
#include <ottla/kafka/group/verdict_ledger.hpp>

#include <cstdint>
#include <memory>
#include <optional>

namespace ottla::kafka {

/// Works off one partition: takes what is there, lets the handler look at it, passes on what it
/// acknowledged. It pulls: a busy worker does not take, and the client stops fetching.
/// (Elsa.Consumer.Worker, Kaffe.Subscriber and Kaffe.Worker in one.)
class worker : public process {
public:
  worker(caf::actor_config& config, process_context context, group_context_ptr group,
         record_ptr record);

private:
  caf::behavior set_up() override;
  void terminated() override;

  void choose_handler();
  void look();
  void work();
  void ask_handler_process();
  void answered(const call_result<verdict>& answer);
  void done_with(const taken& batch);
  void judge(const verdict& what, std::int64_t first, std::int64_t next);

  group_context_ptr group_;
  record_ptr record_;
  std::shared_ptr<const assignment> lease_;
  /// Null where a process handles the messages.
  std::unique_ptr<message_handler> handler_;
  process_ref handler_process_;
  /// With that process.
  std::optional<taken> in_hand_;
  std::uint64_t epoch_ = 0;
  std::shared_ptr<const ack_sink> acks_;
  verdict_ledger ledger_;
  bool continuing_ = false;
  bool draining_ = false;
};

} // namespace ottla::kafka
