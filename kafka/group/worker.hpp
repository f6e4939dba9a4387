#pragma once

#include <ottla/actors/process.hpp>
#include <ottla/kafka/consumer/message_handler.hpp>
#include <ottla/kafka/group/group_context.hpp>
#include <ottla/kafka/group/messages.hpp>

#include <cstdint>
#include <deque>
#include <memory>

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

  void look();
  void work();
  void judge(const verdict& what, const taken& on);
  void acknowledge_until(std::int64_t next);
  void acknowledge(std::int64_t first, std::int64_t next);

  group_context_ptr group_;
  record_ptr record_;
  std::unique_ptr<message_handler> handler_;
  std::uint64_t epoch_ = 0;
  /// Offsets that were handled, are neither acknowledged nor refused, and wait for a later ack.
  struct range {
    std::int64_t first;
    std::int64_t next;
  };
  std::deque<range> open_;
  bool continuing_ = false;
};

} // namespace ottla::kafka
