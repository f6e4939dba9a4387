#pragma once

#include <ottla/kafka/error.hpp>
#include <ottla/kafka/observer.hpp>

#include "run/reporter.hpp"

#include <mutex>
#include <optional>
#include <string>

namespace command {

/// Reports the failures of a connection on stderr. The same failure in a row is reported once.
class failure_notes : public ottla::kafka::observer {
public:
  /// `faults` must outlive the application.
  explicit failure_notes(reporter& faults) : faults_{faults} {}

  /// The failure that lasts; nullopt if the connection works.
  std::optional<ottla::kafka::error> last() const;

  void failed(const ottla::kafka::error& what) override;
  void recovered() override;

private:
  reporter& faults_;
  mutable std::mutex guard_;
  std::optional<ottla::kafka::error> last_;
};

} // namespace command
