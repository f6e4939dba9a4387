#pragma once

#include <librdkafka/rdkafka.h>

#include <string>
#include <vector>

namespace ottla::kafka {

/// The certificate and key files that a handle of `conf` needs and cannot read, one line each:
/// `"ssl.key.location" names "/etc/key.pem", which cannot be read: No such file or directory`.
std::vector<std::string> unreadable_files(const rd_kafka_conf_t* conf);

/// Explains `text`, which is librdkafka's reason for not opening a handle of `conf`. Names the key
/// and the file at fault, if they are known.
std::string explain_key_files(const rd_kafka_conf_t* conf, const std::string& text);

} // namespace ottla::kafka
