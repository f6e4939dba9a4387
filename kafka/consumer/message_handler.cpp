#include <ottla/kafka/consumer/message_handler.hpp>
#include <ottla/kafka/internal/partition/verdict_ledger.hpp>

#include <cstdint>
#include <map>
#include <utility>

namespace ottla::kafka {

class message_by_message final : public batch_handler {
public:
  explicit message_by_message(std::unique_ptr<message_handler> to) : handler_{std::move(to)} {}

  void start(const assignment& what) override { handler_->start(what); }

  verdict handle(batch messages) override {
    run done{messages};
    auto& ledger = ledgers_[messages.from()];
    handler_->partition_ = &messages.from();
    handler_->acks_ = &messages.acks();
    for (std::size_t index = 0; index < messages.size() && !messages.drain_requested(); ++index) {
      handler_->first_ = messages.first_of(index);
      handler_->next_ = messages.next_of(index);
      done.begin(messages[index].offset());
      const auto what = handler_->handle(messages[index]);
      ledger.apply(what, handler_->first_, handler_->next_,
                   [&](std::int64_t first, std::int64_t next) { done.add(first, next); });
    }
    // The verdicts have been applied message by message. The destructor of `done` sends the last
    // acknowledgements.
    return later();
  }

private:
  /// The handled part of a batch. Reports each handled message to the lease at once. Merges
  /// acknowledgements into as few ranges as possible. The destructor sends the last range, even
  /// after a throw.
  class run {
  public:
    explicit run(const batch& of)
      : acks_{of.acks().get()}, progress_{acks_ == nullptr ? nullptr : &acks_->progress()} {}
    ~run() {
      if (acks_ != nullptr && !is_empty())
        acks_->last_of_batch_done(first_, next_);
      if (progress_ != nullptr)
        progress_->leave();
    }
    run(const run&) = delete;
    run& operator=(const run&) = delete;

    void begin(std::int64_t offset) noexcept {
      if (progress_ != nullptr)
        progress_->begin(offset);
    }

    void add(std::int64_t first, std::int64_t next) {
      if (next_ != first || is_empty()) {
        if (acks_ != nullptr && !is_empty())
          acks_->done(first_, next_);
        first_ = first;
      }
      next_ = next;
      if (progress_ != nullptr)
        progress_->done(first_, next_);
    }

  private:
    bool is_empty() const noexcept { return next_ <= first_; }

    const ack_sink* acks_;
    lease_progress* progress_;
    std::int64_t first_ = 0;
    std::int64_t next_ = 0;
  };

  std::unique_ptr<message_handler> handler_;
  /// One ledger for each partition, since several partitions may share the worker.
  std::map<topic_partition, verdict_ledger> ledgers_;
};

std::unique_ptr<batch_handler> as_batch_handler(std::unique_ptr<message_handler> to) {
  return to ? std::make_unique<message_by_message>(std::move(to)) : nullptr;
}

} // namespace ottla::kafka
