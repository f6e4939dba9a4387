#pragma once

#include <ottla/kafka/connection.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ottla::kafka {

/// Which mechanism of SASL a connection uses.
enum class sasl_choice : std::uint8_t { plain, scram_sha_256, scram_sha_512, oauthbearer };

/// A connection while its settings are read. Optional parts of the connection are plain values
/// here, so that their settings can be read one by one.
struct draft {
  kafka::connection connection = {};

  kafka::group_consumer group = {};
  /// Whether any setting of the group is given.
  bool has_group = false;

  producer_settings producing = {};
  /// Whether any setting of producing is given.
  bool has_producing = false;
  std::vector<std::string> producer_topics = {};

  kafka::tls tls = {};
  /// Whether any setting of TLS is given.
  bool has_tls = false;
  std::optional<bool> tls_enabled = std::nullopt;

  std::optional<sasl_choice> mechanism = std::nullopt;
  std::string user = {};
  secret password = {};
  /// Also holds the SASL extensions.
  kafka::oauthbearer oauth = {};
  /// Whether any setting of SASL is given.
  bool has_sasl = false;

  /// What is missing or contradictory, one line each, for example `security.sasl.mechanism must be
  /// set`. Call finished() only if there are no faults.
  std::vector<std::string> faults() const;
  kafka::connection finished() const;
};

} // namespace ottla::kafka
