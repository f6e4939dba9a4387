#pragma once

#include <librdkafka/rdkafka.h>

#include <string>
#include <vector>

namespace ottla::kafka {

/// The files of certificates and keys that a handle of `conf` would read and cannot, one line each:
/// `"ssl.key.location" names "/etc/key.pem", which cannot be read: No such file or directory`.
std::vector<std::string> unreadable_files(const rd_kafka_conf_t* conf);

/// Why a handle of `conf` was not opened, by librdkafka's text: names the key and the file that are
/// at fault.
std::string explain_key_files(const rd_kafka_conf_t* conf, const std::string& text);

} // namespace ottla::kafka
