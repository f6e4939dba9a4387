#pragma once

#include <string>

namespace ottla::kafka {

/// `"acks" cannot be "7": …why…`. Quotes the value only if may_be_shown(). Otherwise drops a reason
/// that contains the value or a word of it.
std::string refusal_of_value(const std::string& key, const std::string& value,
                             const std::string& why);

/// For a key that librdkafka does not know. Never quotes the value. Quotes the key only if the key
/// looks like one of librdkafka's and the value does not: in a pair that was swapped, the secret
/// stands as the key.
std::string refusal_of_key(const std::string& key, const std::string& value);

} // namespace ottla::kafka
