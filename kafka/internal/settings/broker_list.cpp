#include <ottla/kafka/internal/settings/broker_list.hpp>
#include <ottla/kafka/internal/text/lower_case.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <optional>
#include <utility>

namespace ottla::kafka {

namespace {

/// librdkafka has 256 bytes for host, colon, port and NUL. It truncates longer addresses.
constexpr std::size_t longest_host = 249;

constexpr std::string_view blanks = " \t\r\n";

bool is_digit(char one) noexcept {
  return one >= '0' && one <= '9';
}

bool is_letter(char one) noexcept {
  return (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z');
}

bool may_be_in_a_host(char one) noexcept {
  return is_letter(one) || is_digit(one) || one == '.' || one == '-' || one == '_';
}

bool is_an_ipv6_address(std::string_view text) {
  in6_addr address{};
  return inet_pton(AF_INET6, std::string{text}.c_str(), &address) == 1;
}

/// True for a host of digits and dots. The system's resolver parses most of these hosts as IPv4
/// addresses. For example, "9092" is 0.0.35.132.
bool is_meant_as_number(std::string_view host) {
  return std::ranges::all_of(host, [](char one) { return is_digit(one) || one == '.'; });
}

/// True for four numbers. The system's resolver also accepts fewer, as in "127.1".
bool is_an_ipv4_address(std::string_view text) {
  in_addr address{};
  return inet_pton(AF_INET, std::string{text}.c_str(), &address) == 1;
}

/// A dot at the end of a host is legal, and ends the last label.
bool has_an_empty_label(std::string_view host) {
  return host.starts_with('.') || host.find("..") != std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// Names only a known scheme, because other text before "://" may be a part of a password.
std::string name_of_scheme(std::string_view scheme) {
  constexpr std::array<std::string_view, 9> known{
    "plaintext", "ssl", "sasl_plaintext", "sasl_ssl", "kafka", "tcp", "tls", "http", "https"};
  if (std::ranges::find(known, in_lower_case(scheme)) == known.end())
    return "a scheme";
  return fmt::format("the scheme \"{}://\"", scheme);
}

struct parsed {
  broker_address address = {};
  std::optional<std::string> fault = std::nullopt;
};

parsed refuse(std::string why) {
  return {.fault = std::move(why)};
}

parsed parse_port(std::string host, std::string_view port) {
  // Long numbers and other texts are never quoted, since they may be passwords, as in
  // `user:password`.
  constexpr std::size_t longest_shown = 5;
  if (port.empty())
    return refuse(fmt::format("\"{}:\" has no port after the colon", host));
  if (!std::ranges::all_of(port, is_digit))
    return refuse(fmt::format("the port of \"{}\" must be a number", host));
  if (port.size() > longest_shown)
    return refuse(fmt::format("the port of \"{}\" must be from 1 to 65535, got a number of {} "
                              "digits",
                              host, port.size()));
  std::uint32_t number = 0;
  for (const auto digit : port)
    number = number * 10 + static_cast<std::uint32_t>(digit - '0');
  if (number == 0 || number > 65'535)
    return refuse(fmt::format("the port of \"{}\" must be from 1 to 65535, got {}", host, number));
  return {.address = {std::move(host), static_cast<std::uint16_t>(number)}};
}

parsed parse_bracketed(std::string_view entry) {
  const auto end = entry.find(']');
  if (end == std::string_view::npos)
    return refuse("has a '[' without a ']'");
  // An address may have a scope, such as fe80::1%eth0. The scope names a network interface.
  const auto address = entry.substr(1, end - 1);
  const auto digits = address.substr(0, address.find('%'));
  const auto scope = address.substr(digits.size());
  if (!is_an_ipv6_address(digits)
      || (!scope.empty()
          && (scope.size() == 1 || !std::ranges::all_of(scope.substr(1), may_be_in_a_host))))
    return refuse("has no valid IPv6 address in its brackets");
  auto host = std::string{entry.substr(0, end + 1)};
  const auto rest = entry.substr(end + 1);
  if (rest.empty())
    return {.address = {.host = std::move(host)}};
  if (rest.front() != ':')
    return refuse("has text other than ':' and a port after its ']'");
  return parse_port(std::move(host), rest.substr(1));
}

parsed parse_entry(std::string_view entry) {
  if (entry.empty())
    return refuse("is empty");
  if (entry.find('\0') != std::string_view::npos)
    return refuse("contains a NUL byte");
  if (entry.find('@') != std::string_view::npos)
    return refuse("contains credentials before '@': set sasl.username and sasl.password in extra");
  if (const auto scheme = entry.find("://"); scheme != std::string_view::npos)
    return refuse(fmt::format("has {} before the host: set security.protocol in extra",
                              name_of_scheme(entry.substr(0, scheme))));
  if (entry.find(';') != std::string_view::npos)
    return refuse("contains a semicolon: separate brokers with commas");
  if (entry.front() == '[')
    return parse_bracketed(entry);
  const auto colon = entry.find(':');
  const auto host = entry.substr(0, colon);
  if (!std::ranges::all_of(host, may_be_in_a_host))
    return refuse("has a host with characters other than letters, digits, '.', '-' and '_'");
  if (host.size() > longest_host)
    return refuse(fmt::format("has a host longer than {} bytes", longest_host));
  if (has_an_empty_label(host))
    return refuse("has a host with a leading dot, or two dots in a row");
  if (!host.empty() && is_meant_as_number(host) && !is_an_ipv4_address(host))
    return refuse(
      "has an invalid IPv4 address: a host of digits and dots must have four numbers from 0 to "
      "255");
  if (colon == std::string_view::npos)
    return {.address = {.host = std::string{host}}};
  if (entry.find(':', colon + 1) != std::string_view::npos)
    return entry.find_first_of(blanks) != std::string_view::npos
             ? refuse("contains blanks: separate brokers with commas")
             : refuse("contains more than one ':': write an IPv6 address in brackets, as in "
                      "\"[::1]:9092\"");
  if (host.empty())
    return refuse("has no host before the port");
  return parse_port(std::string{host}, entry.substr(colon + 1));
}

bool same_broker(const broker_address& one, const broker_address& other) {
  return one.port == other.port && in_lower_case(one.host) == in_lower_case(other.host);
}

std::string to_string(const broker_address& address) {
  return fmt::format("{}:{}", address.host, address.port);
}

} // namespace

broker_list parse_brokers(std::string_view text) {
  broker_list list;
  // The entry number of each valid broker.
  std::vector<std::size_t> numbers;
  std::size_t number = 0;
  // A password before the last '@' may hold commas, so no text before that '@' is quoted.
  const auto credentials = text.rfind('@');
  for (std::size_t begin = 0; begin != std::string_view::npos;) {
    const auto end = text.find(',', begin);
    const auto length = end == std::string_view::npos ? end : end - begin;
    auto one = parse_entry(trimmed(text.substr(begin, length)));
    const bool may_be_quoted = credentials == std::string_view::npos || begin > credentials;
    begin = end == std::string_view::npos ? end : end + 1;
    ++number;
    if (one.fault && !may_be_quoted && one.fault->find('"') != std::string::npos)
      one.fault = "is invalid, and is not shown because it may be part of a password: remove the "
                  "credentials before '@'";
    if (one.fault) {
      list.faults.push_back(fmt::format("broker {}{} {}", number,
                                        one.fault->starts_with("the port") ? ":" : "", *one.fault));
      continue;
    }
    const auto known = std::ranges::find_if(
      list.brokers, [&](const auto& each) { return same_broker(each, one.address); });
    if (known != list.brokers.end()) {
      const auto first = numbers[static_cast<std::size_t>(known - list.brokers.begin())];
      list.faults.push_back(may_be_quoted
                              ? fmt::format("broker {} repeats broker {}: \"{}\"", number, first,
                                            to_string(one.address))
                              : fmt::format("broker {} repeats broker {}", number, first));
      continue;
    }
    list.brokers.push_back(std::move(one.address));
    numbers.push_back(number);
  }
  return list;
}

std::string to_string(const broker_list& list) {
  std::string text;
  for (const auto& each : list.brokers)
    text += (text.empty() ? "" : ",") + to_string(each);
  return text;
}

} // namespace ottla::kafka
