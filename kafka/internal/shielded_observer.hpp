#pragma once

#include <ottla/kafka/observer.hpp>

#include <atomic>
#include <exception>
#include <memory>
#include <string>
#include <string_view>

namespace ottla::kafka {

/// Calls a program's observer, and keeps its exceptions away from the connection's processes. A
/// function of an observer must not throw. If one throws nevertheless, the process that called the
/// observer would end, and a coordinator would lose its group membership. Prints the first
/// exception to stderr, and drops all later ones.
///
/// Thread safety: like the observer, call from any thread.
class shielded_observer final : public observer {
public:
  /// `inner` must not be null.
  shielded_observer(std::string connection, std::shared_ptr<observer> inner);

  void assigned(std::int32_t generation, std::span<const topic_partition> partitions) override;
  void revoked(std::span<const topic_partition> partitions, bool lost) override;
  void acknowledged(const topic_partition& where, std::int64_t next) override;
  void committed(const topic_partition& where, std::int64_t next) override;
  void failed(const error& what) override;
  void left_unfinished(const unfinished& what) override;
  void recovered() override;
  void logged(const log_line& line) override;

private:
  template <class Call>
  void shield(std::string_view function, Call call) noexcept;
  void report(std::string_view function, const char* why) noexcept;

  const std::string connection_;
  const std::shared_ptr<observer> inner_;
  std::atomic<bool> has_thrown_ = false;
};

} // namespace ottla::kafka
