#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ottla::kafka {

struct broker_address {
  /// A host name, an IPv4 address, or an IPv6 address in brackets.
  std::string host = {};
  std::uint16_t port = 9092;

  friend bool operator==(const broker_address&, const broker_address&) = default;
};

/// A parsed list of brokers, `host:port[,host:port…]`. Kafka clients accept most mistakes and
/// connect to a wrong address. librdkafka, for example, takes a port modulo 65536, and reads an
/// IPv6 address without brackets as a host name.
struct broker_list {
  std::vector<broker_address> brokers = {};
  /// All faults, one line each, such as `broker 2 is empty`. Contains no text that may be a
  /// credential.
  std::vector<std::string> faults = {};
};

/// Parses a list of brokers. Ignores blanks and line ends around an address. The default port is
/// 9092.
broker_list parse_brokers(std::string_view text);

/// `a:9092,b:9093`
std::string to_string(const broker_list& list);

} // namespace ottla::kafka
