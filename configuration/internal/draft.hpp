#pragma once

#include <ottla/kafka/connection.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ottla::kafka {

/// Which mechanism of SASL a connection uses.
enum class sasl_choice : std::uint8_t { plain, scram_sha_256, scram_sha_512, oauthbearer };

/// A connection while its settings are read. A part that may be absent stands here as a value, and
/// each of its settings can be read alone.
struct draft {
  kafka::connection connection = {};

  kafka::group_consumer group = {};
  /// Whether any setting of the group is given.
  bool has_group = false;

  std::vector<std::string> producer_topics = {};

  kafka::tls tls = {};
  /// Whether any setting of TLS is given.
  bool has_tls = false;
  std::optional<bool> tls_enabled = std::nullopt;

  std::optional<sasl_choice> mechanism = std::nullopt;
  std::string user = {};
  secret password = {};
  /// Its extensions, too.
  kafka::oauthbearer oauth = {};
  /// Whether any setting of SASL is given.
  bool has_sasl = false;

  /// The connection, or what is missing, as in `security.sasl.mechanism must be set`.
  std::vector<std::string> faults() const;
  kafka::connection finished() const;
};

} // namespace ottla::kafka
