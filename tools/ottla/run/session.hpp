#pragma once

#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/connection.hpp>
#include <ottla/kafka/error.hpp>

#include "arguments/arguments.hpp"
#include "run/output.hpp"
#include "run/reporter.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace command {

/// Ordered, so that documents have their keys in the order of the documentation.
using json = nlohmann::ordered_json;

/// What a command has while it runs.
struct session {
  common_arguments common = {};
  /// The settings of the file and the environment, with the brokers of the arguments.
  ottla::kafka::connection connection = {};
  ottla::kafka::cluster_settings cluster = {};
  output& out;
  reporter& faults;

  bool writes_json() const noexcept { return common.output == output_format::json; }
};

/// Writes a document of JSON, with a line end.
void write_json(output& out, const json& document);

/// An error in a document: `{"code": …, "text": …, "kafka_name": …}`.
json error_json(const ottla::kafka::error& why);

/// Reports each failed item. Returns the status of the first failure.
template <class Items, class Subject>
exit_status report_failures(session& with, const Items& items, Subject subject_of) {
  auto status = exit_status::ok;
  for (const auto& each : items)
    if (each.failed)
      status = first_failure(status, with.faults.fail(*each.failed, subject_of(each)));
  return status;
}

/// Rejects a command that deletes something without --yes.
exit_status need_confirmation(session& with, std::string_view what);

} // namespace command
