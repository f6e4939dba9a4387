#pragma once

#include <ottla/kafka/consumer/message_handler.hpp>

#include <concepts>
#include <cstdint>
#include <memory>
#include <tuple>
#include <utility>

namespace ottla::kafka {

/// A handler that looks at one message at a time; otherwise like message_handler. Each verdict is
/// that of its message and counts at once: the next commit covers it, while the rest of the batch
/// is still to be handled, and a throw costs nothing that was acknowledged before it. Between two
/// messages the worker returns where its partition is wanted back or its lease is over; the
/// messages that are left come again. `handler<Handler>(args…)` makes one as it does the other.
class record_handler {
public:
  virtual ~record_handler() = default;

  virtual void start(const assignment& what) { static_cast<void>(what); }

  virtual verdict handle(const message& one) = 0;

protected:
  /// In handle(): where its message is from.
  const topic_partition& from() const noexcept { return *from_; }

  /// In handle(): to acknowledge its message when that is done; answer later().
  ack_handle ack_later() const { return {*acks_, first_, next_}; }

  /// In handle(): as batch::drain_requested(), for who takes long over one message.
  bool drain_requested() const noexcept { return *acks_ && (*acks_)->progress().is_ending(); }

private:
  friend class each_record;
  const topic_partition* from_ = nullptr;
  const std::shared_ptr<const ack_sink>* acks_ = nullptr;
  std::int64_t first_ = 0;
  std::int64_t next_ = 0;
};

/// A handler of batches that gives the messages to one of records. A record_handler that was not
/// made is a failed start.
std::unique_ptr<message_handler> one_by_one(std::unique_ptr<record_handler> to);

/// The same for a handler of records.
template <std::derived_from<record_handler> Handler, class... Args>
handler_factory handler(Args... args) {
  static_assert(
    std::constructible_from<Handler, const Args&...>,
    "handler<Handler>(args...): no constructor of Handler takes these, each as a const&");
  return [packed = std::tuple<Args...>{std::move(args)...}] {
    return one_by_one(std::apply(
      [](const Args&... each) -> std::unique_ptr<record_handler> {
        return std::make_unique<Handler>(each...);
      },
      packed));
  };
}

} // namespace ottla::kafka
