#pragma once

#include <librdkafka/rdkafka.h>

#include <string>
#include <vector>

namespace ottla::kafka {

/// Returns one line for each certificate or key file that a handle of `conf` needs and cannot read:
/// `"ssl.key.location" names "/etc/key.pem", which cannot be read: No such file or directory`.
std::vector<std::string> unreadable_files(const rd_kafka_conf_t* conf);

/// Explains `text`, librdkafka's reason for not opening a handle of `conf`. Names the setting and
/// the file at fault if they are known.
std::string explain_key_files(const rd_kafka_conf_t* conf, const std::string& text);

} // namespace ottla::kafka
